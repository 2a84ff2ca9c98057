"""A finding: one result of a check, with everything that a person needs to act on it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple

__all__ = ["Finding", "Severity", "counted"]


class Severity(StrEnum):
    """How bad it is, as a promise.

    An *error* fails to apply, breaks or is unsafe for certain. A *warning* is something that a reviewer
    should look at. An *info* is what was assumed, or could not be checked.

    >>> Severity.ERROR.reaches(Severity.WARNING), Severity.INFO.reaches(Severity.WARNING)
    (True, False)
    """

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    def reaches(self, threshold: Severity) -> bool:
        """Whether this is as bad as the threshold, or worse."""
        return _ORDER.index(self) >= _ORDER.index(threshold)


_ORDER: Final = (Severity.INFO, Severity.WARNING, Severity.ERROR)


class Finding(NamedTuple):
    """One thing that is wrong, or could not be checked.

    Args:
        rule: the stable id of the rule, ``service-selects-nothing``.
        severity: what it promises.
        file: the path as it was given, with ``/``; a folder where a whole folder is meant.
        line: counts from 1; None where a whole file or folder is meant.
        column: counts from 1.
        resource: ``Kind/namespace/name``, or ``Kind/name`` for what lives in no namespace; empty for a file.
        path: the field, ``spec.ports[0].port``; empty for the whole resource.
        message: what was found and what was expected.
        help: how to mend it.
        secret: whether the line has the value of a secret, which no report may show.
    """

    rule: str
    severity: Severity
    file: str
    line: int | None
    column: int | None
    resource: str
    path: str
    message: str
    help: str
    secret: bool = False

    @property
    def place(self) -> str:
        """``file:line:column``, as editors understand it."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)

    @property
    def order(self) -> tuple[str, int, int, str, str, str]:
        """Findings are reported by file and line, whichever rule made them first."""
        return (self.file, self.line or 0, self.column or 0, self.rule, self.path, self.message)

    def as_data(self) -> dict[str, object]:
        """The finding for JSON."""
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "resource": self.resource,
            "path": self.path,
            "message": self.message,
            "help": self.help,
        }


def counted(findings: Iterable[Finding]) -> dict[Severity, int]:
    """How many findings there are of each severity, the worst first."""
    counts = dict.fromkeys(reversed(_ORDER), 0)
    for finding in findings:
        counts[finding.severity] += 1
    return counts
