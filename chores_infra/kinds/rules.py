"""The rules that checks may name, each as a function that makes a check from its arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic_core import from_json

from chores_infra.kinds.problem import Path, show

__all__ = ["RULES"]

Found = list[tuple[Path, str]]
Check = Callable[[Any], Found | None]


def _unique_by(keys: list[str], defaults: list[list[Any]]) -> Check:
    default: dict[str, Any] = {name: value for name, value in defaults}  # noqa: C416  (pairs are lists)

    def check(value: Any) -> Found | None:
        if not isinstance(value, list) or len(value) < 2:
            return None
        first: dict[Any, int] = {}
        found: Found = []
        for index, item in enumerate(value):
            if not isinstance(item, dict):
                continue
            identity = tuple(item.get(key, default.get(key)) for key in keys)
            if not all(isinstance(part, str | int | bool | None) for part in identity):
                continue
            earlier = first.setdefault(identity, index)
            if earlier != index:
                name = ", ".join(f"{key} {show(part)}" for key, part in zip(keys, identity, strict=True))
                found.append(((index,), f"{name} is already the item [{earlier}]; each may occur once"))
        return found or None

    return check


def _unique() -> Check:
    def check(value: Any) -> Found | None:
        if not isinstance(value, list) or len(value) < 2:
            return None
        first: dict[Any, int] = {}
        found: Found = []
        for index, item in enumerate(value):
            if isinstance(item, str | int | float | bool | None):
                earlier = first.setdefault((type(item), item), index)
                if earlier != index:
                    found.append(
                        ((index,), f"{show(item)} is already the item [{earlier}]; each may occur once")
                    )
        return found or None

    return check


def _any_of(*names: str) -> Check:
    def check(value: Any) -> Found | None:
        for name in names:
            if name in value:
                return None
        return [((), f"one of {_list(names)} is required")]

    return check


def _exactly_one(*names: str) -> Check:
    def check(value: Any) -> Found | None:
        present = [name for name in names if name in value]
        if len(present) == 1:
            return None
        found = _list(present, "and") if present else "none"
        return [((), f"expected exactly one of {_list(names)}, found {found}")]

    return check


def _at_most_one(*names: str) -> Check:
    def check(value: Any) -> Found | None:
        present = [name for name in names if name in value]
        if len(present) < 2:
            return None
        return [((), f"expected at most one of {_list(names)}, found {_list(present, 'and')}")]

    return check


def _at_most_one_filled(*names: str) -> Check:
    def check(value: Any) -> Found | None:
        present = [name for name in names if value.get(name)]
        if len(present) < 2:
            return None
        return [((), f"expected at most one of {_list(names)}, found {_list(present, 'and')}")]

    return check


def _required_with(field: str, constant: str, required: str) -> Check:
    def check(value: Any) -> Found | None:
        if value.get(field) == constant and required not in value:
            return [((required,), f"required field is missing: {field} {constant} needs it")]
        return None

    return check


def _forbidden_with(field: str, constant: str, forbidden: str) -> Check:
    def check(value: Any) -> Found | None:
        if value.get(field) == constant and forbidden in value:
            return [((forbidden,), f"{field} {constant} has no {forbidden}")]
        return None

    return check


def _min_properties(least: int) -> Check:
    def check(value: Any) -> Found | None:
        return (
            None if len(value) >= least else [((), f"expected at least {least} fields, found {len(value)}")]
        )

    return check


def _max_properties(most: int) -> Check:
    def check(value: Any) -> Found | None:
        return None if len(value) <= most else [((), f"expected at most {most} fields, found {len(value)}")]

    return check


def _named_if_several(name: str) -> Check:
    def check(value: Any) -> Found | None:
        if not isinstance(value, list) or len(value) < 2:
            return None
        nameless = [
            index for index, item in enumerate(value) if isinstance(item, dict) and not item.get(name)
        ]
        return [
            ((index, name), "required field is missing: each of several has one") for index in nameless
        ] or None

    return check


def _selects_template() -> Check:
    def check(value: Any) -> Found | None:
        wanted = _inside(value, "selector", "matchLabels")
        labels = _inside(value, "template", "metadata", "labels") or {}
        if not isinstance(wanted, dict) or not isinstance(labels, dict):
            return None
        path = ("template", "metadata", "labels")
        lost = [key for key, text in wanted.items() if labels.get(key) != text and isinstance(key, str)]
        return [
            ((*path, key), f"spec.selector wants {show(wanted[key])}, found {show(labels.get(key))}")
            for key in lost
        ] or None

    return check


def _restart_policy(*allowed: str) -> Check:
    def check(value: Any) -> Found | None:
        pod = _inside(value, "template", "spec")
        if not isinstance(pod, dict):
            return None
        found = pod.get("restartPolicy", "Always")
        if found in allowed or found not in _RESTART_POLICIES:
            return None
        default = "" if "restartPolicy" in pod else ", the default"
        path = ("template", "spec", "restartPolicy")
        return [(path, f"expected {_list(allowed)} in this kind, found {show(found)}{default}")]

    return check


def _inside(value: Any, *path: str) -> Any:
    for part in path:
        if not isinstance(value, dict):
            return None
        value = value.get(part)
    return value


def _rule(schema: str, says: str) -> Check:
    from chores_infra.kinds.satisfying import satisfies

    parsed = from_json(schema)
    expected = says or _describe(parsed)

    def check(value: Any) -> Found | None:
        return None if satisfies(value, parsed) else [((), expected)]

    return check


def _describe(schema: dict[str, Any]) -> str:
    """Say in words what a ``oneOf`` or ``anyOf`` wants, if it is about required fields."""
    for name, words in (("oneOf", "exactly one of"), ("anyOf", "at least one of")):
        options = schema.get(name)
        if options and all(set(option) == {"required"} for option in options):
            return f"expected {words} {_list([' with '.join(option['required']) for option in options])}"
    return "the combination of fields is not one that the API server accepts"


def _list(names: tuple[str, ...] | list[str], word: str = "or") -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"


_RESTART_POLICIES = ("Always", "OnFailure", "Never")

RULES: dict[str, Callable[..., Check]] = {
    "any-of": _any_of,
    "at-most-one": _at_most_one,
    "at-most-one-filled": _at_most_one_filled,
    "exactly-one": _exactly_one,
    "forbidden-with": _forbidden_with,
    "maxProperties": _max_properties,
    "minProperties": _min_properties,
    "named-if-several": _named_if_several,
    "required-with": _required_with,
    "restart-policy": _restart_policy,
    "rule": _rule,
    "selects-template": _selects_template,
    "unique": _unique,
    "unique-by": _unique_by,
}
