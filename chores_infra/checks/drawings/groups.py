"""How a drawing groups nodes: by Application and, inside, by namespace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from chores_infra.checks.graph import Graph, Node

__all__ = ["grouped"]


def grouped(graph: Graph) -> Mapping[str | None, Mapping[str | None, Sequence[Node]]]:
    """The nodes by Application and namespace, in order; None holds those without."""
    found: dict[str | None, dict[str | None, list[Node]]] = defaultdict(lambda: defaultdict(list))
    for node in graph.nodes.values():
        found[node.application][node.namespace].append(node)
    return {
        application: {
            namespace: sorted(found[application][namespace], key=lambda node: node.id)
            for namespace in sorted(found[application], key=lambda each: each or "")
        }
        for application in sorted(found, key=lambda each: each or "")
    }
