"""A bare repository behind a server, for programs that are no tests; and what must hold there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from chores_infra.checks.finding import Severity
from chores_infra.checks.run import check_paths
from chores_infra.environments import Environment
from chores_infra.release.intent import Intent
from chores_infra.rendering.owned import fingerprint
from chores_infra.rendering.places import Places
from chores_infra.rendering.writer import Writer
from tests.git.served import serving

ROOT = Path(__file__).parents[3]
CONFIGURATION = """\
repository = "infra"
registry = "none"

[apps]
shop = "tests.release.pipeline.shops:Shop"
shops = "tests.release.pipeline.shops:shops"
"""


class Bare(NamedTuple):
    """A bare repository, its URL, and a folder for clones and projects."""

    folder: Path
    url: str
    around: Path

    def project(self, name: str) -> Path:
        """A project with a clone of the repository in ``infra``."""
        project = self.around / name
        project.mkdir()
        (project / "chores-infra.toml").write_text(CONFIGURATION)
        git(self.around, "clone", "-q", self.url, str(project / "infra"))
        return project


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"git {arguments}: {done.stderr}")
    return done.stdout.rstrip("\n")


@contextmanager
def served() -> Iterator[Bare]:
    """One with a first commit, behind a ``git daemon``; the environment has settings of its own for git."""
    with TemporaryDirectory(prefix="chores-infra-race-") as name:
        around = Path(name)
        settings = around / "gitconfig"
        settings.write_text(
            "[user]\n\tname = Ada\n\temail = ada@example.com\n"
            "[init]\n\tdefaultBranch = main\n[gc]\n\tauto = 0\n"
        )
        os.environ |= {
            "GIT_CONFIG_GLOBAL": str(settings),
            "GIT_CONFIG_NOSYSTEM": "1",
            "PYTHONPATH": str(ROOT),
        }
        bare = around / "served" / "infra.git"
        git(around, "init", "-q", "--bare", str(bare))
        first = around / "first"
        git(around, "clone", "-q", str(bare), str(first))
        (first / "README.md").write_text("infrastructure\n")
        git(first, "add", "-A")
        git(first, "commit", "-q", "-m", "first")
        git(first, "push", "-q", "origin", "HEAD:main")
        # Without a limit of its own: all that race are connected at once.
        with serving(bare.parent, "--max-connections=0") as port:
            yield Bare(bare, f"git://127.0.0.1:{port}/infra.git", around)


def chores_infra(project: Path, *arguments: str) -> subprocess.Popen[str]:
    """The command line in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "chores_infra", *arguments],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def check_history(bare: Bare) -> int:
    """Hold every commit to what its parent recorded, and every tree to its checks; answers how many."""
    place = bare.around / "checked"
    git(bare.around, "clone", "-q", str(bare.folder), str(place))
    commits = git(place, "rev-list", "--reverse", "--first-parent", "main").split()
    for parent, commit in pairwise(commits):
        message = git(place, "log", "-1", "--format=%B", commit)
        said = dict(line.split(": ", 1) for line in message.splitlines()[1:] if ": " in line)
        app = message.split()[2]
        assert said["Previous-Version"] == recorded(place, parent, app), (commit, message)
        assert message.split()[4] == recorded(place, commit, app), (commit, message)
        check_tree(place, commit)
    assert git(place, "rev-list", "--merges", "main") == ""
    return len(commits) - 1


def check_tree(place: Path, commit: str) -> None:
    """Hold one tree to its checks: no error, and every app as its intent says that it was written."""
    git(place, "checkout", "-q", commit)
    report = check_paths((place,), settings=None)
    errors = [str(found) for found in report.findings if found.severity is Severity.ERROR]
    assert not errors, (commit, errors)
    for file in (place / "releases").glob("*.yaml"):
        intent = Intent.read(file.read_text(), file)
        running = intent.environments[Environment.PRODUCTION]
        with Writer(place) as writer:
            files = writer.read_owned(Places(intent.app))
        assert fingerprint(files) == running.rendered, (commit, file)


def recorded(place: Path, commit: str, app: str) -> str:
    """The version that runs in production, as an intent says."""
    text = git(place, "ls-tree", "--name-only", commit, f"releases/{app}.yaml")
    if not text:
        return "none"
    intent = Intent.read(git(place, "show", f"{commit}:releases/{app}.yaml") + "\n", app)
    running = intent.environments.get(Environment.PRODUCTION)
    return "none" if running is None else str(running.release)
