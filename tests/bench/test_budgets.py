"""Budgets are judged by what one run measured, and by nothing else."""

from __future__ import annotations

from budgets import cases_at, judge, judge_validation
from measure import Case, Result, Run


def result(name: str, *walls: float, peak: float = 50.0) -> Result:
    return Result(Case(name, []), [Run(wall, wall, peak) for wall in walls])


def test_a_budget_is_a_ratio_or_a_time() -> None:
    rows = judge({1: [result("ours-direct", 0.2, 0.2), result("cdk8s-python", 0.8, 0.8)]})

    assert rows == [
        ("1 app", "ours-direct", "at most 0.35 x cdk8s-python", "0.250", "kept"),
        ("1 app", "ours-direct", "at most 0.15 s", "0.200", "MISSED"),
    ]


def test_what_was_not_measured_is_not_judged() -> None:
    assert judge({1000: [result("helm-template", 0.7)]}) == []
    assert judge({1000: [result("ours-direct", 0.5)]}) == []


def test_ten_times_the_apps_may_cost_eleven_times_the_time_and_little_memory() -> None:
    rows = judge(
        {
            1000: [result("ours-direct", 0.5, peak=50.0)],
            10000: [result("ours-direct", 6.0, peak=60.0)],
        }
    )

    assert rows == [
        ("10,000 apps", "ours-direct", "time: at most 11 x 1,000 apps", "12.000", "MISSED"),
        ("10,000 apps", "ours-direct", "peak memory: at most 1.3 x 1,000 apps", "1.200", "kept"),
    ]


def test_of_ten_thousand_apps_only_what_budgets_are_about_is_measured() -> None:
    assert cases_at(10000) == ["ours-direct", "ours-direct-one-changed", "ours-direct-synth-all"]


def test_validation_has_a_time_a_growth_and_a_peer() -> None:
    rows = judge_validation(
        {
            1: [result("ours-validate", 1.0), result("ours-schemas", 0.5), result("kubeconform", 1.0)],
            20: [result("ours-validate", 23.0)],
        }
    )

    assert rows == [
        ("1 tree", "ours-validate", "at most 1.5 s", "1.000", "kept"),
        ("1 tree", "ours-schemas", "at most 1 x kubeconform", "0.500", "kept"),
        ("20 trees", "ours-validate", "time: at most 22 x 1 tree", "23.000", "MISSED"),
    ]
