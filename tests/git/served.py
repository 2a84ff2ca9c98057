"""Fixtures for whatever works with git: settings of its own, and real repositories behind a real server."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

__all__ = ["Daemon", "Remote", "daemon", "git_settings", "run_git", "serving", "write_files"]


def run_git(folder: Path, *arguments: str) -> str:
    """Run git, and answer what it printed, without the end of its last line."""
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (arguments, done.stdout, done.stderr)
    return done.stdout.rstrip("\n")


def write_files(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.fixture
def git_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings of a user who has a name and nothing else; answers the file."""
    file = tmp_path_factory.mktemp("settings") / "gitconfig"
    file.write_text(
        "[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n[gc]\n\tauto = 0\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(file))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)
    return file


class Remote(NamedTuple):
    """A bare repository and the URL at which it is served."""

    folder: Path
    url: str

    def hook(self, name: str, script: str) -> None:
        """Let the server run a shell script."""
        file = self.folder / "hooks" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)

    def clone(self, folder: Path, *arguments: str) -> Path:
        """A clone at a folder."""
        run_git(folder.parent, "clone", "-q", *arguments, self.url, str(folder))
        return folder


class Daemon:
    """A ``git daemon`` that serves the repositories of a folder, and takes pushes."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port

    def remote(self, name: str, files: dict[str, str]) -> Remote:
        """A new repository with one commit on ``main``."""
        folder = self.folder / f"{name}.git"
        run_git(self.folder, "init", "-q", "--bare", "-b", "main", str(folder))
        work = self.folder / f"{name}.first"
        run_git(self.folder, "clone", "-q", str(folder), str(work))
        write_files(work, files)
        run_git(work, "add", "-A")
        run_git(work, "commit", "-q", "-m", "first")
        run_git(work, "push", "-q", "origin", "HEAD:main")
        return Remote(folder, f"git://127.0.0.1:{self.port}/{name}.git")


@pytest.fixture
def daemon(tmp_path_factory: pytest.TempPathFactory, git_settings: Path) -> Iterator[Daemon]:
    """A server of a test's own."""
    assert git_settings.is_file()
    folder = tmp_path_factory.mktemp("served")
    with serving(folder) as port:
        yield Daemon(folder, port)


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[int]:
    """Serve the repositories in a folder with a ``git daemon``; gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = ["git", "daemon", "--export-all", "--enable=receive-pack", "--reuseaddr", *options]
    command += ["--listen=127.0.0.1", f"--port={port}", f"--base-path={folder}", str(folder)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        for _ in range(500):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.01)
        yield port
    finally:
        process.terminate()
        process.wait()
