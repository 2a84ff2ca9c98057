"""What a picture of a repository shows: a panel for each Application, and one that shows how they depend.

One drawing of everything has arrows all over it. Here an object is drawn in the panel of its Application, and
what an Application needs of another is drawn again beside what needs it, as a pointer to where it stands.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from chores_infra.checks.graph import Edge, Graph, Node, State

__all__ = ["ELSEWHERE", "Arrow", "Card", "Panel", "overview_of", "panels_of"]

ELSEWHERE = "elsewhere"
"""The look of a pointer to another panel; the other looks are the states of nodes."""


class Card(NamedTuple):
    """A box: what stands in it from top to bottom, what it looks like, and which panel it points to."""

    kind: str
    name: str
    note: str
    look: str
    namespace: str | None
    tooltip: str
    points_to: str | None = None


class Arrow(NamedTuple):
    """From one card of a panel to another, by their keys."""

    source: str
    target: str
    fields: Sequence[str]
    optional: bool
    broken: bool


class Panel(NamedTuple):
    """Cards by the ids of their nodes, and the arrows between them."""

    title: str
    cards: Mapping[str, Card]
    arrows: Sequence[Arrow]

    def namespaces(self) -> list[str]:
        """The namespaces of its cards, sorted."""
        return sorted({card.namespace for card in self.cards.values() if card.namespace is not None})


def panels_of(graph: Graph) -> Sequence[Panel]:
    """A panel for each Application, and for each namespace with objects of none; the largest first.

    What nothing in the repository makes stands wherever it is needed. Of a graph of one Application there is
    only its panel, with what points into it as well.
    """
    homes = {node.id: home for node in graph.nodes.values() if (home := _home(node)) is not None}
    cards: dict[str, dict[str, Card]] = defaultdict(dict)
    edges: dict[str, list[Edge]] = defaultdict(list)
    for node, home in homes.items():
        cards[home][node] = _card(graph.nodes[node])
    for edge in graph.edges:
        home = homes[edge.source]
        cards[home].setdefault(edge.target, _card(graph.nodes[edge.target], homes.get(edge.target)))
        edges[home].append(edge)
    only = None if graph.application is None else _of_application(graph.application)
    if only is not None:
        for edge in graph.edges:
            if homes[edge.source] != only and homes.get(edge.target) == only:
                cards[only].setdefault(edge.source, _card(graph.nodes[edge.source], homes[edge.source]))
                edges[only].append(edge)
    found = [
        Panel(home, dict(sorted(cards[home].items())), _arrows(graph, edges[home]))
        for home in cards
        if only in (None, home)
    ]
    return sorted(found, key=lambda panel: (-len(panel.cards), panel.title))


def overview_of(panels: Sequence[Panel]) -> Panel:
    """One card for each panel, and an arrow where one needs something of another."""
    cards = {}
    for panel in panels:
        looks = Counter(card.look for card in panel.cards.values())
        missing, here = looks[State.MISSING], len(panel.cards) - looks[ELSEWHERE]
        note = f"{here} object{'s' * (here != 1)}" + (f", {missing} missing" if missing else "")
        kind, _, name = panel.title.partition(" ")
        look = State.MISSING if missing else State.PRESENT
        cards[panel.title] = Card(kind, name, note, look, None, panel.title, panel.title)
    needs: dict[tuple[str, str], list[str]] = defaultdict(list)
    for panel in panels:
        for arrow in panel.arrows:
            target = panel.cards[arrow.target].points_to
            if target is not None:
                needs[panel.title, target].append(f"{arrow.source} needs {arrow.target}")
    arrows = [
        Arrow(source, target, sorted(set(why)), optional=False, broken=False)
        for (source, target), why in sorted(needs.items())
    ]
    return Panel("How they depend on each other", cards, arrows)


def _home(node: Node) -> str | None:
    """The title of the panel in which a node stands; none has what nothing in the repository makes."""
    if node.application is not None:
        return _of_application(node.application)
    if node.state in (State.EXTERNAL, State.MISSING):
        return None
    return "cluster objects of no Application" if node.namespace is None else f"namespace {node.namespace}"


def _of_application(name: str) -> str:
    return f"Application {name}"


def _card(node: Node, home: str | None = None) -> Card:
    where = "" if node.file is None else f" in {node.file}:{node.line}"
    tooltip = f"{node.id} ({node.state}){where}"
    if home is None:
        return Card(node.kind, node.name, "", node.state, node.namespace, tooltip)
    return Card(node.kind, node.name, home, ELSEWHERE, None, tooltip, home)


def _arrows(graph: Graph, edges: Iterable[Edge]) -> Sequence[Arrow]:
    """One arrow for all references of one object to another."""
    grouped: dict[tuple[str, str], list[Edge]] = defaultdict(list)
    for edge in edges:
        grouped[edge.source, edge.target].append(edge)
    return [
        Arrow(
            source,
            target,
            [edge.field for edge in same],
            optional=all(edge.optional for edge in same),
            broken=graph.nodes[target].state is State.MISSING,
        )
        for (source, target), same in grouped.items()
    ]
