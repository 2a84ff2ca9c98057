"""Autoscalers: their targets, their metrics, and how fast they act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.autoscaling import (
    ContainerResourceMetric,
    ExternalMetric,
    HorizontalPodAutoscaler,
    ObjectMetric,
    PodsMetric,
    ResourceMetric,
    ScalingPolicy,
    ScalingRules,
)
from chores_infra.constructs.containers import Container, Resources
from chores_infra.constructs.daemonsets import DaemonSet
from chores_infra.constructs.images import Image
from chores_infra.constructs.resource import Resource
from chores_infra.constructs.scheduling import LabelSelector
from chores_infra.constructs.services import Service
from chores_infra.constructs.statefulsets import StatefulSet
from chores_infra.constructs.workloads import Deployment

Valid = Callable[..., Any]
Refused = Callable[..., dict[str, str]]

CPU = ResourceMetric(name="cpu", utilization=70)
QUEUE = ExternalMetric(name="queue_length", value="100")


def program(name: str = "web", **arguments: Any) -> Container:
    return Container(name=name, image=Image(repository="shop", tag="1.4.2"), **arguments)


def deploy(shop: Component, *containers: Container, **arguments: Any) -> Deployment:
    return Deployment(
        shop, "web", name="web", selector={"app": "web"}, containers=containers or (program(),), **arguments
    )


def scaler(shop: Component, **arguments: Any) -> HorizontalPodAutoscaler:
    given: dict[str, Any] = {
        "name": "web",
        "target": Deployment.existing("web"),
        "max_replicas": 10,
        "metrics": [CPU],
    }
    return HorizontalPodAutoscaler(shop, "scaler", **(given | arguments))


def test_everything_it_can_say(shop: Component, valid: Valid) -> None:
    made = scaler(
        shop,
        min_replicas=2,
        metrics=[
            CPU,
            ResourceMetric(name="memory", average_value="500Mi"),
            ContainerResourceMetric(name="cpu", container="web", utilization=60),
            PodsMetric(name="requests_per_second", average_value="100"),
            ObjectMetric(
                name="hits",
                described=Service.existing("web"),
                value="2k",
                selector=LabelSelector(match_labels={"verb": "GET"}),
            ),
            ExternalMetric(name="queue_length", average_value="30"),
        ],
        scale_up=ScalingRules(
            policies=[
                ScalingPolicy(type="Percent", value=100, period_seconds=15),
                ScalingPolicy(type="Pods", value=4, period_seconds=15),
            ],
            select_policy="Max",
            stabilization_window_seconds=0,
        ),
        scale_down=ScalingRules(stabilization_window_seconds=300, tolerance="0.05"),
    )
    # https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/
    assert valid(made) == {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
        "minReplicas": 2,
        "maxReplicas": 10,
        "metrics": [
            {
                "type": "Resource",
                "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}},
            },
            {
                "type": "Resource",
                "resource": {"name": "memory", "target": {"type": "AverageValue", "averageValue": "500Mi"}},
            },
            {
                "type": "ContainerResource",
                "containerResource": {
                    "name": "cpu",
                    "container": "web",
                    "target": {"type": "Utilization", "averageUtilization": 60},
                },
            },
            {
                "type": "Pods",
                "pods": {
                    "metric": {"name": "requests_per_second"},
                    "target": {"type": "AverageValue", "averageValue": "100"},
                },
            },
            {
                "type": "Object",
                "object": {
                    "describedObject": {"apiVersion": "v1", "kind": "Service", "name": "web"},
                    "metric": {"name": "hits", "selector": {"matchLabels": {"verb": "GET"}}},
                    "target": {"type": "Value", "value": "2k"},
                },
            },
            {
                "type": "External",
                "external": {
                    "metric": {"name": "queue_length"},
                    "target": {"type": "AverageValue", "averageValue": "30"},
                },
            },
        ],
        "behavior": {
            "scaleUp": {
                "policies": [
                    {"type": "Percent", "value": 100, "periodSeconds": 15},
                    {"type": "Pods", "value": 4, "periodSeconds": 15},
                ],
                "selectPolicy": "Max",
                "stabilizationWindowSeconds": 0,
            },
            "scaleDown": {"stabilizationWindowSeconds": 300, "tolerance": "0.05"},
        },
    }


class TestTarget:
    def test_one_that_sets_its_replicas_is_a_conflict(self, shop: Component, refused: Refused) -> None:
        web = deploy(shop, replicas=3)
        problems = refused(lambda: scaler(shop, target=web, metrics=[QUEUE]))
        assert problems == {
            "target": "shop/web sets replicas=3, and each sync would put that back; leave replicas out there"
        }

    def test_it_may_be_of_any_kind_that_can_be_scaled(self, shop: Component, valid: Valid) -> None:
        rollout = Resource.existing("web", api_version="argoproj.io/v1alpha1", kind="Rollout")
        assert valid(scaler(shop, target=rollout))["scaleTargetRef"] == {
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "Rollout",
            "name": "web",
        }

    def test_a_stateful_set(self, shop: Component, valid: Valid) -> None:
        assert (
            valid(scaler(shop, target=StatefulSet.existing("db")))["scaleTargetRef"]["kind"] == "StatefulSet"
        )

    @pytest.mark.parametrize("target", ["web", DaemonSet.existing("agent"), None])
    def test_what_cannot_be_scaled(self, shop: Component, refused: Refused, target: Any) -> None:
        assert list(refused(lambda: scaler(shop, target=target))) == ["target"]

    def test_it_lives_beside_it(self, shop: Component, refused: Refused) -> None:
        theirs = Deployment.existing("web", namespace="elsewhere")
        assert list(refused(lambda: scaler(shop, target=theirs))) == ["target"]


class TestUtilization:
    """It is a percentage of the requests: without one the autoscaler does nothing, and says so in events."""

    def test_every_container_requests_it(self, shop: Component, refused: Refused, valid: Valid) -> None:
        asks = program(resources=Resources(requests={"cpu": "100m"}))
        limited = program("limited", resources=Resources(limits={"cpu": "1"}))
        silent = program("silent", resources=Resources(requests={"memory": "1Gi"}))
        sidecar = program("sidecar", restart_policy="Always")
        ended = program("ended")
        web = deploy(shop, asks, limited, silent, init_containers=[ended, sidecar])
        problems = refused(lambda: scaler(shop, target=web))
        assert list(problems) == ["metrics[0].utilization"]
        both = Component(shop, "both")
        assert valid(scaler(both, target=deploy(both, asks, limited)))

    def test_what_is_missing_is_named(self, shop: Component, refused: Refused) -> None:
        assert refused(lambda: scaler(shop, target=deploy(shop))) == {
            "metrics[0].utilization": "containers[0] of shop/web requests no cpu of which it would be a "
            "percentage; give it resources=Resources(requests={...})"
        }

    def test_an_average_needs_no_request(self, shop: Component, valid: Valid) -> None:
        metrics = [ResourceMetric(name="cpu", average_value="500m")]
        assert valid(scaler(shop, target=deploy(shop), metrics=metrics))

    def test_that_of_one_container_is_asked_of_that_one(
        self, shop: Component, refused: Refused, valid: Valid
    ) -> None:
        asks = program(resources=Resources(requests={"cpu": "100m"}))
        web = deploy(shop, asks, program("other"))
        right = ContainerResourceMetric(name="cpu", container="web", utilization=70)
        wrong = [
            ContainerResourceMetric(name="cpu", container="other", utilization=70),
            ContainerResourceMetric(name="cpu", container="proxy", utilization=70),
        ]
        assert list(refused(lambda: scaler(shop, target=web, metrics=wrong))) == [
            "metrics[0].utilization",
            "metrics[1].container",
        ]
        assert valid(scaler(shop, target=web, metrics=[right]))


def test_nothing_is_scaled_from_by_what_is_not_there(shop: Component, refused: Refused, valid: Valid) -> None:
    assert list(refused(lambda: scaler(shop, min_replicas=0))) == ["min_replicas"]
    assert valid(scaler(shop, min_replicas=0, metrics=[CPU, QUEUE]))["minReplicas"] == 0


ELSEWHERE = Service.existing("web", namespace="elsewhere")


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"max_replicas": 0}, "max_replicas"),
        ({"min_replicas": 11}, "min_replicas"),
        ({"metrics": []}, "metrics"),
        ({"metrics": ["cpu"]}, "metrics[0]"),
        ({"metrics": [ResourceMetric(name="disk", utilization=1)]}, "metrics[0].name"),  # type: ignore[arg-type]
        ({"metrics": [ResourceMetric(name="cpu")]}, "metrics[0].utilization"),
        (
            {"metrics": [ResourceMetric(name="cpu", utilization=1, average_value="1")]},
            "metrics[0].utilization",
        ),
        ({"metrics": [ResourceMetric(name="cpu", utilization=0)]}, "metrics[0].utilization"),
        ({"metrics": [ResourceMetric(name="cpu", average_value="0")]}, "metrics[0].average_value"),
        ({"metrics": [ResourceMetric(name="cpu", average_value="1e99")]}, "metrics[0].average_value"),
        ({"metrics": [PodsMetric(name="a/b", average_value="1")]}, "metrics[0].name"),
        ({"metrics": [ExternalMetric(name="a")]}, "metrics[0].value"),
        ({"metrics": [ObjectMetric(name="a", described=ELSEWHERE, value="1")]}, "metrics[0].described"),
        ({"scale_up": ScalingRules(policies=[])}, "scale_up.policies"),
        (
            {"scale_up": ScalingRules(stabilization_window_seconds=3601)},
            "scale_up.stabilization_window_seconds",
        ),
        ({"scale_down": ScalingRules(tolerance="-1")}, "scale_down.tolerance"),
        (
            {"scale_up": ScalingRules(policies=[ScalingPolicy(type="Pods", value=1, period_seconds=1801)])},
            "scale_up.policies[0].period_seconds",
        ),
    ],
)
def test_an_autoscaler_that_cannot_be(
    shop: Component, refused: Refused, arguments: dict[str, Any], argument: str
) -> None:
    assert list(refused(lambda: scaler(shop, **arguments))) == [argument]
