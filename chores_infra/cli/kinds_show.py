"""``chores-infra kinds show``: what may stand in a field."""

from __future__ import annotations

import json
from pathlib import Path

import click

from chores_infra.cli.options import debug_option, format_option

__all__ = ["kinds_show"]


def _complete(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    from chores_infra.cli.completion import kind_fields

    return kind_fields(incomplete)


@click.command("show")
@click.argument("target", metavar="KIND[.FIELD...]", shell_complete=_complete)
@format_option('{"apiVersion", "kind", "path", "types", "values", "defaults", "fields", ...}.')
@debug_option
def kinds_show(target: str, output_format: str) -> None:
    """Show what a field may hold, its default, and the fields below it.

    Such as Deployment.spec.strategy, apps/v1/Deployment.spec, or Pod.spec.containers[].ports[]; where kinds
    of several groups have one name, gateway.networking.k8s.io/Gateway tells which.
    """
    from chores_infra.configuration import find_configuration
    from chores_infra.kinds import extended
    from chores_infra.kinds.describing import as_data, as_text, describe

    with extended(*find_configuration(Path.cwd()).schemas) as catalog:
        found = describe(catalog, target)
    click.echo(json.dumps(as_data(found), indent=2) if output_format == "json" else as_text(found))
