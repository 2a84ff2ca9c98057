"""Services: the seed's, every type, and ports that lead somewhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra.construct import Component, Tree
from chores_infra.constructs.containers import Container, ContainerPort
from chores_infra.constructs.images import Image
from chores_infra.constructs.services import ExternalNameService, Service, ServicePort
from chores_infra.constructs.workloads import Deployment
from chores_infra.errors import ConstructError

HTTP = ContainerPort(number=8000, name="http")
ADMIN = ContainerPort(number=9000, name="admin")
DNS = ContainerPort(number=53, name="dns", protocol="UDP")
LOAD_BALANCER: dict[str, Any] = {"type": "LoadBalancer"}
CLIENT_IP: dict[str, Any] = {"session_affinity": "ClientIP"}
RANGES = "load_balancer_source_ranges"
TIMEOUT = "session_affinity_timeout_seconds"
Valid = Callable[..., Any]
Refused = Callable[..., dict[str, str]]


def web(shop: Component, *ports: int | ContainerPort, id: str = "web", **arguments: Any) -> Deployment:
    container = Container(name="web", image=Image(repository="shop", tag="1.4.2"), ports=list(ports))
    return Deployment(shop, id, name="web", selector={"app": "web"}, containers=[container], **arguments)


def serve(shop: Component, selects: Deployment, **arguments: Any) -> Service:
    return Service(shop, "service", name="web", selects=selects, **arguments)


def test_the_service_of_the_seed(tree: Tree) -> None:
    """The document's keys and values, in its order, and nothing more."""
    app = Component(tree, "chores-tracker", namespace="chores-tracker")
    made = Deployment.existing("chores-tracker", selector={"app": "chores-tracker"}, ports=[8000])
    service = Service(app, "service", name="chores-tracker", selects=made, port=80)
    assert json.dumps(service.manifest) == json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "chores-tracker", "namespace": "chores-tracker"},
            "spec": {
                "type": "ClusterIP",
                "ports": [{"port": 80, "targetPort": 8000}],
                "selector": {"app": "chores-tracker"},
            },
        }
    )


