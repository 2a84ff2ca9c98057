"""Who needs whom, and what breaks without it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from chores_infra.checks.context import Context
from chores_infra.checks.drawings import draw
from chores_infra.checks.graph import Graph, State, graph_of, impact_of

SHOP = """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: credentials, namespace: shop}
spec: {secretStoreRef: {name: vault}, data: [{secretKey: TOKEN, remoteRef: {key: shop}}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - envFrom: [{secretRef: {name: credentials}}, {configMapRef: {name: extra, optional: true}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: extra, namespace: shop}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec: {rules: [{host: a.example.com, http: {paths: [{backend: {service: {name: web, port: {number: 80}}}}]}}]}
"""
APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd}
spec:
  source: {repoURL: https://example.com/infrastructure, path: shop}
  destination: {namespace: shop}
"""


@pytest.fixture
def graph(context: Callable[..., Context]) -> Graph:
    return graph_of(context({"apps/shop.yaml": APPLICATION, "shop/a.yaml": SHOP}))


def test_what_needs_a_secret_breaks_with_it_and_what_is_behind(graph: Graph) -> None:
    assert [
        (each.node.id, each.through, each.depth) for each in impact_of(graph, "Secret/shop/credentials")
    ] == [
        ("Deployment/shop/web", "Secret/shop/credentials", 1),
        ("Service/shop/web", "Deployment/shop/web", 2),
        ("Ingress/shop/web", "Service/shop/web", 3),
    ]


def test_a_store_takes_with_it_what_is_made_from_it(graph: Graph) -> None:
    broken = [each.node.id for each in impact_of(graph, "SecretStore/shop/vault")]

    assert broken[:3] == ["ExternalSecret/shop/credentials", "Secret/shop/credentials", "Deployment/shop/web"]


def test_what_is_optional_breaks_nothing(graph: Graph) -> None:
    assert impact_of(graph, "ConfigMap/shop/extra") == []


def test_a_namespace_takes_everything_in_it(context: Callable[..., Context]) -> None:
    graph = graph_of(context(SHOP + "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"))

    broken = {each.node.id for each in impact_of(graph, "Namespace/shop")}
    assert {"ConfigMap/shop/extra", "Ingress/shop/web", "Secret/shop/credentials"} <= broken


def test_a_circle_ends(context: Callable[..., Context]) -> None:
    middleware = (
        "apiVersion: traefik.io/v1alpha1\nkind: Middleware\nmetadata: {{name: {0}, namespace: shop}}\n"
        "spec: {{chain: {{middlewares: [{{name: {1}}}]}}}}\n"
    )
    graph = graph_of(context(middleware.format("a", "b") + "---\n" + middleware.format("b", "a")))

    assert [each.node.id for each in impact_of(graph, "Middleware/shop/a")] == ["Middleware/shop/b"]


def test_nodes_know_where_they_come_from(graph: Graph) -> None:
    states = {node.id: node.state for node in graph.nodes.values()}

    assert states["Deployment/shop/web"] is State.PRESENT
    assert states["Secret/shop/credentials"] is State.MADE
    assert states["SecretStore/shop/vault"] is State.MISSING
    assert graph.nodes["Deployment/shop/web"].application == "shop"
    assert graph.nodes["Secret/shop/credentials"].application == "shop"


def test_one_application_has_what_is_beside_it(context: Callable[..., Context]) -> None:
    other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other, namespace: blog}\n"
    graph = graph_of(context({"apps/a.yaml": APPLICATION, "shop/a.yaml": SHOP, "blog/b.yaml": other}))

    assert "SecretStore/shop/vault" in graph.of_application("shop").nodes
    assert "ConfigMap/blog/other" not in graph.of_application("shop").nodes


def test_json_has_every_node_and_edge(graph: Graph) -> None:
    data = json.loads(draw(graph, "json"))

    assert {node["id"] for node in data["nodes"]} == set(graph.nodes)
    assert {
        "source": "Ingress/shop/web",
        "target": "Service/shop/web",
        "field": "spec.rules[0].http.paths[0].backend.service.name",
        "optional": False,
    } in data["edges"]


@pytest.mark.parametrize("format_", ["mermaid", "dot"])
def test_drawings_group_and_colour(graph: Graph, format_: str) -> None:
    text = draw(graph, format_)

    assert "subgraph" in text
    assert "vault" in text
    assert ("missing" if format_ == "mermaid" else "#cc0000") in text


@pytest.mark.parametrize("format_", ["mermaid", "dot"])
def test_names_cannot_break_out_of_a_drawing(context: Callable[..., Context], format_: str) -> None:
    name = '"a\\"]; click n0 call(x) \\n end"'
    hostile = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: shop}}\n"

    text = draw(graph_of(context(hostile)), format_)

    assert 'a"];' not in text
    assert "\n end" not in text
