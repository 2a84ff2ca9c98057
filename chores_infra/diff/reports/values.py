"""Values of fields as people read them, the same in every report."""

from __future__ import annotations

import difflib
import json
from typing import Any

from chores_infra.diff.folding import Entry, Variant
from chores_infra.diff.model import ABSENT, FieldChange, What
from chores_infra.wording import harmless

__all__ = ["counted", "differing_lines", "entry_name", "harmless", "is_short", "one_line", "values_on_a_line"]


def is_short(value: Any) -> bool:
    """Whether a value can stand on a line with others."""
    return not isinstance(value, dict | list) and not (isinstance(value, str) and "\n" in value)


def one_line(value: Any, default: Any = ABSENT) -> str:
    """A value on one line: texts as they are, others as JSON.

    >>> one_line("3.0.0"), one_line(True), one_line(" "), one_line(ABSENT), one_line(ABSENT, 1)
    ('3.0.0', 'true', '" "', '(none)', '(default 1)')
    """
    if value is ABSENT:
        return "(none)" if default is ABSENT else f"(default {one_line(default)})"
    if isinstance(value, str) and value and value == value.strip() and "\n" not in value:
        return value
    return json.dumps(value, ensure_ascii=False)


def values_on_a_line(change: FieldChange | Variant) -> tuple[str, str] | None:
    """What stands before and after, where both are short; None where they have to be told in lines."""
    if change.what is What.REORDERED or (is_short(change.before) and is_short(change.after)):
        return one_line(change.before, change.default), one_line(change.after, change.default)
    return None


def differing_lines(before: Any, after: Any) -> list[str]:
    r"""Two values line by line: ``-`` before, ``+`` after; texts of several lines as a difference of lines.

    >>> differing_lines("a\nb\n", "a\nc\n")
    ['@@ -1,2 +1,2 @@', ' a', '-b', '+c']
    >>> differing_lines(ABSENT, {"runAsNonRoot": True})
    ['+runAsNonRoot: true']
    """
    if isinstance(before, str) and isinstance(after, str):
        return list(difflib.unified_diff(_text_lines(before), _text_lines(after), lineterm="", n=2))[2:]
    return [f"-{line}" for line in _lines(before)] + [f"+{line}" for line in _lines(after)]


def entry_name(entry: Entry) -> str:
    """What an entry is about: the kind, and the field with ``[]`` for every item."""
    text = ""
    for step in entry.field or ():
        text += step if step == "[]" or not text else f".{step}"
    return f"{entry.kind} {text}".strip()


def counted(number: int, noun: str) -> str:
    """A number of things.

    >>> counted(1, "object"), counted(1200, "object")
    ('1 object', '1,200 objects')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _text_lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n")


def _lines(value: Any) -> list[str]:
    if value is ABSENT:
        return []
    if isinstance(value, str):
        return _text_lines(value)
    if not isinstance(value, dict | list):
        return [one_line(value)]
    from chores_infra.rendering.yaml_text import dump

    if isinstance(value, dict):
        return dump(value).removesuffix("\n").split("\n")
    # Only mappings are documents of ours: an item at a time, under a key that is taken off again.
    return dump({"_": value}).removesuffix("\n").split("\n")[1:] if value else ["[]"]
