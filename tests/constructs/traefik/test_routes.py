"""IngressRoutes: hosts, destinations, TLS, and references to other objects."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from chores_infra.construct import Component, Tree
from chores_infra.constructs.config import Secret
from chores_infra.constructs.external_secrets import ExternalSecret, SecretStore, VaultKey
from chores_infra.constructs.services import ExternalNameService, Service, ServicePort
from chores_infra.constructs.traefik import (
    TLS,
    Backend,
    Domain,
    HealthCheck,
    Host,
    HostSNI,
    IngressRoute,
    Middleware,
    PassiveHealthCheck,
    PathPrefix,
    Route,
    ServersTransport,
    StickyCookie,
    StripPrefix,
    TLSOption,
    TLSStore,
    TraefikService,
    Weighted,
)
from chores_infra.errors import ConstructError

NEW: Literal["traefik.io/v1alpha1"] = "traefik.io/v1alpha1"
OLD = "traefik.containo.us/v1alpha1"
SERVICE = Service.existing("web", ports=[80])
TWO_PORTS = Service.existing(
    "web", ports=[ServicePort(name="http", number=80), ServicePort(name="metrics", number=9090)]
)
HOST = Host("shop.example.com")


def ingress(scope: Any, **arguments: Any) -> IngressRoute:
    return IngressRoute(
        scope, "ingress", **{"name": "web", "routes": {"shop.example.com": SERVICE}, **arguments}
    )


def test_the_seeds_ingress_route(tree: Tree, valid: Any) -> None:
    service = Service.existing("chores-tracker", ports=[80])
    made = ingress(
        tree,
        name="chores-tracker",
        namespace="chores-tracker",
        entry_points=["web"],
        routes={"chores.arigsela.com": service},
    )
    valid(made)
    assert made.manifest == {
        "apiVersion": "traefik.containo.us/v1alpha1",
        "kind": "IngressRoute",
        "metadata": {"name": "chores-tracker", "namespace": "chores-tracker"},
        "spec": {
            "entryPoints": ["web"],
            "routes": [
                {
                    "match": "Host(`chores.arigsela.com`)",
                    "kind": "Rule",
                    "services": [{"name": "chores-tracker", "port": 80}],
                }
            ],
        },
    }


@pytest.mark.parametrize("api_version", [OLD, NEW])
def test_everything_about_a_route(shop: Component, valid: Any, api_version: Any) -> None:
    strip = Middleware(
        shop, "strip", name="strip", spec=StripPrefix(prefixes=["/api"]), api_version=api_version
    )
    shared = Middleware.existing("compress", namespace="traefik")
    route = Route(
        match=HOST & PathPrefix("/api"),
        priority=100,
        middlewares=[strip, shared],
        services=[
            Backend(
                service=TWO_PORTS,
                port="http",
                weight=9,
                scheme="h2c",
                pass_host_header=False,
                servers_transport=ServersTransport.existing("slow"),
                sticky=StickyCookie(name="pod", secure=True, http_only=True, same_site="lax"),
                strategy="RoundRobin",
                flush_interval="100ms",
                native_lb=True,
            ),
            Backend(service=Service.existing("canary", namespace="canary"), port=8080, weight=1),
            Backend(service=TraefikService.existing("mirror"), weight=0),
        ],
    )
    assert valid(ingress(shop, routes=[route], api_version=api_version))["routes"] == [
        {
            "match": "Host(`shop.example.com`) && PathPrefix(`/api`)",
            "kind": "Rule",
            "priority": 100,
            "middlewares": [{"name": "strip"}, {"name": "compress", "namespace": "traefik"}],
            "services": [
                {
                    "name": "web",
                    "port": "http",
                    "weight": 9,
                    "scheme": "h2c",
                    "passHostHeader": False,
                    "serversTransport": "slow",
                    "sticky": {
                        "cookie": {"name": "pod", "secure": True, "httpOnly": True, "sameSite": "lax"}
                    },
                    "strategy": "RoundRobin",
                    "responseForwarding": {"flushInterval": "100ms"},
                    "nativeLB": True,
                },
                {"name": "canary", "namespace": "canary", "port": 8080, "weight": 1},
                {"name": "mirror", "kind": "TraefikService", "weight": 0},
            ],
        }
    ]


def test_what_only_the_newer_group_has(shop: Component, valid: Any, refused: Any) -> None:
    backend = Backend(
        service=SERVICE, strategy="p2c", sticky=StickyCookie(max_age=3600, path="/", domain="example.com")
    )
    routes = {"shop.example.com": backend}
    assert valid(ingress(shop, routes=routes, api_version=NEW))["routes"][0]["services"] == [
        {
            "name": "web",
            "port": 80,
            "sticky": {"cookie": {"maxAge": 3600, "path": "/", "domain": "example.com"}},
            "strategy": "p2c",
        }
    ]
    expected = {f"sticky.{name}" for name in ("max_age", "path", "domain")} | {"strategy"}
    problems = refused(lambda: IngressRoute(shop, "old", name="old", routes=routes))
    assert set(problems) == {f"routes.shop.example.com.{argument}" for argument in expected}
    problems = refused(
        lambda: IngressRoute(shop, "old", name="old", routes=[Route(match=HOST, services=[backend])])
    )
    assert set(problems) == {f"routes[0].services[0].{argument}" for argument in expected}


def test_a_transport_of_another_namespace(shop: Component, valid: Any) -> None:
    """Traefik has no field for its namespace: it is part of the name, with the provider's behind it."""
    transport = ServersTransport.existing("mtls", namespace="traefik")
    made = ingress(shop, routes={"shop.example.com": Backend(service=SERVICE, servers_transport=transport)})
    assert valid(made)["routes"][0]["services"][0]["serversTransport"] == "traefik-mtls@kubernetescrd"


