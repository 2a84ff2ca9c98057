"""``chores-infra diff``: what changes, and how risky it is."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

import click

from chores_infra.cli.options import debug_option
from chores_infra.cli.paths import from_here

__all__ = ["diff"]

_FORMATS: Final = ("text", "json", "patch")
_NEVER: Final = "never"
_CLASSES: Final = (
    *("data", "replace", "secret-contract", "access", "delivery", "traffic", "restart", "none"),
    _NEVER,
)
_PAGE: Final = 120
"""Columns where there is no terminal."""


@click.command()
@click.argument("before", metavar="[A]", required=False)
@click.argument("after", metavar="[B]", required=False)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(_FORMATS),
    default="text",
    show_default=True,
    help='How to report. JSON: {"summary": {"classes", ...}, "changes": [...], "text_only": [...]}; patch: '
    "JSON Patches (RFC 6902), one for each object.",
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
        elif output_format == "json":
            from chores_infra.diff.reports.as_json import render as as_json

            report = as_json(comparison)
        else:
            from chores_infra.diff.reports.as_text import render as as_text

            report = as_text(comparison, _width())
    click.echo(report, nl=False)
    return int(comparison.reaches(fail_on) if fail_on != _NEVER else False)


def _width() -> int:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else _PAGE
