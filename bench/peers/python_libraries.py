"""Libraries of Python beside ours, each with the program that people would write with it, to standard output.

``rjsonnet`` evaluates a Jsonnet program; the ``kubernetes`` client has models of the built-in kinds.
"""

from __future__ import annotations

import sys
from pathlib import Path

import tools
from measure import Absent, Case

PROGRAMS = Path(__file__).parent.parent / "programs"
#: The package of PyPI, which is also the name of the case, and its program.
LIBRARIES = {"rjsonnet": "jsonnet_app.py", "kubernetes": "kubernetes_app.py"}


def cases(count: int, inputs: Path) -> list[Case | Absent]:  # noqa: ARG001  (the data says how many)
    """One run of each, whatever the number of apps."""
    return [
        Absent(package, f"pip install {package}")
        if tools.python_package(package) is None
        else Case(
            package, [sys.executable, str(PROGRAMS / program), str(inputs / "apps.json")], to_stdout=True
        )
        for package, program in LIBRARIES.items()
    ]
