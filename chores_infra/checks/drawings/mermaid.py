"""A graph as Mermaid, which GitHub and most wikis draw.

Source: https://mermaid.js.org/syntax/flowchart.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chores_infra.checks.drawings.groups import grouped
from chores_infra.checks.graph import Graph, State

__all__ = ["render"]

_CLASSES: Final = {
    State.MADE: "fill:#eef,stroke:#88a",
    State.EXTERNAL: "stroke-dasharray:4 3,fill:#f6f6f6,stroke:#888",
    State.MISSING: "fill:#fdd,stroke:#c00,color:#900",
}


def render(graph: Graph) -> str:
    """A flow chart from left to right, with a group for each Application and namespace."""
    return "\n".join(_lines(graph)) + "\n"


def _lines(graph: Graph) -> Iterator[str]:
    yield "flowchart LR"
    names = {node: f"n{number}" for number, node in enumerate(graph.nodes)}
    for number, (application, namespaces) in enumerate(grouped(graph).items()):
        if application is not None:
            yield f'  subgraph a{number}["{_text(application)}"]'
        for inner, (namespace, nodes) in enumerate(namespaces.items()):
            if namespace is not None:
                yield f'    subgraph a{number}s{inner}["{_text(namespace)}"]'
            for node in nodes:
                style = f":::{node.state}" if node.state in _CLASSES else ""
                yield f'      {names[node.id]}["{_text(node.kind)}<br/>{_text(node.name)}"]{style}'
            if namespace is not None:
                yield "    end"
        if application is not None:
            yield "  end"
    for edge in graph.edges:
        arrow = "-.->" if edge.optional else "-->"
        yield f"  {names[edge.source]} {arrow} {names[edge.target]}"
    for state, style in _CLASSES.items():
        yield f"  classDef {state} {style}"


def _text(text: str) -> str:
    """Text inside quotes; what Mermaid would obey is written as an entity."""
    return "".join(char if char.isalnum() or char in "-./_ " else f"#{ord(char)};" for char in text)
