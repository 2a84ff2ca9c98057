"""``chores-infra quarantine add``: let nothing move to a version."""

from __future__ import annotations

import click

from chores_infra.cli.options import debug_option
from chores_infra.cli.publish_options import commit_options

__all__ = ["quarantine_add"]


@click.command("add")
@click.argument("app")
@click.argument("version")
@click.option("--reason", required=True, metavar="TEXT", help="Why, for whoever meets it.")
@commit_options
@debug_option
def quarantine_add(
    app: str, version: str, *, reason: str, repo: str | None, push: bool, dry_run: bool, output_format: str
) -> int:
    """Quarantine a version of an app, and commit that."""
    from datetime import UTC, datetime

    from chores_infra.cli.intent_change import run_change
    from chores_infra.release.quarantine import add
    from chores_infra.versions import Version

    return run_change(
        app,
        lambda checkout: add(
            checkout, app, Version.parse(version), reason, now=datetime.now(UTC), dry_run=dry_run
        ),
        repo=repo,
        push=push,
        dry_run=dry_run,
        output_format=output_format,
    )
