"""The rules that a schema cannot hold: unique items, one of several fields, open content that is JSON.

The generator writes as metadata of each type where to look (``chores_infra.kindgen.steps``); here the steps
become functions, each at its first use. A function returns None or what it found, addressed from its value.
It is run over manifests that the schema refused, too, so it looks only at values of the type it is for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from chores_infra.kinds.problem import Path, show
from chores_infra.kinds.rules import rule

__all__ = ["MAX_DEPTH", "Check", "Checks", "json_problems"]

Found = list[tuple[Path, str]]
Check = Callable[[Any], Found | None]

MAX_DEPTH = 100
"""Levels of nesting that open content may have; deeper than any real manifest, and safe for every reader."""


class Checks:
    """The compiled checks of one kind's types: ``rules`` is their metadata, ``known`` finds what it names."""

    def __init__(
        self, rules: dict[str, dict[str, Any]], known: Callable[[str], Callable[..., Check]] = rule
    ) -> None:
        self._rules = rules
        self._known = known
        self._compiled: dict[str, Check] = {}

    def of(self, type_name: str) -> Check:
        """Return the check of objects of a type."""
        compiled = self._compiled.get(type_name)
        if compiled is None:
            compiled = self._compiled[type_name] = self._object(self._rules.get(type_name, {}))
        return compiled

    def _object(self, rules: dict[str, Any]) -> Check:
        # A step is compiled at its first use: most fields of a pod are never there, and some types recur.
        steps: dict[str, Any] = dict(rules.get("walk", {}))
        checks = [self._known(name)(*arguments) for name, *arguments in rules.get("checks", ())]
        triggered: dict[str, Any] = dict(rules.get("triggered", {}))
        is_open = rules.get("open", False)
        compile_step, known = self._step, self._known

        def check_object(value: Any) -> Found | None:
            if not isinstance(value, dict):
                return None
            found: Found | None = None
            for name in value:
                if name in steps:
                    step = steps[name]
                    if type(step) is list:
                        step = steps[name] = compile_step(step)
                    below = step(value[name])
                    if below:
                        found = _under(name, below, found)
                elif is_open:
                    below = json_problems(value[name])
                    if below:
                        found = _under(name, below, found)
                if name in triggered:
                    check = triggered[name]
                    if type(check) is list:
                        check = triggered[name] = _all([known(kind)(*rest) for kind, *rest in check])
                    own = check(value)
                    if own:
                        found = [*(found or ()), *own]
            for check in checks:
                own = check(value)
                if own:
                    found = [*(found or ()), *own]
            return found

        return check_object

    def _step(self, step: list[Any]) -> Check:
        name, *arguments = step
        if name == "type":
            return self.of(arguments[0])
        if name == "each":
            return _each(self._step(arguments[0]))
        if name == "values":
            return _values(self._step(arguments[0]))
        if name == "check":
            return self._known(arguments[0])(*arguments[1:])
        if name == "all":
            return _all([self._step(inner) for inner in arguments])
        return json_problems


def _under(part: Any, below: Found, found: Found | None) -> Found:
    addressed = [
        ((part if isinstance(part, str | int) else show(part), *path), message) for path, message in below
    ]
    return [*(found or ()), *addressed]


def _each(step: Check) -> Check:
    def check(value: Any) -> Found | None:
        found: Found | None = None
        if isinstance(value, list):
            for index, item in enumerate(value):
                below = step(item)
                if below:
                    found = _under(index, below, found)
        return found

    return check


def _values(step: Check) -> Check:
    def check(value: Any) -> Found | None:
        found: Found | None = None
        if isinstance(value, dict):
            for name, item in value.items():
                below = step(item)
                if below:
                    found = _under(name, below, found)
        return found

    return check


def _all(steps: list[Check]) -> Check:
    def check(value: Any) -> Found | None:
        found: Found | None = None
        for step in steps:
            below = step(value)
            if below:
                found = [*(found or ()), *below]
        return found

    return check


def json_problems(value: Any) -> Found | None:
    """Say where open content is not JSON: other types, other keys, NaN, cycles, lone surrogates.

    Each container is visited once, whatever refers to it.
    """
    if isinstance(value, str):
        return _text_problem(value, ())
    if value is None or isinstance(value, bool | int):
        return None
    found: Found = []
    seen: set[int] = set()
    stack: list[tuple[Path, Any, tuple[int, ...]]] = [((), value, ())]
    while stack:
        path, current, above = stack.pop()
        if isinstance(current, dict | list):
            if id(current) in above:
                found.append((path, "contains itself"))
            elif len(above) >= MAX_DEPTH:
                found.append((path, f"is nested more than {MAX_DEPTH} levels deep"))
            elif id(current) not in seen:
                seen.add(id(current))
                inner = (*above, id(current))
                found.extend(
                    (path, f"field names are strings, found {show(key)}") for key in _bad_keys(current)
                )
                stack.extend(((*path, part), item, inner) for part, item in _items(current))
        else:
            found.extend(_scalar_problem(current, path) or ())
    return found or None


def _items(value: dict[Any, Any] | list[Any]) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, list):
        return enumerate(value)
    return ((key, item) for key, item in value.items() if isinstance(key, str))


def _bad_keys(value: dict[Any, Any] | list[Any]) -> list[Any]:
    return (
        []
        if isinstance(value, list)
        else [key for key in value if not isinstance(key, str) or _text_problem(key, ())]
    )


def _scalar_problem(value: Any, path: Path) -> Found | None:
    if isinstance(value, str):
        return _text_problem(value, path)
    if isinstance(value, float):
        return None if value - value == 0 else [(path, f"expected a finite number, found {value}")]
    if value is None or isinstance(value, bool | int):
        return None
    return [(path, f"expected a JSON value, found {show(value)}")]


def _text_problem(value: str, path: Path) -> Found | None:
    try:
        value.encode()
    except UnicodeEncodeError:
        return [(path, f"is no valid Unicode text: {show(value)}")]
    return None
