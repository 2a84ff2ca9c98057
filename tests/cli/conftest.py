"""A project in a folder of its own, and the command line run in it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest

from chores_infra.cli import main

ROOT = Path(__file__).parent.parent.parent
REFERENCE = "chores_infra.apps.chores_tracker:ChoresTracker"


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str


Run: TypeAlias = Callable[..., Outcome]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the reference app, as the working directory.

    Its cluster has a Traefik that knows no successor of the app's API version, so that nothing is warned of.
    """
    (tmp_path / "chores-infra.toml").write_text(
        f'[operators]\ntraefik = "2.9.0"\n[apps]\nchores-tracker = "{REFERENCE}"\n'
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CDK8S_OUTDIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path.with_suffix(".cache")))
    monkeypatch.setattr(sys, "path", list(sys.path))
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``chores-infra`` in this process."""

    def run(*arguments: str) -> Outcome:
        code = main(arguments)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return run


@pytest.fixture
def process() -> Run:
    """Run a Python program in a process of its own, without a terminal."""

    def run(arguments: Sequence[str], folder: Path, **environment: str) -> Outcome:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            env={**os.environ, **environment},
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    return run


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def snapshot() -> Callable[[Path], dict[str, bytes]]:
    """Every file below a folder, with its bytes."""
    return files
