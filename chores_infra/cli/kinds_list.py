"""``chores-infra kinds list``: the kinds that are known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chores_infra.cli.options import debug_option, format_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chores_infra.kinds.listing import Listed

__all__ = ["kinds_list"]


@click.command("list")
@click.argument("word", metavar="[WORD]", default="")
@click.option(
    "--kube-version",
    metavar="RELEASE",
    help="Mark what this release of Kubernetes, such as 1.33, does not serve, and what is on its way out.",
)
@format_option('{"kinds": [{"apiVersion", "kind", "scope", "plural", "source", ...}]}.')
@debug_option
def kinds_list(word: str, kube_version: str | None, output_format: str) -> None:
    """List the kinds that are known.

    WORD is a part of their API version, name, scope, plural or source.
    """
    from chores_infra.configuration import find_configuration
    from chores_infra.kinds import extended
    from chores_infra.kinds.listing import listed

    with extended(*find_configuration(Path.cwd()).schemas) as catalog:
        found = listed(catalog, word, kube_version)
    click.echo(_as_json(found) if output_format == "json" else _as_text(found))


def _as_text(found: Sequence[Listed]) -> str:
    heads = ("APIVERSION", "KIND", "SCOPE", "PLURAL", "SOURCE")
    rows = [heads, *((k.api_version, k.kind, k.scope, k.plural, k.source) for k, _ in found)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    marks = ["", *(_mark(each) for each in found)]
    return "\n".join(f"{line}  {mark}".rstrip() for line, mark in zip(lines, marks, strict=True))


def _mark(listed: Listed) -> str:
    support = listed.support
    if support is None or support.status == "served":
        return ""
    return f"{support.status}{f'; use {support.instead}' if support.instead else ''}"


def _as_json(found: Sequence[Listed]) -> str:
    kinds = [
        {
            "apiVersion": kind.api_version,
            "kind": kind.kind,
            "scope": kind.scope,
            "plural": kind.plural,
            "source": kind.source,
            "status": support.status if support else None,
            "instead": support.instead if support else None,
        }
        for kind, support in found
    ]
    return json.dumps({"kinds": kinds}, indent=2)
