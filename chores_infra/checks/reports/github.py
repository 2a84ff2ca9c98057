"""Findings as workflow commands of GitHub Actions, which shows them beside the lines of a pull request.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from typing import Final

from chores_infra.checks.finding import Finding, Severity
from chores_infra.checks.report import Report

__all__ = ["render"]

_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report) -> str:
    """One ``::error file=...::message`` for each finding; infos too, as notices."""
    return "".join(f"{_command(finding)}\n" for finding in report.findings)


def _command(finding: Finding) -> str:
    properties = {"file": finding.file, "line": finding.line, "col": finding.column, "title": finding.rule}
    listed = ",".join(
        f"{name}={_property(str(value))}" for name, value in properties.items() if value is not None
    )
    about = " ".join(filter(None, (finding.resource, finding.path)))
    message = f"{about}: {finding.message}" if about else finding.message
    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(f'{message}. {finding.help}')}"


def _data(text: str) -> str:
    """A message as the runner reads it; a line break would begin another command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
