"""``chores-infra remove``: an app and its places."""

from __future__ import annotations

from pathlib import Path

import click

from chores_infra.cli.options import debug_option
from chores_infra.cli.paths import from_here
from chores_infra.cli.publish_options import commit_options
from chores_infra.environments import Environment

__all__ = ["remove"]


@click.command()
@click.argument("app")
@click.option(
    "--env",
    "environment",
    type=click.Choice([environment.value for environment in Environment]),
    help="From one environment.  [default: from all, with its release intent]",
)
@click.option(
    "--accept", "accepted", type=click.Choice(["data"]), multiple=True, help="Accept that data goes with it."
)
@click.option("--discard-edits", is_flag=True, help="Drop what was edited by hand.")
@commit_options
@debug_option
def remove(
    app: str,
    *,
    environment: str | None,
    accepted: tuple[str, ...],
    discard_edits: bool,
    repo: str | None,
    push: bool,
    dry_run: bool,
    output_format: str,
) -> int:
    """Remove the files of an app, and commit that.

    Its Python need not be there any more. Argo CD deletes what it had applied, if the Application says so.
    Files of others in the places of the app stay. It is refused where others need what would go, and where
    data would go with it.
    """
    from chores_infra.cli.moving_report import errors_reported, report_removal
    from chores_infra.configuration import find_configuration
    from chores_infra.kinds import extended
    from chores_infra.release.checkout import open_checkout
    from chores_infra.release.removing import remove as remove_app

    with errors_reported(output_format, app, environment):
        configuration = find_configuration(Path.cwd())
        where = repo or str(from_here(configuration.repository))
        with open_checkout(where, push=push) as checkout, extended(*configuration.schemas):
            done = remove_app(
                checkout,
                app,
                None if environment is None else Environment(environment),
                configuration,
                accept_data="data" in accepted,
                discard_edits=discard_edits,
                dry_run=dry_run,
            )
            report_removal(done, output_format, dry_run=dry_run)
    return 0
