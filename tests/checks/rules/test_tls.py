"""Which hosts are served without TLS, where others have it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SECURE = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec:
  tls: [{hosts: [shop.example.com], secretName: tls}]
  rules: [{host: shop.example.com, http: {paths: [{path: /, pathType: Prefix}]}}]
---
"""
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: x, namespace: shop{more}}}
spec:
  {tls}
  rules: [{{host: {host}, http: {{paths: [{{path: /, pathType: Prefix}}]}}}}]
"""
ROUTE = """\
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {{name: x, namespace: shop}}
spec:
  entryPoints: [{entry}]
  routes: [{{match: "Host(`{host}`)", kind: Rule, services: [{{name: x, port: 80}}]}}]
"""
GATEWAY = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: main, namespace: shop}}
spec: {{listeners: [{{name: a, protocol: {protocol}}}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: x, namespace: shop}}
spec: {{parentRefs: [{{name: main}}], hostnames: [blog.example.com], rules: [{{}}]}}
"""


def ingress(host: str = "blog.example.com", tls: str = "tls: []", more: str = "") -> str:
    return INGRESS.format(host=host, tls=tls, more=more)


@pytest.mark.parametrize(
    "text",
    [
        ingress(),
        ingress(tls="tls: [{hosts: [other.example.com]}]"),
        ROUTE.format(entry="web", host="blog.example.com"),
        GATEWAY.format(protocol="HTTP"),
    ],
)
def test_a_host_without_tls(found: Callable[..., dict[str, str]], text: str) -> None:
    (message,) = found("host-without-tls", SECURE + text).values()

    assert message == (
        "warning: blog.example.com is served without TLS, and others such as shop.example.com with it"
    )
    # Where no host has TLS, it may end before the cluster.
    assert not found("host-without-tls", text)


@pytest.mark.parametrize(
    "text",
    [
        ingress(tls="tls: [{secretName: tls}]"),
        ingress(tls="tls: [{hosts: ['*.example.com']}]"),
        ingress(more=", annotations: {traefik.ingress.kubernetes.io/router.tls: 'true'}"),
        ingress("blog.local"),
        ingress("blog"),
        ingress("blog.10.0.0.7"),
        ingress("shop.example.com"),  # a redirect to the route with TLS
        ROUTE.format(entry="websecure", host="blog.example.com"),
        GATEWAY.format(protocol="HTTPS"),
        GATEWAY.partition("---")[2].format(),  # of a Gateway that is not here nothing is known
    ],
)
def test_a_host_of_which_nothing_is_to_be_said(found: Callable[..., dict[str, str]], text: str) -> None:
    assert not found("host-without-tls", SECURE + text)
