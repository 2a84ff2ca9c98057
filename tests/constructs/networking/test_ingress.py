"""Ingresses: hosts, paths, Services, and certificates by reference."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.cert_manager import Certificate, ClusterIssuer, ExternalIssuer, Issuer
from chores_infra.constructs.config import Secret
from chores_infra.constructs.external_secrets import ExternalSecret
from chores_infra.constructs.networking import (
    Ingress,
    IngressBackend,
    IngressClass,
    IngressPath,
    IngressTLS,
)
from chores_infra.constructs.resource import Resource
from chores_infra.constructs.services import ExternalNameService, Service, ServicePort

WEB = Service.existing("web", ports=[80])
API = Service.existing(
    "api", ports=[ServicePort(name="http", number=80), ServicePort(name="grpc", number=9000)]
)
HOST = "shop.example.com"


def ingress(shop: Component, **arguments: Any) -> Ingress:
    return Ingress(shop, "ingress", **{"name": "shop", "routes": {HOST: WEB}, **arguments})


def to(name: str, port: int | str) -> dict[str, Any]:
    written = {"number": port} if isinstance(port, int) else {"name": port}
    return {"service": {"name": name, "port": written}}


def certificate(shop: Component, *names: str) -> Certificate:
    issuer = ClusterIssuer.existing("letsencrypt")
    return Certificate(shop, "tls", name="shop-tls", issuer=issuer, dns_names=list(names))


def test_the_example_of_the_kubernetes_documentation(shop: Component, valid: Any) -> None:
    """https://kubernetes.io/docs/concepts/services-networking/ingress/#tls"""
    service = Service.existing("service1", ports=[80])
    spec = valid(
        ingress(
            shop,
            routes={"https-example.foo.com": service},
            tls=[IngressTLS(hosts=["https-example.foo.com"], secret=Secret.existing("testsecret-tls"))],
        )
    )
    assert spec == {
        "tls": [{"hosts": ["https-example.foo.com"], "secretName": "testsecret-tls"}],
        "rules": [
            {
                "host": "https-example.foo.com",
                "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": to("service1", 80)}]},
            }
        ],
    }


def test_everything_about_routes(shop: Component, valid: Any) -> None:
    bucket = Resource(
        shop, "assets", api_version="example.com/v1", kind="StorageBucket", name="assets", fields={}
    )
    made = ingress(
        shop,
        ingress_class=IngressClass.existing("nginx"),
        default_backend=WEB,
        routes={
            HOST: [
                IngressPath(path="/api", service=API, port="http"),
                IngressPath(path="/api", type="Exact", service=API, port=9000),
                IngressPath(path="/re/[0-9]+//", type="ImplementationSpecific", service=WEB),
                IngressPath(path="/assets", resource=bucket),
            ],
            "*.example.com": IngressBackend(service=API, port="grpc"),
            "*": ExternalNameService.existing("old", ports=[443]),
        },
    )
    assert valid(made) == {
        "ingressClassName": "nginx",
        "defaultBackend": to("web", 80),
        "rules": [
            {
                "host": HOST,
                "http": {
                    "paths": [
                        {"path": "/api", "pathType": "Prefix", "backend": to("api", "http")},
                        {"path": "/api", "pathType": "Exact", "backend": to("api", 9000)},
                        {
                            "path": "/re/[0-9]+//",
                            "pathType": "ImplementationSpecific",
                            "backend": to("web", 80),
                        },
                        {
                            "path": "/assets",
                            "pathType": "Prefix",
                            "backend": {
                                "resource": {
                                    "apiGroup": "example.com",
                                    "kind": "StorageBucket",
                                    "name": "assets",
                                }
                            },
                        },
                    ]
                },
            },
            {
                "host": "*.example.com",
                "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": to("api", "grpc")}]},
            },
            {"http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": to("old", 443)}]}},
        ],
    }


class TestTLS:
    def test_a_certificate_serves_the_hosts_that_it_is_for(self, shop: Component, valid: Any) -> None:
        made = ingress(
            shop,
            routes={HOST: WEB, "other.example.org": WEB, "*": WEB},
            tls=[certificate(shop, "*.example.com")],
        )
        assert valid(made)["tls"] == [{"hosts": [HOST], "secretName": "shop-tls"}]

    def test_another_secret_serves_all(self, shop: Component, valid: Any) -> None:
        entries = [Secret.existing("a"), ExternalSecret.existing("b"), IngressTLS()]
        hosts = [HOST, "other.example.org"]
        made = ingress(shop, routes=dict.fromkeys(hosts, WEB), tls=entries)
        assert valid(made)["tls"] == [
            {"hosts": hosts, "secretName": "a"},
            {"hosts": hosts, "secretName": "b"},
            {"hosts": hosts},
        ]

    @pytest.mark.parametrize(
        ("issuer", "annotations"),
        [
            (ClusterIssuer.existing("letsencrypt"), {"cert-manager.io/cluster-issuer": "letsencrypt"}),
            (Issuer.existing("ca"), {"cert-manager.io/issuer": "ca"}),
            (
                ExternalIssuer(group="example.com", kind="PrivateIssuer", name="ca"),
                {
                    "cert-manager.io/issuer": "ca",
                    "cert-manager.io/issuer-kind": "PrivateIssuer",
                    "cert-manager.io/issuer-group": "example.com",
                },
            ),
        ],
    )
    def test_an_issuer_makes_the_secret(
        self, shop: Component, valid: Any, issuer: Any, annotations: dict[str, str]
    ) -> None:
        made = ingress(
            shop, issuer=issuer, tls=[IngressTLS(new_secret="shop-tls")], annotations={"team": "shop"}
        )
        assert valid(made)["tls"] == [{"hosts": [HOST], "secretName": "shop-tls"}]
        assert made.manifest["metadata"]["annotations"] == {"team": "shop", **annotations}


