"""Changes to manifests: JSON merge patches, and copies that nobody else can change."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

__all__ = ["DEEPEST", "merge_patch", "plain_copy"]

#: How deep manifests are nested at most; the deepest real ones are schemas in CRDs.
DEEPEST = 100


def merge_patch(target: Any, patch: Any) -> Any:
    """Apply a JSON merge patch; the algorithm of RFC 7386, section 2.

    >>> merge_patch({"a": {"b": 1, "c": 2}}, {"a": {"b": None, "d": 3}})
    {'a': {'c': 2, 'd': 3}}
    """
    if not isinstance(patch, Mapping):
        return deepcopy(patch)
    result = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge_patch(result.get(key), value)
    return result


def plain_copy(value: Any, depth: int = 0) -> Any:
    """A copy of what was given as it is to stand in a manifest: dicts and lists of plain values.

    Raises:
        ValueError: it is nested too deeply to be meant, as a value is that contains itself.
    """
    if depth > DEEPEST:
        raise ValueError(f"nested deeper than {DEEPEST} levels; does it contain itself?")
    if isinstance(value, Mapping):
        return {key: plain_copy(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_copy(item, depth + 1) for item in value]
    return value if isinstance(value, str | int | float | None) else deepcopy(value)
