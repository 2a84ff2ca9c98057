"""Running git: what it may not do, and how it ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chores_infra.errors import GitError
from chores_infra.git.program import attempt, git, stream
from tests.git.served import run_git


@pytest.fixture
def folder(tmp_path: Path, git_settings: Path) -> Path:
    assert git_settings.is_file()
    run_git(tmp_path, "init", "-q")
    return tmp_path


def test_git_has_no_terminal_to_ask_on(folder: Path) -> None:
    done = attempt(folder, ["-c", "alias.ask=!sh -c 'read answer < /dev/tty'", "ask"])
    assert done.code
    assert "/dev/tty" in done.err


def test_the_environment_of_a_hook_does_not_reach_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", str(folder / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(folder / "index"))
    assert git(folder, ["rev-parse", "--git-dir"]) == b".git\n"


def test_a_command_that_takes_too_long_is_ended_with_all_that_it_started(folder: Path) -> None:
    os.mkfifo(folder / "held")
    reader = os.open(folder / "held", os.O_RDONLY | os.O_NONBLOCK)
    sleeper = "!sh -c 'exec 3> held; echo running >&3; sleep 100; :'"
    with pytest.raises(GitError, match=r"git slow took longer than 0\.5 s"):
        git(folder, ["-c", f"alias.slow={sleeper}", "slow"], seconds=0.5)
    assert os.read(reader, 100) == b"running\n"
    assert os.read(reader, 100) == b""  # nobody holds the other end any more
    os.close(reader)


def test_the_message_is_what_git_said_without_credentials(folder: Path) -> None:
    with pytest.raises(GitError) as error:
        git(folder, ["fetch", "--end-of-options", "https://bot:s3cret@127.0.0.1:1/x.git"])
    assert "unable to access 'https://" in str(error.value)
    assert "s3cret" not in str(error.value)


def test_a_stream_that_fails_says_so_at_its_end(folder: Path) -> None:
    with pytest.raises(GitError, match="git log failed"):
        list(stream(folder, ["log"]))


def test_a_nul_in_an_argument_is_an_error_of_ours(folder: Path) -> None:
    with pytest.raises(GitError, match="cannot be run"):
        git(folder, ["log", "a\0b"])
