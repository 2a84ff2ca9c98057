"""The programs that peers need: where they are and which version they have."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeAlias

VersionOf: TypeAlias = Callable[[str], str | None]

WORK = Path(__file__).with_name(".work")
NODE_MODULES = WORK / "node" / "node_modules"


def find(program: str) -> str | None:
    """The absolute path of a program: from PATH, or where ``go install`` puts it."""
    go_path = Path(os.environ.get("GOPATH", Path.home() / "go"))
    go_binaries = os.environ.get("GOBIN", str(go_path / "bin"))
    found = shutil.which(program) or shutil.which(program, path=go_binaries)
    return os.path.realpath(found) if found else None


def say(program: str, *arguments: str) -> str:
    """What a program answers on standard output, or an empty text where it is absent or fails."""
    path = find(program)
    if path is None:
        return ""
    answer = subprocess.run([path, *arguments], capture_output=True, text=True, check=False, timeout=60)
    return answer.stdout.strip() if answer.returncode == 0 else ""


def python_package(name: str) -> str | None:
    """The installed version of a Python package."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def npm_package(name: str) -> str | None:
    """The version of a package that ``setup.sh`` installed."""
    file = NODE_MODULES / name / "package.json"
    if not file.is_file():
        return None
    return str(json.loads(file.read_text(encoding="utf-8"))["version"])
