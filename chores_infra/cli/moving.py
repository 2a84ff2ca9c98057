"""What the commands that move a version have in common: from their options to their report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from chores_infra.cli.paths import from_here
from chores_infra.environments import Environment

if TYPE_CHECKING:
    from chores_infra.release.checkout import Checkout
    from chores_infra.release.moving import Accepted, Mover
    from chores_infra.versions import Release

__all__ = ["Context", "run_move"]


class Context(NamedTuple):
    """What a version is chosen from. ``registry`` and ``repository`` say where images are."""

    checkout: Checkout
    mover: Mover
    environment: Environment
    registry: str | None
    repository: str | None


def run_move(
    app: str,
    choose: Callable[[Context], Release | None],
    *,
    accepted: Accepted,
    environment: str,
    registry: str | None,
    image: str | None,
    app_repo: str | None,
    repo: str | None,
    push: bool,
    pin: bool | None,
    include_config: bool,
    discard_edits: bool,
    pull_request: bool,
    dry_run: bool,
    output_format: str,
    verb: str = "update",
) -> int:
    """Move an app to the version that is chosen, if one is, and report it; answers the exit code."""
    from chores_infra.cli.moving_report import errors_reported, report_move, report_nothing
    from chores_infra.cli.release_options import registry_of
    from chores_infra.configuration import find_configuration
    from chores_infra.kinds import extended
    from chores_infra.release.checkout import open_checkout
    from chores_infra.release.deploying import deploy
    from chores_infra.release.looking_up import look_up
    from chores_infra.release.moving import Mover
    from chores_infra.selection import select_one

    with errors_reported(output_format, app, environment):
        configuration = find_configuration(Path.cwd())
        selected = select_one(configuration, app)
        place = Environment(environment)
        accepted = accepted._replace(config=include_config, edits=discard_edits)
        mover = Mover(selected.app, place, configuration, accepted)
        where = repo or str(from_here(configuration.repository))
        registry = registry_of(registry, configuration)
        with open_checkout(where, push=push or pull_request) as checkout, extended(*configuration.schemas):
            release = choose(Context(checkout, mover, place, registry, image))
            if release is None:
                report_nothing(mover, output_format)
                return 0
            found = look_up(
                selected.app, place, release, registry=registry, repository=image, app_repo=app_repo
            )
            done = deploy(
                checkout,
                mover,
                release,
                found,
                pin=pin,
                pull_request=pull_request,
                dry_run=dry_run,
                verb=verb,
            )
            report_move(done, output_format, dry_run=dry_run, pull_request=pull_request)
    return 0
