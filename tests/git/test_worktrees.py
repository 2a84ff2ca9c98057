"""Commits that are made beside what the user has checked out, with the user's hooks and signing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from chores_infra.errors import GitError
from chores_infra.git import Repository
from chores_infra.git.worktrees import temporary_worktree
from tests.git.served import run_git, write_files

FILE = PurePosixPath("base-apps/shop.yaml")


@pytest.fixture
def folder(tmp_path: Path, git_settings: Path) -> Path:
    assert git_settings.is_file()
    folder = tmp_path / "infra"
    folder.mkdir()
    run_git(folder, "init", "-q")
    write_files(folder, {str(FILE): "a: 1\n", "base-apps/other.yaml": "b: 1\n"})
    run_git(folder, "add", "-A")
    run_git(folder, "commit", "-q", "-m", "first")
    return folder


def hook(folder: Path, name: str, script: str) -> None:
    file = folder / ".git" / "hooks" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def commit(folder: Path, text: str = "a: 2\n") -> str:
    repository = Repository(folder)
    with temporary_worktree(repository) as worktree:
        worktree.reset(repository.head())
        (worktree.folder / FILE).write_text(text)
        return worktree.commit("update\n\nEnvironment: staging\n", [FILE])


def left_behind(folder: Path) -> list[str]:
    """What a worktree would leave: itself, what git knows of it, locks."""
    inside = [str(path.relative_to(folder)) for path in (folder / ".git").rglob("*")]
    worktrees = run_git(folder, "worktree", "list", "--porcelain").count("worktree ")
    return [path for path in inside if "chores-infra" in path or path.endswith(".lock")] + ["worktree"] * (
        worktrees - 1
    )


def test_a_commit_has_the_files_that_were_given_and_touches_nothing_else(folder: Path) -> None:
    write_files(folder, {"base-apps/other.yaml": "b: edited\n", "new.txt": "staged\n"})
    run_git(folder, "add", "new.txt")
    before = (
        run_git(folder, "status", "--porcelain"),
        run_git(folder, "for-each-ref"),
        run_git(folder, "stash", "list"),
    )
    made = commit(folder)
    repository = Repository(folder)
    assert repository.changed(repository.head(), made) == [str(FILE)]
    assert (
        run_git(folder, "log", "-1", "--format=%an|%s|%(trailers:key=Environment,valueonly)", made)
        == "Ada|update|staging"
    )
    assert before == (
        run_git(folder, "status", "--porcelain"),
        run_git(folder, "for-each-ref"),
        run_git(folder, "stash", "list"),
    )
    assert left_behind(folder) == []


def test_removed_new_and_ignored_files_are_committed(folder: Path) -> None:
    repository = Repository(folder)
    write_files(folder, {".git/info/exclude": "*.yaml\n"})
    with temporary_worktree(repository) as worktree:
        worktree.reset(repository.head())
        (worktree.folder / FILE).unlink()
        write_files(worktree.folder, {"releases/shop.yaml": "app: shop\n"})
        made = worktree.commit("x", [FILE, PurePosixPath("releases/shop.yaml")])
    assert repository.changed(repository.head(), made) == [str(FILE), "releases/shop.yaml"]


def test_hooks_see_the_files_and_may_write_the_message(folder: Path) -> None:
    hook(
        folder,
        "pre-commit",
        "grep -q 'a: 2' base-apps/shop.yaml && git diff --cached --quiet -- base-apps/other.yaml",
    )
    hook(folder, "commit-msg", 'echo "Change-Id: I1" >> "$1"')
    made = commit(folder)
    assert (
        run_git(folder, "log", "-1", "--format=%(trailers:only,unfold)", made)
        == "Environment: staging\nChange-Id: I1"
    )


@pytest.mark.parametrize("name", ["pre-commit", "commit-msg", "prepare-commit-msg"])
def test_a_hook_that_fails_leaves_nothing(folder: Path, name: str) -> None:
    hook(folder, name, "echo 'no deploys on Fridays' >&2; exit 1")
    before = run_git(folder, "for-each-ref")
    with pytest.raises(GitError, match="no deploys on Fridays"):
        commit(folder)
    assert run_git(folder, "for-each-ref") == before
    assert left_behind(folder) == []


def test_a_hook_that_changes_what_is_committed_is_refused(folder: Path) -> None:
    hook(folder, "pre-commit", "echo '# formatted' >> base-apps/shop.yaml; git add base-apps/shop.yaml")
    with pytest.raises(GitError, match="changed what was to be committed"):
        commit(folder)


def test_a_commit_without_a_name_says_how_to_give_one(folder: Path, git_settings: Path) -> None:
    git_settings.write_text("[user]\n\tuseConfigOnly = true\n")
    with pytest.raises(GitError, match=r"git config --global user\.email"):
        commit(folder)


def test_a_commit_is_signed_if_the_user_signs(folder: Path, tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    run_git(folder, "config", "gpg.format", "ssh")
    run_git(folder, "config", "user.signingkey", str(key))
    run_git(folder, "config", "commit.gpgsign", "true")
    assert "-----BEGIN SSH SIGNATURE-----" in run_git(folder, "cat-file", "-p", commit(folder))


def test_no_editor_is_opened(folder: Path) -> None:
    run_git(folder, "config", "core.editor", "false")
    run_git(folder, "config", "commit.verbose", "true")
    assert commit(folder)


def test_a_worktree_of_a_run_that_was_killed_is_removed_by_the_next(folder: Path) -> None:
    program = f"""
import os, signal
from pathlib import Path
from chores_infra.git import Repository
from chores_infra.git.worktrees import temporary_worktree
repository = Repository(Path({str(folder)!r}))
with temporary_worktree(repository):
    os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == -9
    assert left_behind(folder)
    commit(folder)
    assert left_behind(folder) == []


def test_two_at_once_leave_each_other_alone(folder: Path) -> None:
    repository = Repository(folder)
    with temporary_worktree(repository) as one:
        one.reset(repository.head())
        with temporary_worktree(repository) as other:
            other.reset(repository.head())
            assert (other.folder / FILE).read_text() == "a: 1\n"
        assert (one.folder / FILE).read_text() == "a: 1\n"
    assert left_behind(folder) == []


def test_files_are_as_they_are_committed_whatever_line_ends_the_user_wants(folder: Path) -> None:
    run_git(folder, "config", "core.autocrlf", "true")
    repository = Repository(folder)
    with temporary_worktree(repository) as worktree:
        worktree.reset(repository.head())
        assert (worktree.folder / FILE).read_bytes() == b"a: 1\n"


def test_reset_takes_back_what_was_committed(folder: Path) -> None:
    repository = Repository(folder)
    with temporary_worktree(repository) as worktree:
        worktree.reset(repository.head())
        write_files(worktree.folder, {str(FILE): "x", "new.yaml": "y"})
        worktree.commit("x", [FILE, PurePosixPath("new.yaml")])
        worktree.reset(repository.head())
        assert (worktree.folder / FILE).read_text() == "a: 1\n"
        assert not (worktree.folder / "new.yaml").exists()
