"""References in custom resources that no table knows: most operators name such fields alike.

``secretRef: {name, key}``, ``passwordSecretRef``, ``configMapKeyRef``, ``serviceAccountRef``: whatever stands
around them, the API conventions of Kubernetes make these objects.
Source: https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#object-references
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from chores_infra.checks.fields import text
from chores_infra.checks.references.reference import Part, Reference, Target
from chores_infra.checks.references.targets import CONFIG_MAP, SECRET, SERVICE_ACCOUNT
from chores_infra.checks.resources import Resource
from chores_infra.rendering.field_path import FieldPath

__all__ = ["custom_references"]

_FIELDS: Final[tuple[tuple[re.Pattern[str], Target], ...]] = (
    (re.compile(r"\w*[sS]ecret(?:Key)?(?:Ref|Reference|Selector)"), SECRET),
    (re.compile(r"\w*[cC]onfigMap(?:Key)?(?:Ref|Reference|Selector)"), CONFIG_MAP),
    (re.compile(r"serviceAccountRef"), SERVICE_ACCOUNT),
)
#: Objects that the operator makes itself, under the name that it is given here.
_MADE: Final = frozenset({"privateKeySecretRef", "writeConnectionSecretToRef"})
#: Holds manifests or text of others, whose references are not this resource's own.
_FOREIGN: Final = frozenset({"status", "template", "templates", "manifests", "pipeline", "resources"})
#: Where an operator looks for the Secrets of kinds that live in no namespace.
#: https://cert-manager.io/docs/configuration/#cluster-resource-namespace
_NAMESPACES: Final = {("cert-manager.io", "ClusterIssuer"): "cert-manager"}
_DEEPEST: Final = 30


def custom_references(resource: Resource) -> Iterator[Reference]:
    """The references of a custom resource, found by the names of its fields."""
    yield from _below(resource, resource.manifest.get("spec"), ("spec",))


def _below(resource: Resource, value: Any, path: FieldPath) -> Iterator[Reference]:
    if len(path) > _DEEPEST:
        return
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _below(resource, item, (*path, number))
    elif isinstance(value, dict):
        for field, inner in value.items():
            if field in _FOREIGN or field in _MADE:
                continue
            target = _target(field)
            if target is not None and isinstance(inner, dict) and text(inner.get("name")):
                yield _reference(resource, target, inner, (*path, field))
            else:
                yield from _below(resource, inner, (*path, field))


@lru_cache(maxsize=4096)
def _target(field: str) -> Target | None:
    return next((target for pattern, target in _FIELDS if pattern.fullmatch(field)), None)


def _reference(resource: Resource, target: Target, found: dict[str, Any], path: FieldPath) -> Reference:
    key = text(found.get("key"))
    own = resource.namespace or _NAMESPACES.get((resource.group, resource.kind))
    return Reference(
        resource,
        (*path, "name"),
        target,
        found["name"],
        text(found.get("namespace")) or own,
        keys=(Part((*path, "key"), key),) if key else (),
        optional=found.get("optional") is True,
    )