class TestPorts:
    @pytest.mark.parametrize(
        ("declared", "arguments", "ports"),
        [
            ([8000], {"port": 80}, [{"port": 80, "targetPort": 8000}]),
            ([8000], {"port": 80, "target_port": 8000}, [{"port": 80, "targetPort": 8000}]),
            ([HTTP, ADMIN], {"port": 80, "target_port": "http"}, [{"port": 80, "targetPort": "http"}]),
            ([HTTP, ADMIN], {"port": 9000}, [{"port": 9000, "targetPort": 9000}]),
            ([DNS], {"port": 53}, [{"port": 53, "targetPort": 53, "protocol": "UDP"}]),
            (
                [HTTP, ADMIN],
                {"ports": [ServicePort(number=80, name="http"), ServicePort(number=9000, name="other")]},
                [
                    {"name": "http", "port": 80, "targetPort": 8000},
                    {"name": "other", "port": 9000, "targetPort": 9000},
                ],
            ),
            (
                [DNS, ContainerPort(number=53, name="dns-tcp")],
                {
                    "ports": [
                        ServicePort(number=53, name="udp", protocol="UDP"),
                        ServicePort(number=53, name="tcp", protocol="TCP"),
                    ]
                },
                [
                    {"name": "udp", "port": 53, "targetPort": 53, "protocol": "UDP"},
                    {"name": "tcp", "port": 53, "targetPort": 53, "protocol": "TCP"},
                ],
            ),
            (
                [8000],
                {"ports": [ServicePort(number=80, app_protocol="kubernetes.io/h2c")]},
                [{"port": 80, "targetPort": 8000, "appProtocol": "kubernetes.io/h2c"}],
            ),
        ],
    )
    def test_a_port_leads_to_a_port_of_the_containers(
        self, shop: Component, valid: Valid, declared: Any, arguments: Any, ports: Any
    ) -> None:
        assert valid(serve(shop, web(shop, *declared), **arguments))["ports"] == ports

    @pytest.mark.parametrize(
        ("declared", "arguments", "problems"),
        [
            (
                [8000],
                {"port": 80, "target_port": 8001},
                {"target_port": "expected a port that shop/web declares (8000), found 8001"},
            ),
            (
                [HTTP],
                {"port": 80, "target_port": "web"},
                {"target_port": "expected a port that shop/web declares (8000 ('http')), found 'web'"},
            ),
            (
                [8000, 9000],
                {"port": 80},
                {"target_port": "expected a port that shop/web declares (8000, 9000), and none was said"},
            ),
            ([], {"port": 80}, {"port": "no container of shop/web declares a port; add ports=[...] to one"}),
            (
                [8000],
                {"ports": [ServicePort(number=80), ServicePort(number=81, name="b", target_port="x")]},
                {
                    "ports[0].name": "each of several ports needs a name",
                    "ports[1].target_port": "expected a port that shop/web declares (8000), found 'x'",
                },
            ),
            (
                [8000],
                {"ports": [ServicePort(number=80, name="a"), ServicePort(number=80, name="a")]},
                {
                    "ports[1].name": "'a' is the name of another port already",
                    "ports[1].number": "80 of TCP is there already",
                },
            ),
            (
                [DNS],
                {"ports": [ServicePort(number=53, protocol="TCP")]},
                {"ports[0].protocol": "expected 'UDP', as port 53 ('dns') of shop/web"},
            ),
            (
                [8000],
                {"ports": [ServicePort(number=80, node_port=30000)]},
                {"ports[0].node_port": "only types NodePort and LoadBalancer have it"},
            ),
            (
                [8000],
                {},
                {"port": "give port=80, or ports=[ServicePort(...)] for more than one, and not both"},
            ),
            (
                [8000],
                {"port": 80, "ports": [ServicePort(number=81)]},
                {"port": "give port=80, or ports=[ServicePort(...)] for more than one, and not both"},
            ),
            (
                [8000],
                {"target_port": 8000, "ports": [ServicePort(number=81)]},
                {"target_port": "it belongs to port=...; give it to each ServicePort"},
            ),
            ([8000], {"ports": []}, {"ports": "expected at least one, found none"}),
            ([8000], {"port": 0}, {"port": "expected at least 1, found 0"}),
            ([8000], {"port": "http"}, {"port": "expected a whole number, found 'http'"}),
            (
                [8000],
                {"ports": [80]},
                {"ports[0]": "expected a ServicePort, found 80"},
            ),
        ],
    )
    def test_a_port_that_leads_nowhere(
        self, shop: Component, refused: Refused, declared: Any, arguments: Any, problems: dict[str, str]
    ) -> None:
        made = web(shop, *declared)
        assert refused(lambda: serve(shop, made, **arguments)) == problems

    @given(
        ports=st.lists(st.integers(1, 65535), min_size=1, max_size=4, unique=True), port=st.integers(1, 65535)
    )
    def test_every_service_that_can_be_made_leads_to_a_declared_port(
        self, ports: list[int], port: int
    ) -> None:
        shop = Component(Tree(), "shop")
        made = web(shop, *ports)
        try:
            service = serve(shop, made, port=port)
        except ConstructError:
            assert len(ports) > 1
            assert port not in ports
        else:
            assert service.ports is not None
            assert service.ports[0].target_port in ports

    def test_routes_can_ask_for_them(self, shop: Component) -> None:
        ports = [ServicePort(number=80, name="http"), ServicePort(number=9000, name="admin")]
        service = serve(shop, web(shop, HTTP, ADMIN), ports=ports)
        assert [(port.number, port.name) for port in service.ports or ()] == [(80, "http"), (9000, "admin")]
        assert [service.has_port(port) for port in (80, "http", 9000, "admin", 8000, "web")] == [
            True, True, True, True, False, False,
        ]  # fmt: skip

    def test_ports_of_others_are_trusted_when_they_are_not_known(self) -> None:
        assert Service.existing("theirs").has_port(12345)
        assert Service.existing("theirs", ports=[80, ServicePort(number=81, name="b")]).has_port("b")
        assert not Service.existing("theirs", ports=[80]).has_port(81)
        assert not Service.existing("theirs", ports=[]).has_port(80)


