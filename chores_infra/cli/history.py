"""``chores-infra history``: what ran when, and how it came there."""

from __future__ import annotations

from pathlib import Path

import click

from chores_infra.cli.options import debug_option, format_option
from chores_infra.cli.paths import from_here
from chores_infra.cli.release_options import app_repo_option, repo_option
from chores_infra.environments import Environment

__all__ = ["history"]


def _start(_context: click.Context, _parameter: click.Parameter, value: str | None) -> int | None:
    return None if value is None else _moment(value, end_of_day=False)


def _end(_context: click.Context, _parameter: click.Parameter, value: str | None) -> int | None:
    return None if value is None else _moment(value, end_of_day=True)


def _moment(text: str, *, end_of_day: bool) -> int:
    from chores_infra.release.history.moments import parse_moment

    try:
        return parse_moment(text, end_of_day=end_of_day)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _app_names(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    from chores_infra.cli.completion import app_names

    return app_names(incomplete)


@click.command()
@click.argument("app", metavar="APP", shell_complete=_app_names)
@click.option(
    "--env",
    "environment",
    type=click.Choice([environment.value for environment in Environment]),
    help="Only this environment.  [default: all]",
)
@click.option(
    "--at", metavar="DATE", callback=_end, help="What ran at this moment, instead of what happened."
)
@click.option("--since", metavar="DATE", callback=_start, help="Only what happened from then on.")
@click.option("--until", metavar="DATE", callback=_end, help="Only what happened until then.")
@click.option(
    "--limit",
    type=click.IntRange(0),
    default=50,
    show_default=True,
    metavar="N",
    help="How many events, the newest; 0 is all.",
)
@repo_option
@app_repo_option
@format_option(
    '{"app", "environments", "events": [{"date", "action", "changes", ...}], ...}.', "markdown", "html"
)
@debug_option
def history(
    app: str,
    *,
    environment: str | None,
    at: int | None,
    since: int | None,
    until: int | None,
    limit: int,
    repo: str | None,
    app_repo: str | None,
    output_format: str,
) -> None:
    """Tell what happened to an app, from the commits of the infrastructure repository.

    APP is the name of an app, of a folder below base-apps/, or of an Argo CD Application. Commits are judged
    by what the manifests say before and after, so edits by hand count as well. A DATE is ISO 8601, in UTC
    unless it says otherwise. Delivery figures are about the time from --since, or the last 90 days.
    """
    from datetime import UTC, datetime

    from chores_infra.cli.history_report import print_moment, print_report
    from chores_infra.configuration import find_configuration
    from chores_infra.release.history.opening import open_repository, place_of, read_history, read_tags_of
    from chores_infra.release.history.report import Window, at_moment, report_of

    where = repo or from_here(find_configuration(Path.cwd()).repository)
    name, place = place_of(app, environment)
    tags = None if app_repo is None else read_tags_of(app_repo)
    with open_repository(where) as repository:
        read = read_history(repository, name, tags=tags, until=until if at is None else at)
        if at is not None:
            print_moment(at_moment(read.history, place, at), output_format)
            return
        end = int(datetime.now(UTC).timestamp()) if until is None else until
        report = report_of(read.history, Window(place, since, end, limit), tags)
        print_report(read.with_authors(repository, report), output_format)
