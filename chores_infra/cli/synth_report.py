"""What ``synth`` reports: a table or differences for people, one JSON document for programs.

The document is there whatever happens, except where the command line itself cannot be understood::

    {"apps": [{"app", "environment", "version", "tag", "repository", "files": [{"path", "status"}],
               "warnings": [text], "differences": [{"path", "diff"}] (of a check)}],
     "errors": [{"app": name, or null where it is about none or several,
                 "environment": name, where several were checked and it is about this one,
                 "message": text, "files": [path]}]}

``apps`` are those that were written, or checked, once per environment; ``errors`` is empty when everything
could be done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from chores_infra.cli.running import report_error, report_warning

if TYPE_CHECKING:
    from chores_infra.errors import ChoresInfraError
    from chores_infra.release.batch import Batch
    from chores_infra.release.plan import Difference, Synthesis

__all__ = ["errors_reported", "report"]

_STATUSES: Final = ("written", "adopted", "unchanged", "pruned")
_COLORS: Final = {"written": "green", "adopted": "yellow", "pruned": "red"}
_DIFF_COLORS: Final = {"+": "green", "-": "red", "@": "cyan"}


def report(
    batch: Batch,
    repository: Path,
    *,
    check: bool,
    output_format: str,
) -> None:
    """Report what was done or, for a check, what would change; warnings and errors on standard error too."""
    plans, errors, left_out = batch
    # Environments of one app mostly have the same ones.
    for warning in dict.fromkeys(warning for plan in plans for warning in plan.warnings):
        report_warning(warning)
    if output_format == "json":
        import json

        apps = [_as_data(plan, repository, check=check) for plan in plans]
        failed = [_failure(error) for error in errors]
        click.echo(json.dumps({"apps": apps, "errors": failed}, indent=2))
    elif not plans and errors:
        pass  # nothing was done, and the errors say so
    else:
        for reason in left_out:
            click.echo(reason)
        show = _show_differences if check else _show_files
        show(plans, repository)
    for error in errors:
        report_error(error, "" if error.environment is None else f"in {error.environment}: ")


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
    from chores_infra.errors import FileError, HandEditsError

    files: list[str] = []
    if isinstance(error, HandEditsError):
        files = list(error.files)
    elif isinstance(error, FileError):
        files = [str(error.file)]
    return {"app": error.app, "environment": error.environment, "message": str(error), "files": files}


def _as_data(plan: Synthesis, repository: Path, *, check: bool) -> dict[str, Any]:
    data: dict[str, Any] = {
        "app": plan.app,
        "environment": plan.environment.value,
        "version": str(plan.running.release),
        "tag": plan.running.tag,
        "repository": str(repository),
        "files": [{"path": str(file.path), "status": file.status.value} for file in plan.files],
        "warnings": list(plan.warnings),
    }
    if check:
        data["differences"] = [{"path": str(each.path), "diff": each.diff} for each in plan.differences()]
    return data


def _show_files(plans: Sequence[Synthesis], repository: Path) -> None:
    """Every file of a single app; of several one line for each that changed: files would be thousands."""
    total: Counter[str] = Counter()
    lines: list[str] = []
    for plan in plans:
        files = plan.files
        counts = Counter(file.status.value for file in files)
        total += counts
        if len(plans) == 1:
            lines.append(f"{_title(plan)} in {repository}")
            lines += (f"  {_styled(file.status.value)}  {file.path}" for file in files)
        elif plan.changes:
            lines.append(f"{_title(plan)}: {_counted(counts)}")
    apps = "" if len(plans) == 1 else f"{len(plans)} apps in {repository}: "
    click.echo("\n".join([*lines, apps + _counted(total)]))


def _styled(status: str) -> str:
    return click.style(f"{status:9}", fg=_COLORS.get(status))


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{counts[status]} {status}" for status in _STATUSES if counts[status])


def _show_differences(plans: Sequence[Synthesis], repository: Path) -> None:
    for plan in plans:
        differences = plan.differences()
        for difference in differences:
            _show_difference(difference)
        verdict = (
            f"{_count(len(differences))} would change ({plan.command})"
            if differences
            else "as it would be written"
        )
        click.echo(f"{_title(plan)} in {repository}: {verdict}")


def _show_difference(difference: Difference) -> None:
    for line in difference.diff.removesuffix("\n").split("\n"):
        if line.startswith(("--- ", "+++ ")):
            click.echo(click.style(line, bold=True))
        else:
            click.echo(click.style(line, fg=_DIFF_COLORS.get(line[:1])))


def _title(plan: Synthesis) -> str:
    return f"{plan.app} {plan.running.release} ({plan.environment.value})"


def _count(files: int) -> str:
    return "1 file" if files == 1 else f"{files} files"
