"""A history as a table that fits the terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from chores_infra.release.history.events import Action
from chores_infra.release.history.moments import shown_day_time
from chores_infra.release.history.report import Moment, Report
from chores_infra.release.history.reports.phrases import (
    HEADS,
    cells,
    figure_lines,
    one_line,
    running_lines,
)

__all__ = ["moment_as_text", "report_as_text"]

_GAP: Final = "  "
_FEWEST_FOR_NOTES: Final = 24
_WIDEST_VERSION: Final = 40
_WIDEST_AUTHOR: Final = 24
_COLORS: Final = {
    Action.ROLLBACK: "red",
    Action.DEPLOY: "green",
    Action.RETAG: "yellow",
    Action.REMOVE: "red",
    Action.CONFIG: "cyan",
    Action.INTENT: "magenta",
}


def report_as_text(report: Report, width: int, colored: Callable[[str, str], str]) -> str:
    """The events, what runs now, and the figures.

    Args:
        report: what to show.
        width: columns of the terminal; 0 for any.
        colored: gives a text a color.
    """
    lines = list(_events(report, width, colored))
    if report.more:
        lines.append(f"and {report.more:,} older; --limit shows more")
    running = [row for name, now in report.running.items() for row in running_lines(name, now)]
    if running:
        lines += ["", *_rows(running, width)]
    if report.figures:
        lines += ["", *_rows(list(figure_lines(report.figures)), width)]
    return "\n".join(lines)


def moment_as_text(moment: Moment, width: int) -> str:
    """What ran at a moment."""
    lines = [f"at {shown_day_time(moment.at)} UTC"]
    if not moment.is_known:
        lines.append("what ran then is not known")
    elif not moment.running:
        lines.append(f"nothing of {one_line(moment.app)} ran")
    running = [row for name, now in moment.running.items() for row in running_lines(name, now)]
    lines += _rows(running, width)
    for each in moment.quarantines:
        lines += _wrapped(one_line(f"{each.version} was quarantined: {each.reason}"), width)
    return "\n".join(lines)


def _events(report: Report, width: int, colored: Callable[[str, str], str]) -> Iterator[str]:
    """The table. What does not fit beside the rest stands in lines of its own below it."""
    if not report.events:
        yield "nothing happened in this window"
        return
    rows = [cells(event) for event in report.events]
    if width:
        rows = [
            (*row[:3], _cut(row[3], _WIDEST_VERSION), _cut(row[4], _WIDEST_AUTHOR), *row[5:]) for row in rows
        ]
    widths = [max(map(_columns, column)) for column in zip(HEADS, *rows, strict=True)][:-1]
    shown = len(widths)
    while width and shown > 1 and _total(widths[:shown]) > width:
        shown -= 1
    room = width - _total(widths[:shown]) - len(_GAP)
    beside = shown == len(widths) and (not width or room >= _FEWEST_FOR_NOTES)
    yield _line((*HEADS[:shown], *(HEADS[-1:] if beside else ())), widths)
    for event, row in zip(report.events, rows, strict=True):
        below = [] if beside else ["  ".join(row[shown:-1]), row[-1]]
        notes = _wrapped(row[-1], room if width else 0) if beside else []
        line = _line((*row[:shown], *notes[:1]), widths)
        padded = row[2].ljust(widths[2])
        yield line.replace(padded.rstrip(), colored(padded.rstrip(), _COLORS[event.action]), 1)
        yield from (" " * (width - room) + note for note in notes[1:])
        yield from (f"    {each}" for text in below for each in _wrapped(text, max(width - 4, 16)))


def _rows(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """A table, or what stands in it one below the other where it is too wide."""
    if not rows:
        return []
    widths = [max(map(_columns, column)) for column in zip(*rows, strict=True)]
    if not width or _total(widths) <= width:
        return [_line(row, widths) for row in rows]
    if len(rows[0]) == 2:  # what runs, and since when
        return [line for row in rows for line in (*_wrapped(row[0], width), *_indented(row[1], width))]
    heads, *others = rows
    pairs = [f"{head.lower()}: {cell}" for row in others for head, cell in zip(heads, row, strict=True)]
    return [line for pair in pairs for line in _wrapped(pair, width)]


def _indented(text: str, width: int) -> Iterator[str]:
    return (f"    {line}" for line in _wrapped(text, max(width - 4, 16)))


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of whole words; a word that is wider than a line is broken."""
    if not width:
        return [text] if text else []
    lines: list[str] = []
    for word in text.split():
        if lines and _columns(lines[-1]) + 1 + _columns(word) <= width:
            lines[-1] += f" {word}"
            continue
        lines.append("")
        for char in word if _columns(word) > width else (word,):
            if lines[-1] and _columns(lines[-1]) + _columns(char) > width:
                lines.append("")
            lines[-1] += char
    return lines


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    fitted = [_fitted(cell, width) for cell, width in zip(row, widths, strict=False)]
    return _GAP.join((*fitted, *row[len(widths) :])).rstrip()


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes: some letters two, marks on letters none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def _fitted(text: str, width: int) -> str:
    return text + " " * (width - _columns(text))


def _cut(text: str, width: int) -> str:
    if _columns(text) <= width:
        return text
    while _columns(text) >= width:
        text = text[:-1]
    return f"{text}…"
