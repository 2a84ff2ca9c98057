"""Suppressions: findings that somebody looked at and accepted, with the reason beside them.

``# chores-infra: ignore[rule] why`` on the line of a finding, alone on the line above it, or above the first
line of a document, where it holds for the whole document. Several rules are separated by commas. A
suppression that suppresses nothing is a finding itself, and so is one without a reason: both would hide
something one day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from chores_infra.checks.finding import Finding, Severity
from chores_infra.checks.repository import File

__all__ = ["UNUSED", "WITHOUT_REASON", "Suppression", "apply_suppressions", "suppressions_in"]

UNUSED: Final = "suppression-unused"
WITHOUT_REASON: Final = "suppression-without-reason"

_MARK: Final = "chores-infra:"
_COMMENT: Final = re.compile(rf"{_MARK}\s*ignore(?:\[(?P<rules>[^\]]*)\])?(?P<reason>.*)", re.DOTALL)


@dataclass(slots=True)
class Suppression:
    """A comment that accepts findings of some rules on some lines of a file."""

    file: str
    line: int
    column: int
    rules: tuple[str, ...]
    reason: str
    first: int
    last: float
    used: set[str] = field(default_factory=set)

    def covers(self, finding: Finding) -> bool:
        """Whether it accepts a finding."""
        return (
            finding.rule in self.rules
            and finding.file == self.file
            and finding.line is not None
            and self.first <= finding.line <= self.last
        )


def suppressions_in(file: File) -> Iterator[Suppression]:
    """The suppressions in the comments of a file."""
    source = file.content.source
    if source is None or _MARK not in source.text:  # to look for every comment takes as long as to read it
        return
    documents = [document for document, _ in file.documents]
    ends = [document.line - 1 for document in documents[1:]] + [float("inf")]
    for number, document in enumerate(documents):
        for comment in document.comments:
            found = _COMMENT.match(comment.text)
            if found is None:
                continue
            last: float = comment.line + 1
            if comment.line < document.position(()).line:
                last = ends[number]
            elif comment.line == ends[number]:  # right above the line that begins the next document
                last = ends[number + 1]
            rules = tuple(filter(None, (rule.strip() for rule in (found["rules"] or "").split(","))))
            reason = found["reason"].strip(" :\t-")
            yield Suppression(file.shown, comment.line, comment.column, rules, reason, comment.line, last)


def apply_suppressions(findings: Iterable[Finding], suppressions: Sequence[Suppression]) -> list[Finding]:
    """The findings that nobody accepted, and those about the suppressions themselves."""
    by_file: dict[str, list[Suppression]] = {}
    for suppression in suppressions:
        if suppression.reason:  # one without a reason accepts nothing
            by_file.setdefault(suppression.file, []).append(suppression)
    left: list[Finding] = []
    for finding in findings:
        covering = [each for each in by_file.get(finding.file, ()) if each.covers(finding)]
        for suppression in covering:
            suppression.used.add(finding.rule)
        if not covering:
            left.append(finding)
    for suppression in suppressions:
        left += _about(suppression)
    return left


def _about(suppression: Suppression) -> Iterator[Finding]:
    def finding(rule: str, message: str, help: str) -> Finding:
        return Finding(
            rule,
            Severity.WARNING,
            suppression.file,
            suppression.line,
            suppression.column,
            "",
            "",
            message,
            help,
        )

    if not suppression.rules:
        yield finding(
            WITHOUT_REASON,
            "this suppression names no rule, so it accepts nothing",
            "write # chores-infra: ignore[rule-id] and why",
        )
    elif not suppression.reason:
        yield finding(
            WITHOUT_REASON,
            f"the suppression of {', '.join(suppression.rules)} gives no reason, so it accepts nothing",
            "write behind the brackets why this is all right here",
        )
    else:
        for rule in suppression.rules:
            if rule not in suppression.used:
                yield finding(
                    UNUSED,
                    f"nothing of {rule} is found here any more",
                    "remove the suppression, or the rule from it",
                )
