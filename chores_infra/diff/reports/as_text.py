"""A comparison for a terminal: the figures with the worst class first, then what changed, within its width.

What happened to three objects or more is told once, for all of them; the rest object by object.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import click

from chores_infra.diff.folding import Entry, Folded, Occurrence, Variant, folded
from chores_infra.diff.model import (
    ABSENT,
    ChangeClass,
    Comparison,
    Effect,
    FieldChange,
    ResourceChange,
    What,
    worst_first,
)

__all__ = ["render", "values_as_lines"]

_COLORS: Final = {
    ChangeClass.DATA: "red",
    ChangeClass.REPLACE: "red",
    ChangeClass.SECRET_CONTRACT: "magenta",
    ChangeClass.ACCESS: "magenta",
    ChangeClass.DELIVERY: "blue",
    ChangeClass.TRAFFIC: "yellow",
    ChangeClass.RESTART: "cyan",
    ChangeClass.NONE: "white",
}
_WHATS: Final = {What.ADDED: "green", What.REMOVED: "red"}
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_IMAGE: Final = re.compile(
    r"(?P<repository>[a-z0-9][a-z0-9._:/-]*/[a-z0-9._-]+):(?P<tag>[\w][\w.-]{0,127})", re.ASCII
)
_MANY: Final = 3
"""From so many objects on a change is told once."""
_MOST_NAMED: Final = 10
_MOST_LINES: Final = 40
"""Lines of one value that are shown."""


def render(comparison: Comparison, width: int) -> str:
    """The report, with a newline at its end.

    Args:
        comparison: what differs.
        width: columns of the terminal.
    """
    lines = [*_summary(comparison)]
    if comparison:
        folds = folded(comparison)
        alike = [entry for entry in folds.entries if _is_told_once(entry)]
        told = {
            (where.object, where.position)
            for entry in alike
            for variant in entry.variants
            for where in variant.occurrences
        }
        for entry in alike:
            lines += ["", *_entry(entry, folds, width)]
        for number, change in enumerate(comparison.changes):
            lines += _object(number, change, told, width)
    return "\n".join(_cut(line, width) for line in lines) + "\n"


def _summary(comparison: Comparison) -> Iterator[str]:
    if comparison:
        counts = ", ".join(
            f"{click.style(str(each), fg=_COLORS[each], bold=True)} {count}"
            for each, count in comparison.counts().items()
        )
        number = len(comparison.changes)
        yield f"{number:,} {'object differs' if number == 1 else 'objects differ'}: {counts}"
    else:
        yield "no difference"
    if comparison.text_only:
        files = comparison.text_only
        named = ", ".join(map(_harmless, files[:_MOST_NAMED]))
        more = f" and {len(files) - _MOST_NAMED} more" if len(files) > _MOST_NAMED else ""
        yield f"as text alone (comments, layout, spelt-out defaults) differ: {named}{more}"


def _is_told_once(entry: Entry) -> bool:
    return entry.total >= _MANY and len(entry.variants[0].occurrences) > 1


def _entry(entry: Entry, folds: Folded, width: int) -> Iterator[str]:
    """One thing that happened to many objects, and those that differ."""
    main, *others = entry.variants
    name = entry.kind if entry.field is None else f"{entry.kind} {_pattern(entry.field)}"
    yield f"{_classes(main.classes)} {click.style(_harmless(name), bold=True)} {_what(main.what)}"
    yield from _values(main, width)
    yield from _why(main.effects)
    yield from _places("    in ", main.occurrences, folds, width)
    if others:
        differ = sum(len(variant.occurrences) for variant in others)
        yield f"    {differ} differ:"
        for variant in others:
            yield from ("  " + line for line in _values(variant, width - 2))
            yield from _places("      in ", variant.occurrences, folds, width)


def _pattern(field: tuple[str, ...]) -> str:
    text = ""
    for step in field:
        text += step if step == "[]" or not text else f".{step}"
    return text


def _places(lead: str, occurrences: Sequence[Occurrence], folds: Folded, width: int) -> Iterator[str]:
    """The objects to which it happened, on as many lines as they need."""
    import textwrap

    names = list(dict.fromkeys(str(folds.objects[where.object].identity) for where in occurrences))
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    number = f"{len(names):,}: " if len(names) > 1 else ""
    text = f"{lead}{number}{', '.join(map(_harmless, names[:_MOST_NAMED]))}{more}"
    hanging = " " * len(lead)
    yield from textwrap.wrap(
        text, width, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False
    )


def _object(
    number: int, change: ResourceChange, told: set[tuple[int, int | None]], width: int
) -> Iterator[str]:
    """One object, with what was not told already."""
    fields = [field for position, field in enumerate(change.fields) if (number, position) not in told]
    own = (number, None) not in told and bool(change.effects)
    if not fields and not own:
        return
    classes = [each for field in fields for each in field.classes]
    classes += [effect.change_class for effect in change.effects] if own else []
    yield ""
    title = click.style(_harmless(str(change.identity)), bold=True)
    yield f"{_classes(worst_first(classes))} {title} {_what(change.what)}{_where(change)}"
    said = change.effects if own else ()
    yield from _why(said)
    for field in fields:
        yield f"  {_harmless(field.field)} {_what(field.what)}"
        yield from _values(field, width)
        # What was said of a field above is not said again.
        yield from _why(effect for effect in field.effects if effect not in said)
        said = (*said, *field.effects)


def _where(change: ResourceChange) -> str:
    parts = []
    if change.what is What.RENAMED:
        parts.append(f"was {change.before}")
    file = change.after_file or change.before_file
    line = change.after_line if change.after is not None else change.before_line
    if file is not None and change.identity.kind:
        parts.append(f"{file}:{line}" if line else file)
    if change.moved:
        parts.append(f"was in {change.before_file}")
    return click.style(f"  {_harmless('; '.join(parts))}", dim=True) if parts else ""


def _classes(classes: Iterable[ChangeClass]) -> str:
    return " ".join(click.style(str(each), fg=_COLORS[each], bold=True) for each in classes)


def _what(what: What) -> str:
    return click.style(what.value, fg=_WHATS.get(what))


def _why(effects: Iterable[Effect]) -> Iterator[str]:
    for effect in effects:
        yield click.style(f"    {effect.change_class}: {effect.why}", dim=True)


def _values(change: FieldChange | Variant, width: int) -> Iterator[str]:
    """The values of a field; on one line where they fit."""
    if change.before is ABSENT and change.after is ABSENT:
        return
    if change.what is What.REORDERED:
        yield f"    {_short(change.before)} -> {_short(change.after)}"
        return
    images = _images(change.before, change.after)
    if images is not None:
        yield f"    {images}"
        return
    before = change.before
    if before is ABSENT and change.default is not ABSENT:
        before = change.default
    if _is_short(before) and _is_short(change.after):
        one = _one_line(change.before, change.default)
        other = _one_line(change.after, change.default)
        if len(one) + len(other) + 8 <= width:
            yield f"    {click.style(one, fg='red')} -> {click.style(other, fg='green')}"
            return
    for line in values_as_lines(change.before, change.after):
        color = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
        yield click.style(f"    {_harmless(line)}", fg=color)


def _images(before: Any, after: Any) -> str | None:
    """Two images of one repository: its name, and what became of its tag."""
    if not isinstance(before, str) or not isinstance(after, str):
        return None
    one, other = _IMAGE.fullmatch(before), _IMAGE.fullmatch(after)
    if one is None or other is None or one["repository"] != other["repository"]:
        return None
    name = _harmless(one["repository"].rpartition("/")[2])
    return f"{name} {click.style(one['tag'], fg='red')} -> {click.style(other['tag'], fg='green')}"


def values_as_lines(before: Any, after: Any) -> list[str]:
    r"""Two values line by line: ``-`` before, ``+`` after; texts of several lines as a difference of lines.

    >>> values_as_lines("a\nb\n", "a\nc\n")
    ['@@ -1,2 +1,2 @@', ' a', '-b', '+c']
    """
    if isinstance(before, str) and isinstance(after, str) and "\n" in f"{before}{after}".strip("\n"):
        marked = before.endswith("\n") != after.endswith("\n")
        one, other = (_text_lines(text, marked=marked) for text in (before, after))
        lines = list(difflib.unified_diff(one, other, lineterm="", n=2))[2:]
    else:
        lines = [f"- {line}" for line in _lines(before)] + [f"+ {line}" for line in _lines(after)]
    if len(lines) > _MOST_LINES:
        return [*lines[:_MOST_LINES], f"... {len(lines) - _MOST_LINES} more lines; --format json has them"]
    return lines or ["(the same but for what is masked)"]


def _text_lines(text: str, *, marked: bool) -> list[str]:
    lines = text.split("\n")
    if not lines[-1]:
        return lines[:-1]
    return [*lines, "(no newline at the end)"] if marked else lines


def _lines(value: Any) -> list[str]:
    if value is ABSENT:
        return []
    if isinstance(value, str):
        return value.rstrip("\n").split("\n")
    from chores_infra.rendering.yaml_text import dump

    first, *rest = dump({"v": value}).rstrip("\n").split("\n")
    return [line.removeprefix("  ") for line in rest] if rest else [first.removeprefix("v: ")]


def _is_short(value: Any) -> bool:
    return not isinstance(value, dict | list) and not (isinstance(value, str) and "\n" in value)


def _one_line(value: Any, default: Any) -> str:
    if value is not ABSENT:
        return _short(value)
    return "(none)" if default is ABSENT else f"(default {_short(default)})"


def _short(value: Any) -> str:
    import json

    if isinstance(value, str) and value and value == value.strip():
        return _harmless(value)
    return _harmless(json.dumps(value, ensure_ascii=False))


def _harmless(text: str) -> str:
    """The text without what a terminal would obey, or would show as something else."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _cut(line: str, width: int) -> str:
    """A line within a width; colours take no room."""
    if len(click.unstyle(line)) <= width:
        return line
    room = width - 1
    kept: list[str] = []
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if part.startswith("\x1b["):
            kept.append(part)
        elif room > 0:
            kept.append(part[:room])
            room -= len(part[:room])
    return f"{''.join(kept)}…"
