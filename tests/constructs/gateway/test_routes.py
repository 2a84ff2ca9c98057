"""Routes: parents, hosts, matches, what happens on the way, and Services by reference."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.cluster import Namespace
from chores_infra.constructs.config import Secret
from chores_infra.constructs.gateway import (
    Cors,
    Extension,
    Gateway,
    GatewayClass,
    GrpcMatch,
    GRPCRoute,
    GrpcRule,
    HttpBackend,
    HttpFilter,
    HttpMatch,
    HTTPRoute,
    HttpRule,
    Listener,
    Mirror,
    Redirect,
    Regex,
    RequestHeaders,
    ResponseHeaders,
    Rewrite,
)
from chores_infra.constructs.resource import Resource
from chores_infra.constructs.services import ExternalNameService, Service, ServicePort

PUBLIC = Gateway.existing("public", namespace="edge")
WEB = Service.existing("web", ports=[80])
API = Service.existing(
    "api", ports=[ServicePort(name="http", number=8080), ServicePort(name="grpc", number=9000)]
)


def route(shop: Component, *rules: HttpRule, **arguments: Any) -> HTTPRoute:
    given = {"parents": [PUBLIC], "rules": list(rules) or [HttpRule(backends=[WEB])], **arguments}
    return HTTPRoute(shop, "route", name="shop", **given)


def test_the_example_of_the_documentation(shop: Component, valid: Any) -> None:
    """https://gateway-api.sigs.k8s.io/guides/http-routing/ (bar-route)"""
    bar = Service.existing("bar-svc", ports=[8080])
    canary = Service.existing("bar-svc-canary", ports=[8080])
    made = route(
        shop,
        HttpRule(matches=[HttpMatch(headers={"env": "canary"})], backends=[canary]),
        HttpRule(backends=[bar]),
        parents=[Gateway.existing("example-gateway")],
        hostnames=["bar.example.com"],
    )
    assert valid(made) == {
        "parentRefs": [{"name": "example-gateway"}],
        "hostnames": ["bar.example.com"],
        "rules": [
            {
                "matches": [{"headers": [{"name": "env", "value": "canary"}]}],
                "backendRefs": [{"name": "bar-svc-canary", "port": 8080}],
            },
            {"backendRefs": [{"name": "bar-svc", "port": 8080}]},
        ],
    }


def test_everything_about_a_rule(shop: Component, valid: Any) -> None:
    extension = Resource(
        shop, "limit", api_version="example.com/v1", kind="RateLimit", name="limit", fields={}
    )
    rule = HttpRule(
        name="api",
        matches=[
            HttpMatch(
                path="/api",
                method="GET",
                headers={"X-Version": Regex("v[12]"), "X-Shop": "1"},
                query_params={"q": "a", "r": Regex(".+")},
            )
        ],
        filters=[
            RequestHeaders(set={"X-A": "1"}, add={"X-B": "2"}, remove=["X-C"]),
            ResponseHeaders(remove=["Server"]),
            Rewrite(hostname="api.internal", prefix="/"),
            Mirror(service=WEB, percent=10),
            Mirror(service=API, port="grpc", fraction=[1, 1000]),
            Cors(
                allow_origins=["https://*.example.com"],
                allow_credentials=True,
                allow_methods=["GET", "POST"],
                allow_headers=["X-A"],
                expose_headers=["X-B"],
                max_age=60,
            ),
            Extension(target=extension),
        ],
        backends=[
            HttpBackend(service=API, port="http", weight=9, filters=[RequestHeaders(set={"X-D": "3"})]),
            HttpBackend(service=ExternalNameService.existing("old", ports=[443]), weight=1),
        ],
        timeout="10s",
        backend_timeout="2s500ms",
    )
    assert valid(route(shop, rule))["rules"] == [
        {
            "name": "api",
            "matches": [
                {
                    "path": {"type": "PathPrefix", "value": "/api"},
                    "headers": [
                        {"type": "RegularExpression", "name": "X-Version", "value": "v[12]"},
                        {"name": "X-Shop", "value": "1"},
                    ],
                    "queryParams": [
                        {"name": "q", "value": "a"},
                        {"type": "RegularExpression", "name": "r", "value": ".+"},
                    ],
                    "method": "GET",
                }
            ],
            "filters": [
                {
                    "type": "RequestHeaderModifier",
                    "requestHeaderModifier": {
                        "set": [{"name": "X-A", "value": "1"}],
                        "add": [{"name": "X-B", "value": "2"}],
                        "remove": ["X-C"],
                    },
                },
                {"type": "ResponseHeaderModifier", "responseHeaderModifier": {"remove": ["Server"]}},
                {
                    "type": "URLRewrite",
                    "urlRewrite": {
                        "hostname": "api.internal",
                        "path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/"},
                    },
                },
                {
                    "type": "RequestMirror",
                    "requestMirror": {"backendRef": {"name": "web", "port": 80}, "percent": 10},
                },
                {
                    "type": "RequestMirror",
                    "requestMirror": {
                        "backendRef": {"name": "api", "port": 9000},
                        "fraction": {"numerator": 1, "denominator": 1000},
                    },
                },
                {
                    "type": "CORS",
                    "cors": {
                        "allowOrigins": ["https://*.example.com"],
                        "allowCredentials": True,
                        "allowMethods": ["GET", "POST"],
                        "allowHeaders": ["X-A"],
                        "exposeHeaders": ["X-B"],
                        "maxAge": 60,
                    },
                },
                {
                    "type": "ExtensionRef",
                    "extensionRef": {"group": "example.com", "kind": "RateLimit", "name": "limit"},
                },
            ],
            "backendRefs": [
                {
                    "name": "api",
                    "port": 8080,
                    "weight": 9,
                    "filters": [
                        {
                            "type": "RequestHeaderModifier",
                            "requestHeaderModifier": {"set": [{"name": "X-D", "value": "3"}]},
                        }
                    ],
                },
                {"name": "old", "port": 443, "weight": 1},
            ],
            "timeouts": {"request": "10s", "backendRequest": "2s500ms"},
        }
    ]


