"""Gateways: listeners, certificates by reference, and whose routes they take."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.construct import Component, Tree
from chores_infra.constructs.cert_manager import Certificate, ClusterIssuer, Issuer
from chores_infra.constructs.cluster import Namespace
from chores_infra.constructs.config import ConfigMap, Secret
from chores_infra.constructs.gateway import (
    ClientValidation,
    Gateway,
    GatewayAddress,
    GatewayClass,
    Listener,
    RouteKind,
)
from chores_infra.constructs.resource import Resource
from chores_infra.constructs.scheduling import LabelSelector
from chores_infra.errors import ConstructError

CLASS = GatewayClass.existing("example")
SECRET = Secret.existing("tls")
HTTP = Listener(name="http", port=80)


def gateway(scope: Any, *listeners: Listener, **arguments: Any) -> Gateway:
    given = {"name": "public", "gateway_class": CLASS, "listeners": list(listeners) or [HTTP], **arguments}
    return Gateway(scope, "gateway", **given)


def certificate(shop: Component, *names: str) -> Certificate:
    issuer = ClusterIssuer.existing("letsencrypt")
    return Certificate(shop, "tls", name="shop-tls", issuer=issuer, dns_names=list(names))


def test_the_example_of_the_documentation(tree: Tree, valid: Any) -> None:
    """https://gateway-api.sigs.k8s.io/guides/tls/#listeners-with-different-certificates"""
    made = gateway(
        tree,
        Listener(
            name="foo-https",
            protocol="HTTPS",
            port=443,
            hostname="foo.example.com",
            certificates=[Secret.existing("foo-example-com-cert")],
        ),
        Listener(
            name="bar-https",
            protocol="HTTPS",
            port=443,
            hostname="bar.example.com",
            certificates=[Secret.existing("bar-example-com-cert")],
        ),
        name="tls-basic",
    )
    assert valid(made) == {
        "gatewayClassName": "example",
        "listeners": [
            {
                "name": f"{name}-https",
                "hostname": f"{name}.example.com",
                "port": 443,
                "protocol": "HTTPS",
                "tls": {
                    "mode": "Terminate",
                    "certificateRefs": [{"kind": "Secret", "name": f"{name}-example-com-cert"}],
                },
                "allowedRoutes": {"namespaces": {"from": "Same"}},
            }
            for name in ("foo", "bar")
        ],
    }


def test_everything_else(shop: Component, valid: Any) -> None:
    parameters = Resource(
        shop, "parameters", api_version="example.com/v1", kind="Parameters", name="small", fields={}
    )
    authority = ConfigMap.existing("clients", keys=["ca.crt"])
    made = gateway(
        shop,
        Listener(
            name="tls",
            port=443,
            protocol="TLS",
            hostname="*.example.com",
            tls_mode="Passthrough",
            tls_options={"example.com/tls": "modern"},
            routes_from=LabelSelector(match_labels={"public": "yes"}),
        ),
        Listener(
            name="http",
            port=80,
            routes_from=[Namespace.existing("shop"), Namespace.existing("blog")],
            route_kinds=[RouteKind(kind="HTTPRoute"), RouteKind(group="example.com", kind="FancyRoute")],
        ),
        Listener(name="dns", port=53, protocol="UDP", routes_from="All"),
        addresses=[
            GatewayAddress(value="192.0.2.1"),
            GatewayAddress(type="Hostname", value="edge.example.com"),
            GatewayAddress(type="example.com/pool"),
        ],
        infrastructure_labels={"team": "edge"},
        infrastructure_annotations={"example.com/internal": "true"},
        parameters=parameters,
        client_certificate=SECRET,
        client_validation=ClientValidation(ca_certificates=[authority]),
        client_validation_per_port={
            8443: ClientValidation(ca_certificates=[SECRET], mode="AllowInsecureFallback")
        },
        listener_sets_from="Same",
    )
    by_name = {"key": "kubernetes.io/metadata.name", "operator": "In", "values": ["shop", "blog"]}
    assert valid(made) == {
        "gatewayClassName": "example",
        "listeners": [
            {
                "name": "tls",
                "hostname": "*.example.com",
                "port": 443,
                "protocol": "TLS",
                "tls": {"mode": "Passthrough", "options": {"example.com/tls": "modern"}},
                "allowedRoutes": {
                    "namespaces": {"from": "Selector", "selector": {"matchLabels": {"public": "yes"}}}
                },
            },
            {
                "name": "http",
                "port": 80,
                "protocol": "HTTP",
                "allowedRoutes": {
                    "namespaces": {"from": "Selector", "selector": {"matchExpressions": [by_name]}},
                    "kinds": [
                        {"group": "gateway.networking.k8s.io", "kind": "HTTPRoute"},
                        {"group": "example.com", "kind": "FancyRoute"},
                    ],
                },
            },
            {
                "name": "dns",
                "port": 53,
                "protocol": "UDP",
                "allowedRoutes": {"namespaces": {"from": "All"}},
            },
        ],
        "addresses": [
            {"type": "IPAddress", "value": "192.0.2.1"},
            {"type": "Hostname", "value": "edge.example.com"},
            {"type": "example.com/pool"},
        ],
        "infrastructure": {
            "labels": {"team": "edge"},
            "annotations": {"example.com/internal": "true"},
            "parametersRef": {"group": "example.com", "kind": "Parameters", "name": "small"},
        },
        "allowedListeners": {"namespaces": {"from": "Same"}},
        "tls": {
            "backend": {"clientCertificateRef": {"kind": "Secret", "name": "tls"}},
            "frontend": {
                "default": {
                    "validation": {
                        "caCertificateRefs": [{"group": "", "kind": "ConfigMap", "name": "clients"}]
                    }
                },
                "perPort": [
                    {
                        "port": 8443,
                        "tls": {
                            "validation": {
                                "caCertificateRefs": [{"group": "", "kind": "Secret", "name": "tls"}],
                                "mode": "AllowInsecureFallback",
                            }
                        },
                    }
                ],
            },
        },
    }


