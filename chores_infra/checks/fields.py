"""Fields of manifests that somebody else wrote: anything may be missing, or be of another type.

What is of another type is the schema's to report, so here it counts as missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from chores_infra.rendering.field_path import FieldPath

__all__ = ["at", "each", "items", "mapping", "text"]

_ITEMS: Final = "[]"
_VALUES: Final = "*"


def each(value: Any, pattern: str) -> Iterator[tuple[FieldPath, Any]]:
    """Yield every field that a pattern matches, with its path; nothing where the manifest has none.

    A pattern is a path with ``[]`` for each item of a list and ``*`` for each value of a mapping.

    >>> manifest = {"spec": {"rules": [{"host": "a"}, {}, {"host": "b"}]}}
    >>> list(each(manifest, "spec.rules[].host"))
    [(('spec', 'rules', 0, 'host'), 'a'), (('spec', 'rules', 2, 'host'), 'b')]
    """
    found: list[tuple[FieldPath, Any]] = [((), value)]
    for step in _steps(pattern):
        below: list[tuple[FieldPath, Any]] = []
        for path, inner in found:
            if step == _ITEMS:
                below += (((*path, number), item) for number, item in enumerate(items(inner)))
            elif step == _VALUES:
                below += (((*path, key), item) for key, item in mapping(inner).items())
            elif isinstance(inner, dict) and inner.get(step) is not None:
                below.append(((*path, step), inner[step]))
        found = below
    return iter(found)


def at(value: Any, *path: str | int) -> Any:
    """The field at a path, or None.

    >>> at({"spec": {"ports": [{"port": 80}]}}, "spec", "ports", 0, "port")
    80
    >>> at({"spec": None}, "spec", "ports", 0) is None
    True
    """
    for step in path:
        if isinstance(step, int):
            if not isinstance(value, list) or not 0 <= step < len(value):
                return None
            value = value[step]
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> Sequence[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else ()


def text(value: Any) -> str:
    """The value if it is a string, else an empty one."""
    return value if isinstance(value, str) else ""


@cache
def _steps(pattern: str) -> tuple[str, ...]:
    """``spec.rules[].host`` as ``spec``, ``rules``, ``[]``, ``host``."""
    steps: list[str] = []
    for part in pattern.split("."):
        key = part.rstrip(_ITEMS)
        steps += [key] if key else []
        steps += [_ITEMS] * part.count(_ITEMS)
    return tuple(steps)
