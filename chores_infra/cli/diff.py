"""``chores-infra diff``: what changes, and how risky it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from chores_infra.cli import terminal
from chores_infra.cli.options import debug_option, format_option
from chores_infra.cli.paths import from_here

if TYPE_CHECKING:
    from chores_infra.diff import Comparison

__all__ = ["diff"]

_NEVER: Final = "never"
_CLASSES: Final = (
    *("data", "replace", "secret-contract", "access", "delivery", "traffic", "restart", "none"),
    _NEVER,
)


@click.command()
@click.argument("before", metavar="[A]", required=False)
@click.argument("after", metavar="[B]", required=False)
@format_option(
    '{"summary": {"classes", ...}, "changes": [...], "text_only": [...]}; '
    "markdown: a comment for a pull request; html: a page that stands alone; patch: JSON Patches "
    "(RFC 6902), one for each object.",
    "markdown",
    "html",
    "patch",
)
@click.option(
    "--fail-on",
    type=click.Choice(_CLASSES),
    default="none",
    show_default=True,
    help="The mildest class with which the command ends with 1.",
)
@debug_option
def diff(before: str | None, after: str | None, output_format: str, fail_on: str) -> int:
    """Show what changes from A to B, and how risky it is.

    A and B are a folder, a file, git:REF[:PATH] or app:NAME@VERSION[/ENV]. Without them the files on disk are
    compared with what would be rendered; with A alone, A with the files on disk, or these with A if it is an
    app. Formatting and order that mean nothing are no difference. Exit 0: nothing differs; 1: something does.
    """
    from chores_infra.cli.running import report_warning
    from chores_infra.configuration import find_configuration
    from chores_infra.diff.sources import compare_sides, located_in
    from chores_infra.kinds import extended
    from chores_infra.release.comparing import sides

    configuration = find_configuration(Path.cwd())
    with extended(*configuration.schemas):
        found = sides(configuration, from_here(configuration.repository), before, after)
        for warning in found.warnings:
            report_warning(warning)
        comparison = compare_sides(found.before, found.after)
        if output_format == "patch":
            from chores_infra.diff.patches import patches
            from chores_infra.diff.reports.as_json import patches_as_json

            report = patches_as_json(patches(located_in(found.before), located_in(found.after)))
        else:
            report = _report(comparison, output_format)
    click.echo(report, nl=False)
    return int(comparison.reaches(fail_on) if fail_on != _NEVER else False)


def _report(comparison: Comparison, output_format: str) -> str:
    if output_format == "json":
        from chores_infra.diff.reports import as_json

        return as_json.render(comparison)
    if output_format == "markdown":
        from chores_infra.diff.reports import markdown

        return markdown.render(comparison)
    if output_format == "html":
        from chores_infra.diff.reports import html

        return html.render(comparison)
    from chores_infra.diff.reports import as_text

    return as_text.render(comparison, terminal.width(as_text.PAGE))
