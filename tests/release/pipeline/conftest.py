"""A project, an infrastructure repository behind a real server, and the command line run on them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pytest

from chores_infra.cli import main
from tests.git.served import Daemon, Remote, run_git
from tests.release.pipeline import shops
from tests.release.pipeline.bare import CONFIGURATION


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Run: TypeAlias = Callable[..., Ended]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``chores-infra`` in this process."""

    def run(*arguments: str) -> Ended:
        code = main(arguments)
        captured = capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    return run


@pytest.fixture
def project(tmp_path: Path, git_settings: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose infrastructure repository is a clone in ``infra``, still without one."""
    assert git_settings.is_file()
    (tmp_path / "chores-infra.toml").write_text(CONFIGURATION)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def remote(project: Path, daemon: Daemon, run: Run) -> Remote:
    """The infrastructure repository, in which shop runs v1.0.0, cloned into the project."""
    remote = daemon.remote("infra", {"README.md": "infrastructure\n"})
    folder = remote.clone(project / "infra")
    assert run("synth", "shop", "--version", "v1.0.0").code == 0
    run_git(folder, "add", "-A")
    run_git(folder, "commit", "-q", "-m", "shop v1.0.0")
    run_git(folder, "push", "-q", "origin", "main")
    return remote


@pytest.fixture
def infra(project: Path, remote: Remote) -> Path:
    """The clone."""
    assert remote.folder.is_dir()
    return project / "infra"


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Change the Python of shop."""

    def change(**attributes: object) -> None:
        for name, value in attributes.items():
            monkeypatch.setattr(shops.Shop, name, value)

    return change


def left_behind(folder: Path) -> list[str]:
    """What an unfinished run would leave in a clone: a worktree, a lock, a branch, something to commit."""
    inside = [str(path.relative_to(folder)) for path in (folder / ".git").rglob("*")]
    found = [path for path in inside if "chores-infra" in path or path.endswith(".lock")]
    found += run_git(folder, "worktree", "list").splitlines()[1:]
    found += run_git(folder, "branch", "--format=%(refname:short)").replace("main", "").split()
    return found + run_git(folder, "status", "--porcelain").splitlines()


def runs(folder: Path, app: str = "shop", revision: str = "main") -> str:
    """The version of production that an intent says."""
    text = run_git(folder, "show", f"{revision}:releases/{app}.yaml")
    return next(line.split()[1] for line in text.splitlines() if line.strip().startswith("version:"))


def trailers(folder: Path, revision: str = "main") -> dict[str, str]:
    """Those of a commit."""
    text = run_git(folder, "log", "-1", "--format=%(trailers:only,unfold)", revision)
    return dict(line.split(": ", 1) for line in text.splitlines() if line)


def subjects(folder: Path, revision: str = "main") -> list[str]:
    return run_git(folder, "log", "--format=%s", revision).splitlines()
