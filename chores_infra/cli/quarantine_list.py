"""``chores-infra quarantine list``: what nothing may move to, since when, and why."""

from __future__ import annotations

from pathlib import Path

import click

from chores_infra.cli.options import debug_option, format_option
from chores_infra.cli.paths import from_here
from chores_infra.cli.release_options import app_argument, repo_option

__all__ = ["quarantine_list"]


@click.command("list")
@app_argument
@repo_option
@format_option('{"quarantine": [{"app", "version", "since", "reason", "environments"}]}.')
@debug_option
def quarantine_list(app: str | None, *, repo: str | None, output_format: str) -> None:
    """List the quarantined versions of an app, or of all apps that have any."""
    from chores_infra.configuration import find_configuration
    from chores_infra.release.quarantine import listed

    configuration = find_configuration(Path.cwd())
    found = listed(repo or str(from_here(configuration.repository)), app)
    if output_format == "json":
        import json

        rows = [
            {
                "app": each.app,
                "version": str(each.entry.version),
                "since": each.entry.since,
                "reason": each.entry.reason,
                "environments": [place.value for place in each.environments],
            }
            for each in found
        ]
        click.echo(json.dumps({"quarantine": rows}, indent=2))
        return
    for each in found:
        runs = f" (runs in {', '.join(each.environments)})" if each.environments else ""
        reason = " ".join(each.entry.reason.split())
        click.echo(f"{each.app}  {each.entry.version}  since {each.entry.since}{runs}  {reason}")
    if not found:
        click.echo("nothing is quarantined")
