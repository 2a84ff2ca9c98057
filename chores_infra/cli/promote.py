"""``chores-infra promote``: what one environment runs into another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from chores_infra.cli.options import debug_option
from chores_infra.cli.publish_options import promotion_options
from chores_infra.environments import Environment

if TYPE_CHECKING:
    from chores_infra.cli.moving import Context
    from chores_infra.versions import Release

__all__ = ["promote"]

_AT_ONCE: Final = "0s"


@click.command()
@click.argument("app")
@click.option(
    "--from",
    "source",
    type=click.Choice([environment.value for environment in Environment]),
    default=Environment.STAGING.value,
    show_default=True,
    help="Where the version runs.",
)
@click.option(
    "--min-age",
    default=_AT_ONCE,
    metavar="TIME",
    help="For how long it must have run there: 1d, 12h. The history of the repository tells.",
)
@promotion_options
@click.option("--allow-downgrade", is_flag=True, help="Promote a version that is older than what runs.")
@debug_option
def promote(app: str, source: str, min_age: str, *, allow_downgrade: bool, **options: Any) -> int:
    """Deploy the version that one environment runs to another.

    The same rules hold as for a deploy. Where the image of the version is another one by now than that which
    ran, it is refused.
    """
    from datetime import UTC, datetime

    from chores_infra.cli.moving import run_move
    from chores_infra.release.choosing import parse_age, promoted
    from chores_infra.release.moving import Accepted

    place = Environment(source)
    if source == options["environment"]:
        raise click.UsageError(f"a version cannot be promoted from {source} to itself")

    def choose(context: Context) -> Release | None:
        running = promoted(
            context.checkout,
            context.mover.app.app_name,
            place,
            now=datetime.now(UTC),
            min_age=parse_age(min_age),
        )
        context.expect_digest(running.digest)
        return running.release

    return run_move(
        app,
        choose,
        accepted=Accepted(downgrade=allow_downgrade),
        verb="promote",
        trailers=(("Promoted-From", source),),
        whole=min_age != _AT_ONCE,
        **options,
    )
