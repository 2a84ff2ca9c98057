"""A history as one HTML page: nothing is loaded, nothing runs, and all that is drawn is told as well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from importlib import resources
from typing import Final

from chores_infra.html_page import page
from chores_infra.release.history.events import Action, Event, Quarantined
from chores_infra.release.history.moments import shown_day_time
from chores_infra.release.history.report import Moment, Report
from chores_infra.release.history.reports.phrases import (
    HEADS,
    cells,
    figure_lines,
    one_line,
    quarantine_line,
    running_lines,
)
from chores_infra.release.history.reports.timeline import mark, row_id, timeline

__all__ = ["moment_as_html", "report_as_html"]

_ACTION: Final = HEADS.index("ACTION")
_COMMIT: Final = HEADS.index("COMMIT")


def report_as_html(report: Report) -> str:
    """The timeline, the figures, and every event."""
    title = f"History of {one_line(report.history.app)}"
    rows = [row for name, now in report.running.items() for row in running_lines(name, now)]
    body = [
        '<a class="skip" href="#events">Skip to the events</a>',
        f"<header><h1>{escape(title)}</h1>",
        *_warnings(report.warnings),
        *_list(rows),
        "</header><main>",
        *_drawing(report),
        *_figures(report),
        *_quarantines(report.history.quarantines),
        *_events(report),
        "</main>",
    ]
    return page(title, "\n".join(body), _style())


def moment_as_html(moment: Moment) -> str:
    """What ran at a moment."""
    title = f"{one_line(moment.app)} at {shown_day_time(moment.at)} UTC"
    rows = [row for name, now in moment.running.items() for row in running_lines(name, now)]
    nothing = "Nothing of it ran." if moment.is_known else "What ran then is not known."
    body = [
        f"<header><h1>{escape(title)}</h1>",
        *_warnings(moment.warnings),
        "</header><main>",
        *(_list(rows) if rows else [f"<p>{nothing}</p>"]),
        *_quarantines(moment.quarantines),
        "</main>",
    ]
    return page(title, "\n".join(body), _style())


def _style() -> str:
    return (resources.files(__package__) / "page.css").read_text(encoding="utf-8")


def _warnings(warnings: Sequence[str]) -> Iterator[str]:
    for warning in warnings:
        yield f'<p class="warning">{_text(warning)}</p>'


def _list(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    if rows:
        items = "".join(
            f'<li>{_text(what)} <span class="soft">{_text(since)}</span></li>' for what, since in rows
        )
        yield f"<ul>{items}</ul>"


def _drawing(report: Report) -> Iterator[str]:
    drawn = timeline(report)
    if not drawn:
        return
    yield "<h2>Timeline</h2>"
    # It can be scrolled by keyboard: it is wider than many a window.
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="Timeline">{drawn}</div>'
    yield '<ul class="legend">'
    for action in Action:
        if any(event.action is action for event in report.events):
            drawn = (
                f'<svg width="18" height="18" viewBox="-9 -9 18 18" aria-hidden="true">{mark(action)}</svg>'
            )
            yield f"<li>{drawn} {action.value}</li>"
    yield "</ul>"


def _figures(report: Report) -> Iterator[str]:
    if report.figures:
        heads, *rows = figure_lines(report.figures)
        yield "<h2>Figures</h2>"
        yield from _table("Figures", heads, [f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows])


def _quarantines(quarantines: Sequence[Quarantined]) -> Iterator[str]:
    if not quarantines:
        return
    yield "<h2>Quarantines</h2><ul>"
    for each in quarantines:
        yield f"<li>{_text(quarantine_line(each))}</li>"
    yield "</ul>"


def _events(report: Report) -> Iterator[str]:
    yield '<h2 id="events" tabindex="-1">Events</h2>'
    if not report.events:
        yield "<p>Nothing happened in this window.</p>"
        return
    yield from _table("Events", HEADS, [_row(event) for event in report.events])
    if report.more:
        yield f'<p class="soft">and {report.more:,} older</p>'


def _row(event: Event) -> str:
    row = [_cell(cell) for cell in cells(event)]
    row[_ACTION] = f'<td class="action {event.action.value}">{event.action.value}</td>'
    row[_COMMIT] = f'<td><code title="{_text(event.subject)}">{event.commit[:9]}</code></td>'
    return f'<tr id="{row_id(event)}">{"".join(row)}</tr>'


def _table(name: str, heads: Sequence[str], rows: Sequence[str]) -> Iterator[str]:
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{name}"><table><thead><tr>'
    yield "".join(f'<th scope="col">{head.capitalize().replace("(utc)", "(UTC)")}</th>' for head in heads)
    yield f"</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"


def _cell(text: str) -> str:
    return f"<td>{_text(text)}</td>"


def _text(text: str) -> str:
    return escape(one_line(text))
