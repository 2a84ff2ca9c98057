"""Turns what pydantic-core found into problems in the words of the Kubernetes API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from pydantic_core import ErrorDetails, ValidationError

from chores_infra.kinds.formats import Formats
from chores_infra.kinds.navigation import Navigator
from chores_infra.kinds.problem import Path, Problem, show, type_name
from chores_infra.kinds.suggestions import nearest, unknown_field

__all__ = ["Explainer", "in_order"]

_EXPECTED = {
    "bool_type": "a boolean",
    "dict_type": "an object",
    "float_type": "a number",
    "int_type": "an integer",
    "list_type": "a list",
    "string_type": "a string",
}

_MOST = 1000
"""Problems that are explained; a list of a million wrong items is one mistake, not a million."""


class Explainer:
    """Explains the errors of one kind's schema."""

    def __init__(self, definitions: dict[str, dict[str, Any]], root: str) -> None:
        self._navigator = Navigator(definitions, root)
        self._formats = Formats(definitions)

    def problems(self, error: ValidationError, manifest: dict[str, object]) -> list[Problem]:
        """Return the problems of one failed validation."""
        found: dict[Problem, None] = {}
        unions: dict[Path, list[bool]] = {}
        for detail in error.errors(include_url=False)[:_MOST]:
            path, labels = _data_path(detail, manifest)
            for at, label in labels:
                unions.setdefault(at, []).append(_is_for(label, _value_at(manifest, at)))
            if all(_is_for(label, _value_at(manifest, at)) for at, label in labels):
                found.update(dict.fromkeys(self._explain(detail, path)))
        for at, matches in unions.items():
            if not any(matches):
                expected = self._navigator.expected(at)
                found[Problem(at, f"expected {expected}, found {_found(_value_at(manifest, at))}")] = None
        return list(found)

    def _explain(self, detail: ErrorDetails, path: Path) -> list[Problem]:
        kind, value = detail["type"], detail["input"]
        if kind == "missing":
            return [Problem(path, "required field is missing")]
        if kind == "extra_forbidden":
            return [Problem(path, unknown_field(self._navigator, path))]
        if kind == "invalid_key":
            return [Problem(path[:-1], f"field names are strings, found {show(value)}")]
        if kind.startswith("recursion_"):
            return [Problem(path, "contains itself, or is nested too deep")]
        is_key = detail["loc"][-1:] == ("[key]",)
        prefix = "its key: " if is_key else ""
        if kind.startswith("format:"):
            messages = self._formats.explain(kind.removeprefix("format:"), value)
        else:
            messages = [self._message(kind, value, path, detail)]
        return [Problem(path, prefix + message) for message in messages]

    def _message(self, kind: str, value: object, path: Path, detail: ErrorDetails) -> str:  # noqa: PLR0911
        context: dict[str, Any] = detail.get("ctx", {})
        if kind in _EXPECTED:
            return f"expected {_EXPECTED[kind]}, found {_found(value)}{_hint(kind, value)}"
        if kind == "literal_error":
            return _not_one_of(self._navigator.literals(path), value)
        if kind in {"greater_than_equal", "less_than_equal", "greater_than", "less_than", "multiple_of"}:
            return f"expected {self._navigator.expected(path)}, found {show(value)}"
        if kind == "string_pattern_mismatch":
            return f"expected text like {context['pattern']}, found {show(value)}"
        if kind in {"string_too_long", "string_too_short"}:
            bound = _bound(context)
            return f"expected {bound} characters, found {len(cast('str', value))}: {show(value)}"
        if kind in {"too_long", "too_short"}:
            return f"expected {_bound(context)} items, found {context.get('actual_length', 'more')}"
        if kind == "finite_number":
            return f"expected a finite number, found {show(value)}"
        if kind == "string_unicode":
            return f"is no valid Unicode text: {show(value)}"
        return f"expected {self._navigator.expected(path)}, found {_found(value)}"


