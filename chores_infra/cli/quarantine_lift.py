"""``chores-infra quarantine lift``: let a version be deployed again."""

from __future__ import annotations

import click

from chores_infra.cli.options import debug_option
from chores_infra.cli.publish_options import commit_options

__all__ = ["quarantine_lift"]


@click.command("lift")
@click.argument("app")
@click.argument("version")
@commit_options
@debug_option
def quarantine_lift(
    app: str, version: str, *, repo: str | None, push: bool, dry_run: bool, output_format: str
) -> int:
    """Lift the quarantine of a version of an app, and commit that."""
    from chores_infra.cli.intent_change import run_change
    from chores_infra.release.quarantine import lift
    from chores_infra.versions import Version

    return run_change(
        app,
        lambda checkout: lift(checkout, app, Version.parse(version), dry_run=dry_run),
        repo=repo,
        push=push,
        dry_run=dry_run,
        output_format=output_format,
    )
