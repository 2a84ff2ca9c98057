"""A comparison for a terminal: figures with the worst class first, then what changed, within its width."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import click

from chores_infra.diff.folding import Entry, Variant
from chores_infra.diff.model import ABSENT, ChangeClass, Comparison, Effect, FieldChange, Identity, What
from chores_infra.diff.outline import Outline, Part, outline
from chores_infra.diff.reports.values import differing_lines, entry_name, harmless, values_on_a_line

__all__ = ["PAGE", "render"]

PAGE: Final = 120
"""Columns where there is no terminal."""

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
_LINES: Final = {"+": "green", "-": "red", "@": "cyan"}
_IMAGE: Final = re.compile(
    r"(?P<repository>[a-z0-9][a-z0-9._:/-]*/[a-z0-9._-]+):(?P<tag>\w[\w.-]{0,127})", re.ASCII
)
_MOST_NAMED: Final = 10
_MOST_LINES: Final = 40
"""Lines of one value that are shown."""


def render(comparison: Comparison, width: int) -> str:
    """The report, with a newline at its end.

    Args:
        comparison: what differs.
        width: columns of the terminal.
    """
    lines = [*_summary(comparison, width)]
    if comparison:
        told = outline(comparison)
        for entry in told.alike:
            lines += ["", *_entry(entry, told, width)]
        for part in told.parts:
            lines += ["", *_part(part, width)]
    return "\n".join(_cut(line, width) for line in lines) + "\n"


def _summary(comparison: Comparison, width: int) -> Iterator[str]:
    if comparison:
        counts = ", ".join(f"{_classes([each])} {count:,}" for each, count in comparison.counts().items())
        number = len(comparison.changes)
        yield f"{number:,} {'object differs' if number == 1 else 'objects differ'}: {counts}"
    else:
        yield "no difference"
    if comparison.text_only:
        about = "as text alone (comments, layout, spelt-out defaults) differ: "
        yield from _named(about, comparison.text_only, width)


def _entry(entry: Entry, told: Outline, width: int) -> Iterator[str]:
    """What happened to many objects, and those that differ."""
    main, *others = entry.variants
    yield f"{_classes(main.classes)} {click.style(harmless(entry_name(entry)), bold=True)} {_what(main.what)}"
    yield from _values(main, width)
    yield from _why(main.effects)
    yield from _objects("    in ", told.identities(main.occurrences), width)
    if others:
        yield f"    {sum(len(variant.occurrences) for variant in others):,} differ:"
        for variant in others:
            yield from (f"  {line}" for line in _values(variant, width - 2))
            yield from _objects("      in ", told.identities(variant.occurrences), width)


def _part(part: Part, width: int) -> Iterator[str]:
    """One object, with what is not told of many."""
    change = part.change
    title = click.style(harmless(str(change.identity)), bold=True)
    yield f"{_classes(part.classes)} {title} {_what(change.what)}{_where(part)}"
    said: tuple[Effect, ...] = part.effects
    yield from _why(said)
    for field in part.fields:
        yield f"  {harmless(field.field)} {_what(field.what)}"
        yield from _values(field, width)
        # What was said of a field above is not said again.
        yield from _why(effect for effect in field.effects if effect not in said)
        said = (*said, *field.effects)


def _where(part: Part) -> str:
    change = part.change
    parts = [f"was {change.before}"] if change.what is What.RENAMED else []
    file, line = change.after_file, change.after_line
    if change.after is None:
        file, line = change.before_file, change.before_line
    if file is not None and change.identity.kind:
        parts.append(f"{file}:{line}" if line else file)
    if change.moved:
        parts.append(f"was in {change.before_file}")
    return click.style(f"  {harmless('; '.join(parts))}", dim=True) if parts else ""


def _objects(lead: str, identities: Sequence[Identity], width: int) -> Iterator[str]:
    number = f"{len(identities):,}: " if len(identities) > 1 else ""
    yield from _named(f"{lead}{number}", [*map(str, identities)], width)


def _named(lead: str, names: Sequence[str], width: int) -> Iterator[str]:
    """Names behind a lead, on as many lines as they need."""
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    text = f"{lead}{', '.join(map(harmless, names[:_MOST_NAMED]))}{more}"
    indent = " " * (len(lead) - len(lead.lstrip()) + 3)
    yield from textwrap.wrap(
        text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


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
    short = _images(change.before, change.after) or values_on_a_line(change)
    if short is not None:
        before, after = map(harmless, short)
        if len(before) + len(after) + 8 <= width or change.what is What.REORDERED:
            yield f"    {click.style(before, fg='red')} -> {click.style(after, fg='green')}"
            return
    lines = differing_lines(change.before, change.after) or ["(only what is masked, or the last newline)"]
    for line in lines[:_MOST_LINES]:
        yield click.style(f"    {harmless(line)}", fg=_LINES.get(line[:1]))
    if len(lines) > _MOST_LINES:
        yield f"    ... {len(lines) - _MOST_LINES:,} more lines; --format json has them"


def _images(before: Any, after: Any) -> tuple[str, str] | None:
    """Two images of one repository: its name with the tag that it had, and the tag that it has."""
    if not isinstance(before, str) or not isinstance(after, str):
        return None
    one, other = _IMAGE.fullmatch(before), _IMAGE.fullmatch(after)
    if one is None or other is None or one["repository"] != other["repository"]:
        return None
    return f"{one['repository'].rpartition('/')[2]} {one['tag']}", other["tag"]


def _cut(line: str, width: int) -> str:
    """A line within a width; colours take no room."""
    if len(click.unstyle(line)) <= width:
        return line
    room = width - 1
    kept: list[str] = []
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if part.startswith("\x1b["):
            kept.append(part)
        else:
            kept.append(part[:room])
            room -= len(kept[-1])
    return f"{''.join(kept)}…"