class TestSelector:
    def test_labels_of_the_pods_narrow_it(self, shop: Component, valid: Valid) -> None:
        made = web(shop, 80, pod_labels={"track": "stable"})
        assert valid(serve(shop, made, port=80))["selector"] == {"app": "web"}
        narrow = Service(
            shop, "narrow", name="narrow", selects=made, port=80, selector={"app": "web", "track": "stable"}
        )
        assert valid(narrow)["selector"] == {"app": "web", "track": "stable"}

    def test_it_matches_something(self, shop: Component, refused: Refused) -> None:
        made = web(shop, 80)
        assert refused(lambda: serve(shop, made, port=80, selector={"app": "api", "track": "stable"})) == {
            "selector.app": "it would match nothing: expected 'api', and the pods of shop/web have 'web'",
            "selector.track": "it would match nothing: expected 'stable', and the pods of shop/web have no "
            "such label",
        }
        assert list(refused(lambda: serve(shop, made, port=80, selector={}))) == ["selector"]

    def test_labels_of_another_partys_pods_have_to_be_known(self, shop: Component, refused: Refused) -> None:
        problems = refused(lambda: serve(shop, Deployment.existing("theirs", ports=[80]), port=80))
        assert "Deployment.existing(..., selector=...)" in problems["selects"]

    def test_pods_of_another_namespace_are_out_of_reach(self, shop: Component, refused: Refused) -> None:
        theirs = Deployment.existing("theirs", namespace="elsewhere", selector={"a": "b"}, ports=[80])
        assert (
            "'theirs' lives in namespace 'elsewhere'"
            in (refused(lambda: serve(shop, theirs, port=80))["selects"])
        )

    @pytest.mark.parametrize("selects", ["web", None, Service.existing("web")])
    def test_a_workload_is_selected_as_an_object(
        self, shop: Component, refused: Refused, selects: Any
    ) -> None:
        assert list(refused(lambda: serve(shop, selects, port=80))) == ["selects"]


