"""``chores-infra init``: a new project that passes its own tests."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from chores_infra.cli.options import as_folder, debug_option

__all__ = ["init"]


@click.command()
@click.argument("folder", metavar="[DIR]", default=".", callback=as_folder)
@click.option("--name", help="The name of the first app.  [default: after DIR]")
@debug_option
def init(folder: Path, name: str | None) -> None:
    """Make a new project in DIR: configuration, a first app, tests, CI.

    Nothing that is there already is overwritten.
    """
    from chores_infra.scaffold import create_project, default_name

    for path in create_project(folder, default_name(folder) if name is None else name):
        click.echo(f"  {click.style('written', fg='green')}  {folder / path}")
    steps = [
        *([] if folder == Path() else [f"cd {shlex.quote(str(folder))}"]),
        "python3 -m venv .venv",
        ". .venv/bin/activate",
        "python -m pip install -r requirements.txt",
        "chores-infra synth --version v1.0.0",
        "python -m pytest",
    ]
    click.echo(f"Next: {' && '.join(steps)}")