@pytest.mark.parametrize(
    ("arguments", "problems"),
    [
        ({"routes": None}, {"routes": "expected at least one route, or a default_backend"}),
        ({"routes": {HOST: []}}, {f"routes.{HOST}": "expected at least one path"}),
        (
            {"routes": {"10.0.0.1": WEB}},
            {"routes.10.0.0.1": "expected a host name, found an IP address; '*' is for requests to any host"},
        ),
        (
            {"routes": {HOST: [IngressPath(service=WEB), IngressPath(path="/", service=WEB)]}},
            {f"routes.{HOST}[1]": f"'/ (Prefix)' is there already, as routes.{HOST}[0]"},
        ),
        (
            {"routes": {HOST: API}, "default_backend": API},
            {
                f"routes.{HOST}": "say which port of Service 'api': it has 80 (http), 9000 (grpc); "
                "IngressBackend(service=..., port=...) says it",
                "default_backend": "say which port of Service 'api': it has 80 (http), 9000 (grpc); "
                "IngressBackend(service=..., port=...) says it",
            },
        ),
        (
            {"routes": {HOST: [IngressPath(service=WEB, port=81)]}},
            {f"routes.{HOST}[0].port": "Service 'web' does not declare port 81: it has 80"},
        ),
        (
            {"routes": {HOST: [IngressPath(), IngressPath(path="/a//b", service=WEB)]}},
            {
                f"routes.{HOST}[0].service": "give exactly one of service and resource",
                f"routes.{HOST}[1].path": "expected a path without //, found '/a//b'",
            },
        ),
        (
            {"routes": {HOST: [IngressPath(path="/a/..", service=WEB)]}},
            {f"routes.{HOST}[0].path": "expected a path without /.. at the end, found '/a/..'"},
        ),
        (
            {"routes": {HOST: IngressBackend(resource=Secret.existing("a"), port=80)}},
            {f"routes.{HOST}.port": "it belongs to service=...; another object has none"},
        ),
        (
            {"routes": {HOST: Service.existing("web", namespace="other", ports=[80])}},
            {
                f"routes.{HOST}": "Service 'web' lives in namespace 'other'; only one of namespace 'shop' "
                "can be used here"
            },
        ),
        (
            {"tls": [IngressTLS(new_secret="a"), IngressTLS(new_secret="a", secret=Secret.existing("b"))]},
            {
                "tls[1].new_secret": "the certificate is in a secret or cert-manager makes one, not both",
            },
        ),
        (
            {"tls": [IngressTLS(new_secret="a")]},
            {"tls[0].new_secret": "nobody makes it: give the Ingress an issuer as well"},
        ),
        (
            {
                "issuer": Issuer.existing("ca", namespace="other"),
                "annotations": {"cert-manager.io/issuer": "a"},
            },
            {
                "issuer": "say which Secret it makes: tls=[IngressTLS(new_secret=...)]",
                "annotations.cert-manager.io/issuer": "leave it to issuer=..., which sets it",
            },
        ),
    ],
)
def test_what_would_not_work(shop: Component, refused: Any, arguments: Any, problems: Any) -> None:
    assert refused(lambda: ingress(shop, **arguments)) == problems


def test_a_certificate_for_other_hosts_is_refused(shop: Component, refused: Any) -> None:
    other = certificate(shop, "other.example.com")
    entries = [other, IngressTLS(secret=other, hosts=["other.example.com", HOST])]
    assert refused(lambda: ingress(shop, tls=entries)) == {
        "tls[0]": f"Certificate 'shop-tls' is for none of the hosts: {HOST}",
        "tls[1].hosts[1]": f"Certificate 'shop-tls' is not for {HOST}",
    }


class TestIngressClass:
    def test_a_default_class_with_parameters(self, shop: Component, valid: Any) -> None:
        parameters = Resource(
            shop, "parameters", api_version="example.com/v1", kind="Parameters", name="external", fields={}
        )
        made = IngressClass(
            shop,
            "class",
            name="external",
            controller="example.com/ingress",
            default=True,
            parameters=parameters,
        )
        assert valid(made) == {
            "controller": "example.com/ingress",
            "parameters": {
                "apiGroup": "example.com",
                "kind": "Parameters",
                "name": "external",
                "scope": "Namespace",
                "namespace": "shop",
            },
        }
        assert made.manifest["metadata"] == {
            "name": "external",
            "annotations": {"ingressclass.kubernetes.io/is-default-class": "true"},
        }

    def test_what_would_not_work(self, shop: Component, refused: Any) -> None:
        made: dict[str, Any] = {
            "controller": "nginx",
            "parameters": Secret.existing("a"),
            "default": True,
            "annotations": {"ingressclass.kubernetes.io/is-default-class": "true"},
        }
        assert list(refused(lambda: IngressClass(shop, "class", name="a", **made))) == ["controller"]
        made["controller"] = "k8s.io/ingress-nginx"
        assert list(refused(lambda: IngressClass(shop, "class", name="a", **made))) == [
            "annotations",
            "parameters",
        ]
