"""Findings for people: where, what, the line itself, and the way out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import click

from chores_infra.checks.finding import Finding, Severity, counted
from chores_infra.checks.report import Report

__all__ = ["render"]

_COLORS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}
_LONGEST: Final = 120
"""Characters of a source line that are shown."""


def render(report: Report) -> str:
    """One block for each error and warning, then the figures; infos are counted only, JSON has them all."""
    shown = [finding for finding in report.findings if finding.severity is not Severity.INFO]
    blocks = ["\n".join(_block(finding, report)) for finding in shown]
    return "\n\n".join([*blocks, "\n".join(_summary(report))]) + "\n"


def _block(finding: Finding, report: Report) -> Iterator[str]:
    severity = click.style(finding.severity.value, fg=_COLORS[finding.severity], bold=True)
    about = ": ".join(
        filter(None, (" ".join(filter(None, (finding.resource, finding.path))), finding.message))
    )
    yield f"{click.style(finding.place, bold=True)}: {severity}[{finding.rule}]: {_harmless(about)}"
    source = report.source_line(finding.file, finding.line) if finding.line else None
    if finding.line and source is not None and source.strip():
        cut = _harmless(source.rstrip().replace("\t", " "))[:_LONGEST]
        yield f"{finding.line:>6} | {cut}"
        if finding.column and finding.column <= len(cut):
            yield f"       | {' ' * (finding.column - 1)}{click.style('^', fg=_COLORS[finding.severity])}"
    yield f"       = {_harmless(finding.help)}"


def _summary(report: Report) -> Iterator[str]:
    counts = ", ".join(
        _count(number, severity.value) for severity, number in counted(report.findings).items()
    )
    yield f"{counts} in {report.scope}"
    accepted = []
    if report.suppressed:
        accepted.append(f"{report.suppressed} suppressed")
    if report.known:
        accepted.append(f"{report.known} in the baseline")
    if report.gone:
        accepted.append(f"{report.gone} of the baseline are gone: record it again with --update-baseline")
    if accepted:
        yield f"not shown: {', '.join(accepted)}"
    for reason, number in sorted(report.not_checked.items()):
        yield f"not checked: {number} {reason}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _harmless(text: str) -> str:
    """Text of a stranger's file, without what a terminal would obey."""
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)
