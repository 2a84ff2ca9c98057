"""Who needs whom: the objects of a repository, and every reference between them."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chores_infra.checks.context import Context
from chores_infra.checks.providers import Provider
from chores_infra.checks.references import Reference
from chores_infra.checks.resolution import Presence, Resolution
from chores_infra.checks.resources import Resource
from chores_infra.rendering.field_path import format_path

__all__ = ["Edge", "Graph", "Impact", "Node", "State", "graph_of", "impact_of"]


class State(StrEnum):
    """Where an object comes from."""

    PRESENT = "present"
    """A manifest is it."""
    MADE = "made"
    """An operator makes it from a manifest."""
    EXTERNAL = "external"
    """Another party makes it, or may."""
    MISSING = "missing"
    """Nothing makes it, and something needs it."""


@dataclass(frozen=True, slots=True)
class Node:
    """One object; ``id`` is ``Kind/namespace/name``, or ``Kind/name`` for what lives in no namespace."""

    id: str
    kind: str
    namespace: str | None
    name: str
    application: str | None
    state: State
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """That one object needs another; ``field`` says where it says so, ``optional`` that it works without."""

    source: str
    target: str
    field: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes by their ids, and edges in the order of the files; ``application``: all is about this one."""

    nodes: Mapping[str, Node]
    edges: Sequence[Edge]
    application: str | None = None

    def of_application(self, name: str) -> Graph:
        """The objects of one Application, and those right beside them."""
        own = {node.id for node in self.nodes.values() if node.application == name}
        edges = [edge for edge in self.edges if edge.source in own or edge.target in own]
        ends = own | {end for edge in edges for end in (edge.source, edge.target)}
        return Graph({end: node for end, node in self.nodes.items() if end in ends}, edges, name)


@dataclass(frozen=True, slots=True)
class Impact:
    """One object that breaks with another: ``depth`` steps away, because it needs ``through``."""

    node: Node
    through: str
    field: str
    depth: int


def graph_of(context: Context) -> Graph:
    """The graph of a repository."""
    builder = _Builder()
    for resource in context.repository.resources:
        builder.add(resource)
    for reference, resolution in context.resolver.references:
        builder.refer(reference, resolution)
    for service in context.repository.of_kind("", "Service"):
        for pod in context.pods.of_service(service):
            builder.connect(builder.add(service), builder.add(pod.owner), "spec.selector")
    return Graph(builder.nodes, list(dict.fromkeys(builder.edges)))


def impact_of(graph: Graph, id: str) -> list[Impact]:
    """What breaks if an object goes: what needs it, and what needs that, the nearest first.

    What needs it only where it is there (an optional reference) does not break.
    """
    needs: dict[str, list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        if not edge.optional:
            needs[edge.target].append(edge)
    node = graph.nodes[id]
    if node.kind == "Namespace":
        inside = (each.id for each in graph.nodes.values() if each.namespace == node.name)
        needs[id] += (Edge(each, id, "metadata.namespace") for each in inside)
    found: dict[str, Impact] = {}
    queue = deque([(id, 0)])
    while queue:
        broken, depth = queue.popleft()
        for edge in needs[broken]:
            if edge.source != id and edge.source not in found:
                found[edge.source] = Impact(graph.nodes[edge.source], broken, edge.field, depth + 1)
                queue.append((edge.source, depth + 1))
    return sorted(found.values(), key=lambda each: (each.depth, each.node.id))


class _Builder:
    """A graph that is not complete yet."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.edges: list[Edge] = []

    def add(self, resource: Resource) -> str:
        """The node of a manifest."""
        application = None if resource.application is None else resource.application.name
        return self._node(
            Node(
                str(resource),
                resource.kind,
                resource.namespace,
                resource.name,
                application,
                State.PRESENT,
                resource.file,
                resource.position(("metadata", "name")).line,
            )
        )

    def refer(self, reference: Reference, resolution: Resolution) -> None:
        """The edge of a reference, with the node that it leads to."""
        if resolution.presence is Presence.BUILT_IN:
            return
        source = self.add(reference.source)
        field = format_path(reference.path)
        if resolution.providers:
            for provider in resolution.providers:
                self.connect(source, self._provided(provider), field, optional=reference.optional)
            return
        missing = resolution.presence is Presence.MISSING and not reference.optional
        state = State.MISSING if missing else State.EXTERNAL
        kind = reference.target.kind
        target = self._node(Node(str(reference), kind, reference.namespace, reference.name, None, state))
        self.connect(source, target, field, optional=reference.optional)

    def connect(self, source: str, target: str, field: str, *, optional: bool = False) -> None:
        """An edge; nothing needs itself."""
        if source != target:
            self.edges.append(Edge(source, target, field, optional))

    def _provided(self, provider: Provider) -> str:
        """The node of an object that is made, which needs what it is made from."""
        maker = self.add(provider.by)
        if not provider.is_made:
            return maker
        name = "/".join(filter(None, (provider.kind, provider.namespace, provider.name)))
        application = self.nodes[maker].application
        made = self._node(
            Node(name, provider.kind, provider.namespace, provider.name, application, State.MADE)
        )
        self.connect(made, maker, "makes it")
        return made

    def _node(self, node: Node) -> str:
        known = self.nodes.get(node.id)
        if known is None or (known.state is State.EXTERNAL and node.state is State.MISSING):
            self.nodes[node.id] = node
        return node.id
