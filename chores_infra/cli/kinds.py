"""``chores-infra kinds``: what is known of each kind of Kubernetes."""

from __future__ import annotations

import click

from chores_infra.cli.lazy import LazyGroup
from chores_infra.cli.options import debug_option

__all__ = ["kinds"]


@click.group(cls=LazyGroup, names=("add", "list", "show"), prefix="kinds_", invoke_without_command=True)
@debug_option
@click.pass_context
def kinds(context: click.Context) -> None:
    """What is known of each kind: its fields, values and defaults."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
