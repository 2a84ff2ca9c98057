"""Routes of TCP and UDP."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.config import Secret
from chores_infra.constructs.services import Service
from chores_infra.constructs.traefik import (
    ALPN,
    TCPTLS,
    ClientIP,
    Host,
    HostSNI,
    InFlightConn,
    IngressRouteTCP,
    IngressRouteUDP,
    MiddlewareTCP,
    MiddlewareTCPSpec,
    ServersTransportTCP,
    TCPBackend,
    TCPIpAllowList,
    TCPIpWhiteList,
    TCPRoute,
    UDPBackend,
)

OLD: Any = "traefik.containo.us/v1alpha1"
NEW: Any = "traefik.io/v1alpha1"
DATABASE = Service.existing("postgres", ports=[5432])
ELSEWHERE = Service.existing("postgres", namespace="db", ports=[5432])
BACKEND = TCPBackend(service=DATABASE)
ANY = TCPRoute(match=HostSNI("*"), services=[BACKEND])


def route(scope: Any, routes: list[TCPRoute], api_version: Any = NEW, **options: Any) -> IngressRouteTCP:
    return IngressRouteTCP(scope, "route", name="db", routes=routes, api_version=api_version, **options)


@pytest.mark.parametrize("api_version", [OLD, NEW])
def test_connections_of_an_entry_point(shop: Component, valid: Any, api_version: Any) -> None:
    made = route(shop, [ANY], api_version, entry_points=["postgres"])
    assert valid(made) == {
        "entryPoints": ["postgres"],
        "routes": [{"match": "HostSNI(`*`)", "services": [{"name": "postgres", "port": 5432}]}],
    }
    assert made.manifest["apiVersion"] == api_version


def test_everything_about_a_route(shop: Component, valid: Any) -> None:
    few = MiddlewareTCP(shop, "few", name="few", spec=InFlightConn(amount=10), api_version=NEW)
    transport = ServersTransportTCP.existing("proxied", namespace="db")
    backend = TCPBackend(
        service=ELSEWHERE,
        port=5432,
        weight=3,
        native_lb=True,
        node_port_lb=False,
        tls=True,
        servers_transport=transport,
    )
    match = HostSNI("db.example.com") & ALPN("postgresql") & ~ClientIP("10.0.0.0/8")
    made = route(
        shop,
        [TCPRoute(match=match, services=[backend, BACKEND], middlewares=[few], priority=10)],
        tls=TCPTLS(secret=Secret.existing("db-tls")),
    )
    assert valid(made) == {
        "routes": [
            {
                "match": "HostSNI(`db.example.com`) && ALPN(`postgresql`) && !ClientIP(`10.0.0.0/8`)",
                "priority": 10,
                "middlewares": [{"name": "few"}],
                "services": [
                    {
                        "name": "postgres",
                        "namespace": "db",
                        "port": 5432,
                        "weight": 3,
                        "nativeLB": True,
                        "nodePortLB": False,
                        "tls": True,
                        "serversTransport": "db-proxied@kubernetescrd",
                    },
                    {"name": "postgres", "port": 5432},
                ],
            }
        ],
        "tls": {"secretName": "db-tls"},
    }


def test_pods_may_speak_tls_themselves(shop: Component, valid: Any) -> None:
    by_name = TCPRoute(match=HostSNI("db.example.com"), services=[BACKEND])
    assert valid(route(shop, [by_name], tls=TCPTLS(passthrough=True)))["tls"] == {"passthrough": True}


def test_traefik_2_has_the_transport_at_the_backend(shop: Component, valid: Any) -> None:
    backend = TCPBackend(service=DATABASE, proxy_protocol=2, termination_delay=100)
    made = route(shop, [TCPRoute(match=HostSNI("*"), services=[backend])], OLD)
    assert valid(made)["routes"][0]["services"] == [
        {"name": "postgres", "port": 5432, "proxyProtocol": {"version": 2}, "terminationDelay": 100}
    ]


@pytest.mark.parametrize(
    ("routes", "options", "argument", "message"),
    [
        ([], {}, "routes", "at least one"),
        ([TCPRoute(match=Host("a"), services=[BACKEND])], {}, "routes[0].match", "no rule for routes of TCP"),
        (
            [TCPRoute(match=HostSNI("*") | ~HostSNI("a.example.com"), services=[BACKEND])],
            {},
            "routes[0].match",
            "only TLS says that 'a.example.com' is meant",
        ),
        (
            [TCPRoute(match=HostSNI("*"), services=[TCPBackend(service=DATABASE, port=80)])],
            {},
            "routes[0].services[0].port",
            "does not declare port 80",
        ),
        ([TCPRoute(match=HostSNI("*.a"), services=[BACKEND])], {}, "routes[0].match.name", "'*' for any"),
        (
            [ANY],
            {"tls": TCPTLS(passthrough=True, cert_resolver="a")},
            "tls.cert_resolver",
            "the pods have the certificate",
        ),
        (
            [ANY],
            {"tls": TCPTLS(secret=Secret.existing("tls", namespace="web"))},
            "tls.secret",
            "lives in namespace 'web'",
        ),
    ],
)
def test_routes_that_cannot_be(
    shop: Component, refused: Any, routes: Any, options: dict[str, Any], argument: str, message: str
) -> None:
    problems = refused(lambda: route(shop, routes, **options))
    assert list(problems) == [argument]
    assert message in problems[argument]


def test_what_the_older_group_does_not_have(shop: Component, refused: Any) -> None:
    backend = TCPBackend(
        service=DATABASE, node_port_lb=True, tls=True, servers_transport=ServersTransportTCP.existing("t")
    )
    routes = [TCPRoute(match=HostSNI("*"), services=[backend])]
    place = "routes[0].services[0]"
    assert list(refused(lambda: route(shop, routes, OLD))) == [
        f"{place}.node_port_lb",
        f"{place}.tls",
        f"{place}.servers_transport",
    ]


def test_middlewares_of_ours_are_of_the_same_group(shop: Component, refused: Any) -> None:
    few = MiddlewareTCP(shop, "few", name="few", spec=InFlightConn(amount=10))
    routes = [TCPRoute(match=HostSNI("*"), services=[BACKEND], middlewares=[few])]
    problems = refused(lambda: route(shop, routes))
    assert "use one group for both" in problems["routes[0].middlewares[0]"]


@pytest.mark.parametrize("api_version", [OLD, NEW])
def test_packets_of_udp(shop: Component, valid: Any, api_version: Any) -> None:
    dns = Service.existing("dns", ports=[53])
    made = IngressRouteUDP(
        shop,
        "dns",
        name="dns",
        services=[UDPBackend(service=dns, weight=1, native_lb=True)],
        entry_points=["dns"],
        api_version=api_version,
    )
    assert valid(made) == {
        "entryPoints": ["dns"],
        "routes": [{"services": [{"name": "dns", "port": 53, "weight": 1, "nativeLB": True}]}],
    }


def test_udp_takes_no_options_of_tcp(shop: Component, refused: Any) -> None:
    services = [UDPBackend(service=DATABASE, node_port_lb=True), BACKEND]
    problems = refused(lambda: IngressRouteUDP(shop, "dns", name="dns", services=services))
    assert list(problems) == ["services[0].node_port_lb", "services[1]"]


@pytest.mark.parametrize(
    ("spec", "api_version", "rendered"),
    [
        (TCPIpAllowList(source_range=["10.0.0.0/8"]), OLD, {"ipAllowList": {"sourceRange": ["10.0.0.0/8"]}}),
        (TCPIpAllowList(source_range=["::1"]), NEW, {"ipAllowList": {"sourceRange": ["::1"]}}),
        (TCPIpWhiteList(source_range=["::1"]), OLD, {"ipWhiteList": {"sourceRange": ["::1"]}}),
        (InFlightConn(amount=3), OLD, {"inFlightConn": {"amount": 3}}),
    ],
)
def test_middlewares(shop: Component, valid: Any, spec: Any, api_version: Any, rendered: Any) -> None:
    made = MiddlewareTCP(shop, "m", name="m", spec=spec, api_version=api_version)
    assert valid(made) == rendered


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (TCPIpWhiteList(source_range=["::1"]), "Traefik 3 dropped it"),
        (MiddlewareTCPSpec(), "says nothing by itself"),
    ],
)
def test_middlewares_that_cannot_be(shop: Component, refused: Any, spec: Any, message: str) -> None:
    problems = refused(lambda: MiddlewareTCP(shop, "m", name="m", spec=spec, api_version=NEW))
    assert message in problems["spec"]
