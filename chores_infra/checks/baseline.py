"""The baseline: what was there when a repository adopted the checks, so that it sees only what is new.

A JSON file that is committed. A finding is known again by rule, file, resource and field, not by its line or
its words, so that moved lines and better messages do not make it new. Where more findings of one description
are there than were recorded, all of them are shown: which of them is the new one cannot be told.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from chores_infra.checks.fields import mapping, text
from chores_infra.checks.finding import Finding
from chores_infra.errors import FileError

__all__ = ["Baseline", "read_baseline", "write_baseline"]

_FORMAT: Final = 1


class Known(NamedTuple):
    """What a recorded finding is known by. The file is relative to the folder of the baseline."""

    rule: str
    file: str
    resource: str
    path: str


class Baseline:
    """The findings that were recorded; ``folder`` is the folder of the baseline's file."""

    def __init__(self, folder: Path, known: Mapping[Known, int]) -> None:
        self._folder = folder.absolute()
        self._known = known

    @classmethod
    def of(cls, folder: Path, findings: Iterable[Finding]) -> Baseline:
        """The baseline that knows exactly these findings."""
        baseline = cls(folder, {})
        baseline._known = Counter(map(baseline._description, findings))
        return baseline

    def new(self, findings: Sequence[Finding]) -> list[Finding]:
        """The findings that were not recorded."""
        there = Counter(map(self._description, findings))
        return [
            finding
            for finding in findings
            if there[self._description(finding)] > self._known.get(self._description(finding), 0)
        ]

    def gone(self, findings: Sequence[Finding]) -> int:
        """How many recorded findings are no longer there, so that the baseline can be recorded anew."""
        return (Counter(self._known) - Counter(map(self._description, findings))).total()

    def text(self) -> str:
        """The content of the file: one line for each description, sorted, so that it merges well."""
        lines = [
            json.dumps({**known._asdict(), "count": count}, ensure_ascii=False)
            for known, count in sorted(self._known.items())
        ]
        return f'{{"version": {_FORMAT}, "findings": [\n' + ",\n".join(lines) + "\n]}\n"

    def _description(self, finding: Finding) -> Known:
        file = os.path.relpath(Path(finding.file).absolute(), self._folder)
        return Known(finding.rule, Path(file).as_posix(), finding.resource, finding.path)


def read_baseline(file: Path) -> Baseline:
    """Read what was recorded.

    Raises:
        FileError: the file cannot be read, or is no baseline.
    """
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileError(file, f"cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise FileError(file, f"is no baseline: {error}") from None
    if (
        not isinstance(data, dict)
        or data.get("version") != _FORMAT
        or not isinstance(data.get("findings"), list)
    ):
        raise FileError(file, f"is no baseline of version {_FORMAT}; record it again with --update-baseline")
    return Baseline(file.parent, dict(_entry(entry, file) for entry in data["findings"]))


def _entry(entry: Any, file: Path) -> tuple[Known, int]:
    known = mapping(entry)
    count = known.get("count")
    values = [text(known.get(name)) for name in Known._fields]
    if not set(Known._fields) <= set(known) or type(count) is not int or count < 1:
        raise FileError(
            file, f"is no baseline: expected rule, file, resource, path and count, found {entry!r:.100}"
        )
    return Known(*values), count


def write_baseline(file: Path, findings: Iterable[Finding]) -> None:
    """Record findings in a file, whole or not at all.

    Raises:
        FileError: it cannot be written.
    """
    beside = file.with_name(f".{file.name}.new")
    try:
        beside.write_text(Baseline.of(file.parent, findings).text(), encoding="utf-8")
        beside.replace(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise FileError(file, f"cannot be written: {error.strerror}") from None
