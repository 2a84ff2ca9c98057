"""Pictures as people see them, in a window 1600 pixels wide."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chores_infra.checks.context import Context
from chores_infra.checks.graph import Edge, Graph, Node, State, graph_of
from chores_infra.checks.run import context_of
from chores_infra.checks.settings import Settings
from tests.checks.drawings.conftest import Seen

Show = Callable[[Graph], Seen]
RED = "rgb(204, 0, 0)"
LEGEND = 5


def legible(picture: Seen) -> None:
    assert picture.overlaps() == []
    assert picture.clipped == []
    assert picture.width <= 1600
    assert picture.smallest >= 8


def node(kind: str, name: str, application: str | None = "shop", state: State = State.PRESENT) -> Node:
    return Node(f"{kind}/shop/{name}", kind, "shop", name, application, state, "shop.yaml", 1)


def graph(*nodes: Node, edges: list[tuple[int, int]]) -> Graph:
    needs = [Edge(nodes[source].id, nodes[target].id, "spec.name") for source, target in edges]
    return Graph({each.id: each for each in nodes}, needs)


@pytest.mark.parametrize("tree", ["2025-12", "mistakes/41-canary-bypass/before"])
def test_a_whole_repository_is_legible_and_complete(seen: Show, shared: Path, tree: str) -> None:
    whole = graph_of(context_of([shared / "corpus" / tree], settings=Settings()))

    picture = seen(whole)

    legible(picture)
    assert {(each.state, each.name) for each in whole.nodes.values()} <= {
        (look, name) for look, name, *_ in picture.cards
    }


def test_the_picture_of_each_application_is_legible(seen: Show, shared: Path) -> None:
    whole = graph_of(context_of([shared / "corpus" / "2025-12"], settings=Settings()))
    applications = sorted({each.application for each in whole.nodes.values() if each.application})

    assert len(applications) > 10
    for name in applications:
        part = whole.of_application(name)
        picture = seen(part)
        legible(picture)
        assert {each.name for each in part.nodes.values()} <= {card[1] for card in picture.cards}


def test_broken_references_are_red_and_externals_dashed(seen: Show) -> None:
    picture = seen(
        graph(
            node("Deployment", "web"),
            node("Secret", "gone", None, State.MISSING),
            node("Secret", "vault", None, State.EXTERNAL),
            edges=[(0, 1), (0, 2)],
        )
    )

    cards = {name: (look, stroke, dashes) for look, name, stroke, dashes in picture.cards}
    assert cards["gone"] == ("missing", RED, "none")
    assert cards["vault"][::2] == ("external", "5px, 3px")
    assert cards["web"][::2] == ("present", "none")
    assert sorted(stroke == RED for stroke in picture.arrows) == [False, True]


def test_what_another_application_has_is_drawn_again_where_it_is_needed(seen: Show) -> None:
    picture = seen(
        graph(node("Ingress", "web"), node("ClusterIssuer", "letsencrypt", "certs"), edges=[(0, 1)])
    )

    legible(picture)
    names = [(look, name) for look, name, *_ in picture.cards if name]
    assert sorted(names) == [
        ("elsewhere", "letsencrypt"),
        ("present", "certs"),  # of the overview
        ("present", "letsencrypt"),
        ("present", "shop"),
        ("present", "web"),
    ]


def test_long_and_strange_names_stay_in_their_boxes(seen: Show) -> None:
    names = ["a" * 253, "a-" * 126, "注文" * 40, '<script>alert("x")</script>&amp;', "W" * 60, "\u202ea\x00b"]

    picture = seen(graph(*(node("Kind" * 20, name, name) for name in names), edges=[(0, 1), (1, 2)]))

    legible(picture)


def test_what_hundred_objects_need_is_still_legible(seen: Show) -> None:
    many = [node("ConfigMap", f"settings-of-number-{number}") for number in range(100)]

    legible(seen(graph(node("Deployment", "web"), *many, edges=[(0, each) for each in range(1, 101)])))


def test_many_objects_that_need_nothing_make_a_block(seen: Show) -> None:
    picture = seen(graph(*(node("ConfigMap", f"settings-of-number-{each}") for each in range(100)), edges=[]))

    legible(picture)
    height = max(text.bottom for text in picture.texts)
    assert 0.3 < height / picture.width < 3


def test_a_graph_of_nothing_is_a_picture(seen: Show, context: Callable[..., Context]) -> None:
    picture = seen(graph_of(context("")))

    legible(picture)
    assert len(picture.cards) == LEGEND