def test_a_redirect_needs_no_service(shop: Component, valid: Any) -> None:
    """https://gateway-api.sigs.k8s.io/guides/http-redirect-rewrite/"""
    redirect = Redirect(scheme="https", hostname="example.com", port=8443, path="/new", status_code=301)
    assert valid(route(shop, HttpRule(filters=[redirect])))["rules"] == [
        {
            "filters": [
                {
                    "type": "RequestRedirect",
                    "requestRedirect": {
                        "scheme": "https",
                        "hostname": "example.com",
                        "path": {"type": "ReplaceFullPath", "replaceFullPath": "/new"},
                        "port": 8443,
                        "statusCode": 301,
                    },
                }
            ]
        }
    ]


@pytest.mark.parametrize(
    ("match", "problem"),
    [
        (HttpMatch(path="api"), "expected a path that starts with '/', found 'api'"),
        (HttpMatch(path="/a//b"), "expected a path without //, found '/a//b'"),
        (HttpMatch(path="/a#b"), "expected a path without #, found '/a#b'"),
        (HttpMatch(path="/a/."), "expected a path without /. at the end, found '/a/.'"),
        (HttpMatch(path="/a b"), "expected the characters of a URL, others as %20, found '/a b'"),
        (HttpMatch(), "say which requests are meant; without matches a rule takes all"),
    ],
)
def test_paths_that_would_be_refused(shop: Component, refused: Any, match: HttpMatch, problem: str) -> None:
    found = refused(lambda: route(shop, HttpRule(matches=[match], backends=[WEB])))
    assert found == {"rules[0].matches[0].path": problem}


def rule(*filters: HttpFilter, **arguments: Any) -> HttpRule:
    return HttpRule(**{"filters": list(filters), "backends": [WEB], **arguments})


