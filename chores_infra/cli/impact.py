"""``chores-infra impact``: what breaks if an object goes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chores_infra.cli.options import debug_option, format_option
from chores_infra.cli.paths import from_here, paths_argument

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chores_infra.checks.graph import Impact

__all__ = ["impact"]


@click.command()
@click.argument("resource", metavar="KIND/NAMESPACE/NAME")
@paths_argument
@format_option('{"resource", "impacts": [{"resource", "through", "field", "depth", ...}]}.')
@debug_option
def impact(resource: str, paths: tuple[Path, ...], output_format: str) -> None:
    """List what breaks if an object goes: what needs it, and what is behind that.

    The object is KIND/NAMESPACE/NAME, or KIND/NAME for what lives in no namespace; it may be one that an
    operator or another party makes. PATH is as for validate.
    """
    from chores_infra.checks.graph import graph_of, impact_of
    from chores_infra.checks.run import context_of
    from chores_infra.configuration import find_configuration, nearest
    from chores_infra.errors import ConfigurationError

    configuration = find_configuration(Path.cwd())
    graph = graph_of(
        context_of(
            paths or (from_here(configuration.repository),),
            settings=configuration.check_settings(),
            releases=configuration.operators,
            schemas=configuration.schemas,
        )
    )
    if resource not in graph.nodes:
        hint = nearest(resource, graph.nodes) or "; write it like Secret/shop/credentials"
        raise ConfigurationError(f"nothing in the repository is or needs {resource!r}{hint}")
    found = impact_of(graph, resource)
    click.echo(_as_json(resource, found) if output_format == "json" else _as_text(resource, found))


def _as_text(resource: str, found: Sequence[Impact]) -> str:
    if not found:
        return f"nothing needs {resource}"
    lines = [f"without {resource}:"]
    for each in found:
        because = each.field if each.depth == 1 else f"{each.field}, which needs {each.through}"
        place = f"  {each.node.file}:{each.node.line}" if each.node.file else ""
        lines.append(f"{'  ' * each.depth}{each.node.id}  ({because}){place}")
    direct = sum(each.depth == 1 for each in found)
    lines.append(f"{direct} need it, {len(found) - direct} more are behind them")
    return "\n".join(lines)


def _as_json(resource: str, found: Sequence[Impact]) -> str:
    impacts = [
        {
            "resource": each.node.id,
            "application": each.node.application,
            "file": each.node.file,
            "line": each.node.line,
            "through": each.through,
            "field": each.field,
            "depth": each.depth,
        }
        for each in found
    ]
    return json.dumps({"resource": resource, "impacts": impacts}, indent=2, ensure_ascii=False)
