"""Whatever routes, policies and Certificates take, the API server takes: the schemas of their kinds say so.

Parts are drawn that go together or do not; what a construct refuses is none of this test's business. Kinds
that are built in are held to a second validator too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from chores_infra import kinds
from chores_infra.construct import Tree
from chores_infra.constructs import cert_manager, gateway, networking
from chores_infra.constructs.cluster import Namespace
from chores_infra.constructs.config import Secret
from chores_infra.constructs.scheduling import LabelSelector
from chores_infra.constructs.services import Service, ServicePort
from chores_infra.constructs.workloads import Deployment
from chores_infra.errors import ConstructError
from chores_infra.kubernetes_object import KubernetesObject


def some(choices: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=choices)


def among(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


def mostly(*right: Any, wrong: list[Any]) -> st.SearchStrategy[Any]:
    """Values of which most are right: parts are many, and one that is wrong refuses the whole."""
    return st.integers(0, 19).flatmap(lambda dice: among(*right) if dice else among(*wrong))


def lists(strategy: st.SearchStrategy[Any], least: int = 0, most: int = 3) -> st.SearchStrategy[list[Any]]:
    return st.lists(strategy, min_size=least, max_size=most)


def check(make: Callable[[Tree], KubernetesObject], *, built_in: bool = False) -> None:
    """Hold everything that the construct makes, grants included, to the schemas."""
    tree = Tree(namespace="shop")
    try:
        make(tree)
    except ConstructError:
        assert list(tree.objects()) == []
        return
    for made in tree.objects():
        assert [str(problem) for problem in kinds.validate(made.manifest)] == []
        if built_in:
            kubernetes_validate.validate(made.manifest, "1.33", strict=True)


WEB = Deployment.existing("web", selector={"app": "web"}, ports=[8000])
DATABASE = Deployment.existing("db", namespace="data", selector={"app": "db"}, ports=[3306])
BARE = Deployment.existing("bare")
PEERS = mostly(
    WEB,
    DATABASE,
    Namespace.existing("monitoring"),
    networking.Pods(selector=LabelSelector(match_labels={"a": "b"}), namespaces=LabelSelector()),
    networking.IpBlock("10.0.0.0/8", except_=["10.1.0.0/16"]),
    networking.Dns(),
    networking.Anywhere(),
    wrong=[BARE, networking.IpBlock("::/0", except_=["10.0.0.0/8"])],
)
ALLOWED = (
    PEERS
    | st.builds(networking.Allow, PEERS, ports=mostly([8000], wrong=[[], [networking.PolicyPort(1, end=9)]]))
    | st.builds(networking.Allow, PEERS, every_port=st.booleans())
)


@given(
    selects=mostly(WEB, LabelSelector(), wrong=[DATABASE]),
    limits=some({"allow_from": lists(ALLOWED), "allow_to": lists(ALLOWED)}),
)
def test_network_policies(selects: Any, limits: dict[str, Any]) -> None:
    check(
        lambda tree: networking.NetworkPolicy(tree, "made", name="a", selects=selects, **limits),
        built_in=True,
    )


WEB_SERVICE = Service.existing("web", ports=[ServicePort(name="http", number=80)])
FAR_SERVICE = Service.existing("far", namespace="far", ports=[ServicePort(name="http", number=80)])
TWO_PORTS = Service.existing(
    "api", ports=[ServicePort(name="http", number=80), ServicePort(name="b", number=81)]
)
SERVICES = mostly(WEB_SERVICE, FAR_SERVICE, wrong=[TWO_PORTS, Service.existing("unknown")])
LOCAL_SERVICES = mostly(WEB_SERVICE, wrong=[FAR_SERVICE, TWO_PORTS])
SERVICE_PORTS = mostly(None, 80, "http", wrong=[81, "b"])
HOSTS = among("shop.example.com", "*.example.com", "example.org")
ISSUER = cert_manager.ClusterIssuer.existing("letsencrypt")
CERTIFICATE = cert_manager.Certificate(
    Tree(namespace="shop"), "tls", name="tls", issuer=ISSUER, dns_names=["*.example.com"]
)
FAR_SECRET = Secret.existing("far", namespace="certificates")
CERTIFICATES = among(CERTIFICATE, Secret.existing("tls"), FAR_SECRET)
INGRESS_PATHS = st.builds(
    networking.IngressPath,
    path=mostly("/", "/api", "/a/b", wrong=["/a//b", "/a/.."]),
    type=among("Prefix", "Exact", "ImplementationSpecific"),
    service=LOCAL_SERVICES,
    port=SERVICE_PORTS,
)


@given(
    routes=st.dictionaries(HOSTS | st.just("*"), LOCAL_SERVICES | lists(INGRESS_PATHS, least=1), max_size=2),
    options=some(
        {
            "ingress_class": st.just(networking.IngressClass.existing("nginx")),
            "default_backend": LOCAL_SERVICES,
            "tls": lists(
                mostly(CERTIFICATE, Secret.existing("tls"), wrong=[FAR_SECRET])
                | st.builds(
                    networking.IngressTLS,
                    hosts=among(None, ["shop.example.com"]),
                )
            ),
        }
    ),
)
def test_ingresses(routes: dict[str, Any], options: dict[str, Any]) -> None:
    check(lambda tree: networking.Ingress(tree, "made", name="a", routes=routes, **options), built_in=True)


ROUTES_FROM = among("Same", "All", LabelSelector(), [Namespace.existing("shop")])
LISTENERS = st.builds(
    gateway.Listener,
    name=among("a", "b", "c", "d", "e"),
    port=among(80, 443, 8080, 8443, 65535),
    protocol=mostly("HTTP", wrong=["HTTPS", "UDP"]),
    hostname=among(None, "shop.example.com", "*.example.com"),
    routes_from=ROUTES_FROM,
    route_kinds=among(None, [gateway.RouteKind(kind="HTTPRoute")]),
) | st.builds(
    gateway.Listener,
    name=among("f", "g", "h"),
    port=among(80, 443, 8443),
    protocol=mostly("HTTPS", "TLS", wrong=["TCP", "HTTP"]),
    hostname=among(None, "shop.example.com", "*.example.com"),
    certificates=lists(CERTIFICATES, least=1),
    tls_mode=mostly(None, "Terminate", wrong=["Passthrough"]),
    tls_options=among(None, {"a.b/c": "d"}),
    routes_from=ROUTES_FROM,
)


@given(listeners=lists(LISTENERS, least=1))
def test_gateways(listeners: list[gateway.Listener]) -> None:
    public = gateway.GatewayClass.existing("public")
    check(lambda tree: gateway.Gateway(tree, "made", name="a", gateway_class=public, listeners=listeners))


TEXTS = mostly("1", gateway.Regex("a+"), wrong=[gateway.Regex("(")])
MATCHES = some(
    {
        "path": mostly("/", "/api", "/a%20b", wrong=["api", "/%zz", "/a/../b", "/a?b"]),
        "path_type": among("PathPrefix", "Exact", "RegularExpression"),
        "method": among("GET", "PATCH"),
        "headers": st.dictionaries(mostly("a", "X-B", wrong=["c d"]), TEXTS, max_size=2),
        "query_params": st.dictionaries(among("a", "b"), TEXTS, max_size=2),
    }
).map(lambda given: gateway.HttpMatch(**{"path": "/shop", **given}))
NEW_PATHS = mostly({"path": "/new"}, {"path": ""}, wrong=[{"prefix": "/"}, {}, {"path": "/", "prefix": ""}])
HEADERS = mostly(
    {"set": {"a": "1"}},
    {"add": {"b": "1"}, "remove": ["c"]},
    wrong=[{}, {"set": {"a": "1"}, "add": {"A": "1"}}, {"remove": ["a", "a"]}],
)
FILTERS = st.one_of(
    NEW_PATHS.map(lambda given: gateway.Rewrite(**given)),
    HEADERS.map(lambda given: gateway.RequestHeaders(**given)),
    HEADERS.map(lambda given: gateway.ResponseHeaders(**given)),
    st.builds(
        gateway.Mirror,
        service=SERVICES,
        percent=mostly(None, 0, 100, wrong=[101]),
    ),
    st.builds(
        gateway.Mirror, service=SERVICES, fraction=mostly([1, 2], [0, 1], wrong=[[2, 1], [0, 0], [-1, 1]])
    ),
    st.builds(
        gateway.Cors,
        allow_origins=mostly(None, ["*"], ["https://*.a:80"], wrong=[["*", "https://a"], ["a"]]),
        allow_methods=mostly(None, ["GET"], ["*"], wrong=[["GET", "*"], ["GET", "GET"]]),
    ),
    st.just(gateway.Extension(target=Secret.existing("a"))),
)
BACKENDS = SERVICES | st.builds(
    gateway.HttpBackend,
    service=SERVICES,
    port=SERVICE_PORTS,
    weight=among(None, 0, 1),
    filters=lists(FILTERS, most=1),
)
RULES = st.builds(
    gateway.HttpRule,
    matches=lists(MATCHES, most=2),
    filters=lists(FILTERS, most=2),
    backends=lists(BACKENDS, least=1, most=2),
    timeout=among(None, "0s", "2s"),
    backend_timeout=mostly(None, "500ms", wrong=["3s"]),
) | NEW_PATHS.map(
    lambda given: gateway.HttpRule(filters=[gateway.Redirect(scheme="https", status_code=308, **given)])
)
KNOWN = gateway.Gateway.existing(
    "known",
    namespace="edge",
    listeners=[
        gateway.Listener(name="http", port=80, routes_from="All"),
        gateway.Listener(name="tls", port=443, protocol="TLS", hostname="*.example.com"),
    ],
)
PARENTS = mostly(
    [KNOWN],
    [KNOWN.listener("http"), gateway.Gateway.existing("a"), Service.existing("mesh")],
    wrong=[[], [KNOWN, KNOWN], [KNOWN, KNOWN.listener("http")], [KNOWN.listener("tls")]],
)


@given(parents=PARENTS, hostnames=st.none() | lists(HOSTS, least=1), rules=lists(RULES, least=1, most=2))
def test_http_routes(parents: list[Any], hostnames: list[str] | None, rules: list[gateway.HttpRule]) -> None:
    check(
        lambda tree: gateway.HTTPRoute(
            tree, "made", name="a", parents=parents, hostnames=hostnames, rules=rules
        )
    )


CALLS = some(
    {
        "service": mostly("shop.Orders", wrong=["a/b", "1a"]),
        "method": mostly("Get", wrong=["a.b"]),
        "type": among("Exact", "RegularExpression"),
        "headers": st.dictionaries(among("a", "b"), TEXTS, max_size=2),
    }
).map(lambda given: gateway.GrpcMatch(**{"method": "List", **given}))
GRPC_RULES = st.builds(
    gateway.GrpcRule,
    matches=lists(CALLS, most=2),
    filters=lists(HEADERS.map(lambda given: gateway.RequestHeaders(**given)), most=1),
    backends=lists(SERVICES, least=1, most=2),
)


@given(rules=lists(GRPC_RULES, least=1, most=2))
def test_grpc_routes(rules: list[gateway.GrpcRule]) -> None:
    check(lambda tree: gateway.GRPCRoute(tree, "made", name="a", parents=[KNOWN], rules=rules))


@given(
    arguments=some(
        {
            "common_name": mostly("shop", wrong=["a" * 65]),
            "duration": mostly("2160h", "24h", wrong=["59m", "1h"]),
            "renew_before": mostly("5m", "2h", wrong=["4m", "2160h"]),
            "private_key": mostly(
                cert_manager.PrivateKey(),
                cert_manager.PrivateKey(algorithm="RSA", size=2048, rotation_policy="Always"),
                wrong=[
                    cert_manager.PrivateKey(algorithm="ECDSA", size=2048),
                    cert_manager.PrivateKey(algorithm="Ed25519", size=256),
                ],
            ),
            "signature_algorithm": mostly("SHA256WithRSA", wrong=["PureEd25519"]),
            "usages": lists(among("server auth", "s/mime"), least=1),
            "encode_usages_in_request": st.booleans(),
            "is_ca": mostly(True, wrong=[False]),
            "jks": st.just(cert_manager.JksKeystore(password=Secret.existing("p").key("p"))),
            "additional_output_formats": mostly(["DER"], ["CombinedPEM", "DER"], wrong=[["DER", "DER"]]),
            "secret_labels": among({}, {"a": "b"}),
        }
    ),
    names=mostly({"dns_names": ["shop.example.com"]}, {"uris": ["spiffe://a"]}, wrong=[{}]),
)
def test_certificates(arguments: dict[str, Any], names: dict[str, Any]) -> None:
    check(lambda tree: cert_manager.Certificate(tree, "made", name="a", issuer=ISSUER, **names, **arguments))
