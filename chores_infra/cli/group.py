"""``chores-infra``: the group of all commands, each imported when it is used."""

from __future__ import annotations

import importlib
from typing import Final

import click

from chores_infra.cli.options import debug_option

__all__ = ["COMMANDS", "chores_infra"]

COMMANDS: Final = ("graph", "impact", "init", "synth", "validate")
"""The commands: each is a module of this package, with a function of its name."""


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"chores_infra.cli.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if not args[0].startswith("-") and args[0] not in COMMANDS:
            from chores_infra.configuration import nearest

            ctx.fail(f"there is no command {args[0]!r}{nearest(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Lazy,
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
