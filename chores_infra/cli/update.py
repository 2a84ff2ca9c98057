"""``chores-infra update``: the newest version that is allowed, for cron and CI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from chores_infra.cli.options import debug_option
from chores_infra.cli.publish_options import publish_options

if TYPE_CHECKING:
    from chores_infra.cli.moving import Context
    from chores_infra.versions import Release

__all__ = ["update"]


@click.command()
@click.argument("app")
@click.option(
    "--constraint",
    required=True,
    metavar="RANGE",
    help="Which versions are allowed: ^3, ~3.1, 3.x, '>=3.0.0 <4', '^3 || ^4'.",
)
@click.option(
    "--min-age",
    default="0s",
    metavar="TIME",
    help="How long ago a version must have been pushed, or built: 1d, 12h.",
)
@publish_options
@debug_option
def update(app: str, constraint: str, min_age: str, **options: Any) -> int:
    """Deploy the newest version of an app that a constraint allows, if it is newer than what runs.

    Versions in quarantine are passed over. Where nothing is newer, nothing is done, and the exit code is 0.
    """
    from datetime import UTC, datetime

    from chores_infra.cli.moving import run_move
    from chores_infra.release.choosing import newest, parse_age
    from chores_infra.release.constraints import Constraint
    from chores_infra.release.moving import Accepted

    def choose(context: Context) -> Release | None:
        from chores_infra.cli.running import report_warning

        choice = newest(
            context.opened(),
            context.mover.app.tag_format,
            context.intent(),
            context.environment,
            Constraint(constraint),
            now=datetime.now(UTC),
            min_age=parse_age(min_age),
        )
        for reason in choice.passed_over:
            report_warning(f"passed over: {reason}")
        return choice.version

    return run_move(app, choose, accepted=Accepted(), **options)
