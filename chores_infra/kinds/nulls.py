"""Nulls as the API server reads them: a field that is null is absent."""

from __future__ import annotations

from typing import cast

__all__ = ["without_nulls"]

_DEEPEST = 200
"""Levels below which nulls are left alone; the schema says what is wrong there."""


def without_nulls(manifest: dict[str, object]) -> dict[str, object]:
    """Return a copy without fields that are null. Items of lists stay, because the server refuses them.

    >>> without_nulls({"spec": {"replicas": None, "ports": [None]}})
    {'spec': {'ports': [None]}}
    """
    return cast("dict[str, object]", _without_nulls(manifest, 0))


def _without_nulls(value: object, depth: int) -> object:
    if depth > _DEEPEST:
        return value
    if isinstance(value, dict):
        return {key: _without_nulls(item, depth + 1) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item, depth + 1) for item in value]
    return value
