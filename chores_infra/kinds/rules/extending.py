"""Rules about storage, webhooks, admission policies and CustomResourceDefinitions.

Source: https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chores_infra.kinds.problem import show
from chores_infra.kinds.rules.reading import Check, Found, mapping, objects

__all__ = ["RULES"]


def _definition() -> Check:
    """Hold a CustomResourceDefinition to its name, one stored version, and a schema for each."""

    def check(definition: Any) -> Found | None:
        spec = mapping(definition, "spec")
        plural, group = mapping(spec, "names").get("plural"), spec.get("group")
        name = mapping(definition, "metadata").get("name")
        found: Found = []
        if all(isinstance(part, str) for part in (name, plural, group)) and name != f"{plural}.{group}":
            found.append((("metadata", "name"), f"expected {plural}.{group}, found {show(name)}"))
        versions = [*objects(spec, "versions")]
        stored = [index for index, version in versions if version.get("storage") is True]
        if versions and len(stored) != 1:
            message = f"expected exactly one version with storage true, found {len(stored)}"
            found.append((("spec", "versions"), message))
        for index, version in versions:
            if "openAPIV3Schema" not in mapping(version, "schema"):
                where = ("spec", "versions", index, "schema", "openAPIV3Schema")
                found.append((where, "required field is missing"))
        return found or None

    return check


def _alone(field: str, constant: str) -> Check:
    """Hold a value of a list to stand alone: ReadWriteOncePod among access modes."""

    def check(value: Any) -> Found | None:
        items = value.get(field)
        if isinstance(items, list) and constant in items and len(items) > 1:
            return [((field,), f"{constant} stands alone, found {len(items)} values")]
        return None

    return check


def _not_together(field: str, one: str, other: str) -> Check:
    def check(value: Any) -> Found | None:
        items = value.get(field)
        if isinstance(items, list) and one in items and other in items:
            return [((field,), f"cannot have both {one} and {other}")]
        return None

    return check


def _user_priority() -> Check:
    """Hold the priority of a class to what users may give; ``system-`` is the cluster's own."""

    def check(manifest: Any) -> Found | None:
        name, value = mapping(manifest, "metadata").get("name"), manifest.get("value")
        if isinstance(name, str) and name.startswith("system-"):
            own = name in ("system-cluster-critical", "system-node-critical")
            return (
                None if own else [(("metadata", "name"), "begins with system-, which is the cluster's own")]
            )
        if isinstance(value, int) and value > 1_000_000_000:
            return [(("value",), f"expected at most 1000000000, found {value}")]
        return None

    return check


RULES: dict[str, Callable[..., Check]] = {
    "extending.alone": _alone,
    "extending.definition": _definition,
    "extending.not-together": _not_together,
    "extending.user-priority": _user_priority,
}
