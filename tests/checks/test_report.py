"""The figures of a report in words."""

from __future__ import annotations

from chores_infra.checks.report import Report


def test_one_thing_is_one() -> None:
    assert Report([], 0, 0, 0, looked_at={"tags": 3, "deployments": 1}).scope == "3 tags, 1 deployment"
    assert Report([], 2, 2, 1).scope == "1 resource of 2 files"
