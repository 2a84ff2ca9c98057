"""Which routes a Gateway takes: https://gateway-api.sigs.k8s.io/reference/spec/#allowedroutes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Found = Callable[..., dict[str, str]]

GATEWAY = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: main, namespace: edge}}
spec: {{gatewayClassName: c, listeners: [{}]}}
---
"""
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {public: 'yes'}}\n---\n"
ALL = "allowedRoutes: {namespaces: {from: All}}"
WEB = f"name: web, port: 80, protocol: HTTP, {ALL}"


def route(kind: str = "HTTPRoute", parent: str = "", namespace: str = "shop", hosts: str = "") -> str:
    return (
        f"apiVersion: gateway.networking.k8s.io/v1\nkind: {kind}\n"
        f"metadata: {{name: r, namespace: {namespace}}}\n"
        f"spec: {{parentRefs: [{{name: main, namespace: edge{parent}}}], hostnames: [{hosts}]}}\n"
    )


def listeners(*each: str) -> str:
    return GATEWAY.format(", ".join(f"{{{listener}}}" for listener in each))


SELECTOR = "name: web, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: %s}}"
BY_LABEL = SELECTOR % "{matchLabels: {public: 'yes'}}"
BY_OTHER = SELECTOR % "{matchLabels: {public: 'no'}}"
BY_NAME = SELECTOR % "{matchLabels: {kubernetes.io/metadata.name: blog}}"


@pytest.mark.parametrize(
    "text",
    [
        listeners(WEB) + route(),
        listeners("name: web, port: 80, protocol: HTTP") + route(namespace="edge"),
        listeners("name: web, port: 80, protocol: HTTP", WEB) + route(),  # one of them is enough
        listeners(WEB) + route(parent=", sectionName: web, port: 80"),
        listeners(WEB) + route("GRPCRoute"),
        listeners(f"name: t, port: 443, protocol: TLS, {ALL}") + route("TLSRoute"),
        listeners(f"name: t, port: 443, protocol: example.com/own, {ALL}") + route("TCPRoute"),
        listeners(f"{WEB}, hostname: '*.example.com'") + route(hosts="a.b.example.com"),
        listeners(f"{WEB}, hostname: a.example.com") + route(hosts="'*.example.com'"),
        listeners(f"{WEB}, hostname: a.example.com") + route(),
        listeners(f"{WEB}, hostname: a.example.com") + route(hosts="b.example.com, a.example.com"),
        listeners(BY_LABEL) + NAMESPACE + route(),
        listeners(BY_LABEL) + route(),  # labels that nobody here knows
        listeners(WEB) + route(parent=", kind: Service, group: ''"),
        route(),  # a Gateway that is somewhere else
    ],
)
def test_attached(found: Found, text: str) -> None:
    assert not found("route-not-attached", text)


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        (
            listeners("name: web, port: 80, protocol: HTTP") + route(),
            "spec.parentRefs[0].namespace",
            "error: Gateway/edge/main has listener web, which takes routes of its own namespace only",
        ),
        (
            listeners(WEB) + route(parent=", sectionName: wbe"),
            "spec.parentRefs[0].sectionName",
            "error: Gateway/edge/main has no listener wbe; it has web",
        ),
        (
            listeners(WEB) + route(parent=", port: 443"),
            "spec.parentRefs[0].port",
            "error: Gateway/edge/main has no such listener of port 443; it has 80",
        ),
        (
            listeners(WEB) + route("TCPRoute"),
            "spec.parentRefs[0].name",
            "error: Gateway/edge/main has listener web, which takes HTTPRoute, GRPCRoute only",
        ),
        (
            listeners("name: web, port: 80, protocol: HTTP, allowedRoutes: {kinds: [{kind: GRPCRoute}]}")
            + route(namespace="edge"),
            "spec.parentRefs[0].name",
            "error: Gateway/edge/main has listener web, which takes GRPCRoute only",
        ),
        (
            listeners(f"{WEB}, hostname: '*.example.com'") + route(hosts="example.com"),
            "spec.hostnames",
            "error: Gateway/edge/main has listener web, which takes *.example.com, "
            "and this route is for example.com",
        ),
        (
            listeners(BY_OTHER) + NAMESPACE + route(),
            "spec.parentRefs[0].namespace",
            "warning: Gateway/edge/main has listener web, which takes routes of namespaces with other labels "
            "than those of shop",
        ),
        (
            listeners(BY_NAME) + route(),
            "spec.parentRefs[0].namespace",
            "error: Gateway/edge/main has listener web, which takes routes of namespaces with other labels "
            "than those of shop",
        ),
    ],
)
def test_not_attached(found: Found, text: str, field: str, said: str) -> None:
    assert found("route-not-attached", text) == {field: said}
