"""How ``chores-infra history`` prints: for a terminal as wide as it is, for others as it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from chores_infra.cli import terminal
from chores_infra.cli.running import report_warning

if TYPE_CHECKING:
    from chores_infra.release.history.report import Moment, Report

__all__ = ["print_moment", "print_report"]

_AS_IT_COMES: Final = 0


def print_report(report: Report, output_format: str) -> None:
    """Print a history; warnings on standard error."""
    for warning in report.warnings:
        report_warning(warning)
    if output_format == "json":
        from chores_infra.release.history.reports.as_json import report_as_json

        click.echo(report_as_json(report))
    elif output_format == "markdown":
        from chores_infra.release.history.reports.as_markdown import report_as_markdown

        click.echo(report_as_markdown(report))
    elif output_format == "html":
        from chores_infra.release.history.reports.as_html import report_as_html

        click.echo(report_as_html(report), nl=False)
    else:
        from chores_infra.release.history.reports.as_text import report_as_text

        click.echo(
            report_as_text(
                report, terminal.width(_AS_IT_COMES), lambda text, color: click.style(text, fg=color)
            )
        )


def print_moment(moment: Moment, output_format: str) -> None:
    """Print what ran at a moment; warnings on standard error."""
    for warning in moment.warnings:
        report_warning(warning)
    if output_format == "json":
        from chores_infra.release.history.reports.as_json import moment_as_json

        click.echo(moment_as_json(moment))
    elif output_format == "markdown":
        from chores_infra.release.history.reports.as_markdown import moment_as_markdown

        click.echo(moment_as_markdown(moment))
    elif output_format == "html":
        from chores_infra.release.history.reports.as_html import moment_as_html

        click.echo(moment_as_html(moment), nl=False)
    else:
        from chores_infra.release.history.reports.as_text import moment_as_text

        click.echo(moment_as_text(moment, terminal.width(_AS_IT_COMES)))
