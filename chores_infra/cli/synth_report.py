"""What ``synth`` reports: a table or differences for people, one JSON document for programs.

The document is there whatever happens, except where the command line itself cannot be understood::

    {"apps": [{"app", "environment", "version", "tag", "repository", "files": [{"path", "status"}],
               "warnings": [text], "findings": [as `validate` has them],
               "differences": [{"path", "diff"}] (of a check)}],
     "errors": [{"app": name, or null where it is about none or several,
                 "environment": name, where several were checked and it is about this one,
                 "message": text, "files": [path], "findings": [errors of the checks]}]}

``apps`` are those that were written, or checked, once per environment; ``errors`` is empty when everything
could be done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from chores_infra.cli.running import report_collected, report_warning

if TYPE_CHECKING:
    from chores_infra.errors import ChoresInfraError
    from chores_infra.release.outcome import Outcome

__all__ = ["Report", "errors_reported"]

_STATUSES: Final = ("written", "adopted", "unchanged", "pruned")
_COLORS: Final = {"written": "green", "adopted": "yellow", "pruned": "red"}
_DIFF_COLORS: Final = {"+": "green", "-": "red", "@": "cyan"}


class Report:
    """Collects outcomes as they come, and reports once all are there; warnings and errors on standard error.

    Of many apps only what is to be shown is kept.
    """

    def __init__(self, repository: Path, *, check: bool, output_format: str) -> None:
        self._repository = repository
        self._check = check
        self._json: list[dict[str, Any]] | None = [] if output_format == "json" else None
        # Environments of one app mostly have the same ones.
        self._warnings: dict[str, None] = {}
        self._lines: list[str] = []
        self._first: Outcome | None = None
        self._total: Counter[str] = Counter()
        self._number = 0
        self._found = 0
        self.changes = False

    def add(self, outcomes: Iterable[Outcome]) -> None:
        """What became of one app, in each of its environments."""
        for outcome in outcomes:
            self._number += 1
            self._first = self._first or outcome
            self.changes |= outcome.changes
            self._warnings |= dict.fromkeys(outcome.warnings)
            self._found += outcome.found
            counts = Counter(file.status.value for file in outcome.files)
            self._total += counts
            if self._json is not None:
                self._json.append(_as_data(outcome, self._repository, check=self._check))
            elif self._check:
                self._lines += _differences(outcome, self._repository)
            elif outcome.changes:
                self._lines.append(f"{_title(outcome)}: {_counted(counts)}")

    def finish(self, errors: Sequence[ChoresInfraError], left_out: Sequence[str]) -> None:
        """Say it all, with what was not done and why."""
        for warning in _folded(self._warnings):
            report_warning(warning)
        if self._found and self._json is None:
            report_warning(f"{_warnings(self._found)} of the checks: chores-infra validate lists them")
        if self._json is not None:
            import json

            failed = [_failure(error) for error in errors]
            click.echo(json.dumps({"apps": self._json, "errors": failed}, indent=2))
        elif self._number or not errors:  # else nothing was done, and the errors say so
            lines = self._lines if self._check else self._files()
            for line in (*left_out, *lines):
                click.echo(line)
        for error in errors:
            report_collected(error, "" if error.environment is None else f"in {error.environment}: ")

    def _files(self) -> list[str]:
        """Every file of a single app; of several one line for each that changed: files would be thousands."""
        if self._number != 1 or self._first is None:
            total = _counted(self._total)
            apps = f"{self._number} apps in {self._repository}"
            return [*self._lines, f"{apps}: {total}" if total else apps]
        files = [f"  {_styled(file.status.value)}  {file.path}" for file in self._first.files]
        return [f"{_title(self._first)} in {self._repository}", *files, _counted(self._total)]


@contextmanager
def errors_reported(output_format: str) -> Iterator[None]:
    """Put an error that ends the command into a JSON document too, if that is what was asked for."""
    from chores_infra.errors import ChoresInfraError

    try:
        yield
    except ChoresInfraError as error:
        if output_format == "json":
            import json

            click.echo(json.dumps({"apps": [], "errors": [_failure(error)]}, indent=2))
        raise


def _failure(error: ChoresInfraError) -> dict[str, Any]:
    from chores_infra.errors import FileError, FindingsError, HandEditsError

    files: list[str] = []
    findings = list(error.findings) if isinstance(error, FindingsError) else []
    if isinstance(error, HandEditsError):
        files = list(error.files)
    elif isinstance(error, FileError):
        files = [str(error.file)]
    return {
        "app": error.app,
        "environment": error.environment,
        "message": str(error),
        "files": files,
        "findings": findings,
    }


def _as_data(outcome: Outcome, repository: Path, *, check: bool) -> dict[str, Any]:
    data: dict[str, Any] = {
        "app": outcome.app,
        "environment": outcome.environment.value,
        "version": outcome.version,
        "tag": outcome.tag,
        "repository": str(repository),
        "files": [{"path": file.path, "status": file.status.value} for file in outcome.files],
        "warnings": list(outcome.warnings),
        "findings": [finding.as_data() for finding in outcome.findings],
    }
    if check:
        data["differences"] = [{"path": str(each.path), "diff": each.diff} for each in outcome.differences]
    return data


def _folded(warnings: Iterable[str]) -> Iterator[str]:
    """Each thing that is warned of once: apps of one class mostly have the same warnings."""
    alike: dict[str, list[str]] = {}
    for warning in warnings:
        _, _, what = warning.partition("): ")  # after the construct's path and `(Kind name)`
        alike.setdefault(what or warning, []).append(warning)
    for first, *others in alike.values():
        yield f"{first} (and {len(others):,} more like it)" if others else first


def _styled(status: str) -> str:
    return click.style(f"{status:9}", fg=_COLORS.get(status))


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{counts[status]} {status}" for status in _STATUSES if counts[status])


def _differences(outcome: Outcome, repository: Path) -> Iterator[str]:
    for difference in outcome.differences:
        yield from map(_styled_difference, difference.diff.removesuffix("\n").split("\n"))
    count = len(outcome.differences)
    verdict = f"{_count(count)} would change ({outcome.command})" if count else "as it would be written"
    yield f"{_title(outcome)} in {repository}: {verdict}"


def _styled_difference(line: str) -> str:
    if line.startswith(("--- ", "+++ ")):
        return click.style(line, bold=True)
    return click.style(line, fg=_DIFF_COLORS.get(line[:1]))


def _title(outcome: Outcome) -> str:
    return f"{outcome.app} {outcome.version} ({outcome.environment.value})"


def _count(files: int) -> str:
    return "1 file" if files == 1 else f"{files} files"


def _warnings(number: int) -> str:
    return "1 warning" if number == 1 else f"{number} warnings"
