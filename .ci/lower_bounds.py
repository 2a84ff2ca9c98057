"""Print the oldest supported version of each direct dependency as pip constraints.

CI runs the whole suite with these as well, so that a lower bound in pyproject.toml is a
promise and not a guess.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
for requirement in project["dependencies"]:
    print(requirement.replace(">=", "=="))
