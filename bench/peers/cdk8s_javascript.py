"""cdk8s in JavaScript, from the packages that ``setup.sh`` installs."""

from __future__ import annotations

from pathlib import Path

import tools
from measure import Absent, Case

NAME = "cdk8s-javascript"
PROGRAM = Path(__file__).parent.parent / "programs" / "cdk8s_app.js"
PACKAGES = ("cdk8s", "cdk8s-plus-33", "constructs")


def cases(count: int, inputs: Path) -> list[Case | Absent]:
    """All apps in one chart; many also with a chart each, as in Python."""
    node = tools.find("node")
    if node is None:
        return [Absent(NAME, "no Node.js on PATH")]
    if any(tools.npm_package(package) is None for package in PACKAGES):
        return [Absent(NAME, "its packages are not installed; run bench/setup.sh")]
    charts = {NAME: "one"} if count == 1 else {NAME: "one", f"{NAME}-chart-per-app": "each"}
    return [
        Case(
            name,
            [node, str(PROGRAM), str(inputs / "apps.json"), "{out}", mode],
            environment={"NODE_PATH": str(tools.NODE_MODULES)},
        )
        for name, mode in charts.items()
    ]