@pytest.mark.parametrize(
    ("made", "problems"),
    [
        (HttpRule(), ["backends"]),
        (rule(Redirect(scheme="https")), ["backends"]),
        (rule(Redirect(), backends=[]), ["filters[0]"]),
        (rule(Rewrite(path="/a", prefix="/b")), ["filters[0].prefix"]),
        (rule(Rewrite(prefix="/")), ["filters[0].prefix"]),
        (
            rule(Rewrite(prefix="/"), matches=[HttpMatch(path="/a", path_type="Exact")]),
            ["filters[0].prefix"],
        ),
        (
            rule(backends=[HttpBackend(service=WEB, filters=[Rewrite(prefix="/")])]),
            ["backends[0].filters[0].prefix"],
        ),
        (rule(Rewrite(path="/a"), Rewrite(path="/b")), ["filters[1]"]),
        (rule(Rewrite(path="/a"), Redirect(path="/b"), backends=[]), ["filters"]),
        (rule(RequestHeaders()), ["filters[0]"]),
        (rule(RequestHeaders(set={"X-A": "1"}, remove=["x-a"])), ["filters[0].remove[0]"]),
        (rule(Mirror(service=API)), ["filters[0].port"]),
        (rule(Mirror(service=WEB, percent=1, fraction=[1, 2])), ["filters[0].fraction"]),
        (rule(Mirror(service=WEB, fraction=[3, 2])), ["filters[0].fraction"]),
        (rule(Cors(allow_origins=["*", "https://a"])), ["filters[0].allow_origins"]),
        (rule(HttpFilter()), ["filters[0]"]),
        (rule(backends=[API]), ["backends[0]"]),
        (rule(backends=[HttpBackend(service=Service.existing("a"), port="http")]), ["backends[0].port"]),
        (rule(timeout="1s", backend_timeout="2s"), ["backend_timeout"]),
        (rule(matches=[HttpMatch(headers={"a": Regex("(")})]), ["matches[0].headers.a.pattern"]),
    ],
)
def test_rules_that_would_be_refused(
    shop: Component, refused: Any, made: HttpRule, problems: list[str]
) -> None:
    assert list(refused(lambda: route(shop, made))) == [f"rules[0].{problem}" for problem in problems]


def test_a_timeout_of_nothing_is_none_at_all(shop: Component, valid: Any) -> None:
    assert valid(route(shop, rule(timeout="0s", backend_timeout="2s")))


def test_all_rules_together_have_128_matches(shop: Component, refused: Any) -> None:
    many = HttpRule(matches=[HttpMatch(path=f"/{number}") for number in range(43)], backends=[WEB])
    assert refused(lambda: route(shop, many, many, many)) == {
        "rules": "expected at most 128 matches in all rules, found 129"
    }


class TestParents:
    def gateway(self, shop: Component, **arguments: Any) -> Gateway:
        tls = [Secret.existing("tls")]
        listeners = [
            Listener(name="http", port=80, **arguments),
            Listener(
                name="https",
                port=443,
                protocol="HTTPS",
                hostname="*.example.com",
                certificates=tls,
                **arguments,
            ),
            Listener(name="db", port=3306, protocol="TCP", **arguments),
        ]
        return Gateway(
            shop,
            "gateway",
            name="public",
            namespace="edge",
            gateway_class=GatewayClass.existing("a"),
            listeners=listeners,
        )

    def test_a_listener_a_whole_gateway_and_a_mesh(self, shop: Component, valid: Any) -> None:
        gateway = self.gateway(shop, routes_from="All")
        parents = [gateway.listener("https"), Gateway.existing("local"), WEB]
        assert valid(route(shop, parents=parents, hostnames=["shop.example.com"]))["parentRefs"] == [
            {"name": "public", "namespace": "edge", "sectionName": "https"},
            {"name": "local"},
            {"group": "", "kind": "Service", "name": "web"},
        ]

    @pytest.mark.parametrize(
        "host", ["shop.example.com", "a.b.example.com", "*.example.com", "*.a.example.com"]
    )
    def test_hosts_within_the_listeners(self, shop: Component, valid: Any, host: str) -> None:
        parents = [self.gateway(shop, routes_from="All").listener("https")]
        assert valid(route(shop, parents=parents, hostnames=[host]))["hostnames"] == [host]

    @pytest.mark.parametrize("host", ["example.com", "shop.example.org", "*.example.org"])
    def test_other_hosts_are_refused(self, shop: Component, refused: Any, host: str) -> None:
        parents = [self.gateway(shop, routes_from="All").listener("https")]
        assert refused(lambda: route(shop, parents=parents, hostnames=[host])) == {
            "hostnames[0]": f"no listener takes {host!r}; they are for *.example.com"
        }

    def test_a_listener_for_all_hosts_takes_any(self, shop: Component, valid: Any) -> None:
        assert valid(
            route(shop, parents=[self.gateway(shop, routes_from="All")], hostnames=["a.example.org"])
        )

    @pytest.mark.parametrize("routes_from", ["Same", [Namespace.existing("blog")]])
    def test_a_namespace_that_is_not_let_in(self, shop: Component, refused: Any, routes_from: Any) -> None:
        parents = [self.gateway(shop, routes_from=routes_from).listener("http")]
        assert refused(lambda: route(shop, parents=parents)) == {
            "parents[0]": "no listener (http) takes routes of namespace 'shop'; let one: "
            "Listener(..., routes_from=...)"
        }

    def test_a_protocol_that_is_another(self, shop: Component, refused: Any) -> None:
        parents = [self.gateway(shop, routes_from="All").listener("db")]
        assert list(refused(lambda: route(shop, parents=parents))) == ["parents[0]"]

    def test_parents_are_there_once(self, shop: Component, refused: Any) -> None:
        parents = [PUBLIC, PUBLIC, PUBLIC.listener("http")]
        assert refused(lambda: route(shop, parents=parents)) == {
            "parents[1]": "'Gateway edge/public' is there already, as parents[0]",
            "parents[2]": "Gateway 'public' as a whole is among the parents too",
        }


