"""How rules look at values: they run over refused manifests, too, so anything may stand anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from chores_infra.kinds.problem import Path

__all__ = ["Check", "Found", "at", "listed", "mapping", "objects", "parts", "texts"]

Found = list[tuple[Path, str]]
Check = Callable[[Any], Found | None]


def parts(path: str) -> tuple[str, ...]:
    """Split a dotted path of field names; an empty one is the value itself."""
    return tuple(path.split(".")) if path else ()


def at(value: Any, path: Sequence[str]) -> Any:
    """Return what stands at a path below an object, or None."""
    for part in path:
        if not isinstance(value, dict):
            return None
        value = value.get(part)
    return value


def mapping(value: Any, *path: str) -> dict[str, Any]:
    """Return the object at a path; an empty one where there is none."""
    found = at(value, path)
    return found if isinstance(found, dict) else {}


def objects(value: Any, *path: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the objects of the list at a path, with their indices; what is no object is left out."""
    found = at(value, path)
    if isinstance(found, list):
        for index, item in enumerate(found):
            if isinstance(item, dict):
                yield index, item


def texts(value: Any, *path: str) -> Iterator[tuple[int, str]]:
    """Yield the texts of the list at a path, with their indices."""
    found = at(value, path)
    if isinstance(found, list):
        for index, item in enumerate(found):
            if isinstance(item, str):
                yield index, item


def listed(names: Sequence[str], word: str = "or") -> str:
    """Join names as a sentence does.

    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b or c', 'a')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"
