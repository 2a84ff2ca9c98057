"""Rules about what is selected: labels, nodes, taints, domains.

Source: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chores_infra.kinds.problem import show
from chores_infra.kinds.rules.reading import Check, Found, objects

__all__ = ["RULES"]


def _toleration() -> Check:
    def check(toleration: Any) -> Found | None:
        operator = toleration.get("operator") or "Equal"
        found: Found = []
        if not toleration.get("key") and operator != "Exists":
            found.append((("operator",), f"without a key it is Exists, found {operator}"))
        if operator == "Exists" and toleration.get("value"):
            found.append((("value",), "cannot be given with operator Exists"))
        if operator in ("Lt", "Gt") and not _is_integer(toleration.get("value")):
            found.append((("value",), f"operator {operator} compares integers, found {_shown(toleration)}"))
        if "tolerationSeconds" in toleration and toleration.get("effect") != "NoExecute":
            effect = show(toleration.get("effect"))
            found.append((("tolerationSeconds",), f"is only for effect NoExecute, found {effect}"))
        return found or None

    return check


def _spread() -> Check:
    def check(constraint: Any) -> Found | None:
        found: Found = []
        if "minDomains" in constraint and constraint.get("whenUnsatisfiable") == "ScheduleAnyway":
            found.append((("minDomains",), "is only for whenUnsatisfiable DoNotSchedule"))
        if constraint.get("matchLabelKeys") and "labelSelector" not in constraint:
            found.append((("matchLabelKeys",), "needs labelSelector"))
        return found or None

    return check


def _requirement(*numeric: str) -> Check:
    """Hold a requirement of a selector to its operator: which takes values, and how many."""

    def check(requirement: Any) -> Found | None:
        operator, values = requirement.get("operator"), requirement.get("values")
        if values is not None and not isinstance(values, list):
            return None
        if operator in ("In", "NotIn") and not values:
            return [(("values",), f"expected at least one: operator is {operator}")]
        if operator in ("Exists", "DoesNotExist") and values:
            return [(("values",), f"cannot be given with operator {operator}")]
        if operator in numeric and not (values and len(values) == 1 and _is_integer(values[0])):
            return [(("values",), f"expected one integer, in quotes: operator is {operator}")]
        return None

    return check


def _match_fields() -> Check:
    def check(term: Any) -> Found | None:
        found: Found = []
        for index, requirement in objects(term, "matchFields"):
            where = ("matchFields", index)
            if requirement.get("key") != "metadata.name":
                found.append(
                    ((*where, "key"), f"expected metadata.name, found {show(requirement.get('key'))}")
                )
            if (
                requirement.get("operator") not in ("In", "NotIn")
                or len(requirement.get("values") or ()) != 1
            ):
                found.append((where, "expected operator In or NotIn, and one value"))
        return found or None

    return check


def _is_integer(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.lstrip("-").isdigit()


def _shown(toleration: dict[str, Any]) -> str:
    return show(toleration.get("value"))


RULES: dict[str, Callable[..., Check]] = {
    "selecting.match-fields": _match_fields,
    "selecting.requirement": _requirement,
    "selecting.spread": _spread,
    "selecting.toleration": _toleration,
}
