"""References in custom resources that no table knows: most operators name such fields alike.

``secretRef: {name, key}``, ``passwordSecret``, ``configMapKeyRef``, ``serviceAccountName``: whatever stands
around them, the API conventions of Kubernetes make these objects. Other references say the kind, or are named
after it: ``factoryRef: {name}`` means a ``Factory`` of the same group, where the repository has some.
Source: https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#object-references
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from chores_infra.checks.fields import text
from chores_infra.checks.references.reference import Part, Reference, Target
from chores_infra.checks.references.targets import (
    CLUSTER_SCOPED,
    CONFIG_MAP,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
    target_of,
)
from chores_infra.checks.resources import Resource
from chores_infra.rendering.field_path import FieldPath

__all__ = ["custom_references"]

_FIELDS: Final[tuple[tuple[re.Pattern[str], Target], ...]] = (
    (re.compile(r"\w*[sS]ecret(?:Key)?(?:Ref|Reference|Selector)?"), SECRET),
    (re.compile(r"\w*[cC]onfigMap(?:Key)?(?:Ref|Reference|Selector)"), CONFIG_MAP),
    (re.compile(r"serviceAccountRef"), SERVICE_ACCOUNT),
    (re.compile(r"serviceRef(?:erence)?"), SERVICE),
)
_OF_ALL: Final = (SECRET, CONFIG_MAP, SERVICE_ACCOUNT, SERVICE)
_REFERENCE: Final = re.compile(r"(?P<kind>\w+)(?:Ref|Reference)")
#: Objects that the operator makes itself, under the name that it is given here.
_MADE: Final = re.compile(
    r"privateKeySecretRef|(?:write|publish|output|target|generate|create|dest)\w*secret\w*", re.IGNORECASE
)
#: Holds manifests or text of others, whose references are not this resource's own.
_FOREIGN: Final = frozenset({"status", "template", "templates", "manifests", "pipeline", "resources"})
#: Where an operator looks for the Secrets of kinds that live in no namespace.
#: https://cert-manager.io/docs/configuration/#cluster-resource-namespace
_NAMESPACES: Final = {("cert-manager.io", "ClusterIssuer"): "cert-manager"}
_DEEPEST: Final = 30


def custom_references(resource: Resource, *, by_kind: bool) -> Iterator[Reference]:
    """The references of a custom resource, found by the names of its fields.

    ``by_kind`` is for kinds of which no table says what else they refer to.
    """
    for reference in _below(resource, resource.manifest.get("spec"), ("spec",)):
        if by_kind or reference.target in _OF_ALL:
            yield reference


def _below(resource: Resource, value: Any, path: FieldPath) -> Iterator[Reference]:
    if len(path) > _DEEPEST:
        return
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _below(resource, item, (*path, number))
    elif isinstance(value, dict):
        for field, inner in value.items():
            if field in _FOREIGN or _MADE.fullmatch(field):
                continue
            if field == "serviceAccountName" and text(inner):
                yield Reference(resource, (*path, field), SERVICE_ACCOUNT, inner, resource.namespace)
                continue
            named = isinstance(inner, dict) and text(inner.get("name"))
            target = (_target(field) or _meant(resource, field, inner)) if named else None
            if target is not None:
                yield _reference(resource, target, inner, (*path, field))
            else:
                yield from _below(resource, inner, (*path, field))


@lru_cache(maxsize=4096)
def _target(field: str) -> Target | None:
    return next((target for pattern, target in _FIELDS if pattern.fullmatch(field)), None)


def _meant(resource: Resource, field: str, found: dict[str, Any]) -> Target | None:
    """The kind that the reference says, or after which it is called."""
    named = _REFERENCE.fullmatch(field)
    kind = text(found.get("kind"))
    if named is None:
        return None
    if not kind:
        return Target(named["kind"][:1].upper() + named["kind"][1:], (resource.group,))
    group = next((text(found[each]) for each in ("group", "apiGroup") if each in found), None)
    if group is None and (version := text(found.get("apiVersion"))):
        group = version.rpartition("/")[0]
    known = target_of(kind, group)
    return known if group is not None or known.groups != ("",) else Target(kind, ("", resource.group))


def _reference(resource: Resource, target: Target, found: dict[str, Any], path: FieldPath) -> Reference:
    key, port = text(found.get("key")), found.get("port")
    own = resource.namespace or _NAMESPACES.get((resource.group, resource.kind))
    if target.kind in CLUSTER_SCOPED:
        own = None
    return Reference(
        resource,
        (*path, "name"),
        target,
        found["name"],
        text(found.get("namespace")) or own,
        keys=(Part((*path, "key"), key),) if key else (),
        ports=(Part((*path, "port"), port),) if target is SERVICE and isinstance(port, int) else (),
        optional=found.get("optional") is True,
        guessed=target not in _OF_ALL,
    )
