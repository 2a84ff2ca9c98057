"""What an unknown name was probably meant to be."""

from __future__ import annotations

from collections.abc import Sequence

from chores_infra.kinds.navigation import Navigator
from chores_infra.kinds.problem import Path, field_path, show

__all__ = ["nearest", "unknown_field"]

_FEW = 15
"""Fields that are listed when nothing is near; more would hide the message."""


def nearest(word: str, known: Sequence[str]) -> str | None:
    """Return the known name that is spelled most like a word, or None.

    >>> nearest("imagepullpolicy", ["image", "imagePullPolicy"])
    'imagePullPolicy'
    """
    import difflib

    lower = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word[:100].lower(), list(lower), 1, 0.75)
    return lower[near[0]] if near else None


def unknown_field(navigator: Navigator, path: Path) -> str:
    """Say that a field is unknown, and what was meant: another spelling, another level, or what there is."""
    parent, name = path[:-1], str(path[-1])
    known = navigator.fields(parent)
    places = list(navigator.places(name)) if len(name) <= 100 else []
    near = nearest(name, known)
    if near and not places:
        return f"unknown field; did you mean {near}?"
    if places:
        place = min(places, key=lambda candidate: _distance(candidate, field_path(parent)))
        spelled = f"; did you mean {near}, or {place}?" if near else f"; it belongs at {place}"
        return f"unknown field{spelled}"
    if not known:
        return "unknown field; there are none here"
    listed = ", ".join(known[:_FEW]) + (f" and {len(known) - _FEW} more" if len(known) > _FEW else "")
    return f"unknown field {show(name)}; known here: {listed}"


def _distance(place: str, parent: str) -> tuple[int, int]:
    """Count the steps from one object to another, up and down again."""
    there, here = place.split(".")[:-1], _levels(parent)
    shared = 0
    for one, other in zip(there, here, strict=False):
        if one != other:
            break
        shared += 1
    return (len(there) - shared) + (len(here) - shared), len(there)


def _levels(parent: str) -> list[str]:
    import re

    return re.sub(r"\[\d+\]", "[]", parent).split(".") if parent else []
