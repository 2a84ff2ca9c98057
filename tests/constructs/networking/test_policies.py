"""NetworkPolicies: who is meant by a reference, at which ports, and what is cut off."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.cluster import Namespace
from chores_infra.constructs.containers import Container, ContainerPort
from chores_infra.constructs.images import Image
from chores_infra.constructs.networking import (
    Allow,
    Anywhere,
    Dns,
    IpBlock,
    NetworkPolicy,
    Pods,
    PolicyPort,
)
from chores_infra.constructs.scheduling import LabelSelector, Requirement
from chores_infra.constructs.workloads import Deployment

IMAGE = Image(repository="shop", tag="1.4.2")
HTTP = ContainerPort(number=8000, name="http")
METRICS = ContainerPort(number=9000, name="metrics")
PROXY = Deployment.existing("traefik", namespace="traefik", selector={"app": "traefik"})
DATABASE = Deployment.existing("mysql", namespace="data", selector={"app": "mysql"}, ports=[3306])
EVERY_POD = LabelSelector()


def web(shop: Component, *ports: int | ContainerPort, **arguments: Any) -> Deployment:
    container = Container(name="web", image=IMAGE, ports=list(ports))
    return Deployment(shop, "web", name="web", selector={"app": "web"}, containers=[container], **arguments)


def policy(shop: Component, selects: Any, **arguments: Any) -> NetworkPolicy:
    return NetworkPolicy(shop, "policy", name="web", selects=selects, **arguments)


def labels(**found: str) -> dict[str, Any]:
    return {"podSelector": {"matchLabels": found}}


def in_namespace(name: str) -> dict[str, Any]:
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


def tcp(port: int) -> dict[str, Any]:
    return {"protocol": "TCP", "port": port}


def test_the_example_of_the_kubernetes_documentation(shop: Component, valid: Any) -> None:
    """https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource"""
    database = Deployment.existing("db", selector={"role": "db"}, ports=[6379])
    spec = valid(
        policy(
            shop,
            database,
            allow_from=[
                IpBlock("172.17.0.0/16", except_=["172.17.1.0/24"]),
                Pods(namespaces=LabelSelector(match_labels={"project": "myproject"})),
                Pods(selector=LabelSelector(match_labels={"role": "frontend"})),
            ],
            allow_to=[Allow(IpBlock("10.0.0.0/24"), ports=[5978])],
        )
    )
    assert spec == {
        "podSelector": {"matchLabels": {"role": "db"}},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [
            {
                "from": [
                    {"ipBlock": {"cidr": "172.17.0.0/16", "except": ["172.17.1.0/24"]}},
                    {"namespaceSelector": {"matchLabels": {"project": "myproject"}}},
                    {"podSelector": {"matchLabels": {"role": "frontend"}}},
                ],
                "ports": [tcp(6379)],
            }
        ],
        "egress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0/24"}}], "ports": [tcp(5978)]}],
    }


class TestDirections:
    def test_empty_lists_cut_every_pod_off(self, shop: Component, valid: Any) -> None:
        assert valid(policy(shop, EVERY_POD, allow_from=[], allow_to=[])) == {
            "podSelector": {},
            "policyTypes": ["Ingress", "Egress"],
        }

    @pytest.mark.parametrize(
        ("given", "types"), [({"allow_from": []}, ["Ingress"]), ({"allow_to": []}, ["Egress"])]
    )
    def test_a_direction_that_is_left_out_is_not_limited(
        self, shop: Component, valid: Any, given: Any, types: Any
    ) -> None:
        assert valid(policy(shop, EVERY_POD, **given))["policyTypes"] == types

    def test_a_policy_limits_something(self, shop: Component, refused: Any) -> None:
        assert refused(lambda: policy(shop, EVERY_POD)) == {
            "allow_from": "give allow_from, allow_to or both; an empty list allows nothing"
        }


class TestPeers:
    @pytest.mark.parametrize(
        ("peer", "written"),
        [
            (Deployment.existing("a", selector={"app": "a"}), labels(app="a")),
            (Deployment.existing("a", namespace="shop", selector={"app": "a"}), labels(app="a")),
            (PROXY, {**in_namespace("traefik"), **labels(app="traefik")}),
            (Namespace.existing("monitoring"), in_namespace("monitoring")),
            (Pods(namespace=Namespace.existing("monitoring")), in_namespace("monitoring")),
            (
                Pods(
                    selector=LabelSelector(match_expressions=[Requirement(key="app", operator="Exists")]),
                    namespaces=EVERY_POD,
                ),
                {
                    "namespaceSelector": {},
                    "podSelector": {"matchExpressions": [{"key": "app", "operator": "Exists"}]},
                },
            ),
            (Pods(selector=EVERY_POD), {"podSelector": {}}),
            (IpBlock("2001:db8::/32"), {"ipBlock": {"cidr": "2001:db8::/32"}}),
        ],
    )
    def test_who_is_at_the_other_end(self, shop: Component, valid: Any, peer: Any, written: Any) -> None:
        spec = valid(policy(shop, web(shop, 8000), allow_from=[peer]))
        assert spec["ingress"] == [{"from": [written], "ports": [tcp(8000)]}]

    def test_anywhere_is_a_rule_without_an_other_end(self, shop: Component, valid: Any) -> None:
        spec = valid(policy(shop, web(shop, 8000), allow_from=[Anywhere(), PROXY], allow_to=[Anywhere()]))
        assert [list(rule) for rule in spec["ingress"]] == [["ports"], ["from", "ports"]]
        assert spec["egress"] == [{}]

    def test_the_name_servers_are_one_word(self, shop: Component, valid: Any) -> None:
        found = valid(policy(shop, EVERY_POD, allow_to=[Dns()]))["egress"]
        kube_dns = {"podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}
        assert found == [
            {
                "to": [{**in_namespace("kube-system"), **kube_dns}],
                "ports": [{"protocol": "UDP", "port": 53}, tcp(53)],
            }
        ]

    def test_name_servers_may_be_elsewhere(self, shop: Component, valid: Any) -> None:
        dns = Dns(namespace="openshift-dns", labels={"dns": "default"}, port=5353)
        found = valid(policy(shop, EVERY_POD, allow_to=[dns]))["egress"]
        assert found == [
            {
                "to": [{**in_namespace("openshift-dns"), **labels(dns="default")}],
                "ports": [{"protocol": "UDP", "port": 5353}, tcp(5353)],
            }
        ]


class TestPorts:
    def test_they_are_those_of_the_receiving_end(self, shop: Component, valid: Any) -> None:
        spec = valid(policy(shop, web(shop, HTTP, METRICS), allow_from=[PROXY], allow_to=[DATABASE]))
        assert spec["ingress"][0]["ports"] == [tcp(8000), tcp(9000)]
        assert spec["egress"] == [
            {"to": [{**in_namespace("data"), **labels(app="mysql")}], "ports": [tcp(3306)]}
        ]

    def test_some_may_be_chosen_by_number_and_name(self, shop: Component, valid: Any) -> None:
        target = web(shop, HTTP, METRICS, ContainerPort(number=53, name="dns", protocol="UDP"))
        sources = [
            Allow(PROXY, ports=[8000, "dns"]),
            Allow(Namespace.existing("monitoring"), ports=[9000]),
        ]
        assert valid(policy(shop, target, allow_from=sources))["ingress"] == [
            {
                "from": [{**in_namespace("traefik"), **labels(app="traefik")}],
                "ports": [tcp(8000), {"protocol": "UDP", "port": 53}],
            },
            {"from": [in_namespace("monitoring")], "ports": [tcp(9000)]},
        ]

    def test_every_port_is_said_or_meant_where_none_are_declared(self, shop: Component, valid: Any) -> None:
        spec = valid(
            policy(
                shop,
                web(shop),
                allow_from=[Allow(PROXY, every_port=True)],
                allow_to=[IpBlock("192.0.2.0/24"), Namespace.existing("data")],
            )
        )
        assert all("ports" not in rule for rule in (*spec["ingress"], *spec["egress"]))

    def test_ranges_are_for_ends_that_declare_none(self, shop: Component, valid: Any) -> None:
        passive_ftp = Allow(IpBlock("192.0.2.0/24"), ports=[21, PolicyPort(30000, end=30100)])
        spec = valid(policy(shop, EVERY_POD, allow_to=[passive_ftp]))
        assert spec["egress"][0]["ports"] == [tcp(21), {**tcp(30000), "endPort": 30100}]

    def test_undeclared_ones_are_refused(self, shop: Component, refused: Any) -> None:
        target = web(shop, HTTP, METRICS)
        sources = [
            Allow(PROXY, ports=["http", 81, PolicyPort("http", protocol="UDP"), PolicyPort(8000, end=8001)])
        ]
        worker = Deployment.existing("worker", selector={"app": "worker"})
        declared = "expected a port that shop/web declares (8000 ('http'), 9000 ('metrics')), found"
        assert refused(lambda: policy(shop, target, allow_from=sources, allow_to=[worker])) == {
            "allow_from[0].ports[1]": f"{declared} 81",
            "allow_from[0].ports[2]": f"{declared} 'http' of UDP",
            "allow_from[0].ports[3]": f"{declared} the range 8000-8001",
            "allow_to[0]": "declare the ports of Deployment.existing('worker'): ports=[...], "
            "or allow every port: Allow(..., every_port=True)",
        }

    def test_without_declared_ports_there_is_nothing_to_allow(self, shop: Component, refused: Any) -> None:
        assert refused(lambda: policy(shop, web(shop), allow_from=[PROXY])) == {
            "allow_from[0]": "no container of shop/web declares a port; add ports=[...] to one, "
            "or allow every port: Allow(..., every_port=True)"
        }


def test_what_is_wrong_in_itself(shop: Component, refused: Any) -> None:
    sources = [
        IpBlock("10.0.0.0/8", except_=["10.0.0.0/8", "192.0.2.0/24", "::/0"]),
        Allow(PROXY, ports=[]),
        Allow(PROXY, ports=[80], every_port=True),
        Allow(PROXY, ports=[PolicyPort(80, end=79), PolicyPort("http", end=80)]),
        Pods(selector=None),
        Pods(namespace=Namespace.existing("a"), namespaces=EVERY_POD),
    ]
    found = refused(lambda: policy(shop, EVERY_POD, allow_from=sources))
    assert list(found) == [
        "allow_from[0].except_[0]",
        "allow_from[0].except_[1]",
        "allow_from[0].except_[2]",
        "allow_from[1].ports",
        "allow_from[2].every_port",
        "allow_from[3].ports[0].end",
        "allow_from[3].ports[1].end",
        "allow_from[4].selector",
        "allow_from[5].namespaces",
    ]


def test_unknown_labels_would_select_every_pod(shop: Component, refused: Any) -> None:
    unknown = Deployment.existing("unknown", ports=[80])
    message = "the labels of its pods are not known; declare them: Deployment.existing(..., selector=...)"
    assert refused(lambda: policy(shop, unknown, allow_from=[unknown, Allow(unknown)])) == {
        "selects": message,
        "allow_from[0]": message,
        "allow_from[1].peer": message,
    }


def test_the_pods_are_of_the_policys_own_namespace(shop: Component, refused: Any) -> None:
    assert refused(lambda: policy(shop, DATABASE, allow_from=[])) == {
        "selects": "Deployment 'mysql' lives in namespace 'data'; "
        "only one of namespace 'shop' can be used here"
    }


def test_a_name_is_no_reference(shop: Component, refused: Any) -> None:
    assert refused(lambda: policy(shop, EVERY_POD, allow_from=["frontend"])) == {
        "allow_from[0]": "expected a workload, a Namespace, Pods, IpBlock, Dns, Anywhere, "
        "or Allow(..., ports=...), not a name; of a Service, its workload, found 'frontend'"
    }
