"""Options of the commands that carry versions: which repository, which registry, which source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from chores_infra.configuration import Configuration

__all__ = ["app_argument", "app_repo_option", "image_option", "registry_of", "registry_option", "repo_option"]


def _given(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    # An unset variable in a script is no choice of the default.
    if value is not None and not value.strip():
        raise click.BadParameter("expected a place, found nothing")
    return value


def _app_names(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    from chores_infra.cli.completion import app_names

    return app_names(incomplete)


app_argument = click.argument("app", required=False, metavar="[APP]", shell_complete=_app_names)

repo_option = click.option(
    "--repo",
    metavar="PATH|URL",
    callback=_given,
    help="The infrastructure repository.  [default: `repository` of the configuration, or dist]",
)

registry_option = click.option(
    "--registry",
    metavar="ecr|URL|file:PATH|none",
    callback=_given,
    help="Where images are looked up: AWS ECR, an OCI registry, a saved `aws ecr describe-images`, nowhere."
    "  [default: `registry` of the configuration, or what the name of the image says]",
)

image_option = click.option(
    "--image",
    metavar="REPOSITORY",
    callback=_given,
    help="The repository of images, where an app has several.  [default: that of the app]",
)


app_repo_option = click.option(
    "--app-repo",
    metavar="PATH|URL",
    callback=_given,
    help="The application's own git repository, whose tags are its versions.",
)


def registry_of(given: str | None, configuration: Configuration) -> str | None:
    """What a user said, or the configuration; None leaves it to the name of the image."""
    return configuration.registry if given is None else given
