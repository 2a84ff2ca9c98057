"""What the commands that move a version report.

JSON, which is there whatever happens, except where the command line itself cannot be understood::

    {"app", "environment", "version", "previous", "tag", "digest", "pinned",
     "commit": id or null, "base": id, "branch", "remote": name or null, "attempts": number,
     "files": [{"path", "diff"}], "difference": as ``chores-infra diff --format json`` has it,
     "pullRequest": {"branch", "title", "body"} or null, "warnings": [text],
     "errors": [{"message", "files": [path]}]}
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from chores_infra.cli import terminal
from chores_infra.cli.running import report_warning

if TYPE_CHECKING:
    from chores_infra.release.move import Move
    from chores_infra.release.moving import Mover
    from chores_infra.release.publishing import Published
    from chores_infra.release.removing import Removal

__all__ = ["echo_json", "errors_reported", "report_move", "report_nothing", "report_removal", "where_it_is"]


@contextmanager
def errors_reported(
    output_format: str, app: str | None = None, environment: str | None = None
) -> Iterator[None]:
    """Put an error that ends the command into a JSON document too, if that is what was asked for."""
    from chores_infra.errors import ChoresInfraError

    try:
        yield
    except ChoresInfraError as error:
        if output_format == "json":
            files = [str(file) for file in getattr(error, "files", ())]
            failed = {"message": str(error), "files": files}
            echo_json({"app": app, "environment": environment, "errors": [failed]})
        raise


def report_nothing(mover: Mover, output_format: str) -> None:
    """Say that there is no version to move to."""
    if output_format == "json":
        name, environment = mover.app.app_name, mover.environment.value
        echo_json({"app": name, "environment": environment, "commit": None, "errors": []})
    else:
        click.echo(f"{mover.app.app_name} ({mover.environment.value}): nothing newer to move to")


def report_move(done: Published[Move], output_format: str, *, dry_run: bool, pull_request: bool) -> None:
    """Say what was done, or would be."""
    for warning in (*done.draft.synthesis.warnings, *done.warnings):
        report_warning(warning)
    if output_format == "json":
        echo_json(_as_data(done, pull_request=pull_request))
        return
    move = done.draft
    click.echo(_title(done, dry_run=dry_run))
    for path in move.paths:
        click.echo(f"  {path}")
    if move.paths and not pull_request:
        from chores_infra.diff.reports.as_text import PAGE, render

        click.echo(f"\n{render(move.comparison(), terminal.width(PAGE))}", nl=False)
    if pull_request and move.paths:
        from chores_infra.release.pull_request import describe

        said = describe(move)
        click.echo(f"\n{said.title}\n\n{said.body}", nl=False)


def _title(done: Published[Move], *, dry_run: bool) -> str:
    move = done.draft
    name = f"{move.app} {move.running.release} ({move.environment.value})"
    if not move.paths:
        return f"{name}: runs already, nothing to do"
    was = "" if move.previous is None else f", was {move.previous.release}"
    where = f"{done.remote} {done.branch}" if done.remote else done.branch
    if dry_run:
        return f"{name}{was}: would be committed on {where}"
    tries = "" if done.attempts == 1 else f" at attempt {done.attempts}"
    verb = "pushed to" if done.remote else "committed on"
    return f"{name}{was}: {str(done.commit)[:10]} {verb} {where}{tries}"


def _as_data(done: Published[Move], *, pull_request: bool) -> dict[str, Any]:
    from chores_infra.diff.reports.as_json import as_data

    move = done.draft
    said: dict[str, str] | None = None
    if pull_request and move.paths:
        from chores_infra.release.pull_request import describe

        found = describe(move)
        said = {"branch": done.branch, "title": found.title, "body": found.body}
    return {
        "app": move.app,
        "environment": move.environment.value,
        "version": str(move.running.release),
        "previous": None if move.previous is None else str(move.previous.release),
        "tag": move.running.tag,
        "digest": move.running.digest,
        "pinned": move.running.pinned,
        **where_it_is(done),
        "files": [{"path": str(path), "diff": diff} for path, diff in move.differences],
        "difference": as_data(move.comparison()),
        "pullRequest": said,
        "warnings": [*move.synthesis.warnings, *done.warnings],
        "errors": [],
    }


def report_removal(done: Published[Removal], output_format: str, *, dry_run: bool) -> None:
    """Say what was removed, or would be."""
    removal = done.draft
    environments = [place.value for place in removal.environments]
    warnings = (*(f"{path} is not generated, and stays" for path in removal.foreign), *done.warnings)
    for warning in warnings:
        report_warning(warning)
    if output_format == "json":
        from chores_infra.diff.reports.as_json import as_data

        echo_json(
            {
                "app": removal.app,
                "environments": environments,
                **where_it_is(done),
                "files": [str(path) for path in removal.paths],
                "difference": as_data(removal.comparison()),
                "warnings": list(warnings),
                "errors": [],
            }
        )
        return
    from chores_infra.diff.reports.as_text import PAGE, render

    done_so = "would be removed" if dry_run else f"removed, {str(done.commit)[:10]}"
    where = f"{done.remote} {done.branch}" if done.remote else done.branch
    click.echo(f"{removal.app} ({', '.join(environments)}): {done_so} on {where}")
    for path in removal.paths:
        click.echo(f"  {path}")
    click.echo(f"\n{render(removal.comparison(), terminal.width(PAGE))}", nl=False)


def where_it_is(done: Published[Any]) -> dict[str, Any]:
    """The commit, and where it is."""
    return {
        "commit": done.commit,
        "base": done.base,
        "branch": done.branch,
        "remote": done.remote,
        "attempts": done.attempts,
    }


def echo_json(data: dict[str, Any]) -> None:
    """Write a document."""
    click.echo(json.dumps(data, indent=2, default=str))
