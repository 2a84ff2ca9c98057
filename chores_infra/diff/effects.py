"""What a change does to a cluster: its classes, and why. ``docs/diff.md`` lists the rules.

Of one field all rules speak: those about the pods of a workload, those of its kind (:mod:`rules`), and those
that hold for every kind. Where none has anything to say the class is ``none``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from chores_infra.diff import pods
from chores_infra.diff.hosts import hosts_of
from chores_infra.diff.model import ChangeClass, Effect, Identity, Located, What, pattern_of
from chores_infra.diff.rules import REFERENCES, STATEFUL, field_rules, is_data_outside, object_rules
from chores_infra.diff.walking import Difference
from chores_infra.kinds.quantities import amount

__all__ = ["Subject", "effects_of_field", "effects_of_object"]

_ARGO_CD: Final = ("argocd.argoproj.io/", "argocd-image-updater.argoproj.io/", "helm.sh/")
_KEEPS: Final = ("Prune=false", "Delete=false")
_FINALIZER: Final = "resources-finalizer.argocd.argoproj.io"
_SYNC_OPTIONS: Final = "argocd.argoproj.io/sync-options"
_HOOK: Final = "argocd.argoproj.io/hook"
_EXTERNAL_NAME: Final = "crossplane.io/external-name"


class Subject(NamedTuple):
    """The object that a change is about, on both sides."""

    before: Located | None
    after: Located | None
    before_identity: Identity | None
    after_identity: Identity | None

    @property
    def kind(self) -> tuple[str, str]:
        """Its group and kind."""
        identity = self.after_identity or self.before_identity
        return ("", "") if identity is None else (identity.group, identity.kind)

    @property
    def manifests(self) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """What it says before and after; empty where it is not there."""
        return (
            self.before.manifest if self.before is not None else {},
            self.after.manifest if self.after is not None else {},
        )


def effects_of_field(subject: Subject, difference: Difference) -> tuple[Effect, ...]:
    """What a change of one field does, the worst class first, each class once."""
    path = tuple(step for step in pattern_of(difference.path) if step != "[]")
    return _sorted(_of_field(subject, difference, path), "nothing in the cluster depends on it")


def effects_of_object(subject: Subject, what: What) -> tuple[Effect, ...]:
    """What it does that an object is added, removed or renamed, or comes from another folder."""
    if not subject.kind[1]:
        return _sorted(_of_document(subject), "")
    match what:
        case What.ADDED:
            return _sorted(object_rules(subject.kind, What.ADDED), "nothing that runs depends on it")
        case What.REMOVED:
            return _sorted(_removed(subject), "nothing that runs depends on it")
        case What.RENAMED:
            why = "an object cannot be renamed: the old one is deleted, and the new one is made"
            return _sorted([Effect(ChangeClass.REPLACE, why), *_removed(subject)], "")
    return _sorted(_moved(subject), "")


def _of_field(subject: Subject, difference: Difference, path: tuple[str, ...]) -> Iterator[Effect]:
    kind = subject.kind
    before, after = subject.manifests
    if not kind[1]:
        yield from _of_document(subject)
        return
    if difference.what is What.REORDERED and not difference.ordered and not pods.in_template(kind, path):
        yield Effect(ChangeClass.NONE, "the order of this list means nothing")
        return
    runs_again = kind == ("batch", "Job") and _is_made_again(after)
    if runs_again:
        yield Effect(ChangeClass.DELIVERY, "Argo CD deletes the Job and runs it again")
    elif _is_immutable(kind, before, difference, path):
        why = "the API server refuses to change it: the object has to be deleted and made again"
        yield Effect(ChangeClass.REPLACE, why)
    yield from _of_metadata(subject, difference, path)
    yield from pods.effects(kind, before, after, difference, path, in_place=not runs_again)
    yield from field_rules(kind, path, difference.what)
    if kind == ("", "PersistentVolumeClaim") and path[:3] == ("spec", "resources", "requests"):
        yield from _of_a_size(difference)
    names = {*path, *pods.keys_in(difference.before), *pods.keys_in(difference.after)}
    if not REFERENCES.isdisjoint(names) or any(name.endswith("SecretRef") for name in names):
        yield Effect(ChangeClass.SECRET_CONTRACT, "it names a Secret or ConfigMap, or a key of one")
    if path[:1] == ("spec",) and hosts_of(kind, before) != hosts_of(kind, after):
        yield Effect(ChangeClass.ACCESS, "it answers for other hosts than before")


def _of_document(subject: Subject) -> Iterator[Effect]:
    located = subject.after or subject.before
    if located is not None and located.feeds:
        yield Effect(ChangeClass.DELIVERY, "what comes of it is not known here")
    else:
        yield Effect(ChangeClass.NONE, "it is no manifest, and none is made from it")


def _is_immutable(
    kind: tuple[str, str], before: Mapping[str, Any], difference: Difference, path: tuple[str, ...]
) -> bool:
    if kind in (("", "ConfigMap"), ("", "Secret")) and before.get("immutable") is True:
        return path[0] in ("data", "binaryData", "stringData", "immutable")
    if kind == ("apps", "StatefulSet") and path[0] == "spec":
        return pods.CHANGEABLE_OF_STATEFULSETS.isdisjoint(path[1:2])
    if kind == ("", "Pod") and path[0] == "spec":
        return not pods.is_changeable_in_pod(path)
    # What is immutable in an object of its own is not so in a template from which others are made.
    template = kind == ("batch", "CronJob") or (pods.in_template(kind, path) and kind != ("batch", "Job"))
    if template or not difference.immutable:
        return False
    # A rule of a CRD about the value before is asked only where there is one.
    built_in = "." not in kind[0] or kind[0].endswith(".k8s.io")
    return built_in or difference.what is What.CHANGED


def _is_made_again(manifest: Mapping[str, Any]) -> bool:
    """Whether Argo CD deletes the object before it applies it: a hook, or Replace with Force."""
    annotations = _annotations(manifest)
    options = str(annotations.get(_SYNC_OPTIONS, ""))
    return _HOOK in annotations or "helm.sh/hook" in annotations or "Force=true" in options


def _of_metadata(subject: Subject, difference: Difference, path: tuple[str, ...]) -> Iterator[Effect]:
    if path[0] == "apiVersion":
        yield Effect(ChangeClass.NONE, "it is the same object in another version of its API")
    if path[0] != "metadata":
        return
    kind, field = subject.kind, path[1:2]
    stateful = kind in STATEFUL
    if field == ("namespace",):
        yield from _of_namespace(subject)
    elif field == ("finalizers",):
        change = ChangeClass.DATA if stateful else ChangeClass.NONE
        yield Effect(change, "it decides what has to happen before the object is gone")
    elif field == ("annotations",):
        for name in _names(difference, path):
            if name.startswith(_ARGO_CD):
                yield Effect(ChangeClass.DELIVERY, f"{name} tells Argo CD how to apply or delete the object")
                if stateful and name in (_SYNC_OPTIONS, "helm.sh/resource-policy"):
                    yield Effect(ChangeClass.DATA, f"{name} decides whether its data is deleted with it")
            if name == _EXTERNAL_NAME:
                yield Effect(ChangeClass.DATA, "it stands for another external object than before")


def _names(difference: Difference, path: tuple[str, ...]) -> Iterable[str]:
    """The names of the annotations that differ: one, or all where there were none."""
    if len(path) > 2:
        return path[2:3]
    values = (difference.before, difference.after)
    return [name for value in values if isinstance(value, Mapping) for name in value]


def _of_namespace(subject: Subject) -> Iterator[Effect]:
    one, other = subject.before_identity, subject.after_identity
    if one is not None and other is not None and one.namespace == other.namespace:
        yield Effect(ChangeClass.NONE, "the object is where it was")
        return
    why = "it is another object in another namespace, unless that is the one of its Application"
    yield Effect(ChangeClass.REPLACE, why)
    if subject.kind in STATEFUL:
        yield Effect(ChangeClass.DATA, "its data stays with the old object")


def _of_a_size(difference: Difference) -> Iterator[Effect]:
    try:
        shrinks = amount(str(difference.after)) < amount(str(difference.before))
    except ValueError:
        return
    if shrinks:
        yield Effect(ChangeClass.REPLACE, "a claim can grow and cannot shrink")


def _removed(subject: Subject) -> Iterator[Effect]:
    before = subject.manifests[0]
    kept = _kept_by(before)
    if kept is not None:
        yield Effect(ChangeClass.DELIVERY, f"it stays in the cluster, and nothing manages it: {kept}")
        return
    yield from object_rules(subject.kind, What.REMOVED)
    if subject.kind in (("argoproj.io", "Application"), ("argoproj.io", "ApplicationSet")):
        finalizers = _mapping(before.get("metadata")).get("finalizers")
        if isinstance(finalizers, list) and any(str(each).startswith(_FINALIZER) for each in finalizers):
            yield Effect(ChangeClass.DATA, "its finalizer deletes everything that it applied")
    elif is_data_outside(subject.kind):
        if _mapping(before.get("spec")).get("deletionPolicy") == "Orphan":
            yield Effect(ChangeClass.DELIVERY, "deletionPolicy is Orphan: the external object stays")
        else:
            yield Effect(ChangeClass.DATA, "the external object is deleted with it")


def _kept_by(manifest: Mapping[str, Any]) -> str | None:
    annotations = _annotations(manifest)
    options = str(annotations.get(_SYNC_OPTIONS, "")).replace(" ", "").split(",")
    for option in _KEEPS:
        if option in options:
            return option
    return "helm.sh/resource-policy: keep" if annotations.get("helm.sh/resource-policy") == "keep" else None


def _moved(subject: Subject) -> Iterator[Effect]:
    files = [located.file for located in (subject.before, subject.after) if located is not None]
    if None not in files and len({str(file).rpartition("/")[0] for file in files}) > 1:
        yield Effect(ChangeClass.DELIVERY, "it stands in another folder: another Application may apply it")
    else:
        yield Effect(ChangeClass.NONE, "only the file is another")


def _annotations(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    return _mapping(_mapping(manifest.get("metadata")).get("annotations"))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _sorted(effects: Iterable[Effect], otherwise: str) -> tuple[Effect, ...]:
    """One effect for each class, the worst first; ``none`` only where there is nothing else."""
    found: dict[ChangeClass, Effect] = {}
    for effect in effects:
        found.setdefault(effect.change_class, effect)
    if len(found) > 1 or not found:
        nothing = found.pop(ChangeClass.NONE, None)
        if not found:
            return (nothing or Effect(ChangeClass.NONE, otherwise),)
    return tuple(found[each] for each in ChangeClass if each in found)
