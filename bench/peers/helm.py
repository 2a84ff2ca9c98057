"""``helm template`` of one chart that ranges over the apps, to standard output."""

from __future__ import annotations

from pathlib import Path

import tools
from measure import Absent, Case

NAME = "helm-template"
CHART = Path(__file__).parent.parent / "programs" / "chart"


def cases(count: int, inputs: Path) -> list[Case | Absent]:  # noqa: ARG001  (the values say how many)
    """One run of helm, whatever the number of apps."""
    helm = tools.find("helm")
    if helm is None:
        return [Absent(NAME, "go install helm.sh/helm/v4/cmd/helm@latest")]
    argv = [helm, "template", "chores-tracker", str(CHART), "--values", str(inputs / "apps.json")]
    return [Case(NAME, argv, to_stdout=True)]
