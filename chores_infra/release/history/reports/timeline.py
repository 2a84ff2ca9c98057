"""The events of a history drawn over time: a lane for each environment, and one for what is quarantined.

A mark's form says what happened, not only its color; each is a link to the row of the table that says it all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Final, NamedTuple

from chores_infra.release.history.events import Action, Event, Quarantined
from chores_infra.release.history.moments import shown_day_time as _shown
from chores_infra.release.history.report import Report
from chores_infra.release.history.reports.phrases import one_line, quarantine_line, version_change

__all__ = ["MARKS", "mark", "row_id", "timeline"]

_WIDTH: Final = 1200
_LEFT: Final = 120
_RIGHT: Final = 40
_MARK: Final = 20
_LABEL: Final = 22
_MOST_ROWS: Final = 5
_GAP: Final = 8
_TOP: Final = 8
_AXIS: Final = 28
_QUARANTINE: Final = 24
_CHARACTER: Final = 7.4
"""Pixels of one character of a label: wider than most, so that no two labels meet."""
_MOST_TICKS: Final = 9
_LONGEST_LABEL: Final = 24
_STEPS: Final = (1, 2, 7, 14, 30, 61, 91, 183, 365, 730, 1825, 3650)
_DAY: Final = 86_400

MARKS: Final[Mapping[Action, str]] = {
    Action.DEPLOY: "M 0 -8 L 8 6 L -8 6 Z",
    Action.ROLLBACK: "M 0 8 L 8 -6 L -8 -6 Z",
    Action.RETAG: "M 0 -8 L 8 0 L 0 8 L -8 0 Z",
    Action.REMOVE: "M -7 -5 L -5 -7 L 0 -2 L 5 -7 L 7 -5 L 2 0 L 7 5 L 5 7 L 0 2 L -5 7 L -7 5 L -2 0 Z",
    Action.CONFIG: "M -3 -3 H 3 V 3 H -3 Z",
    Action.INTENT: "M -6 -2 H 6 V 2 H -6 Z",
}
"""The forms of the marks, around their place."""


class _Scale(NamedTuple):
    """Which moment is where."""

    first: int
    last: int

    def x(self, at: int) -> float:
        """The place of a moment; what is outside stands at the edge."""
        inside = min(max(at, self.first), self.last)
        return _LEFT + (inside - self.first) / (self.last - self.first) * (_WIDTH - _LEFT - _RIGHT)


def mark(action: Action) -> str:
    """The form of an action, as SVG."""
    return f'<path class="{action.value}" d="{MARKS[action]}"/>'


def row_id(event: Event) -> str:
    """The id of the row that tells an event."""
    return f"{event.commit[:12]}-{event.environment or 'intent'}"


def timeline(report: Report) -> str:
    """The drawing; no text where there is nothing to draw."""
    events = report.events
    if not events:
        return ""
    first, last = events[-1].at, events[0].at
    room = max((last - first) // 20, _DAY)
    scale = _Scale(first - room, last + room)
    names = list(dict.fromkeys([*report.running, *(event.environment for event in events)]))
    lanes = [name for name in names if any(event.environment == name for event in events)]
    spans = _rows_of(report.history.quarantines, scale)
    parts: list[str] = []
    y = _TOP
    for name in lanes:
        own = [event for event in reversed(events) if event.environment == name]
        rows = _rows_of_marks(own, scale)
        lane = max(rows) * _MARK + _MARK + _LABEL + 4
        parts += _lane(name or "intent", y, lane, zip(own, rows, strict=True), scale)
        y += lane + _GAP
    for number, row in enumerate(spans):
        parts += _quarantine_row("quarantine" if not number else "", y, row, scale)
        y += _QUARANTINE + _GAP
    height = y + _AXIS
    title = escape(one_line(f"What happened to {report.history.app}, {_shown(first)} to {_shown(last)} UTC"))
    size = f'width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}"'
    return "\n".join(
        [f'<svg {size} role="group" aria-label="{title}">', *_axis(scale, height), *parts, "</svg>"]
    )


def _axis(scale: _Scale, height: int) -> Iterator[str]:
    days = (scale.last - scale.first) / _DAY
    step = next((each for each in _STEPS if days / each <= _MOST_TICKS), _STEPS[-1])
    day = datetime.fromtimestamp(scale.first, UTC).replace(hour=0, minute=0, second=0) + timedelta(days=1)
    while (at := int(day.timestamp())) <= scale.last:
        x = scale.x(at)
        yield f'<line class="tick" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{height - _AXIS}"/>'
        yield f'<text class="axis" x="{x:.1f}" y="{height - 8}" text-anchor="middle">{day:%Y-%m-%d}</text>'
        day += timedelta(days=step)


def _rows_of_marks(events: Sequence[Event], scale: _Scale) -> list[int]:
    """The row of each mark in its lane, so that marks of one hour do not hide one another."""
    taken = [-float(_WIDTH)] * _MOST_ROWS
    rows = []
    for event in events:
        x = scale.x(event.at)
        row = next((row for row, last in enumerate(taken) if last + _MARK <= x), taken.index(min(taken)))
        taken[row] = x
        rows.append(row)
    return rows


def _lane(
    name: str, y: int, height: int, placed: Iterable[tuple[Event, int]], scale: _Scale
) -> Iterator[str]:
    width = _WIDTH - _LEFT
    yield f'<rect class="lane" x="{_LEFT}" y="{y}" width="{width}" height="{height}" rx="4"/>'
    yield f'<text x="8" y="{y + 20}">{escape(one_line(name)[:14])}</text>'
    events = []
    for event, row in placed:
        events.append(event)
        x, text = scale.x(event.at), escape(_told(event), quote=True)
        place = f"translate({x:.1f} {y + 14 + row * _MARK})"
        yield f'<a href="#{row_id(event)}" aria-label="{text}">'
        yield f'<title>{text}</title><g transform="{place}">{mark(event.action)}</g></a>'
    for x, label in _labels(events, scale):
        yield f'<text x="{x:.1f}" y="{y + height - 8}" text-anchor="middle">{escape(label)}</text>'


def _labels(events: Sequence[Event], scale: _Scale) -> Iterator[tuple[float, str]]:
    """The versions that fit under their marks, the newest first, and where."""
    left = float(_WIDTH)
    for event in reversed(events):
        versions = [move.after or move.before for move in event.moves if move.action is event.action]
        label = _short(versions[0] or "") if versions else ""
        half = len(label) * _CHARACTER / 2
        x = scale.x(event.at)
        if label and x + half < left and x - half > _LEFT:
            yield x, label
            left = x - half - _CHARACTER


def _short(version: str) -> str:
    text = one_line(version)
    return text if len(text) <= _LONGEST_LABEL else f"{text[: _LONGEST_LABEL - 1]}…"


def _told(event: Event) -> str:
    where = f" in {event.environment}" if event.environment else ""
    return one_line(f"{_shown(event.at)} {event.action.value}{where} {version_change(event)}")


def _rows_of(quarantines: Sequence[Quarantined], scale: _Scale) -> list[list[Quarantined]]:
    """The quarantines in as few rows as there can be without two over one another."""
    rows: list[list[Quarantined]] = []
    for each in quarantines:
        if each.since > scale.last or (each.until is not None and each.until < scale.first):
            continue
        start, _ = _extent(each, scale)
        row = next((row for row in rows if _extent(row[-1], scale)[1] < start), None)
        if row is None:
            rows.append([each])
        else:
            row.append(each)
    return rows


def _extent(each: Quarantined, scale: _Scale) -> tuple[float, float]:
    """From where to where it is drawn, with the text in it."""
    start = scale.x(each.since)
    end = _WIDTH - _RIGHT if each.until is None else scale.x(each.until)
    wanted = len(_label(each)) * _CHARACTER + 12
    end = max(end, start + wanted)
    return (start, end) if end <= _WIDTH else (_WIDTH - max(wanted, _WIDTH - start), float(_WIDTH))


def _label(each: Quarantined) -> str:
    return _short(each.version)


def _quarantine_row(name: str, y: int, row: Sequence[Quarantined], scale: _Scale) -> Iterator[str]:
    if name:
        yield f'<text x="8" y="{y + _QUARANTINE - 7}">{name}</text>'
    for each in row:
        start, end = _extent(each, scale)
        told = escape(quarantine_line(each))
        yield f'<g><title>{told}</title><rect class="span" x="{start:.1f}" y="{y}" width="{end - start:.1f}"'
        yield f' height="{_QUARANTINE}" rx="4"/>'
        yield f'<text x="{start + 6:.1f}" y="{y + _QUARANTINE - 7}">{escape(_label(each))}</text></g>'