def https(**arguments: Any) -> Listener:
    return Listener(**{"name": "https", "port": 443, "protocol": "HTTPS", **arguments})


class TestCertificates:
    def test_a_certificate_is_its_secret(self, shop: Component, valid: Any) -> None:
        listener = https(hostname="*.example.com", certificates=[certificate(shop, "*.example.com")])
        tls = valid(gateway(shop, listener))["listeners"][0]["tls"]
        assert tls["certificateRefs"] == [{"kind": "Secret", "name": "shop-tls"}]

    def test_one_for_other_hosts_is_refused(self, shop: Component, refused: Any) -> None:
        listener = https(hostname="example.com", certificates=[certificate(shop, "*.example.com")])
        assert refused(lambda: gateway(shop, listener)) == {
            "listeners[0].certificates": "none of them (shop-tls) is for example.com"
        }

    def test_an_issuer_makes_them_of_the_gateway(self, shop: Component) -> None:
        made = gateway(shop, https(certificates=[SECRET]), issuer=ClusterIssuer.existing("letsencrypt"))
        annotations = made.manifest["metadata"]["annotations"]
        assert annotations == {"cert-manager.io/cluster-issuer": "letsencrypt"}


@pytest.mark.parametrize(
    ("listeners", "problems"),
    [
        ([https()], ["listeners[0].certificates"]),
        ([https(tls_mode="Passthrough")], ["listeners[0].tls_mode"]),
        (
            [https(protocol="TLS", tls_mode="Passthrough", certificates=[SECRET])],
            ["listeners[0].certificates"],
        ),
        ([https(protocol="HTTP", certificates=[SECRET])], ["listeners[0].certificates"]),
        ([https(protocol="TCP", hostname="a.example.com")], ["listeners[0].hostname"]),
        ([HTTP, Listener(name="http", port=80)], ["listeners[1].name", "listeners[1].port"]),
        ([https(name="HTTPS", certificates=[SECRET])], ["listeners[0].name"]),
    ],
)
def test_listeners_that_would_be_refused(
    shop: Component, refused: Any, listeners: Any, problems: list[str]
) -> None:
    assert list(refused(lambda: gateway(shop, *listeners))) == problems


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"addresses": [GatewayAddress(value="a")]}, "addresses[0].value"),
        ({"addresses": [GatewayAddress(type="Hostname", value="A_b")]}, "addresses[0].value"),
        ({"addresses": [GatewayAddress(value="192.0.2.1")] * 2}, "addresses[1].value"),
        ({"parameters": ConfigMap.existing("a", namespace="other")}, "parameters"),
        ({"issuer": Issuer.existing("ca", namespace="other")}, "issuer"),
        (
            {"client_validation_per_port": {443: ClientValidation(ca_certificates=[SECRET])}},
            "client_validation",
        ),
    ],
)
def test_what_would_be_refused(shop: Component, refused: Any, arguments: Any, problem: str) -> None:
    assert list(refused(lambda: gateway(shop, **arguments))) == [problem]


class TestReferences:
    def test_a_listener_that_is_not_there(self, shop: Component) -> None:
        with pytest.raises(
            ConstructError, match="shop/gateway: listener: there is no listener 'https'; it has http"
        ):
            gateway(shop).listener("https")

    def test_another_partys_listeners_may_be_unknown(self) -> None:
        assert Gateway.existing("public").listener("https").name == "https"
        known = Gateway.existing("public", listeners=[HTTP])
        with pytest.raises(ConstructError, match="it has http"):
            known.listener("https")


def test_a_class_with_parameters(shop: Component, valid: Any) -> None:
    made = GatewayClass(
        shop,
        "class",
        name="example",
        controller="example.com/gateway-controller",
        parameters=ConfigMap.existing("gateways", namespace="gateways"),
        description="small",
    )
    assert valid(made) == {
        "controllerName": "example.com/gateway-controller",
        "parametersRef": {"group": "", "kind": "ConfigMap", "name": "gateways", "namespace": "gateways"},
        "description": "small",
    }
