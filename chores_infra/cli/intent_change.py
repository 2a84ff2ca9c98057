"""What the commands that change a release intent have in common."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chores_infra.cli.paths import from_here

if TYPE_CHECKING:
    from chores_infra.release.checkout import Checkout
    from chores_infra.release.intent_change import IntentChange
    from chores_infra.release.publishing import Published

__all__ = ["run_change"]


def run_change(
    app: str,
    change: Callable[[Checkout], Published[IntentChange]],
    *,
    repo: str | None,
    push: bool,
    dry_run: bool,
    output_format: str,
) -> int:
    """Change an intent, and report it; answers the exit code."""
    from chores_infra.cli.moving_report import echo_json, errors_reported, where_it_is
    from chores_infra.cli.running import report_warning
    from chores_infra.configuration import find_configuration
    from chores_infra.release.checkout import open_checkout

    with errors_reported(output_format, app):
        configuration = find_configuration(Path.cwd())
        with open_checkout(repo or str(from_here(configuration.repository)), push=push) as checkout:
            done = change(checkout)
    for warning in done.warnings:
        report_warning(warning)
    entries = [
        {"version": str(entry.version), "reason": entry.reason, "since": entry.since}
        for entry in done.draft.after.quarantine
    ]
    if output_format == "json":
        echo_json({"app": app, **where_it_is(done), "quarantine": entries, "errors": []})
        return 0
    subject = done.draft.message.partition("\n")[0]
    if not done.draft.paths:
        click.echo(f"{app}: it is so already, nothing to do")
    elif dry_run:
        click.echo(f"{subject}: would be committed on {done.branch}")
    else:
        verb = f"pushed to {done.remote}" if done.remote else "committed on"
        click.echo(f"{subject}: {str(done.commit)[:10]} {verb} {done.branch}")
    return 0
