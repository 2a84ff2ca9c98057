"""On which nodes pods run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.containers import Container
from chores_infra.constructs.images import Image
from chores_infra.constructs.scheduling import (
    Affinity,
    LabelSelector,
    NodeAffinity,
    NodeTerm,
    PodAffinity,
    PodTerm,
    PreferredNodes,
    PreferredPods,
    Requirement,
    Toleration,
    TopologySpread,
)
from chores_infra.constructs.workloads import Deployment

ZONE = "topology.kubernetes.io/zone"
OWN = {"labelSelector": {"matchLabels": {"app": "web"}}}


def deploy(shop: Component, **arguments: Any) -> Deployment:
    web = Container(name="web", image=Image(repository="shop", tag="1.4.2"))
    return Deployment(
        shop, "web", name="web", selector={"app": "web"}, pod_labels={"x": "y"}, containers=[web], **arguments
    )


def scheduling(valid: Callable[..., Any], made: Deployment, field: str) -> Any:
    return valid(made)["template"]["spec"][field]


def test_nodes_to_run_on_and_nodes_to_prefer(shop: Component, valid: Callable[..., Any]) -> None:
    linux = Requirement(key="kubernetes.io/os", operator="In", values=["linux"])
    affinity = Affinity(
        node=NodeAffinity(
            required=[
                NodeTerm(match_expressions=[linux, Requirement(key="cores", operator="Gt", values=["4"])]),
                NodeTerm(match_fields=[Requirement(key="metadata.name", operator="In", values=["node-1"])]),
            ],
            preferred=[
                PreferredNodes(
                    weight=10,
                    preference=NodeTerm(match_expressions=[Requirement(key="ssd", operator="Exists")]),
                )
            ],
        )
    )
    assert scheduling(valid, deploy(shop, affinity=affinity), "affinity") == {
        "nodeAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": {
                "nodeSelectorTerms": [
                    {
                        "matchExpressions": [
                            {"key": "kubernetes.io/os", "operator": "In", "values": ["linux"]},
                            {"key": "cores", "operator": "Gt", "values": ["4"]},
                        ]
                    },
                    {"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["node-1"]}]},
                ]
            },
            "preferredDuringSchedulingIgnoredDuringExecution": [
                {
                    "weight": 10,
                    "preference": {"matchExpressions": [{"key": "ssd", "operator": "Exists"}]},
                }
            ],
        }
    }


def test_pods_to_be_near_to_are_the_workloads_own_unless_said_otherwise(
    shop: Component, valid: Callable[..., Any]
) -> None:
    affinity = Affinity(
        pod=PodAffinity(
            required=[
                PodTerm(
                    topology_key=ZONE,
                    label_selector=LabelSelector(match_labels={"app": "cache"}),
                    namespaces=["cache"],
                )
            ]
        ),
        pod_anti=PodAffinity(preferred=[PreferredPods(weight=100, term=PodTerm(topology_key=ZONE))]),
    )
    assert scheduling(valid, deploy(shop, affinity=affinity), "affinity") == {
        "podAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": [
                {
                    "topologyKey": ZONE,
                    "labelSelector": {"matchLabels": {"app": "cache"}},
                    "namespaces": ["cache"],
                }
            ]
        },
        "podAntiAffinity": {
            "preferredDuringSchedulingIgnoredDuringExecution": [
                {"weight": 100, "podAffinityTerm": {"topologyKey": ZONE, **OWN}}
            ]
        },
    }


def test_own_pods_are_spread(shop: Component, valid: Callable[..., Any]) -> None:
    spreads = [
        TopologySpread(topology_key=ZONE),
        TopologySpread(
            topology_key="kubernetes.io/hostname",
            max_skew=2,
            when_unsatisfiable="ScheduleAnyway",
            label_selector=LabelSelector(match_expressions=[Requirement(key="a", operator="Exists")]),
            node_taints_policy="Honor",
        ),
    ]
    assert scheduling(valid, deploy(shop, topology_spread=spreads), "topologySpreadConstraints") == [
        {"maxSkew": 1, "topologyKey": ZONE, "whenUnsatisfiable": "DoNotSchedule", **OWN},
        {
            "maxSkew": 2,
            "topologyKey": "kubernetes.io/hostname",
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchExpressions": [{"key": "a", "operator": "Exists"}]},
            "nodeTaintsPolicy": "Honor",
        },
    ]


def test_tolerations(shop: Component, valid: Callable[..., Any]) -> None:
    tolerations = [
        Toleration(operator="Exists"),
        Toleration(key="a", value="b", effect="NoExecute", toleration_seconds=0),
    ]
    assert scheduling(valid, deploy(shop, tolerations=tolerations), "tolerations") == [
        {"operator": "Exists"},
        {"key": "a", "value": "b", "effect": "NoExecute", "tolerationSeconds": 0},
    ]


def node_affinity(*requirements: Requirement) -> dict[str, Any]:
    return {
        "affinity": Affinity(node=NodeAffinity(required=[NodeTerm(match_expressions=list(requirements))]))
    }


EXPRESSION = "affinity.node.required[0].match_expressions[0]"


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        (node_affinity(Requirement(key="a", operator="In")), f"{EXPRESSION}.values"),
        (node_affinity(Requirement(key="a", operator="NotIn", values=[])), f"{EXPRESSION}.values"),
        (node_affinity(Requirement(key="a", operator="Exists", values=["b"])), f"{EXPRESSION}.values"),
        (node_affinity(Requirement(key="a", operator="Gt", values=["b"])), f"{EXPRESSION}.values"),
        (node_affinity(Requirement(key="a", operator="Lt", values=["1", "2"])), f"{EXPRESSION}.values"),
        (node_affinity(Requirement(key="a b", operator="Exists")), f"{EXPRESSION}.key"),
        ({"affinity": Affinity(node=NodeAffinity(required=[]))}, "affinity.node.required"),
        (
            {
                "affinity": Affinity(
                    node=NodeAffinity(preferred=[PreferredNodes(weight=101, preference=NodeTerm())])
                )
            },
            "affinity.node.preferred[0].weight",
        ),
        (
            {
                "topology_spread": [
                    TopologySpread(
                        topology_key=ZONE,
                        label_selector=LabelSelector(
                            match_expressions=[Requirement(key="a", operator="Gt", values=["1"])]
                        ),
                    )
                ]
            },
            "topology_spread[0].label_selector.match_expressions[0].operator",
        ),
        ({"topology_spread": [TopologySpread(topology_key=ZONE, max_skew=0)]}, "topology_spread[0].max_skew"),
        (
            {
                "topology_spread": [
                    TopologySpread(topology_key=ZONE, when_unsatisfiable="ScheduleAnyway", min_domains=2)
                ]
            },
            "topology_spread[0].min_domains",
        ),
        ({"tolerations": [Toleration()]}, "tolerations[0].key"),
        ({"tolerations": [Toleration(key="a", operator="Exists", value="b")]}, "tolerations[0].value"),
        ({"tolerations": [Toleration(key="a", toleration_seconds=1)]}, "tolerations[0].toleration_seconds"),
    ],
)
def test_what_cannot_be(
    shop: Component, refused: Callable[..., dict[str, str]], arguments: dict[str, Any], argument: str
) -> None:
    assert list(refused(lambda: deploy(shop, **arguments))) == [argument]
