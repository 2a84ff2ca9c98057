"""Drawings of a graph: text for programs and for renderers, and a picture."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final

from chores_infra.checks.graph import Graph

__all__ = ["FORMATS", "draw"]

FORMATS: Final[tuple[str, ...]] = ("mermaid", "dot", "svg", "json")


def draw(graph: Graph, format: str) -> str:
    """The graph in one of the formats, ending with a newline.

    Raises:
        DrawingError: a picture was asked for, and Graphviz is not there or fails.
    """
    module = import_module(f"{__name__}.{'as_json' if format == 'json' else format}")
    render: Callable[[Graph], str] = module.render
    return render(graph)
