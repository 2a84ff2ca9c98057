"""``chores-infra deploy``: a version into the infrastructure repository, as one commit."""

from __future__ import annotations

from typing import Any

import click

from chores_infra.cli.options import debug_option
from chores_infra.cli.publish_options import publish_options

__all__ = ["deploy"]


@click.command()
@click.argument("app")
@click.argument("version")
@publish_options
@click.option("--allow-downgrade", is_flag=True, help="Deploy a version that is older than what runs.")
@debug_option
def deploy(app: str, version: str, *, allow_downgrade: bool, **options: Any) -> int:
    """Deploy a version of an app: render it, and commit it with its release intent.

    APP is a name from the configuration, or module:Class. The version has to be in the registry, not
    quarantined and no downgrade; nothing else than the version may change (--include-config,
    --discard-edits), and what is rendered has to be without errors. Exit 1: a rule says no, and nothing was
    done.

    With --push the commit is made on the newest commit of the remote branch, again if others push meanwhile;
    nothing is forced or merged as text. Only the places of the app need be clean.
    """
    from chores_infra.cli.moving import run_move
    from chores_infra.release.moving import Accepted
    from chores_infra.versions import parse_release

    return run_move(
        app,
        lambda context: parse_release(version, context.environment),
        accepted=Accepted(downgrade=allow_downgrade),
        **options,
    )
