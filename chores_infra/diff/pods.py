"""What a change of a workload does to its pods.

Sources: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/ (a rollout is triggered if
and only if the pod template is changed), statefulset (what can be updated), cron-jobs (running jobs keep
what they have), https://kubernetes.io/docs/concepts/workloads/pods/ (what can be updated in a pod).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from chores_infra.diff.model import ABSENT, ChangeClass, Effect, Item, What
from chores_infra.diff.walking import Difference

__all__ = ["CHANGEABLE_OF_STATEFULSETS", "effects", "in_template", "is_changeable_in_pod", "keys_in"]

_TEMPLATES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("apps", "Deployment"): ("spec", "template"),
    ("apps", "StatefulSet"): ("spec", "template"),
    ("apps", "DaemonSet"): ("spec", "template"),
    ("apps", "ReplicaSet"): ("spec", "template"),
    ("argoproj.io", "Rollout"): ("spec", "template"),
    ("batch", "Job"): ("spec", "template"),
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "template"),
    ("", "Pod"): (),
}
"""Where a workload has the template of its pods; a Pod is its own."""

CHANGEABLE_OF_STATEFULSETS: Final = frozenset(
    {
        *("minReadySeconds", "ordinals", "persistentVolumeClaimRetentionPolicy", "replicas"),
        *("revisionHistoryLimit", "template", "updateStrategy"),
    }
)
"""The fields of its spec that can be changed; the API server refuses any other."""

_CHANGEABLE_OF_PODS: Final = frozenset(
    {"activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds"}
)
_ACCESS: Final = frozenset(
    {
        *("automountServiceAccountToken", "hostIPC", "hostNetwork", "hostPID", "hostPath", "hostPort"),
        *("hostUsers", "securityContext", "serviceAccount", "serviceAccountName", "shareProcessNamespace"),
        *("serviceAccountToken",),
    }
)
_KEYS: Final = frozenset(
    {
        *("configMapKeyRef", "configMapRef", "envFrom", "imagePullSecrets", "secretKeyRef", "secretRef"),
        "projected",
    }
)
_MIGRATION: Final = re.compile(r"migrat|alembic|flyway|liquibase|\bdb[: ]upgrade\b", re.IGNORECASE)
_NOTHING_RESTARTS: Final[Mapping[tuple[str, str], str]] = {
    ("", "Pod"): "nothing restarts",
    ("apps", "ReplicaSet"): "only pods that are made later have it",
    ("batch", "CronJob"): "the next run has it; what runs now is left alone",
    ("batch", "Job"): "the pods of a Job are what they were made as",
}
_CONTAINERS: Final = ("containers", "initContainers")


def in_template(kind: tuple[str, str], path: tuple[str, ...]) -> bool:
    """Whether a field is in the pod template of a workload."""
    return _inside(kind, path) is not None


def is_changeable_in_pod(path: tuple[str, ...]) -> bool:
    """Whether a field of the spec of a Pod can be changed: images, and little else."""
    if len(path) > 1 and path[1] in _CHANGEABLE_OF_PODS:
        return True
    return len(path) == 3 and path[1] in _CONTAINERS and path[2] == "image"


def effects(
    kind: tuple[str, str],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    difference: Difference,
    path: tuple[str, ...],
    *,
    in_place: bool,
) -> Iterator[Effect]:
    """What a change does to the pods of a workload, and to what they reach; nothing for other kinds.

    ``in_place`` is False for a Job that is deleted before it is applied.
    """
    if kind not in _TEMPLATES:
        return
    if path == ("spec", "replicas"):
        yield _scaled(difference)
    inside = _inside(kind, path)
    if not inside:
        return
    if in_place:
        yield _restarted(kind, after, difference, inside)
    names = {*inside, *keys_in(difference.before), *keys_in(difference.after)}
    if not names.isdisjoint(_ACCESS):
        yield Effect(ChangeClass.ACCESS, "it changes what the pods may do, or as whom")
    volumes = inside[:2] == ("spec", "volumes")
    if not names.isdisjoint(_KEYS) or (volumes and not names.isdisjoint({"secret", "configMap"})):
        yield Effect(
            ChangeClass.SECRET_CONTRACT, "the pods need other Secrets, ConfigMaps or keys than before"
        )
    if volumes and not names.isdisjoint({"persistentVolumeClaim", "volumeClaimTemplate"}):
        yield Effect(ChangeClass.DATA, "the pods have another volume than before")
    if inside[2:3] in (("readinessProbe",), ("ports",)):
        yield Effect(ChangeClass.TRAFFIC, "it decides which pods get traffic, and where")
    if inside[:2] == ("metadata", "labels") and not _selected(before, after).isdisjoint(
        _changed_keys(difference, inside)
    ):
        yield Effect(ChangeClass.TRAFFIC, "its own selector has this label")
    if _is_migration(kind, after, difference, inside):
        yield Effect(ChangeClass.DATA, "a migration runs with it, and going back does not undo that")


def _inside(kind: tuple[str, str], path: tuple[str, ...]) -> tuple[str, ...] | None:
    """The path below the pod template, or None."""
    template = _TEMPLATES.get(kind)
    if template is None or path[: len(template)] != template:
        return None
    if kind == ("", "Pod") and path[:1] != ("spec",):
        return None
    return path[len(template) :]


def _scaled(difference: Difference) -> Effect:
    counts = [
        difference.default if value is ABSENT else value for value in (difference.before, difference.after)
    ]
    if 0 in counts:
        return Effect(ChangeClass.TRAFFIC, "no pod runs on one side of the change")
    return Effect(ChangeClass.NONE, "pods are added or removed, and none restarts")


def _restarted(
    kind: tuple[str, str], after: Mapping[str, Any], difference: Difference, inside: tuple[str, ...]
) -> Effect:
    if kind in _NOTHING_RESTARTS:
        if kind == ("", "Pod") and inside[-1] == "image":
            return Effect(ChangeClass.RESTART, "the container restarts with the other image")
        return Effect(ChangeClass.NONE, _NOTHING_RESTARTS[kind])
    spec = after.get("spec")
    strategy = spec.get("updateStrategy") if isinstance(spec, Mapping) else None
    if isinstance(strategy, Mapping) and strategy.get("type") == "OnDelete":
        return Effect(ChangeClass.NONE, "with OnDelete a pod has it once somebody deletes the old one")
    if isinstance(spec, Mapping) and spec.get("paused") is True:
        return Effect(ChangeClass.NONE, "the rollout is paused: pods restart once it goes on")
    if difference.what is What.REORDERED:
        return Effect(ChangeClass.RESTART, "the order of a list is part of the pod template, which rolls out")
    return Effect(ChangeClass.RESTART, "the pod template changes, so new pods replace all that run")


def keys_in(value: Any) -> Iterator[str]:
    """The names of all fields inside of a value, at any depth."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield key
            yield from keys_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_in(inner)