def test_names_of_rules_are_there_once(shop: Component, refused: Any) -> None:
    assert refused(lambda: route(shop, rule(name="a"), rule(name="a"))) == {
        "rules[1].name": "'a' is there already, as rules[0].name"
    }


def test_extensions_are_in_the_routes_namespace(shop: Component, refused: Any) -> None:
    extension = Extension(target=Secret.existing("a", namespace="other"))
    assert list(refused(lambda: route(shop, rule(extension)))) == ["rules[0].filters[0].target"]


class TestGrpc:
    def test_the_example_of_the_documentation(self, shop: Component, valid: Any) -> None:
        """https://gateway-api.sigs.k8s.io/guides/grpc-routing/ (foo-route), and a header"""
        made = GRPCRoute(
            shop,
            "route",
            name="foo-route",
            parents=[Gateway.existing("example-gateway")],
            hostnames=["foo.example.com"],
            rules=[
                GrpcRule(
                    name="login",
                    matches=[GrpcMatch(service="com.example", method="Login", headers={"magic": "foo"})],
                    filters=[RequestHeaders(set={"a": "b"})],
                    backends=[HttpBackend(service=API, port="grpc", weight=1)],
                ),
                GrpcRule(matches=[GrpcMatch(type="RegularExpression", service="com\\..*")], backends=[WEB]),
            ],
        )
        assert valid(made) == {
            "parentRefs": [{"name": "example-gateway"}],
            "hostnames": ["foo.example.com"],
            "rules": [
                {
                    "name": "login",
                    "matches": [
                        {
                            "method": {"type": "Exact", "service": "com.example", "method": "Login"},
                            "headers": [{"name": "magic", "value": "foo"}],
                        }
                    ],
                    "filters": [
                        {
                            "type": "RequestHeaderModifier",
                            "requestHeaderModifier": {"set": [{"name": "a", "value": "b"}]},
                        }
                    ],
                    "backendRefs": [{"name": "api", "port": 9000, "weight": 1}],
                },
                {
                    "matches": [{"method": {"type": "RegularExpression", "service": "com\\..*"}}],
                    "backendRefs": [{"name": "web", "port": 80}],
                },
            ],
        }

    @pytest.mark.parametrize(
        ("made", "problem"),
        [
            (GrpcRule(matches=[GrpcMatch()], backends=[WEB]), "matches[0].service"),
            (GrpcRule(matches=[GrpcMatch(service="a/b")], backends=[WEB]), "matches[0].service"),
            (GrpcRule(matches=[GrpcMatch(method="a.b")], backends=[WEB]), "matches[0].method"),
            (GrpcRule(filters=[Rewrite(path="/a")], backends=[WEB]), "filters[0]"),
            (GrpcRule(), "backends"),
        ],
    )
    def test_rules_that_would_be_refused(
        self, shop: Component, refused: Any, made: GrpcRule, problem: str
    ) -> None:
        found = refused(lambda: GRPCRoute(shop, "route", name="a", parents=[PUBLIC], rules=[made]))
        assert list(found) == [f"rules[0].{problem}"]
