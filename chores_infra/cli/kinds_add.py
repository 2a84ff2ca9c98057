"""``chores-infra kinds add``: typed kinds for CustomResourceDefinitions of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from chores_infra.cli.options import as_folder, debug_option
from chores_infra.cli.paths import as_paths

__all__ = ["kinds_add"]


@click.command("add")
@click.argument("paths", nargs=-1, required=True, metavar="FILE|DIR...", callback=as_paths)
@click.option(
    "--into",
    metavar="DIR",
    default="kinds",
    show_default=True,
    callback=as_folder,
    help="The folder of the package.",
)
@debug_option
def kinds_add(paths: tuple[Path, ...], into: Path) -> None:
    """Make a typed package of CustomResourceDefinitions, or add to it.

    Editors and type checkers know its types; where the configuration names the folder under `kinds`, every
    command holds manifests to its schemas. Run it again when a definition has changed.
    """
    from chores_infra.configuration import FILE_NAME, find_configuration
    from chores_infra.custom_kinds.package import make_package

    changed = make_package(into, paths)
    for file in changed:
        state, color = ("written", "green") if file.exists() else ("removed", "yellow")
        click.echo(f"  {click.style(state, fg=color)}  {file}")
    if not changed:
        click.echo(f"{into} is up to date")
    configuration = find_configuration(Path.cwd())
    if into.resolve() not in {folder.resolve() for folder in configuration.kinds}:
        file = configuration.file or Path(FILE_NAME)
        click.echo(f'Next: kinds = ["{into.as_posix()}"] in {file}, before its first table')
