"""A comparison as JSON; ``docs/diff.md`` describes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from chores_infra.diff.model import ABSENT, Comparison, Effect, FieldChange, Identity, Item, ResourceChange
from chores_infra.diff.patches import ResourcePatch

__all__ = ["as_data", "patches_as_json", "render"]


def render(comparison: Comparison) -> str:
    """The document, with a newline at its end."""
    return _written(as_data(comparison))


def as_data(comparison: Comparison) -> dict[str, Any]:
    """A comparison as what JSON can hold; a value that is absent is no key."""
    return {
        "summary": {
            "objects": len(comparison.changes),
            "classes": [str(each) for each in comparison.classes],
            "worst": {str(each): count for each, count in comparison.counts().items()},
        },
        "changes": [_change(change) for change in comparison.changes],
        "text_only": list(comparison.text_only),
    }


def patches_as_json(patches: Sequence[ResourcePatch]) -> str:
    """Patches as a document, with a newline at its end."""
    return _written([_patch(each) for each in patches])


def _written(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _change(change: ResourceChange) -> dict[str, Any]:
    return {
        "what": change.what.value,
        "classes": [str(each) for each in change.classes],
        "before": _place(change.before, change.before_file, change.before_line),
        "after": _place(change.after, change.after_file, change.after_line),
        "effects": _effects(change.effects),
        "fields": [_field(field) for field in change.fields],
    }


def _place(identity: Identity | None, file: str | None, line: int | None) -> dict[str, Any] | None:
    return None if identity is None else {**identity._asdict(), "file": file, "line": line}


def _field(field: FieldChange) -> dict[str, Any]:
    values = (("before", field.before), ("after", field.after), ("default", field.default))
    return {
        "field": field.field,
        "path": [_step(step) for step in field.path],
        "what": field.what.value,
        "classes": [str(each) for each in field.classes],
        "before_pointer": field.before_pointer,
        "after_pointer": field.after_pointer,
        **{name: value for name, value in values if value is not ABSENT},
        "masked": field.masked,
        "effects": _effects(field.effects),
    }


def _step(step: str | Item) -> Any:
    return step if isinstance(step, str) else {"keys": dict(step.keys), "index": step.place}


def _effects(effects: Sequence[Effect]) -> list[dict[str, str]]:
    return [{"class": str(effect.change_class), "why": effect.why} for effect in effects]


def _patch(patch: ResourcePatch) -> dict[str, Any]:
    data: dict[str, Any] = {
        "before": None if patch.before is None else patch.before._asdict(),
        "after": None if patch.after is None else patch.after._asdict(),
        "file": patch.file,
    }
    if patch.manifest is not None:
        data["manifest"] = patch.manifest
    elif patch.after is not None:
        data["patch"] = list(patch.operations)
    return data | ({"left_out": list(patch.left_out)} if patch.left_out else {})
