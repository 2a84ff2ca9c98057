"""A graph as a picture, drawn by Graphviz."""

from __future__ import annotations

import subprocess
from typing import Final

from chores_infra.checks.drawings.dot import render as as_dot
from chores_infra.checks.graph import Graph
from chores_infra.errors import DrawingError

__all__ = ["render"]

_SECONDS: Final = 60
"""How long Graphviz may take; a graph of 400 objects takes about one second."""


def render(graph: Graph) -> str:
    """SVG, in which every node has its text and a tooltip.

    Raises:
        DrawingError: there is no ``dot``, or it fails.
    """
    try:
        done = subprocess.run(
            ["dot", "-Tsvg"],
            input=as_dot(graph),
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise DrawingError(
            "there is no program dot to draw with; install Graphviz (https://graphviz.org/download/), "
            "or take --format dot and draw it elsewhere"
        ) from None
    except subprocess.TimeoutExpired:
        raise DrawingError(
            f"Graphviz did not finish in {_SECONDS} seconds; draw one Application with --app"
        ) from None
    if done.returncode:
        raise DrawingError(f"Graphviz failed: {' '.join(done.stderr.split())[:300]}")
    return done.stdout
