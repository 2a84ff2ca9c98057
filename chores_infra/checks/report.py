"""What a validation gives: the findings, and how much was looked at. Renderers make text of it."""

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
    ``source_line`` gives the text of a line of a file, for reports that show it.
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

    def fails_on(self, threshold: Severity | None) -> bool:
        """Whether a finding reaches the threshold; None is never reached."""
        return threshold is not None and any(each.severity.reaches(threshold) for each in self.findings)

    def summary(self) -> dict[str, object]:
        """The figures, for JSON."""
        return {
            **{severity.value: count for severity, count in counted(self.findings).items()},
            "files": self.files,
            "documents": self.documents,
            "resources": self.resources,
            "suppressed": self.suppressed,
            "baseline": {"known": self.known, "gone": self.gone},
            "notChecked": dict(self.not_checked),
        }
