"""Which routes get no request, as the controllers order them."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from chores_infra.checks.traefik_rules import alternatives_of

Found = Callable[..., dict[str, str]]


def route(*routes: tuple[str, int], points: str = "[web]", tls: bool = False, name: str = "a") -> str:
    """An IngressRoute with rules and their priorities, 0 for none."""
    listed = "".join(
        f"  - {{match: {json.dumps(rule)}, priority: {priority}, services: [{{name: s, port: 80}}]}}\n"
        for rule, priority in routes
    )
    return (
        f"apiVersion: traefik.io/v1alpha1\nkind: IngressRoute\nmetadata: {{name: {name}, namespace: shop}}\n"
        f"spec:\n  entryPoints: {points}\n{'  tls: {}' if tls else ''}\n  routes:\n{listed}"
    )


HOST = "Host(`a.example.com`)"
API = f"{HOST} && PathPrefix(`/api`)"
SECOND = ["spec.routes[1].match"]


# https://doc.traefik.io/traefik/reference/routing-configuration/http/routing/rules-and-priority/
@pytest.mark.parametrize(
    ("routes", "paths"),
    [
        ([(HOST, 100), (API, 0)], SECOND),
        ([(HOST, 0), (API, 0)], []),  # the longer rule goes first
        ([(HOST, 100), (API, 101)], []),
        ([(HOST, 50), (API, 50)], SECOND),  # which of the two is open
        ([(f"{HOST} || Host(`b.example.com`) || Host(`c.example.com`)", 0), (API, 0)], SECOND),
        ([("Host(`b.example.com`, `a.example.com`, `c.example.com`)", 0), (API, 0)], SECOND),
        ([("PathPrefix(`/`)", 500), (API, 0)], SECOND),
        ([("PathPrefix(`/ap`)", 500), (API, 0)], SECOND),  # a prefix of text, not of segments
        ([("Path(`/api`)", 500), (API, 0)], []),
        ([(f"{HOST} && PathPrefix(`/api/v1`)", 500), (API, 0)], []),
        ([(f"{HOST} && Method(`GET`)", 500), (API, 0)], []),
        ([(f"{HOST} && Method(`GET`)", 500), (f"{API} && Method(`GET`)", 0)], SECOND),
        ([("Host(`b.example.com`)", 500), (API, 0)], []),
        ([(f"{HOST} && !PathPrefix(`/api`)", 500), (API, 0)], []),
        ([("HostRegexp(`.+`)", 500), (API, 0)], []),  # patterns are never run
        ([(HOST, 500), (f"{HOST} && (Path(`/a`) || Path(`/b`))", 0)], SECOND),
        ([(f"{HOST} && Path(`/a`)", 500), (f"{HOST} && (Path(`/a`) || Path(`/b`))", 0)], []),
        ([(HOST, 9), (HOST, 0)], ["spec.routes[0].match"]),  # without a priority it is the length
        ([("Host(`a.example.com`", 100), (API, 0)], []),  # no rule at all
    ],
)
def test_traefik(found: Found, routes: list[tuple[str, int]], paths: list[str]) -> None:
    assert list(found("path-shadowed", route(*routes))) == paths


@pytest.mark.parametrize(
    ("first", "second", "shadowed"),
    [
        ({}, {}, True),
        ({"points": "[web, websecure]"}, {}, True),
        ({}, {"points": "[web, websecure]"}, False),  # it gets those of the other entry point
        ({"points": "[]"}, {"points": "[]"}, True),
        ({"points": "[]"}, {}, False),  # which are the default is not known
        ({"tls": True}, {}, False),  # plain requests pass by a router with TLS
        ({"tls": True}, {"tls": True}, True),
    ],
)
def test_traefik_across_routes(
    found: Found, first: dict[str, object], second: dict[str, object], shadowed: bool
) -> None:
    texts = {
        "a.yaml": route((HOST, 100), **first),  # type: ignore[arg-type]
        "b.yaml": route((API, 0), name="b", **second),  # type: ignore[arg-type]
    }
    said = "warning: IngressRoute/shop/a (a.yaml:8) takes its requests; its priority is 100"

    assert found("path-shadowed", texts) == ({"spec.routes[0].match": said} if shadowed else {})


@pytest.mark.parametrize(
    "rule",
    ["", "Host", "Host(", "Host()", "Host(a)", "&&", "(" * 200, "!" * 200, "Host(`a`) Host(`b`)", "`a`"],
)
def test_what_is_no_rule_of_traefik_is_not_understood(rule: str) -> None:
    assert alternatives_of(rule) is None


def test_a_rule_of_very_many_alternatives_is_not_compared() -> None:
    either = "(Path(`/a`) || Path(`/b`))"

    assert alternatives_of(" && ".join([either] * 6)) is not None
    assert alternatives_of(" && ".join([either] * 20)) is None


def virtual_service(*matches: str) -> str:
    rules = "".join(f"  - {{{match}route: [{{destination: {{host: s}}}}]}}\n" for match in matches)
    return (
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a, namespace: shop}\n"
        f"spec:\n  hosts: [a.example.com]\n  gateways: [main]\n  http:\n{rules}"
    )


# https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute
@pytest.mark.parametrize(
    ("matches", "paths"),
    [
        (["", "match: [{uri: {prefix: /api}}], "], ["spec.http[1]"]),
        (["match: [{uri: {prefix: /}}], ", "match: [{uri: {exact: /api}}], "], ["spec.http[1]"]),
        (["match: [{uri: {prefix: /api}}], ", ""], []),
        (["match: [{uri: {prefix: /api}}], ", "match: [{uri: {prefix: /api/v1}}], ", ""], ["spec.http[1]"]),
        (["match: [{headers: {x: {exact: a}}}], ", "match: [{uri: {prefix: /api}}], "], []),
        (
            [
                "match: [{headers: {x: {exact: a}}}], ",
                "match: [{headers: {x: {exact: a}}, uri: {prefix: /a}}], ",
            ],
            ["spec.http[1]"],
        ),
        (["match: [{uri: {prefix: /a}}], ", "match: [{uri: {prefix: /a}}, {uri: {prefix: /b}}], "], []),
        (["match: [{uri: {regex: '/.*'}}], ", "match: [{uri: {prefix: /a}}], "], []),
        (["match: [{port: 80}], ", ""], []),
    ],
)
def test_istio(found: Found, matches: list[str], paths: list[str]) -> None:
    assert list(found("path-shadowed", virtual_service(*matches))) == paths


def http_route(*matches: str) -> str:
    rules = "".join(f"  - {{{match}backendRefs: [{{name: s, port: 80}}]}}\n" for match in matches)
    return (
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: a, namespace: shop}\n"
        f"spec:\n  parentRefs: [{{name: g}}]\n  hostnames: [a.example.com]\n  rules:\n{rules}"
    )


# https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule
@pytest.mark.parametrize(
    ("matches", "paths"),
    [
        (["", "matches: [{path: {type: PathPrefix, value: /api}}], "], []),  # the longer path goes first
        (["", "matches: [{path: {type: PathPrefix, value: /}}], "], ["spec.rules[1].matches[0]"]),
        (
            ["matches: [{path: {value: /a}}], ", "matches: [{path: {type: PathPrefix, value: /a/}}], "],
            ["spec.rules[1].matches[0]"],
        ),
        (["matches: [{path: {value: /a}}], ", "matches: [{path: {type: Exact, value: /a}}], "], []),
        (["matches: [{path: {value: /a}}], ", "matches: [{path: {value: /a}, method: GET}], "], []),
        (
            [
                "matches: [{headers: [{name: x, value: a}, {name: y, value: b}]}], ",
                "matches: [{headers: [{name: y, value: b}, {name: x, value: a}]}], ",
            ],
            ["spec.rules[1].matches[0]"],
        ),
        (["", ""], ["spec.rules[1]"]),
    ],
)
def test_gateway_api(found: Found, matches: list[str], paths: list[str]) -> None:
    assert list(found("path-shadowed", http_route(*matches))) == paths


def ingress(*paths: str, annotations: str = "", kind: str = "Prefix") -> str:
    listed = "".join(
        f"      - {{path: {json.dumps(path)}, pathType: {kind}, backend: {{service: {{name: s}}}}}}\n"
        for path in paths
    )
    return (
        f"apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: a, namespace: shop, "
        f"annotations: {{{annotations}}}}}\nspec:\n  ingressClassName: nginx\n  rules:\n"
        f"  - host: a.example.com\n    http:\n      paths:\n{listed}"
    )


REGEX = "nginx.ingress.kubernetes.io/use-regex: 'true'"
REWRITE = "nginx.ingress.kubernetes.io/rewrite-target: /$2"


@pytest.mark.parametrize(
    ("paths", "annotations", "shadowed"),
    [
        (("/", "/api"), "", []),  # the longer path goes first
        (("/api", "/api/"), "", [1]),
        # https://kubernetes.github.io/ingress-nginx/user-guide/ingress-path-matching/
        (("/(.*)", "/api"), REGEX, [1]),
        (("/(.*)", "/api"), "", []),
        (("/()(.*)", "/api"), REWRITE, []),  # more than is read here
        (("/", "/api(/|$)(.*)"), REWRITE, []),
        (("/api(/|$)(.*)", "/api/v1"), REWRITE, [1]),
        (("/api(/|$)(.*)", "/apis"), REWRITE, []),
        (("/shop/.*", "/shop/a?b"), REGEX, []),
        (("/shop/.*", "/sho?"), REGEX, []),
    ],
)
def test_ingress(found: Found, paths: tuple[str, ...], annotations: str, shadowed: list[int]) -> None:
    kind = "ImplementationSpecific" if annotations else "Prefix"

    assert list(found("path-shadowed", ingress(*paths, annotations=annotations, kind=kind))) == [
        f"spec.rules[0].http.paths[{number}].path" for number in shadowed
    ]
