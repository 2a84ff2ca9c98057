"""``chores-infra graph``: who refers to whom."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from chores_infra.cli.options import debug_option
from chores_infra.cli.paths import from_here, paths_argument

__all__ = ["graph"]

_FORMATS: Final = ("mermaid", "dot", "svg", "json")


@click.command()
@paths_argument
@click.option(
    "--format",
    "output_format",
    type=click.Choice(_FORMATS),
    default="mermaid",
    show_default=True,
    help="The form of the drawing; svg is drawn by Graphviz.",
)
@click.option("--app", metavar="NAME", help="Only this Application, and what is right beside it.")
@debug_option
def graph(paths: tuple[Path, ...], output_format: str, app: str | None) -> None:
    """Draw who refers to whom in a repository.

    Grouped by Application and namespace; broken references are red, what other parties make is dashed. PATH
    is as for validate.
    """
    from chores_infra.checks.drawings import draw
    from chores_infra.checks.graph import graph_of
    from chores_infra.checks.run import context_of
    from chores_infra.configuration import find_configuration, nearest
    from chores_infra.errors import ConfigurationError

    configuration = find_configuration(Path.cwd())
    context = context_of(
        paths or (from_here(configuration.repository),),
        settings=configuration.check_settings(),
        releases=configuration.operators,
        schemas=configuration.schemas,
    )
    found = graph_of(context)
    if app is not None:
        names = sorted({each.name for each in context.repository.applications})
        if app not in names:
            known = nearest(app, names) or (f"; there are {', '.join(names)}" if names else "; there is none")
            raise ConfigurationError(f"there is no Application {app!r}{known}")
        found = found.of_application(app)
    click.echo(draw(found, output_format), nl=False)
