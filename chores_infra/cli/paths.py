"""Paths on the command line, and as a person in the working directory would write them."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["as_paths", "from_here", "paths_argument"]


def from_here(path: Path) -> Path:
    """A path relative to the working directory, if it is below it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def as_paths(
    _context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[Path, ...]:
    """What a user gave as paths."""
    # An empty path is the current folder to Path, and to nobody who has an unset variable in a script.
    if not all(value.strip() for value in values):
        raise click.BadParameter("expected a path, found nothing")
    return tuple(map(Path, values))


paths_argument = click.argument("paths", nargs=-1, metavar="[PATH]...", callback=as_paths)
"""Folders and files to look at; without one, a command takes the infrastructure repository."""
