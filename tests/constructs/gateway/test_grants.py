"""ReferenceGrants: made where a reference crosses a namespace, once, and never where nothing crosses."""

from __future__ import annotations

from typing import Any

import cdk8s
import pytest

from chores_infra.construct import Component, Manifest, Tree
from chores_infra.constructs.config import ConfigMap, Secret
from chores_infra.constructs.gateway import (
    ClientValidation,
    Gateway,
    GatewayClass,
    GrantFrom,
    GrantTo,
    GRPCRoute,
    GrpcRule,
    HTTPRoute,
    HttpRule,
    Listener,
    Mirror,
    ReferenceGrant,
)
from chores_infra.constructs.services import Service
from chores_infra.errors import ConstructError
from chores_infra.hosts.cdk8s import App, collect
from chores_infra.kubernetes_object import KubernetesObject
from chores_infra.rendering.yaml_text import dump_all

PUBLIC = Gateway.existing("public", namespace="edge")
ELSEWHERE = Service.existing("api", namespace="api", ports=[80])
LOCAL = Service.existing("web", ports=[80])


def route(scope: Any, id: str, *services: Service, **arguments: Any) -> HTTPRoute:
    rules = [HttpRule(backends=[service]) for service in services]
    return HTTPRoute(scope, id, name=id, parents=[PUBLIC], rules=rules, **arguments)


def grants(scope: Component) -> list[Manifest]:
    return [made.manifest for made in scope.node.host.objects() if isinstance(made, ReferenceGrant)]


def granted(kind: str, namespace: str, to_kind: str, name: str) -> Manifest:
    return {
        "from": [{"group": "gateway.networking.k8s.io", "kind": kind, "namespace": namespace}],
        "to": [{"group": "", "kind": to_kind, "name": name}],
    }


def test_a_service_of_another_namespace_gets_one(shop: Component, valid: Any) -> None:
    made = route(shop, "shop", ELSEWHERE, LOCAL)
    backends = [rule["backendRefs"] for rule in valid(made)["rules"]]
    assert backends == [[{"name": "api", "namespace": "api", "port": 80}], [{"name": "web", "port": 80}]]
    (grant,) = grants(shop)
    assert grant["metadata"] == {"name": "service-api-from-httproute-in-shop", "namespace": "api"}
    assert grant["spec"] == granted("HTTPRoute", "shop", "Service", "api")


def test_the_grant_is_what_the_api_server_takes(shop: Component, valid: Any) -> None:
    route(shop, "shop", ELSEWHERE)
    (made,) = [made for made in shop.node.host.objects() if isinstance(made, ReferenceGrant)]
    assert valid(made)
    assert made.manifest["apiVersion"] == "gateway.networking.k8s.io/v1beta1"


def test_several_routes_share_it(shop: Component) -> None:
    route(shop, "one", ELSEWHERE, ELSEWHERE)
    route(Component(shop, "part"), "two", ELSEWHERE)
    assert len(grants(shop)) == 1


def test_each_kind_and_namespace_has_its_own(shop: Component, tree: Tree) -> None:
    route(shop, "shop", ELSEWHERE)
    GRPCRoute(shop, "grpc", name="grpc", parents=[PUBLIC], rules=[GrpcRule(backends=[ELSEWHERE])])
    route(Component(tree, "blog", namespace="blog"), "blog", ELSEWHERE)
    names = [grant["metadata"]["name"] for grant in grants(shop)]
    assert names == [
        "service-api-from-httproute-in-shop",
        "service-api-from-grpcroute-in-shop",
        "service-api-from-httproute-in-blog",
    ]


def test_nothing_is_made_within_a_namespace_or_where_it_is_not_known(shop: Component) -> None:
    route(shop, "shop", LOCAL, Service.existing("other", namespace="shop", ports=[80]))
    assert grants(shop) == []


def test_a_mirror_needs_it_too(shop: Component) -> None:
    rule = HttpRule(filters=[Mirror(service=ELSEWHERE)], backends=[LOCAL])
    HTTPRoute(shop, "route", name="shop", parents=[PUBLIC], rules=[rule])
    assert [grant["spec"] for grant in grants(shop)] == [granted("HTTPRoute", "shop", "Service", "api")]


