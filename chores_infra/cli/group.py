"""``chores-infra``: the group of all commands, each imported when it is used."""

from __future__ import annotations

from typing import Final

import click

from chores_infra.cli.lazy import LazyGroup
from chores_infra.cli.options import debug_option

__all__ = ["COMMANDS", "chores_infra"]

COMMANDS: Final = (
    "audit",
    "deploy",
    "diff",
    "graph",
    "history",
    "impact",
    "init",
    "kinds",
    "promote",
    "quarantine",
    "remove",
    "synth",
    "update",
    "validate",
    "versions",
)
"""The commands: each is a module of this package, with a function of its name."""


@click.group(
    cls=LazyGroup,
    names=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog='Completion: eval "$(_CHORES_INFRA_COMPLETE=bash_source chores-infra)"; zsh_source and '
    "fish_source do it for zsh and fish.",
)
@click.version_option(package_name="chores-infra", message="chores-infra %(version)s")
@debug_option
@click.pass_context
def chores_infra(context: click.Context) -> None:
    """GitOps manifests as typed Python."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
