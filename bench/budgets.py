"""What the design promises about speed, held against a run: every promise that the run can answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from measure import Result

Results: TypeAlias = Mapping[int, Sequence[Result]]
"""The results of every workload, by its size: its number of apps, or of copies of the tree."""

Verdict: TypeAlias = tuple[str, str, str, str, str]
"""Workload, case, budget, figure, and whether it is kept."""


@dataclass(frozen=True, slots=True)
class Budget:
    """At most ``limit`` times ``reference`` in the same run, or at most ``limit`` seconds without one."""

    size: int
    case: str
    limit: float
    reference: str | None = None

    def figure(self, results: Results) -> float | None:
        """What the run says, or None where it did not measure what is needed."""
        found = {result.case.name: result for result in results.get(self.size, ())}
        ours = found.get(self.case)
        if ours is None:
            return None
        if self.reference is None:
            return ours.median
        return ours.ratio(found[self.reference]) if self.reference in found else None

    def __str__(self) -> str:
        if self.reference is None:
            return f"at most {self.limit:g} s"
        return f"at most {self.limit:g} x {self.reference}"


BUDGETS = (
    Budget(1, "ours-direct", 0.35, "cdk8s-python"),
    Budget(1, "ours-direct", 0.15),
    Budget(1, "ours-cdk8s", 1.0, "cdk8s-python"),
    Budget(1000, "ours-direct", 0.8, "helm-template"),
    Budget(1000, "ours-direct", 1 / 20, "cdk8s-python"),
    Budget(1000, "ours-direct-two-processes", 0.6, "helm-template"),
    Budget(1000, "ours-direct-unchanged", 0.5, "helm-template"),
    Budget(10000, "ours-direct-one-changed", 0.1, "ours-direct-synth-all"),
)
#: The validation of the largest tree, and of copies of it.
VALIDATE, SCHEMAS, KUBECONFORM = "ours-validate", "ours-schemas", "kubeconform"
VALIDATION_BUDGETS = (
    Budget(1, VALIDATE, 1.5),
    Budget(1, SCHEMAS, 1.0, KUBECONFORM),
    Budget(20, SCHEMAS, 1.0, KUBECONFORM),
)
#: The comparison of two trees of 1,000 apps, in each of which one field changed.
DIFF = "ours-diff-folders"
COMPARISON_BUDGETS = (Budget(1000, DIFF, 1.5),)
#: The history of an app, beside what git prints of the same commits; and its memory, as a multiple.
HISTORY, GIT_LOG = "ours-history", "git-log-p"
FEW_COMMITS, MANY_COMMITS, MEMORY_LIMIT = 1000, 5000, 1.3
HISTORY_BUDGETS = (Budget(MANY_COMMITS, HISTORY, 2.0, GIT_LOG),)
#: What copies of the tree may cost: how many, and the time as a multiple of that for one.
COPIES, COPIES_LIMIT = 20, 22.0
#: What ten times the apps may cost: the time and the peak memory, as multiples.
FLEET, LARGE_FLEET, FLEET_CASE = 1000, 10000, "ours-direct"
GROWTH = {"time": 11.0, "peak memory": 1.3}


def cases_at(size: int) -> list[str]:
    """The cases that the budgets about this many apps need, or that of their growth."""
    needed = {name for budget in BUDGETS if budget.size == size for name in (budget.case, budget.reference)}
    return sorted({FLEET_CASE, *(name for name in needed if name)})


def judge(results: Results) -> list[Verdict]:
    """The verdicts about rendering; a budget that was not measured is left out."""
    rows = _answered(BUDGETS, results, "app")
    small, large = (_result(results, count, FLEET_CASE) for count in (FLEET, LARGE_FLEET))
    if small and large:
        growth = {"time": large.median / small.median, "peak memory": large.peak / small.peak}
        rows += [
            _verdict(
                f"{LARGE_FLEET:,} apps",
                FLEET_CASE,
                f"{what}: at most {limit:g} x {FLEET:,} apps",
                growth[what],
                limit,
            )
            for what, limit in GROWTH.items()
        ]
    return rows


def judge_validation(results: Results) -> list[Verdict]:
    """The verdicts about the validation of a tree and of copies of it."""
    rows = _answered(VALIDATION_BUDGETS, results, "tree")
    one, copies = (_result(results, count, VALIDATE) for count in (1, COPIES))
    if one and copies:
        text = f"time: at most {COPIES_LIMIT:g} x 1 tree"
        rows.append(_verdict(f"{COPIES} trees", VALIDATE, text, copies.median / one.median, COPIES_LIMIT))
    return rows


def judge_comparison(results: Results) -> list[Verdict]:
    """The verdict about the comparison of two trees."""
    return _answered(COMPARISON_BUDGETS, results, "app")


def judge_history(results: Results) -> list[Verdict]:
    """The verdicts about the history of an app."""
    rows = _answered(HISTORY_BUDGETS, results, "commit")
    few, many = (_result(results, count, HISTORY) for count in (FEW_COMMITS, MANY_COMMITS))
    if few and many:
        text = f"peak memory: at most {MEMORY_LIMIT:g} x {FEW_COMMITS:,} commits"
        rows.append(_verdict(f"{MANY_COMMITS:,} commits", HISTORY, text, many.peak / few.peak, MEMORY_LIMIT))
    return rows


def _answered(budgets: Sequence[Budget], results: Results, unit: str) -> list[Verdict]:
    figures = [(budget, budget.figure(results)) for budget in budgets]
    return [
        _verdict(
            f"{budget.size:,} {unit}{'s' * (budget.size > 1)}", budget.case, str(budget), figure, budget.limit
        )
        for budget, figure in figures
        if figure is not None
    ]


def _verdict(workload: str, case: str, budget: str, figure: float, limit: float) -> Verdict:
    return (workload, case, budget, f"{figure:.3f}", "kept" if figure <= limit else "MISSED")


def _result(results: Results, size: int, case: str) -> Result | None:
    return next((result for result in results.get(size, ()) if result.case.name == case), None)