def in_order(problems: Iterable[Problem], manifest: dict[str, object]) -> list[Problem]:
    """Sort problems by the order of the manifest's fields."""
    return sorted(problems, key=lambda problem: _position(manifest, problem.path))


def _data_path(detail: ErrorDetails, manifest: object) -> tuple[Path, list[tuple[Path, str]]]:
    """Split a location into the path in the manifest and the options of unions on the way."""
    path: list[str | int] = []
    labels: list[tuple[Path, str]] = []
    value = manifest
    location = detail["loc"][:-1] if detail["loc"][-1:] == ("[key]",) else detail["loc"]
    for index, part in enumerate(location):
        is_last = index == len(location) - 1
        if isinstance(value, dict) and (part in value or (is_last and _names_a_field(detail))):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        elif _is_label(part):
            labels.append((tuple(path), str(part)))
            continue
        else:
            value = None
        path.append(part)
    return tuple(path), labels


def _names_a_field(detail: ErrorDetails) -> bool:
    return detail["type"] in {"missing", "extra_forbidden", "invalid_key", "string_unicode"}


_LABELS: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "constrained-float": (int, float),
    "constrained-int": (int,),
    "constrained-str": (str,),
    "float": (int, float),
    "int": (int,),
    "list": (list,),
    "str": (str,),
    "typed-dict": (dict,),
}


def _is_label(part: str | int) -> bool:
    return str(part).partition("[")[0] in _LABELS


def _is_for(label: str, value: object) -> bool:
    types = _LABELS.get(label.partition("[")[0], ())
    return isinstance(value, types) and isinstance(value, bool) == (types == (bool,))


def _value_at(manifest: object, path: Path) -> object:
    value: Any = manifest
    for part in path:
        value = value[part]
    return value


def _position(manifest: object, path: Path) -> tuple[tuple[int, str], ...]:
    position: list[tuple[int, str]] = []
    value: Any = manifest
    for part in path:
        if isinstance(value, dict) and part in value:
            position.append((list(value).index(part), ""))
            value = value[part]
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            position.append((part, ""))
            value = value[part]
        else:
            # What is missing comes after what is there.
            position.append((len(value) if isinstance(value, dict | list) else 0, str(part)))
            value = None
    return tuple(position)


def _found(value: object) -> str:
    if isinstance(value, bool | int | float | str):
        return f"{type_name(value)} {show(value)}"
    return f"a {type_name(value)}" if isinstance(value, list) else type_name(value)


def _hint(kind: str, value: object) -> str:
    if value is None:
        return "; leave the field out"
    if kind == "string_type" and isinstance(value, bool | int | float):
        text = show(value)
        return f'; write "{text}" in quotes' if text.isascii() and not text.startswith("an ") else ""
    if kind == "int_type" and isinstance(value, float) and value.is_integer() and abs(value) < 2**63:
        return f"; write {int(value)}"
    if kind in {"int_type", "bool_type", "float_type"} and isinstance(value, str):
        return "; write it without quotes" if _would_do(kind, value) else ""
    return ""


def _would_do(kind: str, value: str) -> bool:
    if kind == "bool_type":
        return value in {"true", "false"}
    return value.isascii() and value.lstrip("-").isdigit() and len(value) < 20


def _not_one_of(expected: list[Any], value: object) -> str:
    near = (
        nearest(value, [item for item in expected if isinstance(item, str)])
        if isinstance(value, str)
        else None
    )
    hint = f"; did you mean {show(near)}?" if near else ""
    options = ", ".join(item if isinstance(item, str) and item else show(item) for item in expected)
    words = f"expected {options}" if len(expected) == 1 else f"expected one of {options}"
    return f"{words}, found {_found(value) if not isinstance(value, str) else show(value)}{hint}"


def _bound(context: dict[str, Any]) -> str:
    return (
        f"at most {context['max_length']}" if "max_length" in context else f"at least {context['min_length']}"
    )