@pytest.mark.parametrize("api_version", [OLD, NEW])
def test_tls(shop: Component, valid: Any, api_version: Any) -> None:
    secrets = ExternalSecret(
        shop,
        "certificate",
        name="certificate",
        target_name="shop-tls",
        store=SecretStore.existing("vault"),
        keys={"tls.crt": VaultKey(key="tls"), "tls.key": VaultKey(key="tls")},
    )
    by_secret = IngressRoute(
        shop,
        "by-secret",
        name="by-secret",
        routes={"shop.example.com": SERVICE},
        api_version=api_version,
        tls=TLS(
            secret=secrets,
            options=TLSOption.existing("modern", namespace="traefik"),
            store=TLSStore.existing("default"),
        ),
    )
    assert valid(by_secret)["tls"] == {
        "secretName": "shop-tls",
        "options": {"name": "modern", "namespace": "traefik"},
        "store": {"name": "default"},
    }
    by_resolver = IngressRoute(
        shop,
        "by-resolver",
        name="by-resolver",
        routes={"shop.example.com": SERVICE},
        api_version=api_version,
        tls=TLS(cert_resolver="letsencrypt", domains=[Domain(main="example.com", sans=["*.example.com"])]),
    )
    assert valid(by_resolver)["tls"] == {
        "certResolver": "letsencrypt",
        "domains": [{"main": "example.com", "sans": ["*.example.com"]}],
    }
    by_default = IngressRoute(
        shop,
        "default",
        name="default",
        routes={"shop.example.com": SERVICE},
        api_version=api_version,
        tls=TLS(),
    )
    assert valid(by_default)["tls"] == {}


