"""Options that several commands have, and what completes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from chores_infra.environments import Environment

__all__ = [
    "as_folder",
    "debug_option",
    "env_option",
    "fleet_options",
    "format_option",
    "kube_version_option",
    "synth_options",
]

F = TypeVar("F", bound=Callable[..., Any])
ENGINES: Final = ("cdk8s", "direct")


def _debug(context: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001
    if value and context.obj is not None:  # there is none while words are completed
        context.obj.debug = True


def as_folder(_context: click.Context, _parameter: click.Parameter, value: str | None) -> Path | None:
    """What a user gave as a folder."""
    if value is None:
        return None
    # An empty path is the current folder to Path, and to nobody who has an unset variable in a script.
    if not value.strip():
        raise click.BadParameter("expected a folder, found nothing")
    return Path(value)


def _recorded_versions(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    from chores_infra.cli.completion import recorded_versions

    return recorded_versions(context.params, incomplete)


def _processes(_context: click.Context, _parameter: click.Parameter, number: int) -> int:
    if number:
        return number
    from chores_infra.release.executors import processors

    return processors()


debug_option = click.option(
    "--debug",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_debug,
    help="Show the traceback of an error.",
)

env_option = click.option(
    "--env",
    "environment",
    type=click.Choice([environment.value for environment in Environment]),
    help="The environment.  [default: production; for --check every recorded one]",
)


def format_option(document: str, *formats: str) -> Callable[[F], F]:
    """``--format``: text, which is the default, JSON, and ``formats`` beside them.

    ``document`` says what the JSON is, and what is to be known of the other formats.
    """
    return click.option(
        "--format",
        "output_format",
        type=click.Choice(["text", "json", *formats]),
        default="text",
        show_default=True,
        help=f"How to report. JSON: {document}",
    )


def fleet_options(function: F) -> F:
    """The options that many apps need."""
    options = [
        click.option(
            "--jobs",
            "-j",
            type=click.IntRange(0, 512),
            default=1,
            show_default=True,
            metavar="N",
            callback=_processes,
            help="Render in N processes; 0 is one for each processor.",
        ),
        click.option(
            "--executor",
            metavar="URL",
            help="Render on a Dask cluster: dask://host:port of its scheduler. Needs the extra dask.",
        ),
        click.option(
            "--shard",
            metavar="K/N",
            help="The K-th of N parts of the apps, such as 3/16: for the jobs of a CI matrix.",
        ),
        click.option(
            "--cache",
            metavar="DIR",
            callback=as_folder,
            shell_complete=_complete_folder,
            help="Where is kept what several apps were rendered from.  [default: the user's cache folder]",
        ),
        click.option("--no-cache", is_flag=True, help="Render every app, whatever is known of it."),
    ]
    return _decorated(function, options)


def _decorated(function: F, options: Sequence[Callable[[F], F]]) -> F:
    for option in reversed(options):
        function = option(function)
    return function


kube_version_option = click.option(
    "--kube-version",
    metavar="RELEASE",
    help="The release of Kubernetes that runs, such as 1.33: API versions that it does not serve are "
    "errors.  [default: kubernetes under [operators] in the configuration]",
)


def synth_options(default_engine: str) -> Callable[[F], F]:
    """The options of ``chores-infra synth`` and of every ``synth.py``."""
    options = [
        click.option(
            "--version",
            "release",
            metavar="VERSION",
            shell_complete=_recorded_versions,
            help="The version to record and render, such as v3.1.0; the default is the recorded one.",
        ),
        env_option,
        click.option(
            "--out",
            metavar="DIR",
            callback=as_folder,
            shell_complete=_complete_folder,
            help="The infrastructure repository.  [default: `repository` of the configuration, or dist]",
        ),
        click.option(
            "--engine",
            type=click.Choice(ENGINES),
            default=default_engine,
            show_default=True,
            help="What builds the app: cdk8s, or plain Python.",
        ),
        click.option(
            "--check",
            is_flag=True,
            help="Write nothing; show what would change, and exit 1 if anything does.",
        ),
        kube_version_option,
        click.option("--adopt", is_flag=True, help="Take over files that were not generated."),
        click.option("--discard-edits", is_flag=True, help="Drop what was edited by hand."),
        format_option(
            '{"apps": [...], "errors": [{"app", "environment", "message", "files"}]}, also on failure.'
        ),
        debug_option,
    ]

    return lambda function: _decorated(function, options)


def _complete_folder(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[Any]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="dir")]
