"""Options of the commands that commit to the infrastructure repository."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from chores_infra.cli.options import format_option
from chores_infra.cli.release_options import app_repo_option, image_option, registry_option, repo_option
from chores_infra.environments import Environment

__all__ = ["commit_options", "environment_option", "promotion_options", "publish_options"]

F = TypeVar("F", bound=Callable[..., Any])

environment_option = click.option(
    "--env",
    "environment",
    type=click.Choice([environment.value for environment in Environment]),
    default=Environment.PRODUCTION.value,
    show_default=True,
    help="The environment.",
)

_COMMIT: Final = (
    repo_option,
    click.option("--push", is_flag=True, help="Push the commit; a URL as --repo implies it."),
    click.option("--dry-run", is_flag=True, help="Change nothing; show what would be done."),
    format_option('{"app", "environment", "version", "commit", ..., "errors": []}, also on failure.'),
)

_MOVE: Final = (
    environment_option,
    registry_option,
    image_option,
    app_repo_option,
    click.option(
        "--pin-digest/--no-pin-digest",
        "pin",
        default=None,
        help="Let manifests name the digest of the image beside its tag.  [default: as it is]",
    ),
    click.option("--include-config", is_flag=True, help="Deploy what has changed in the Python, too."),
    click.option("--discard-edits", is_flag=True, help="Drop what was edited by hand."),
    click.option("--adopt", is_flag=True, help="Take over files that were not generated."),
    click.option(
        "--pull-request", is_flag=True, help="Push a branch of its own, and print what to say of it."
    ),
)


_TO: Final = click.option(
    "--to",
    "environment",
    type=click.Choice([environment.value for environment in Environment]),
    default=Environment.PRODUCTION.value,
    show_default=True,
    help="Where it is to run.",
)


def promotion_options(function: F) -> F:
    """The options of a command that moves a version from one environment to another."""
    for option in reversed((_TO, *_MOVE[1:], *_COMMIT)):
        function = option(function)
    return function


def commit_options(function: F) -> F:
    """The options of every command that commits."""
    for option in reversed(_COMMIT):
        function = option(function)
    return function


def publish_options(function: F) -> F:
    """The options of the commands that move a version."""
    for option in reversed((*_MOVE, *_COMMIT)):
        function = option(function)
    return function