def test_a_gateways_certificates_and_authorities(shop: Component, valid: Any) -> None:
    tls = Secret.existing("wildcard", namespace="certificates")
    made = Gateway(
        shop,
        "gateway",
        name="public",
        gateway_class=GatewayClass.existing("a"),
        listeners=[Listener(name="https", port=443, protocol="HTTPS", certificates=[tls])],
        client_certificate=tls,
        client_validation=ClientValidation(
            ca_certificates=[ConfigMap.existing("ca", namespace="certificates")]
        ),
    )
    (listener,) = valid(made)["listeners"]
    reference = {"kind": "Secret", "name": "wildcard", "namespace": "certificates"}
    assert listener["tls"]["certificateRefs"] == [reference]
    assert [grant["spec"] for grant in grants(shop)] == [
        granted("Gateway", "shop", "Secret", "wildcard"),
        granted("Gateway", "shop", "ConfigMap", "ca"),
    ]


@pytest.mark.parametrize("to", [[ELSEWHERE], [GrantTo(kind="Service")]])
def test_one_that_is_there_will_do(shop: Component, valid: Any, to: Any) -> None:
    explicit = ReferenceGrant(
        shop,
        "grant",
        name="routes",
        namespace="api",
        allow_from=[GrantFrom(kind="HTTPRoute", namespace="shop")],
        to=to,
    )
    route(shop, "shop", ELSEWHERE)
    assert valid(explicit)
    assert len(grants(shop)) == 1


def test_another_party_may_make_it(shop: Component) -> None:
    route(shop, "shop", ELSEWHERE, grant_references=False)
    assert grants(shop) == []


def test_a_route_of_an_unknown_namespace_cannot_be_granted_anything(tree: Tree, refused: Any) -> None:
    assert refused(lambda: route(tree, "shop", ELSEWHERE)) == {
        "rules[0].backends[0].service": "Service 'api' lives in namespace 'api', which has to grant the "
        "reference; say in which namespace this object lives: namespace=..."
    }
    assert list(tree.objects()) == []


def test_a_grant_is_for_its_own_namespace(shop: Component, refused: Any) -> None:
    source = GrantFrom(kind="HTTPRoute", namespace="blog")
    assert list(
        refused(lambda: ReferenceGrant(shop, "grant", name="a", allow_from=[source], to=[ELSEWHERE]))
    ) == ["to[0]"]


def test_long_names_are_cut_and_stay_apart(shop: Component) -> None:
    services = [
        Service.existing("a" * 63, namespace="n" * 63, ports=[80]),
        Service.existing("a" * 62 + "b", namespace="n" * 63, ports=[80]),
    ]
    route(shop, "shop", *services)
    secrets = [Secret.existing("s" * 252 + end, namespace="other") for end in "ab"]
    Gateway(
        shop,
        "gateway",
        name="public",
        gateway_class=GatewayClass.existing("a"),
        listeners=[Listener(name="https", port=443, protocol="HTTPS", certificates=secrets)],
    )
    names = [grant["metadata"]["name"] for grant in grants(shop)]
    assert len(set(names)) == 4
    assert all(len(name) <= 253 and name.endswith("-in-shop") for name in names)


def test_a_failed_component_leaves_no_grant_behind(tree: Tree) -> None:
    class Broken(Component):
        def __init__(self, scope: Any, id: str) -> None:
            super().__init__(scope, id, namespace="shop")
            route(self, "shop", ELSEWHERE)
            raise ConstructError.of(self.node.path, "", "broken")

    with pytest.raises(ConstructError, match="broken"):
        Broken(tree, "broken")
    assert list(tree.objects()) == []


def test_both_hosts_give_the_same_bytes() -> None:
    def build(scope: Any) -> None:
        shop = Component(scope, "shop", namespace="shop", labels={"app": "shop"})
        route(shop, "10", ELSEWHERE, LOCAL)
        route(shop, "2", ELSEWHERE)
        route(Component(shop, "blog", namespace="blog"), "blog", ELSEWHERE)

    tree = Tree()
    build(tree)
    app = App()
    build(cdk8s.Chart(app, "chart", disable_resource_name_hashes=True))
    collected = [made for made in collect(app) if isinstance(made, KubernetesObject)]
    ours = dump_all(made.manifest for made in tree.objects())
    assert ours == dump_all(made.manifest for made in collected)
    assert ours.count("kind: ReferenceGrant") == 2
