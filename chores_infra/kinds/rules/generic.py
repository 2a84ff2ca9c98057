"""Rules about any object: which fields go together, how many there are, what makes items unique."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pydantic_core import from_json

from chores_infra.kinds.problem import show
from chores_infra.kinds.rules.reading import Check, Found, at, listed, parts

__all__ = ["RULES"]


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
        return [((), f"one of {listed(names)} is required")]

    return check


def _exactly_one(*names: str) -> Check:
    def check(value: Any) -> Found | None:
        present = [name for name in names if name in value]
        if len(present) == 1:
            return None
        found = listed(present, "and") if present else "none"
        return [((), f"expected exactly one of {listed(names)}, found {found}")]

    return check


def _at_most_one(*names: str) -> Check:
    def check(value: Any) -> Found | None:
        present = [name for name in names if name in value]
        if len(present) < 2:
            return None
        return [((), f"expected at most one of {listed(names)}, found {listed(present, 'and')}")]

    return check


def _at_most_one_filled(*names: str) -> Check:
    def check(value: Any) -> Found | None:
        present = [name for name in names if value.get(name)]
        if len(present) < 2:
            return None
        return [((), f"expected at most one of {listed(names)}, found {listed(present, 'and')}")]

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


def _only_with(field: str, other: str, *constants: Any) -> Check:
    def check(value: Any) -> Found | None:
        if field not in value or value.get(other) in constants:
            return None
        wanted = listed([show(constant) for constant in constants])
        found = f"found {show(value[other])}" if other in value else f"and {other} is not given"
        return [((field,), f"is only for {other} {wanted}, {found}")]

    return check


def _only_beside(field: str, other: str) -> Check:
    def check(value: Any) -> Found | None:
        return [((field,), f"needs {other}")] if field in value and value.get(other) in _ABSENT else None

    return check


def _never(field: str, why: str) -> Check:
    def check(value: Any) -> Found | None:
        return [((field,), why)] if value.get(field) not in _ABSENT else None

    return check


def _never_with(field: str, other: str, constant: Any) -> Check:
    def check(value: Any) -> Found | None:
        if value.get(field) in _ABSENT or value.get(other) != constant:
            return None
        return [((field,), f"cannot be given with {other} {show(constant)}")]

    return check


def _not_both_true(one: str, other: str) -> Check:
    def check(value: Any) -> Found | None:
        return (
            [((one,), f"cannot be true with {other}")] if value.get(one) is value.get(other) is True else None
        )

    return check


def _required_below(path: str) -> Check:
    *above, field = parts(path)

    def check(value: Any) -> Found | None:
        around = at(value, above)
        missing = isinstance(around, dict) and field not in around
        return [((*above, field), "required field is missing")] if missing else None

    return check


def _like(path: str, pattern: str, says: str) -> Check:
    place = parts(path)
    matches = re.compile(pattern, re.ASCII).search

    def check(value: Any) -> Found | None:
        text = at(value, place)
        if not isinstance(text, str) or matches(text):
            return None
        return [(place, f"expected {says}, found {show(text)}")]

    return check


def _path(field: str, wanted: str = "any") -> Check:
    """Hold a path to stay below where it starts; ``wanted`` is ``"any"``, ``"relative"`` or ``"plain"``.

    A plain path is relative, and does not begin with two dots, which mark the files of the kubelet itself.
    """

    def check(value: Any) -> Found | None:
        path = value.get(field)
        if not isinstance(path, str):
            return None
        if wanted != "any" and path.startswith("/"):
            return [((field,), f"expected a relative path, found {show(path)}")]
        if ".." in path.split("/") or (wanted == "plain" and path.startswith("..")):
            return [((field,), f"expected a path without '..', found {show(path)}")]
        return None

    return check


def _one_of(path: str, *allowed: Any) -> Check:
    place = parts(path)

    def check(value: Any) -> Found | None:
        found = at(value, place)
        if found is None or found in allowed:
            return None
        return [(place, f"expected {listed([show(item) for item in allowed])} here, found {show(found)}")]

    return check


def _ordered(low: str, high: str, default: int | None = None) -> Check:
    def check(value: Any) -> Found | None:
        least, most = value.get(low, default), value.get(high)
        if not _is_number(least) or not _is_number(most) or least <= most:
            return None
        return [((low,), f"expected at most {high}, which is {most}; found {least}")]

    return check


def _unique_among(*fields: str) -> Check:
    """Make a check of an object: no text stands in more than one of these lists or maps."""

    def check(value: Any) -> Found | None:
        first: dict[str, str] = {}
        found: Found = []
        for field in fields:
            for name in value.get(field) or ():
                earlier = first.setdefault(name, field) if isinstance(name, str) else field
                if earlier != field:
                    found.append(((field, name), f"stands in {earlier}, too; each may occur once"))
        return found or None

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


def _rule(schema: str, says: str) -> Check:
    from chores_infra.kinds.satisfying import satisfies

    parsed = from_json(schema)
    expected = says or _describe(parsed)

    def check(value: Any) -> Found | None:
        return None if satisfies(value, parsed) else [((), expected)]

    return check


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _describe(schema: dict[str, Any]) -> str:
    """Say in words what a ``oneOf`` or ``anyOf`` wants, if it is about required fields."""
    for name, words in (("oneOf", "exactly one of"), ("anyOf", "at least one of")):
        options = schema.get(name)
        if options and all(set(option) == {"required"} for option in options):
            return f"expected {words} {listed([' with '.join(option['required']) for option in options])}"
    return "the combination of fields is not one that the API server accepts"


_ABSENT: tuple[Any, ...] = (None, "", [], {}, False)

RULES: dict[str, Callable[..., Check]] = {
    "any-of": _any_of,
    "at-most-one": _at_most_one,
    "at-most-one-filled": _at_most_one_filled,
    "exactly-one": _exactly_one,
    "forbidden-with": _forbidden_with,
    "like": _like,
    "maxProperties": _max_properties,
    "minProperties": _min_properties,
    "named-if-several": _named_if_several,
    "never": _never,
    "never-with": _never_with,
    "not-both-true": _not_both_true,
    "one-of": _one_of,
    "only-beside": _only_beside,
    "only-with": _only_with,
    "ordered": _ordered,
    "path": _path,
    "required-below": _required_below,
    "required-with": _required_with,
    "rule": _rule,
    "unique": _unique,
    "unique-among": _unique_among,
    "unique-by": _unique_by,
}
