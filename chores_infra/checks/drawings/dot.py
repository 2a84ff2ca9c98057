"""A graph in the language of Graphviz.

Source: https://graphviz.org/doc/info/lang.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from chores_infra.checks.drawings.groups import grouped
from chores_infra.checks.graph import Graph, Node, State

__all__ = ["render"]

_BREAK: Final = "\n"
_STYLES: Final = {
    State.PRESENT: 'style="rounded,filled" fillcolor="#ffffff" color="#555555"',
    State.MADE: 'style="rounded,filled" fillcolor="#eef2ff" color="#6678aa"',
    State.EXTERNAL: 'style="rounded,dashed" color="#777777" fontcolor="#555555"',
    State.MISSING: 'style="rounded,filled" fillcolor="#ffe0e0" color="#cc0000" fontcolor="#990000"',
}


def render(graph: Graph) -> str:
    """A drawing from left to right; broken references are red, externals dashed."""
    return "\n".join(_lines(graph)) + "\n"


def _lines(graph: Graph) -> Iterator[str]:
    yield "digraph {"
    yield '  graph [rankdir=LR fontname="sans-serif" nodesep=0.15 ranksep=0.6 compound=true]'
    yield '  node [shape=box fontname="sans-serif" fontsize=10 margin="0.12,0.06"]'
    yield '  edge [color="#666666" arrowsize=0.6]'
    for number, (application, namespaces) in enumerate(grouped(graph).items()):
        if application is not None:
            yield f"  subgraph cluster_{number} {{"
            yield f'    label={_quoted(application)} style="rounded" color="#8899bb" fontsize=12'
        for inner, (namespace, nodes) in enumerate(namespaces.items()):
            if namespace is not None:
                yield f"    subgraph cluster_{number}_{inner} {{"
                yield f'      label={_quoted(namespace)} style="rounded,dotted" color="#aaaaaa" fontsize=10'
            for node in nodes:
                yield f"      {_quoted(node.id)} [{_label(node)} {_STYLES[node.state]}]"
            if namespace is not None:
                yield "    }"
        if application is not None:
            yield "  }"
    for edge in graph.edges:
        broken = graph.nodes[edge.target].state is State.MISSING
        style = 'color="#cc0000"' if broken else "style=dashed" if edge.optional else ""
        tooltip = f"tooltip={_quoted(edge.field)}"
        yield f"  {_quoted(edge.source)} -> {_quoted(edge.target)} [{style} {tooltip}]".replace("[ ", "[")
    yield "}"


def _label(node: Node) -> str:
    return f"label={_quoted(f'{node.kind}{_BREAK}{node.name}')} tooltip={_quoted(node.id)}"


def _quoted(text: str) -> str:
    """A quoted name; what cannot be printed is left out, because Graphviz would write it into the picture."""
    return json.dumps(
        "".join(char for char in text if char.isprintable() or char == _BREAK), ensure_ascii=False
    )