@pytest.mark.parametrize(
    ("tls", "argument", "message"),
    [
        (TLS(secret=Secret.existing("tls", namespace="certs")), "tls.secret", "lives in namespace 'certs'"),
        (TLS(secret=Secret.existing("tls"), cert_resolver="le"), "tls.cert_resolver", "not both"),
        (TLS(domains=[Domain(main="*.*.example.com")]), "tls.domains[0].main", "host name"),
        (TLS(options=TLSStore.existing("default")), "tls.options", "TLSOption"),  # type: ignore[arg-type]
    ],
)
def test_tls_that_cannot_be(shop: Component, refused: Any, tls: TLS, argument: str, message: str) -> None:
    problems = refused(lambda: ingress(shop, tls=tls))
    assert list(problems) == [argument]
    assert message in problems[argument]


@pytest.mark.parametrize(
    ("routes", "argument", "message"),
    [
        ({}, "routes", "at least one route"),
        ([], "routes", "at least one route"),
        ({"https://shop.example.com": SERVICE}, "routes", "host name"),
        ({"shop.example.com": "web"}, "routes.shop.example.com", "a Service, a TraefikService or a Backend"),
        ({"shop.example.com": TWO_PORTS}, "routes.shop.example.com", "it has 80 (http), 9090 (metrics)"),
        ({"shop.example.com": Service.existing("web")}, "routes.shop.example.com", "not known"),
        (
            {"shop.example.com": Backend(service=SERVICE, port=81)},
            "routes.shop.example.com.port",
            "does not declare port 81: it has 80",
        ),
        (
            {"shop.example.com": Backend(service=TWO_PORTS, port="web")},
            "routes.shop.example.com.port",
            "does not declare port 'web'",
        ),
        (
            {"shop.example.com": Backend(service=TraefikService.existing("w"), port=80)},
            "routes.shop.example.com.port",
            "a TraefikService has its own",
        ),
        ([Route(match=HOST, service=SERVICE, port=443)], "routes[0].port", "it has 80"),
        ([Route(match=HOST)], "routes[0].service", "exactly one"),
        (
            [Route(match=HOST, service=SERVICE, services=[Backend(service=SERVICE)])],
            "routes[0].service",
            "exactly one",
        ),
        ([Route(match=HOST, services=[])], "routes[0].services", "at least one"),
        ([Route(match=HOST, port=80, services=[Backend(service=SERVICE)])], "routes[0].port", "each Backend"),
        ([Route(match=HOST, service=TraefikService.existing("w"), port=80)], "routes[0].port", "its own"),
        ([Route(match=HOST, service=SERVICE, priority=2**40)], "routes[0].priority", "2147483647"),
        (
            [Route(match=HOST, services=[Backend(service=SERVICE, flush_interval="1.5s")])],
            "routes[0].services[0].flush_interval",
            "whole numbers",
        ),
        ("shop.example.com", "routes", "a mapping or a list"),
    ],
)
def test_routes_that_cannot_be(
    shop: Component, refused: Any, routes: Any, argument: str, message: str
) -> None:
    problems = refused(lambda: ingress(shop, routes=routes))
    assert list(problems) == [argument]
    assert message in problems[argument]


def test_all_that_is_wrong_is_said_at_once(shop: Component) -> None:
    with pytest.raises(ConstructError) as caught:
        ingress(shop, name="Web", entry_points=["web secure"], api_version="traefik.io/v1")
    assert caught.value.path == "shop/ingress"
    assert [problem.argument for problem in caught.value.problems] == [
        "name",
        "entry_points[0]",
        "api_version",
    ]
    assert "ingress" not in shop.node.children


def test_services_outside_the_cluster_take_any_number(tree: Tree, valid: Any, refused: Any) -> None:
    outside = ExternalNameService(tree, "outside", name="outside", external_name="api.example.com")
    made = ingress(tree, routes={"shop.example.com": Backend(service=outside, port=443)})
    assert valid(made)["routes"][0]["services"] == [{"name": "outside", "port": 443}]
    named = Backend(service=outside, port="https")
    problems = refused(lambda: IngressRoute(tree, "named", name="n", routes={"shop.example.com": named}))
    assert "does not declare port 'https'" in problems["routes.shop.example.com.port"]


