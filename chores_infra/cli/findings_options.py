"""Options of the commands that report findings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from chores_infra.cli.options import format_option

if TYPE_CHECKING:
    from chores_infra.checks.report import Report

__all__ = ["exit_code", "findings_options"]

F = TypeVar("F", bound=Callable[..., Any])

_NEVER: Final = "never"
_OPTIONS: Final = (
    format_option(
        '{"findings": [{"rule", "severity", "file", "line", ...}], "summary": {...}}.',
        "sarif",
        "junit",
        "github",
    ),
    click.option(
        "--fail-on",
        type=click.Choice(["error", "warning", _NEVER]),
        default="error",
        show_default=True,
        help="The mildest finding with which the command ends with 1.",
    ),
    click.option(
        "--baseline",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Show only what is not recorded in FILE; where there is none, record what is there today.",
    ),
)


def findings_options(function: F) -> F:
    """How to report findings, which of them count, and which are known."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def exit_code(report: Report, fail_on: str) -> int:
    """1 if a finding is as bad as ``--fail-on`` says, else 0."""
    from chores_infra.checks.finding import Severity

    return int(report.fails_on(None if fail_on == _NEVER else Severity(fail_on)))