def _selected(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """The labels by which a workload knows its pods."""
    found: set[str] = set()
    for manifest in (before, after):
        spec = manifest.get("spec")
        selector = spec.get("selector") if isinstance(spec, Mapping) else None
        labels = selector.get("matchLabels") if isinstance(selector, Mapping) else None
        found.update(labels if isinstance(labels, Mapping) else ())
    return found


def _changed_keys(difference: Difference, inside: tuple[str, ...]) -> set[str]:
    return {*inside[2:3], *keys_in(difference.before), *keys_in(difference.after)}


def _is_migration(
    kind: tuple[str, str], manifest: Mapping[str, Any], difference: Difference, inside: tuple[str, ...]
) -> bool:
    """Whether what runs a migration changed: a Job, or an init container, whose name or command says so."""
    if kind == ("batch", "Job"):
        metadata = manifest.get("metadata")
        name = metadata.get("name") if isinstance(metadata, Mapping) else ""
        if _MIGRATION.search(str(name)):
            return inside[:1] == ("spec",)
    elif inside[:2] != ("spec", "initContainers"):
        return False
    containers = [step for step in difference.path if isinstance(step, Item) and step.keys]
    named = str(containers[0].keys[0][1]) if containers else ""
    return bool(_MIGRATION.search(named)) or any(
        bool(_MIGRATION.search(text)) for text in _commands(manifest, kind, named)
    )


def _commands(manifest: Mapping[str, Any], kind: tuple[str, str], name: str) -> Iterator[str]:
    """What the container of a name runs."""
    value: Any = manifest
    for step in (*_TEMPLATES[kind], "spec"):
        value = value.get(step) if isinstance(value, Mapping) else None
    for field in _CONTAINERS:
        containers = value.get(field) if isinstance(value, Mapping) else None
        for container in containers if isinstance(containers, list) else ():
            if isinstance(container, Mapping) and container.get("name") == name:
                for words in (container.get("command"), container.get("args")):
                    if isinstance(words, list):
                        yield " ".join(map(str, words))
