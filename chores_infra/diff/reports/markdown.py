"""A comparison as Markdown for a comment on a pull request: what matters most first, the rest folded away.

GitHub takes no comment of more than 65,536 characters, so the text ends before that and says what it left
out. Nothing that stands in a manifest becomes markup, a link or a mention of a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final

from chores_infra.diff.folding import Entry, Variant
from chores_infra.diff.model import ABSENT, ChangeClass, Comparison, Effect, FieldChange, Identity, What
from chores_infra.diff.outline import Outline, Part, outline
from chores_infra.diff.reports.values import (
    counted,
    differing_lines,
    entry_name,
    harmless,
    values_on_a_line,
)
from chores_infra.markdown_text import prose

__all__ = ["LONGEST", "render"]

LONGEST: Final = 65_536
"""Characters of a comment on GitHub: https://github.com/orgs/community/discussions/27190."""

_MOST_LINES: Final = 60
_MOST_NAMED: Final = 100
_LONGEST_VALUE: Final = 400
_MARKS: Final = {
    ChangeClass.DATA: "🔴",
    ChangeClass.REPLACE: "🔴",
    ChangeClass.SECRET_CONTRACT: "🟠",
    ChangeClass.ACCESS: "🟠",
    ChangeClass.DELIVERY: "🟠",
    ChangeClass.TRAFFIC: "🟡",
    ChangeClass.RESTART: "🔵",
    ChangeClass.NONE: "⚪",
}


def render(comparison: Comparison, *, longest: int = LONGEST) -> str:
    """The comment, with a newline at its end.

    Args:
        comparison: what differs.
        longest: characters that it may have at most.
    """
    blocks = ["\n".join(_head(comparison))]
    if comparison:
        told = outline(comparison)
        blocks += ["\n".join(_entry(entry, told)) for entry in told.alike]
        blocks += ["\n".join(_part(part)) for part in told.parts]
    if comparison.text_only:
        blocks.append("\n".join(_text_only(comparison.text_only)))
    return _within(blocks, longest)


def _within(blocks: Sequence[str], longest: int) -> str:
    """As many whole blocks as fit, the summary first, and what was left out."""
    text, *rest = blocks
    for number, block in enumerate(rest):
        left = len(rest) - number
        # Whatever follows must leave room to say how much is missing.
        room = longest - (len(_left_out(left)) + 3 if left > 1 else 1)
        if len(text) + len(block) + 2 > room:
            return f"{text}\n\n{_left_out(left)}\n"
        text += f"\n\n{block}"
    return f"{text}\n"


def _left_out(number: int) -> str:
    return (
        f"**{counted(number, 'part')} of this report left out**, because a comment cannot be longer:"
        " `chores-infra diff` shows them."
    )


def _head(comparison: Comparison) -> Iterator[str]:
    if not comparison:
        yield "### No difference"
        return
    worst = comparison.classes[0]
    objects = counted(len(comparison.changes), "object")
    yield f"### {_MARKS[worst]} {objects} changed, at worst: {worst}"
    yield ""
    yield "| class | objects |"
    yield "|---|---:|"
    for each, count in comparison.counts().items():
        yield f"| {_MARKS[each]} {each} | {count:,} |"


def _entry(entry: Entry, told: Outline) -> Iterator[str]:
    """What happened to many objects, the objects folded away, and those that differ."""
    main, *others = entry.variants
    yield f"{_badges(entry.classes)} {_code(entry_name(entry))} {main.what} in {_objects(main, told)}"
    yield from _values(main)
    yield from _effects(main.effects)
    yield from _folded_names(told.identities(main.occurrences))
    if others:
        differ = sum(len(told.identities(variant.occurrences)) for variant in others)
        yield ""
        yield f"{differ:,} differ:"
        for variant in others:
            yield ""
            yield f"- {_badges(variant.classes)} {variant.what} in {_objects(variant, told)}"
            yield from (f"  {line}" for line in _values(variant))
            yield from (f"  {line}" for line in _folded_names(told.identities(variant.occurrences)))


