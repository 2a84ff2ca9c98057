"""A graph as one JSON document."""

from __future__ import annotations

import json
from dataclasses import asdict

from chores_infra.checks.graph import Graph

__all__ = ["render"]


def render(graph: Graph) -> str:
    """``{"nodes": [{"id", "kind", ..., "state"}], "edges": [{"source", "target", "field", "optional"}]}``."""
    data = {
        "nodes": [asdict(node) for node in graph.nodes.values()],
        "edges": [asdict(edge) for edge in graph.edges],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
