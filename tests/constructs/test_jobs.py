"""Jobs: what they say, when they fail and succeed, and what cannot be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.config import Secret
from chores_infra.constructs.containers import Container
from chores_infra.constructs.images import Image
from chores_infra.constructs.jobs import ExitCodes, FailureRule, Job, PodCondition, SuccessRule
from chores_infra.constructs.scheduling import TopologySpread
from chores_infra.constructs.services import Service

Valid = Callable[..., Any]
Refused = Callable[..., dict[str, str]]

PROGRAM = Container(name="migrate", image=Image(repository="shop", tag="1.4.2"))
INDEXED: dict[str, Any] = {"completion_mode": "Indexed", "completions": 5}


def migrate(shop: Component, id: str = "migrate", **arguments: Any) -> Job:
    return Job(shop, id, **({"name": "migrate", "containers": [PROGRAM]} | arguments))


def failing(**rule: Any) -> dict[str, Any]:
    return {"pod_failure_policy": [FailureRule(**({"action": "FailJob"} | rule))]}


def exiting(*values: int, **arguments: Any) -> dict[str, Any]:
    return failing(on_exit_codes=ExitCodes(values=values, **arguments))


def test_a_failed_pod_is_kept_unless_said_otherwise(shop: Component, valid: Valid) -> None:
    assert valid(migrate(shop)) == {
        "template": {
            "spec": {
                "containers": [{"name": "migrate", "image": "shop:1.4.2"}],
                "restartPolicy": "Never",
            }
        }
    }
    again = migrate(shop, "again", restart_policy="OnFailure", pod_labels={"app": "migrate"})
    assert valid(again)["template"]["spec"]["restartPolicy"] == "OnFailure"
    assert valid(again)["template"]["metadata"] == {"labels": {"app": "migrate"}}


def test_everything_it_can_say(shop: Component, valid: Valid) -> None:
    spec = valid(
        migrate(
            shop,
            suspend=True,
            parallelism=2,
            completions=5,
            completion_mode="Indexed",
            backoff_limit=10,
            backoff_limit_per_index=1,
            max_failed_indexes=3,
            active_deadline_seconds=600,
            ttl_seconds_after_finished=0,
            pod_failure_policy=[
                FailureRule(action="Ignore", on_pod_conditions=[PodCondition(type="DisruptionTarget")]),
                FailureRule(
                    action="FailIndex",
                    on_exit_codes=ExitCodes(container_name="migrate", operator="NotIn", values=[1, 42]),
                ),
            ],
            success_policy=[SuccessRule(succeeded_indexes="0,2-4", succeeded_count=2)],
            pod_replacement_policy="Failed",
            managed_by="kueue.x-k8s.io/multikueue",
        )
    )
    del spec["template"]
    # https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1/#JobSpec
    assert spec == {
        "suspend": True,
        "parallelism": 2,
        "completions": 5,
        "completionMode": "Indexed",
        "backoffLimit": 10,
        "backoffLimitPerIndex": 1,
        "maxFailedIndexes": 3,
        "activeDeadlineSeconds": 600,
        "ttlSecondsAfterFinished": 0,
        "podFailurePolicy": {
            "rules": [
                {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]},
                {
                    "action": "FailIndex",
                    "onExitCodes": {"containerName": "migrate", "operator": "NotIn", "values": [1, 42]},
                },
            ]
        },
        "successPolicy": {"rules": [{"succeededIndexes": "0,2-4", "succeededCount": 2}]},
        "podReplacementPolicy": "Failed",
        "managedBy": "kueue.x-k8s.io/multikueue",
    }


class TestLabels:
    def test_its_pods_are_found_by_the_label_of_the_controller(self, shop: Component, valid: Valid) -> None:
        """The label is the controller's: in the template it would be refused."""
        job = migrate(
            shop,
            pod_labels={"app": "migrate"},
            topology_spread=[TopologySpread(topology_key="zone")],
            containers=[Container(name="a", image=Image(repository="shop", tag="1.4.2"), ports=[80])],
        )
        found = {"batch.kubernetes.io/job-name": "migrate"}
        template = valid(job)["template"]
        assert template["metadata"] == {"labels": {"app": "migrate"}}
        assert template["spec"]["topologySpreadConstraints"][0]["labelSelector"] == {"matchLabels": found}
        assert Service(shop, "s", name="s", selects=job, port=80).selector == found

    def test_a_selector_of_its_own_is_marked_as_such(self, shop: Component, valid: Valid) -> None:
        spec = valid(migrate(shop, selector={"app": "old"}))
        assert (spec["manualSelector"], spec["selector"]) == (True, {"matchLabels": {"app": "old"}})
        assert spec["template"]["metadata"]["labels"] == {"app": "old"}

    @pytest.mark.parametrize("label", ["job-name", "batch.kubernetes.io/controller-uid"])
    def test_labels_of_the_controller_are_not_given(
        self, shop: Component, refused: Refused, label: str
    ) -> None:
        assert list(refused(lambda: migrate(shop, pod_labels={label: "a"}))) == [f"pod_labels.{label}"]


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"name": "x" * 64}, "name"),
        ({"restart_policy": "Always"}, "restart_policy"),
        ({"parallelism": -1}, "parallelism"),
        ({"active_deadline_seconds": 0}, "active_deadline_seconds"),
        ({"completion_mode": "Indexed"}, "completions"),
        ({"backoff_limit_per_index": 1}, "backoff_limit_per_index"),
        ({"success_policy": [SuccessRule(succeeded_count=1)]}, "success_policy"),
        (INDEXED | {"max_failed_indexes": 1}, "max_failed_indexes"),
        (INDEXED | {"max_failed_indexes": 6, "backoff_limit_per_index": 1}, "max_failed_indexes"),
        (INDEXED | {"parallelism": 100_001}, "parallelism"),
        (
            INDEXED
            | {
                "completions": 100_001,
                "backoff_limit_per_index": 1,
                "max_failed_indexes": 1,
                "parallelism": 10_001,
            },
            "parallelism",
        ),
        (INDEXED | {"backoff_limit_per_index": 1, "restart_policy": "OnFailure"}, "restart_policy"),
        (INDEXED | {"name": "x" * 62}, "name"),
        (INDEXED | {"name": "a.b"}, "name"),
        (
            INDEXED | {"success_policy": [SuccessRule(succeeded_indexes="1-5")]},
            "success_policy[0].succeeded_indexes",
        ),
        (
            INDEXED | {"success_policy": [SuccessRule(succeeded_count=6)]},
            "success_policy[0].succeeded_count",
        ),
        (
            INDEXED | {"success_policy": [SuccessRule(succeeded_indexes="0,2", succeeded_count=3)]},
            "success_policy[0].succeeded_count",
        ),
        (
            INDEXED | {"success_policy": [SuccessRule(succeeded_indexes="2,1")]},
            "success_policy[0].succeeded_indexes",
        ),
        (
            INDEXED | {"success_policy": [SuccessRule(succeeded_indexes="all")]},
            "success_policy[0].succeeded_indexes",
        ),
        (INDEXED | {"success_policy": [SuccessRule()]}, "success_policy[0].succeeded_indexes"),
        (exiting(1) | {"restart_policy": "OnFailure"}, "restart_policy"),
        (exiting(1) | {"pod_replacement_policy": "TerminatingOrFailed"}, "pod_replacement_policy"),
        (exiting(2, 1), "pod_failure_policy[0].on_exit_codes.values"),
        (exiting(1, 1), "pod_failure_policy[0].on_exit_codes.values"),
        (exiting(0), "pod_failure_policy[0].on_exit_codes.values"),
        (exiting(), "pod_failure_policy[0].on_exit_codes.values"),
        (exiting(1, container_name="web"), "pod_failure_policy[0].on_exit_codes.container_name"),
        (exiting(1) | {"pod_failure_policy": []}, "pod_failure_policy"),
        (failing(), "pod_failure_policy[0].on_exit_codes"),
        (
            failing(action="FailIndex", on_exit_codes=ExitCodes(values=[1])),
            "pod_failure_policy[0].action",
        ),
        ({"managed_by": "kueue"}, "managed_by"),
        ({"image_pull_secrets": [Secret.existing("a", namespace="b")]}, "image_pull_secrets[0]"),
    ],
)
def test_a_job_that_cannot_be(
    shop: Component, refused: Refused, arguments: dict[str, Any], argument: str
) -> None:
    assert list(refused(lambda: migrate(shop, **arguments))) == [argument]


def test_everything_that_is_wrong_is_reported_at_once(shop: Component, refused: Refused) -> None:
    problems = refused(
        lambda: migrate(
            shop,
            containers=[PROGRAM, PROGRAM],
            pod_labels={"job-name": "a"},
            max_failed_indexes=1,
            restart_policy="OnFailure",
            **exiting(1, container_name="web"),
        )
    )
    assert list(problems) == [
        "containers[1].name",
        "pod_labels.job-name",
        "max_failed_indexes",
        "restart_policy",
        "pod_failure_policy[0].on_exit_codes.container_name",
    ]
