"""A history as Markdown: a table in which nothing that others wrote is markup, a link or a mention."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chores_infra.markdown_text import prose
from chores_infra.release.history.moments import shown_day_time
from chores_infra.release.history.report import Moment, Report
from chores_infra.release.history.reports.phrases import HEADS, cells, figure_lines, one_line, running_lines

__all__ = ["moment_as_markdown", "report_as_markdown"]


def report_as_markdown(report: Report) -> str:
    """The events, what runs now, and the figures."""
    lines = [f"## History of {_cell(report.history.app)}", ""]
    lines += (f"> {_cell(warning)}\n" for warning in report.warnings)
    if report.events:
        lines += _table([[head.capitalize() for head in HEADS], *map(cells, report.events)])
    else:
        lines.append("Nothing happened in this window.")
    if report.more:
        lines += ["", f"and {report.more:,} older"]
    lines += _runs([row for name, now in report.running.items() for row in running_lines(name, now)])
    if report.figures:
        heads, *rows = figure_lines(report.figures)
        lines += ["", *_table([[head.capitalize() for head in heads], *rows])]
    return "\n".join(lines)


def moment_as_markdown(moment: Moment) -> str:
    """What ran at a moment."""
    lines = [f"## {_cell(moment.app)} at {shown_day_time(moment.at)} UTC", ""]
    lines += (f"> {_cell(warning)}\n" for warning in moment.warnings)
    if not moment.is_known:
        lines.append("What ran then is not known.")
    elif not moment.running:
        lines.append("Nothing of it ran.")
    lines += _runs([row for name, now in moment.running.items() for row in running_lines(name, now)])
    lines += [f"- {_cell(f'{each.version} was quarantined: {each.reason}')}" for each in moment.quarantines]
    return "\n".join(lines)


def _runs(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    if rows:
        yield ""
    for what, since in rows:
        yield f"- {_cell(f'{what} ({since})' if since else what)}"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    heads, *others = rows
    yield _line(heads)
    yield "|" + "---|" * len(heads)
    yield from map(_line, others)


def _line(row: Sequence[str]) -> str:
    return f"| {' | '.join(map(_cell, row))} |"


def _cell(text: str) -> str:
    return prose(one_line(text))
