"""What a validation or audit gives: findings, and how much was looked at. Renderers make text of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from chores_infra.checks.finding import Finding, Severity, counted

__all__ = ["Report", "RuleText"]


class RuleText(NamedTuple):
    """What reports say about a rule once, beside its findings."""

    id: str
    title: str
    description: str
    severity: Severity
    help: str


class Report(NamedTuple):
    """The outcome of a validation.

    ``findings`` stand in the order of their places. ``not_checked`` counts what no rule could judge, by
    reason; ``suppressed`` and ``known`` are findings that a comment, a setting or the baseline accepted.
    ``source_line`` gives the text of a line of a file, for reports that show it. ``looked_at`` are figures
    of their own, by what is counted, where it was no files.
    """

    findings: Sequence[Finding]
    files: int
    documents: int
    resources: int
    suppressed: int = 0
    known: int = 0
    gone: int = 0
    not_checked: Mapping[str, int] = MappingProxyType({})
    rules: Mapping[str, RuleText] = MappingProxyType({})
    source_line: Callable[[str, int], str | None] = lambda _file, _line: None
    looked_at: Mapping[str, int] | None = None

    def fails_on(self, threshold: Severity | None) -> bool:
        """Whether a finding reaches the threshold; None is never reached."""
        return threshold is not None and any(each.severity.reaches(threshold) for each in self.findings)

    @property
    def scope(self) -> str:
        """What the findings are in, in words."""
        if self.looked_at is not None:
            figures = (_count(number, what.removesuffix("s")) for what, number in self.looked_at.items())
            return ", ".join(figures) or "nothing"
        return f"{_count(self.resources, 'resource')} of {_count(self.files, 'file')}"

    def all_known(self) -> Report:
        """The same after its findings were recorded as a baseline: nothing of it is new any more."""
        return self._replace(findings=(), known=self.known + len(self.findings))

    def summary(self) -> dict[str, object]:
        """The figures, for JSON."""
        return {
            **{severity.value: count for severity, count in counted(self.findings).items()},
            **self._figures(),
            "baseline": {"known": self.known, "gone": self.gone},
            "notChecked": dict(self.not_checked),
        }

    def _figures(self) -> dict[str, object]:
        if self.looked_at is not None:
            return {"lookedAt": dict(self.looked_at)}
        return {
            "files": self.files,
            "documents": self.documents,
            "resources": self.resources,
            "suppressed": self.suppressed,
        }


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