def _objects(variant: Variant, told: Outline) -> str:
    return counted(len(told.identities(variant.occurrences)), "object")


def _folded_names(identities: Sequence[Identity]) -> Iterator[str]:
    if len(identities) == 1:
        yield f"in {_code(str(identities[0]))}"
        return
    yield ""
    yield f"<details><summary>{counted(len(identities), 'object')}</summary>"
    yield ""
    for identity in identities[:_MOST_NAMED]:
        yield f"- {_code(str(identity))}"
    if len(identities) > _MOST_NAMED:
        yield f"- and {len(identities) - _MOST_NAMED:,} more"
    yield ""
    yield "</details>"


def _part(part: Part) -> Iterator[str]:
    """One object; what is in it is folded away where that does nothing to a running system."""
    change = part.change
    badges = " ".join(f"{_MARKS[each]} {each}" for each in part.classes)
    title = f"{badges} <code>{_text(str(change.identity))}</code> {change.what}"
    is_open = " open" if part.classes[0] is not ChangeClass.NONE else ""
    yield f"<details{is_open}><summary>{title}</summary>"
    yield ""
    yield from _where(part)
    yield ""
    yield from _effects(part.reasons)
    for field in part.fields:
        yield ""
        yield f"{_code(field.field)} {field.what} ({', '.join(field.classes)})"
        yield from _values(field)
    yield ""
    yield "</details>"


def _where(part: Part) -> Iterator[str]:
    change = part.change
    if change.what is What.RENAMED:
        yield f"was {_code(str(change.before))}"
    if change.moved:
        yield f"{_code(change.before_file or '')} → {_code(change.after_file or '')}"
    elif file := change.after_file or change.before_file:
        yield _code(file)


def _values(change: FieldChange | Variant) -> Iterator[str]:
    if change.before is ABSENT and change.after is ABSENT:  # of an object as a whole
        return
    short = values_on_a_line(change)
    if short is not None:
        yield f"{_code(short[0])} → {_code(short[1])}"
        return
    lines = differing_lines(change.before, change.after)
    shown = [_cut(_harmless(line)) for line in lines[:_MOST_LINES]]
    if len(lines) > _MOST_LINES:
        shown.append(f"# {len(lines) - _MOST_LINES:,} more lines")
    fence = _fence(shown)
    yield ""
    yield f"{fence}diff"
    yield from shown
    yield fence


def _effects(effects: Iterable[Effect]) -> Iterator[str]:
    for effect in effects:
        yield f"- {effect.change_class}: {_prose(effect.why)}"


def _text_only(files: Sequence[str]) -> Iterator[str]:
    yield f"<details><summary>{counted(len(files), 'file')} only as text: comments, layout</summary>"
    yield ""
    for file in files[:_MOST_NAMED]:
        yield f"- {_code(file)}"
    if len(files) > _MOST_NAMED:
        yield f"- and {len(files) - _MOST_NAMED:,} more"
    yield ""
    yield "</details>"


def _badges(classes: Iterable[ChangeClass]) -> str:
    return " ".join(f"{_MARKS[each]} **{each}**" for each in classes)


def _code(text: str) -> str:
    """Text as it is, within backticks that are more than any in it."""
    text = _cut(_harmless(text))
    ticks = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    space = " " if text[:1] in {"`", " "} or text[-1:] in {"`", " "} else ""
    return f"{ticks}{space}{text}{space}{ticks}" if text else "` `"


def _text(text: str) -> str:
    """Text within a tag."""
    return escape(_cut(_harmless(text)))


def _prose(text: str) -> str:
    """A sentence in which nothing is markup, a mention, a reference or a link."""
    return prose(_cut(_harmless(text)))


def _fence(lines: Iterable[str]) -> str:
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    return "`" * max(3, longest + 1)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def _harmless(text: str) -> str:
    return harmless(text).replace("\n", "\\n")
