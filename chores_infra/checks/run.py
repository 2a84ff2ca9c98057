"""One run of the checks over folders and files, with a baseline that is read or recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from chores_infra.checks.baseline import Baseline, read_baseline
from chores_infra.checks.context import Context
from chores_infra.checks.loading import from_paths
from chores_infra.checks.registry import added_rules, built_in_rules
from chores_infra.checks.report import Report
from chores_infra.checks.settings import Settings
from chores_infra.checks.validation import validate
from chores_infra.errors import FileError

__all__ = ["check_paths", "context_of"]


def check_paths(
    paths: Sequence[Path],
    *,
    settings: Settings | None = None,
    releases: Mapping[str, str] | None = None,
    baseline: Path | None = None,
    record: bool = False,
) -> Report:
    """Check folders and files, as parts of one repository.

    Args:
        paths: what to check.
        settings: what the configuration says about checks.
        releases: of the cluster's operators, where they are not the defaults.
        baseline: a file with findings that are known; it is written where there is none yet.
        record: write the baseline again.

    Raises:
        FileError: something cannot be read, or the baseline cannot be read or written.
        ConfigurationError: a rule of another package cannot be used.
    """
    settings = settings or Settings()
    rules = (*built_in_rules(), *added_rules())
    context = context_of(paths, settings=settings, releases=releases)
    if baseline is not None and (record or not baseline.exists()):
        today = validate(context, rules, settings=settings)
        _write(baseline, Baseline.of(baseline.parent, today.findings).text())
    known = None if baseline is None else read_baseline(baseline)
    return validate(context, rules, settings=settings, baseline=known)


def context_of(
    paths: Sequence[Path], *, settings: Settings, releases: Mapping[str, str] | None = None
) -> Context:
    """What rules and drawings look at.

    Raises:
        FileError: something cannot be read.
    """
    return Context(from_paths(paths), externals=settings.externals, releases=releases)


def _write(file: Path, text: str) -> None:
    """Write a file whole or not at all."""
    beside = file.with_name(f".{file.name}.new")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise FileError(file, f"cannot be written: {error.strerror}") from None