class TestTypes:
    @pytest.mark.parametrize(
        ("arguments", "fields"),
        [
            ({}, {"type": "ClusterIP"}),
            ({"headless": True}, {"type": "ClusterIP", "clusterIP": "None"}),
            ({"cluster_ip": "10.0.0.1"}, {"type": "ClusterIP", "clusterIP": "10.0.0.1"}),
            (
                {"type": "NodePort", "external_traffic_policy": "Local"},
                {"type": "NodePort", "externalTrafficPolicy": "Local"},
            ),
            (
                {
                    "type": "LoadBalancer",
                    "load_balancer_class": "example.com/internal",
                    "load_balancer_source_ranges": ["10.0.0.0/8"],
                    "allocate_load_balancer_node_ports": False,
                    "external_traffic_policy": "Local",
                    "health_check_node_port": 31000,
                },
                {
                    "type": "LoadBalancer",
                    "loadBalancerClass": "example.com/internal",
                    "loadBalancerSourceRanges": ["10.0.0.0/8"],
                    "allocateLoadBalancerNodePorts": False,
                    "externalTrafficPolicy": "Local",
                    "healthCheckNodePort": 31000,
                },
            ),
            (
                {"session_affinity": "ClientIP", "session_affinity_timeout_seconds": 60},
                {
                    "type": "ClusterIP",
                    "sessionAffinity": "ClientIP",
                    "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 60}},
                },
            ),
            (
                {
                    "ip_families": ["IPv6", "IPv4"],
                    "ip_family_policy": "RequireDualStack",
                    "internal_traffic_policy": "Local",
                    "traffic_distribution": "PreferClose",
                    "publish_not_ready_addresses": True,
                    "external_ips": ["192.0.2.1"],
                },
                {
                    "type": "ClusterIP",
                    "ipFamilies": ["IPv6", "IPv4"],
                    "ipFamilyPolicy": "RequireDualStack",
                    "internalTrafficPolicy": "Local",
                    "trafficDistribution": "PreferClose",
                    "publishNotReadyAddresses": True,
                    "externalIPs": ["192.0.2.1"],
                },
            ),
        ],
    )
    def test_a_type(
        self, shop: Component, valid: Valid, arguments: dict[str, Any], fields: dict[str, Any]
    ) -> None:
        spec = valid(serve(shop, web(shop, 80), port=80, **arguments))
        assert spec == {**fields, "ports": [{"port": 80, "targetPort": 80}], "selector": {"app": "web"}}

    def test_a_port_of_the_node(self, shop: Component, valid: Valid) -> None:
        ports = [ServicePort(number=80, node_port=30080)]
        spec = valid(serve(shop, web(shop, 80), ports=ports, type="NodePort"))
        assert spec["ports"] == [{"port": 80, "targetPort": 80, "nodePort": 30080}]

    @pytest.mark.parametrize(
        ("arguments", "argument"),
        [
            ({"type": "ExternalName"}, "type"),
            ({"type": "NodePort", "headless": True}, "headless"),
            ({"headless": True, "cluster_ip": "10.0.0.1"}, "headless"),
            ({"cluster_ip": "None"}, "cluster_ip"),
            ({"external_traffic_policy": "Local"}, "external_traffic_policy"),
            ({"type": "NodePort", "load_balancer_class": "a/b"}, "load_balancer_class"),
            ({"load_balancer_source_ranges": ["10.0.0.0/8"]}, "load_balancer_source_ranges"),
            (LOAD_BALANCER | {"external_ips": ["10.0.0.0/8"]}, "external_ips[0]"),
            (LOAD_BALANCER | {"load_balancer_source_ranges": ["10.0.0.1/8"]}, f"{RANGES}[0]"),
            ({"allocate_load_balancer_node_ports": True}, "allocate_load_balancer_node_ports"),
            (LOAD_BALANCER | {"health_check_node_port": 31000}, "health_check_node_port"),
            ({TIMEOUT: 60}, TIMEOUT),
            ({"session_affinity": "None", TIMEOUT: 60}, TIMEOUT),
            (CLIENT_IP | {TIMEOUT: 0}, TIMEOUT),
            (CLIENT_IP | {TIMEOUT: 86401}, TIMEOUT),
            ({"ip_families": []}, "ip_families"),
            ({"external_ips": ["example.com"]}, "external_ips[0]"),
            ({"name": "1web"}, "name"),
            ({"name": "a.b"}, "name"),
        ],
    )  # fmt: skip
    def test_what_a_type_does_not_have(
        self, shop: Component, refused: Refused, arguments: dict[str, Any], argument: str
    ) -> None:
        made = web(shop, 80)
        given: dict[str, Any] = {"name": "web", "port": 80} | arguments
        assert list(refused(lambda: Service(shop, "service", selects=made, **given))) == [argument]


class TestExternalNames:
    def test_a_name_for_a_host_outside(self, shop: Component, valid: Valid) -> None:
        made = ExternalNameService(shop, "db", name="db", external_name="db.example.com")
        assert valid(made) == {"type": "ExternalName", "externalName": "db.example.com"}
        assert not made.has_port(80)

    def test_ports_are_for_routes_to_it(self, shop: Component, valid: Valid) -> None:
        ports = [ServicePort(number=5432, name="postgres")]
        made = ExternalNameService(shop, "db", name="db", external_name="db.example.com", ports=ports)
        assert valid(made)["ports"] == [{"name": "postgres", "port": 5432}]
        assert made.has_port("postgres")

    @pytest.mark.parametrize("host", ["10.0.0.1:80", "https://db", "db_1", "", "DB"])
    def test_it_is_a_host_name(self, shop: Component, refused: Refused, host: str) -> None:
        make = lambda: ExternalNameService(shop, "db", name="db", external_name=host)  # noqa: E731
        assert list(refused(make)) == ["external_name"]
