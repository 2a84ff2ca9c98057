"""A group of commands, each imported when it is used."""

from __future__ import annotations

import importlib
from typing import Any

import click

__all__ = ["LazyGroup"]


class LazyGroup(click.Group):
    """A group whose commands are modules beside this one, each with a function of the module's name.

    ``names`` are those of the commands; ``prefix`` is what modules have before the name of their command.
    """

    def __init__(self, *args: Any, names: tuple[str, ...], prefix: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._names = names
        self._prefix = prefix

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """Return the names of the commands."""
        return list(self._names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command."""
        if cmd_name not in self._names:
            return None
        name = f"{self._prefix}{cmd_name}"
        command: click.Command = getattr(importlib.import_module(f"chores_infra.cli.{name}"), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; for one that is not there, say which was probably meant."""
        if not args[0].startswith("-") and args[0] not in self._names:
            from chores_infra.configuration import nearest

            ctx.fail(f"there is no command {args[0]!r}{nearest(args[0], self._names)}")
        return super().resolve_command(ctx, args)