def test_middlewares_of_ours_are_of_the_same_group(shop: Component, refused: Any, valid: Any) -> None:
    newer = Middleware(shop, "m", name="strip", spec=StripPrefix(prefixes=["/api"]), api_version=NEW)
    route = Route(match=HOST, service=SERVICE, middlewares=[newer])
    assert (
        "use one group for both" in refused(lambda: ingress(shop, routes=[route]))["routes[0].middlewares[0]"]
    )
    assert valid(ingress(shop, routes=[route], api_version=NEW))


def test_hosts_outside_the_cluster_may_be_asked_whether_they_are_well(tree: Tree, valid: Any) -> None:
    outside = ExternalNameService(tree, "outside", name="outside", external_name="api.example.com")
    backend = Backend(
        service=outside,
        port=443,
        node_port_lb=False,
        health_check=HealthCheck(path="/healthz", interval="10s", status=204),
        passive_health_check=PassiveHealthCheck(max_failed_attempts=3, failure_window="1m"),
        middlewares=[Middleware.existing("strip", namespace="web")],
    )
    made = ingress(tree, routes={"shop.example.com": backend}, api_version=NEW)
    assert valid(made)["routes"][0]["services"] == [
        {
            "name": "outside",
            "port": 443,
            "nodePortLB": False,
            "healthCheck": {"path": "/healthz", "status": 204, "interval": "10s"},
            "passiveHealthCheck": {"maxFailedAttempts": 3, "failureWindow": "1m"},
            "middlewares": [{"name": "strip", "namespace": "web"}],
        }
    ]


@pytest.mark.parametrize(
    ("backend", "argument", "message"),
    [
        (Backend(service=SERVICE, health_check=HealthCheck(path="/")), "health_check", "pods have probes"),
        (Backend(service=SERVICE, node_port_lb=True), "node_port_lb", "use api_version="),
        (Backend(service=SERVICE, middlewares=[Middleware.existing("m")]), "middlewares", "use api_version="),
    ],
)
def test_options_of_backends_that_cannot_be(
    tree: Tree, refused: Any, backend: Backend, argument: str, message: str
) -> None:
    problems = refused(lambda: ingress(tree, routes={"shop.example.com": backend}))
    assert message in problems[f"routes.shop.example.com.{argument}"]


def test_what_routes_refer_to_is_of_the_same_group(shop: Component, refused: Any) -> None:
    """Traefik 3 would not see an object of the older group."""
    shares = Weighted(services=[Backend(service=SERVICE)])
    service = TraefikService(shop, "shares", name="shares", spec=shares)
    slow = Backend(service=SERVICE, servers_transport=ServersTransport(shop, "slow", name="slow"))
    modern = TLSOption(shop, "modern", name="modern")
    routes = [Route(match=HOST, service=service), Route(match=~HOST, services=[slow])]
    problems = refused(lambda: ingress(shop, routes=routes, tls=TLS(options=modern), api_version=NEW))
    assert list(problems) == ["routes[0].service", "routes[1].services[0].servers_transport", "tls.options"]
    assert all("use one group for both" in message for message in problems.values())


def test_rules_of_tcp_are_none_of_http(tree: Tree, refused: Any) -> None:
    route = Route(match=HOST & HostSNI("shop.example.com"), service=SERVICE)
    problems = refused(lambda: ingress(tree, routes=[route]))
    assert problems == {"routes[0].match": "HostSNI is no rule for routes of HTTP"}


def test_the_order_is_that_of_the_author(tree: Tree) -> None:
    hosts = ["b.example.com", "a.example.com", "c.example.com"]
    made = ingress(tree, routes=dict.fromkeys(hosts, SERVICE))
    matches = [route["match"] for route in made.manifest["spec"]["routes"]]
    assert matches == [f"Host(`{host}`)" for host in hosts]
