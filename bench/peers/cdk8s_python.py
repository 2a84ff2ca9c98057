"""cdk8s in Python, through jsii, on the Node.js that the others use too."""

from __future__ import annotations

import sys
from pathlib import Path

import tools
from measure import Absent, Case

NAME = "cdk8s-python"
PROGRAM = Path(__file__).parent.parent / "programs" / "cdk8s_app.py"
PACKAGES = ("cdk8s", "cdk8s-plus-33", "constructs")


def cases(count: int, inputs: Path) -> list[Case | Absent]:
    """All apps in one chart; many also with a chart each, which costs cdk8s the square of their number."""
    node = tools.find("node")
    missing = [package for package in PACKAGES if tools.python_package(package) is None]
    if node is None or missing:
        reason = f"pip install {' '.join(missing)}" if missing else "no Node.js on PATH"
        return [Absent(NAME, reason)]
    charts = {NAME: "one"} if count == 1 else {NAME: "one", f"{NAME}-chart-per-app": "each"}
    return [
        Case(
            name,
            [sys.executable, str(PROGRAM), str(inputs / "apps.json"), "{out}", mode],
            environment={"JSII_NODE": node},
        )
        for name, mode in charts.items()
    ]
