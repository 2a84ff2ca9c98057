"""CronJobs: their schedules, and the Jobs that they make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra import kinds
from chores_infra.construct import Component, Tree
from chores_infra.constructs.containers import Container
from chores_infra.constructs.images import Image
from chores_infra.constructs.jobs import CronJob
from chores_infra.constructs.scheduling import TopologySpread
from chores_infra.errors import ConstructError

Valid = Callable[..., Any]
Refused = Callable[..., dict[str, str]]


def report(shop: Component | Tree, id: str = "report", **arguments: Any) -> CronJob:
    given: dict[str, Any] = {
        "name": "report",
        "schedule": "0 6 * * 1-5",
        "containers": [Container(name="report", image=Image(repository="shop", tag="1.4.2"))],
    }
    return CronJob(shop, id, **(given | arguments))


def test_everything_it_can_say(shop: Component, valid: Valid) -> None:
    made = report(
        shop,
        time_zone="Europe/Berlin",
        concurrency_policy="Forbid",
        starting_deadline_seconds=60,
        successful_jobs_history_limit=1,
        failed_jobs_history_limit=0,
        suspend=True,
        job_labels={"team": "shop"},
        job_annotations={"note": "daily"},
        backoff_limit=0,
        ttl_seconds_after_finished=3600,
        pod_labels={"app": "report"},
    )
    # https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/cron-job-v1/#CronJobSpec
    assert valid(made) == {
        "schedule": "0 6 * * 1-5",
        "timeZone": "Europe/Berlin",
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": 60,
        "successfulJobsHistoryLimit": 1,
        "failedJobsHistoryLimit": 0,
        "suspend": True,
        "jobTemplate": {
            "metadata": {"labels": {"team": "shop"}, "annotations": {"note": "daily"}},
            "spec": {
                "backoffLimit": 0,
                "ttlSecondsAfterFinished": 3600,
                "template": {
                    "metadata": {"labels": {"app": "report"}},
                    "spec": {
                        "containers": [{"name": "report", "image": "shop:1.4.2"}],
                        "restartPolicy": "Never",
                    },
                },
            },
        },
    }


# What the parser of the controller (github.com/robfig/cron v3.0.1, ParseStandard) says of each.
@pytest.mark.parametrize(
    "schedule",
    [
        "* * * * *",
        "0 3 * * *",
        "*/15 8-18/2 1,15 jan-MAR mon,Wed",
        "5/20 ? ? * 0",
        "0 0 29 2 *",
        "0 0 31 2 mon",
        "@yearly",
        "@annually",
        "@monthly",
        "@weekly",
        "@daily",
        "@midnight",
        "@hourly",
        "@every 1h30m",
        "@every 1.5h",
    ],
)
def test_a_schedule(shop: Component, valid: Valid, schedule: str) -> None:
    assert valid(report(shop, schedule=schedule))["schedule"] == schedule


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        ("", "a schedule of five fields"),
        ("0 3 * *", "a schedule of five fields"),
        ("0 0 3 * * *", "a schedule of five fields"),
        ("0  3 * * *", "a schedule of five fields"),
        ("@reboot", "a schedule of five fields"),
        ("@Daily", "a schedule of five fields"),
        ("@every 5", "a schedule of five fields"),
        ("TZ=UTC 0 3 * * *", "which is given as time_zone"),
        ("CRON_TZ=UTC 0 3 * * *", "which is given as time_zone"),
        ("60 * * * *", "a minute from 0 to 59 instead of '60'"),
        ("0 24 * * *", "an hour from 0 to 23 instead of '24'"),
        ("0 0 0 * *", "a day of the month from 1 to 31 instead of '0'"),
        ("0 0 * 13 *", "a month from 1 to 12 or 'jan' to 'dec' instead of '13'"),
        ("0 0 * * 7", "a weekday from 0 to 6 or 'sun' to 'sat' instead of '7'"),
        ("0 0 * * sunday", "a weekday from 0 to 6 or 'sun' to 'sat' instead of 'sunday'"),
        ("30-10 * * * *", "from the lower to the higher instead of '30-10'"),
        ("*/0 * * * *", "a step of at least 1 in '*/0'"),
        ("*-5 * * * *", "instead of '*-5'"),
        ("1, * * * *", "instead of ''"),
        ("0 0 30 2 *", "a date that comes: none of the months '2' has a day 30"),
        ("0 0 31 apr,jun *", "a date that comes: none of the months 'apr,jun' has a day 31"),
        (None, "expected text"),
        ("٣ * * * *", "instead of"),
    ],
)
def test_no_schedule(shop: Component, refused: Refused, schedule: Any, said: str) -> None:
    problems = refused(lambda: report(shop, schedule=schedule))
    assert list(problems) == ["schedule"]
    assert said in problems["schedule"]


numbers = st.integers(0, 60).map(str) | st.sampled_from(["*", "?", "jan", "SUN", "x", ""])
parts = st.builds("".join, st.tuples(numbers, st.sampled_from(["", "-5", "/2", "-30/7", "/0"])))
fields = st.lists(parts, min_size=1, max_size=2).map(",".join)


@given(st.lists(st.just("*") | fields, min_size=4, max_size=6).map(" ".join))
def test_a_schedule_that_is_taken_is_one_to_the_api_server_too(schedule: str) -> None:
    try:
        made = report(Tree(namespace="shop"), schedule=schedule)
    except ConstructError:
        return
    assert [str(problem) for problem in kinds.validate(made.manifest)] == []


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"name": "x" * 53}, "name"),
        ({"time_zone": "Local"}, "time_zone"),
        ({"time_zone": ""}, "time_zone"),
        ({"time_zone": "Europe/"}, "time_zone"),
        ({"concurrency_policy": "Skip"}, "concurrency_policy"),
        ({"starting_deadline_seconds": 9}, "starting_deadline_seconds"),
        ({"successful_jobs_history_limit": -1}, "successful_jobs_history_limit"),
        ({"restart_policy": "Always"}, "restart_policy"),
        ({"selector": {"app": "report"}}, "selector"),
        ({"max_failed_indexes": 1, "completions": 1, "completion_mode": "Indexed"}, "max_failed_indexes"),
        ({"name": "x" * 51, "completion_mode": "Indexed", "completions": 5}, "name"),
        # Its Jobs have names that are made up, so nothing but labels of their own tells their pods.
        ({"topology_spread": [TopologySpread(topology_key="zone")]}, "pod_labels"),
    ],
)
def test_a_cron_job_that_cannot_be(
    shop: Component, refused: Refused, arguments: dict[str, Any], argument: str
) -> None:
    assert list(refused(lambda: report(shop, **arguments))) == [argument]


def test_its_pods_are_found_by_their_labels(shop: Component, valid: Valid) -> None:
    spread = [TopologySpread(topology_key="zone")]
    made = report(shop, pod_labels={"app": "report"}, topology_spread=spread)
    pods = valid(made)["jobTemplate"]["spec"]["template"]["spec"]
    assert pods["topologySpreadConstraints"][0]["labelSelector"] == {"matchLabels": {"app": "report"}}
    assert made.selector == {"app": "report"}
