"""DaemonSets: what they say, and how they are updated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.containers import Container
from chores_infra.constructs.daemonsets import DaemonSet, DaemonSetUpdate
from chores_infra.constructs.images import Image
from chores_infra.constructs.scheduling import Toleration
from chores_infra.constructs.workloads import OnDelete, RollingUpdate

Valid = Callable[..., Any]
Refused = Callable[..., dict[str, str]]


def agent(shop: Component, **arguments: Any) -> DaemonSet:
    given: dict[str, Any] = {
        "name": "agent",
        "selector": {"app": "agent"},
        "containers": [Container(name="agent", image=Image(repository="agent", tag="2.1.0"))],
    }
    return DaemonSet(shop, "agent", **(given | arguments))


def test_everything_it_can_say(shop: Component, valid: Valid) -> None:
    made = agent(
        shop,
        strategy=DaemonSetUpdate(max_surge="10%", max_unavailable=0),
        min_ready_seconds=5,
        revision_history_limit=2,
        tolerations=[Toleration(operator="Exists")],
    )
    # https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/daemon-set-v1/#DaemonSetSpec
    assert valid(made) == {
        "selector": {"matchLabels": {"app": "agent"}},
        "updateStrategy": {
            "type": "RollingUpdate",
            "rollingUpdate": {"maxSurge": "10%", "maxUnavailable": 0},
        },
        "minReadySeconds": 5,
        "revisionHistoryLimit": 2,
        "template": {
            "metadata": {"labels": {"app": "agent"}},
            "spec": {
                "containers": [{"name": "agent", "image": "agent:2.1.0"}],
                "tolerations": [{"operator": "Exists"}],
            },
        },
    }


@pytest.mark.parametrize(
    ("strategy", "fields"),
    [
        (OnDelete(), {"type": "OnDelete"}),
        (DaemonSetUpdate(), {"type": "RollingUpdate"}),
        (
            DaemonSetUpdate(max_unavailable="25%"),
            {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%"}},
        ),
    ],
)
def test_a_strategy(shop: Component, valid: Valid, strategy: Any, fields: Any) -> None:
    assert valid(agent(shop, strategy=strategy))["updateStrategy"] == fields


@pytest.mark.parametrize(
    ("surge", "unavailable", "said"),
    [
        # Both at once, and neither: validation of the API server. What is not given is 1 missing pod.
        (1, None, "expected 0 beside max_surge, found its default of 1"),
        ("10%", 1, "expected 0 beside max_surge, found 1"),
        (0, 0, "no pod could ever be replaced"),
        (None, "0%", "no pod could ever be replaced"),
    ],
)
def test_a_pod_ends_first_or_starts_first(
    shop: Component, refused: Refused, surge: Any, unavailable: Any, said: str
) -> None:
    strategy = DaemonSetUpdate(max_surge=surge, max_unavailable=unavailable)
    problems = refused(lambda: agent(shop, strategy=strategy))
    assert list(problems) == ["strategy.max_unavailable"]
    assert said in problems["strategy.max_unavailable"]


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"replicas": 1}, "replicas"),
        ({"strategy": RollingUpdate()}, "strategy"),
        ({"strategy": DaemonSetUpdate(max_surge="101%", max_unavailable=0)}, "strategy.max_surge"),
        ({"pod_labels": {"app": "web"}}, "pod_labels.app"),
        ({"name": "Agent"}, "name"),
    ],
)
def test_a_daemon_set_that_cannot_be(
    shop: Component, refused: Refused, arguments: dict[str, Any], argument: str
) -> None:
    assert list(refused(lambda: agent(shop, **arguments))) == [argument]
