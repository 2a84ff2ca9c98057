"""``chores-infra versions``: what can be deployed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from chores_infra.cli.options import debug_option, format_option
from chores_infra.cli.paths import from_here
from chores_infra.cli.release_options import (
    app_argument,
    app_repo_option,
    image_option,
    registry_of,
    registry_option,
    repo_option,
)
from chores_infra.environments import Environment

if TYPE_CHECKING:
    from chores_infra.release.app_repository import Tag

__all__ = ["versions"]


@click.command()
@app_argument
@click.option(
    "--env",
    "environment",
    type=click.Choice([environment.value for environment in Environment]),
    default=Environment.PRODUCTION.value,
    show_default=True,
    help="The environment whose image is looked up.",
)
@registry_option
@image_option
@repo_option
@app_repo_option
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    metavar="N",
    help="How many versions; what an environment runs is shown in any case.",
)
@format_option('{"app", "image", "versions": [{"version", "tag", "digest", "tags", ...}]}.')
@debug_option
def versions(
    app: str | None,
    *,
    environment: str,
    registry: str | None,
    image: str | None,
    repo: str | None,
    app_repo: str | None,
    limit: int,
    output_format: str,
) -> None:
    """List the versions of an app that can be deployed, the greatest first.

    APP is a name from the configuration; without one, it is the only app there is. Beside each version stand
    the tags that share its image, when the image was pushed (where the registry tells; else when it was
    built), the environments that run it, and whether it is quarantined.
    """
    from datetime import UTC, datetime

    from chores_infra.cli.versions_report import as_json, as_text
    from chores_infra.configuration import find_configuration
    from chores_infra.kinds import extended
    from chores_infra.release.app_images import only_image_repository
    from chores_infra.release.app_repository import open_app_repository, read_tags
    from chores_infra.release.available import available
    from chores_infra.release.infrastructure import open_infrastructure
    from chores_infra.release.registries import open_registry
    from chores_infra.selection import select_one

    configuration = find_configuration(Path.cwd())
    selected = select_one(configuration, app)
    where = repo or from_here(configuration.repository)
    with open_infrastructure(where, selected.name) as infrastructure:
        intent = infrastructure.intent
    place = Environment(environment)
    if image is None:
        running = intent.environments.get(place)
        with extended(*configuration.schemas):
            image = only_image_repository(selected.app, place, running.release if running else None)
    opened = open_registry(registry_of(registry, configuration), image)
    if opened is None and app_repo is None:
        raise click.UsageError("without a registry the versions come from --app-repo; give one of the two")
    tags: list[Tag] = []
    if app_repo is not None:
        with open_app_repository(app_repo) as repository:
            tags = read_tags(repository)
    rows = available(opened, selected.app.tag_format, intent, tags=tags, limit=limit)
    if output_format == "json":
        click.echo(as_json(selected.name, image, rows))
    else:
        click.echo(as_text(rows, datetime.now(UTC)))
