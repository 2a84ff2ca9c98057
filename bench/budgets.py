"""What the design promises about speed, held against a run: every promise that the run can answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from measure import Result

Results: TypeAlias = Mapping[int, Sequence[Result]]
"""The results of every workload, by its number of apps."""


@dataclass(frozen=True, slots=True)
class Budget:
    """At most ``limit`` times ``reference`` in the same run, or at most ``limit`` seconds without one."""

    apps: int
    case: str
    limit: float
    reference: str | None = None

    def figure(self, results: Results) -> float | None:
        """What the run says, or None where it did not measure what is needed."""
        found = {result.case.name: result for result in results.get(self.apps, ())}
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
)
#: What ten times the apps may cost: the time and the peak memory, as multiples.
FLEET, LARGE_FLEET, FLEET_CASE = 1000, 10000, "ours-direct"
GROWTH = {"time": 11.0, "peak memory": 1.3}


def judge(results: Results) -> list[tuple[str, str, str, str, str]]:
    """Apps, case, budget, figure, and whether it is kept; a budget that was not measured is left out."""
    rows = []
    for budget in BUDGETS:
        figure = budget.figure(results)
        if figure is not None:
            rows.append((f"{budget.apps:,}", budget.case, str(budget), figure, figure <= budget.limit))
    small, large = (_fleet(results, count) for count in (FLEET, LARGE_FLEET))
    if small and large:
        growth = {"time": large.median / small.median, "peak memory": large.peak / small.peak}
        rows += [
            (
                f"{LARGE_FLEET:,}",
                FLEET_CASE,
                f"{what}: at most {limit:g} x {FLEET:,} apps",
                growth[what],
                growth[what] <= limit,
            )
            for what, limit in GROWTH.items()
        ]
    return [
        (apps, case, text, f"{figure:.3f}", "kept" if kept else "MISSED")
        for apps, case, text, figure, kept in rows
    ]


def _fleet(results: Results, count: int) -> Result | None:
    return next((result for result in results.get(count, ()) if result.case.name == FLEET_CASE), None)
