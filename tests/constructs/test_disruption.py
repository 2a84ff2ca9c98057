"""Budgets of disruptions: what they say, and the ones that keep nodes from being drained."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.containers import Container
from chores_infra.constructs.daemonsets import DaemonSet
from chores_infra.constructs.disruption import PodDisruptionBudget
from chores_infra.constructs.images import Image
from chores_infra.constructs.jobs import CronJob
from chores_infra.constructs.workloads import Deployment

Valid = Callable[..., Any]
Refused = Callable[..., dict[str, str]]

PROGRAM = Container(name="web", image=Image(repository="shop", tag="1.4.2"))
THEIRS = Deployment.existing("web", selector={"app": "web"})


def budget(shop: Component, id: str = "budget", **arguments: Any) -> PodDisruptionBudget:
    given: dict[str, Any] = {"name": "web", "selects": THEIRS}
    return PodDisruptionBudget(shop, id, **(given | arguments))


def of(shop: Component, replicas: int | None, **arguments: Any) -> Callable[[], PodDisruptionBudget]:
    """A budget for a Deployment of ours, to be made."""
    web = Deployment(
        shop, f"web-{replicas}", name="web", selector={"app": "web"}, replicas=replicas, containers=[PROGRAM]
    )
    return lambda: budget(shop, f"budget-{replicas}", selects=web, **arguments)


def test_it_takes_the_selector_of_the_workload(shop: Component, valid: Valid) -> None:
    made = budget(shop, max_unavailable=1, unhealthy_pod_eviction_policy="AlwaysAllow")
    # https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/pod-disruption-budget-v1/
    assert valid(made) == {
        "maxUnavailable": 1,
        "unhealthyPodEvictionPolicy": "AlwaysAllow",
        "selector": {"matchLabels": {"app": "web"}},
    }
    assert valid(budget(shop, "other", min_available="50%"))["minAvailable"] == "50%"


@pytest.mark.parametrize("arguments", [{}, {"min_available": 1, "max_unavailable": 1}])
def test_it_says_one_of_the_two(shop: Component, refused: Refused, arguments: dict[str, Any]) -> None:
    assert refused(lambda: budget(shop, **arguments)) == {
        "max_unavailable": "give min_available or max_unavailable, one of the two"
    }


@pytest.mark.parametrize(
    ("replicas", "arguments"),
    [
        (None, {"max_unavailable": 0}),
        (None, {"max_unavailable": "0%"}),
        (None, {"min_available": "100%"}),
        (1, {"min_available": 1}),
        (1, {"min_available": "1%"}),  # rounded up: one of one
        (2, {"min_available": 3}),
        (3, {"min_available": "67%"}),  # rounded up: three of three
    ],
)
def test_one_that_lets_no_pod_go_is_refused_unless_it_is_meant(
    shop: Component, refused: Refused, valid: Valid, replicas: int | None, arguments: dict[str, Any]
) -> None:
    assert list(refused(of(shop, replicas, **arguments))) == list(arguments)
    other = Component(shop, "other")
    assert valid(of(other, replicas, **arguments, block_evictions=True)())


@pytest.mark.parametrize(
    ("replicas", "arguments"),
    [
        (None, {"min_available": 1}),
        (None, {"min_available": "99%"}),
        (0, {"min_available": 1}),
        (1, {"min_available": 0}),
        (1, {"max_unavailable": "1%"}),  # rounded up: one
        (3, {"min_available": "66%"}),
        (3, {"min_available": 2}),
    ],
)
def test_one_that_lets_a_pod_go(
    shop: Component, valid: Valid, replicas: int | None, arguments: dict[str, Any]
) -> None:
    assert valid(of(shop, replicas, **arguments)())


# https://kubernetes.io/docs/tasks/run-application/configure-pdb/#arbitrary-controllers-and-selectors
def test_what_has_no_replicas_has_a_number_of_pods_that_stay(
    shop: Component, valid: Valid, refused: Refused
) -> None:
    agent = DaemonSet(shop, "agent", name="agent", selector={"app": "agent"}, containers=[PROGRAM])
    assert valid(budget(shop, selects=agent, min_available=2))["minAvailable"] == 2
    assert list(refused(lambda: budget(shop, "a", selects=agent, max_unavailable=1))) == ["max_unavailable"]
    assert list(refused(lambda: budget(shop, "b", selects=agent, min_available="50%"))) == ["min_available"]


def test_pods_without_labels_cannot_be_selected(shop: Component, refused: Refused) -> None:
    unknown = Deployment.existing("web")
    report = CronJob(shop, "report", name="report", schedule="@daily", containers=[PROGRAM])
    problems = [
        refused(lambda: budget(shop, "a", selects=unknown, max_unavailable=1))["selects"],
        refused(lambda: budget(shop, "b", selects=report, min_available=1))["selects"],
    ]
    assert "Deployment.existing(..., selector=...)" in problems[0]
    assert "are none; give it pod_labels={...}" in problems[1]


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"min_available": -1}, "min_available"),
        ({"max_unavailable": "101%"}, "max_unavailable"),
        ({"max_unavailable": 1, "selects": "web"}, "selects"),
        (
            {"max_unavailable": 1, "selects": Deployment.existing("a", namespace="b", selector={"a": "b"})},
            "selects",
        ),
        ({"max_unavailable": 1, "unhealthy_pod_eviction_policy": "Never"}, "unhealthy_pod_eviction_policy"),
    ],
)
def test_a_budget_that_cannot_be(
    shop: Component, refused: Refused, arguments: dict[str, Any], argument: str
) -> None:
    assert list(refused(lambda: budget(shop, **arguments))) == [argument]
