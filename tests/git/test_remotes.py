"""Fetching, pushing and cloning, with a real server; the branch that is checked out follows."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from threading import Timer

import pytest

from chores_infra.errors import GitError
from chores_infra.git import Repository
from chores_infra.git.advancing import advance
from chores_infra.git.remotes import cloned, fetch, push, remote_commit, remote_tags
from chores_infra.git.worktrees import temporary_worktree
from tests.git.served import Daemon, Remote, run_git, write_files


@pytest.fixture
def remote(daemon: Daemon) -> Remote:
    return daemon.remote("infra", {"a.yaml": "a: 1\n", "b.yaml": "b: 1\n"})


def commit(repository: Repository, name: str, text: str, base: str | None = None) -> str:
    with temporary_worktree(repository) as worktree:
        worktree.reset(base or repository.head())
        write_files(worktree.folder, {name: text})
        return worktree.commit(f"change {name}\n", [PurePosixPath(name)])


def test_a_push_moves_the_branch_of_the_remote_and_nothing_here(remote: Remote, tmp_path: Path) -> None:
    repository = Repository(remote.clone(tmp_path / "clone"))
    head = repository.head()
    made = commit(repository, "a.yaml", "a: 2\n")
    assert push(repository.root, "origin", made, "main")
    assert run_git(remote.folder, "rev-parse", "main") == made
    assert repository.head() == head


def test_a_push_after_another_is_not_forced(remote: Remote, tmp_path: Path) -> None:
    one, other = (Repository(remote.clone(tmp_path / name)) for name in ("one", "other"))
    first = commit(one, "a.yaml", "a: 2\n")
    assert push(one.root, "origin", first, "main")
    assert not push(other.root, "origin", commit(other, "b.yaml", "b: 2\n"), "main")
    newest = fetch(other.root, "origin", "main")
    assert newest == first
    assert other.commit("origin/main") == other.head()  # fetching has moved no branch
    again = commit(other, "b.yaml", "b: 2\n", newest)
    assert push(other.root, "origin", again, "main")
    assert run_git(remote.folder, "log", "--format=%s", "main") == "change b.yaml\nchange a.yaml\nfirst"


def test_what_a_server_refuses_is_said_in_its_words(remote: Remote, tmp_path: Path) -> None:
    remote.hook("pre-receive", "echo 'main is protected, open a pull request'; exit 1")
    repository = Repository(remote.clone(tmp_path / "clone"))
    with pytest.raises(GitError, match="main is protected, open a pull request"):
        push(repository.root, "origin", commit(repository, "a.yaml", "a: 2\n"), "main")


def test_a_shallow_clone_pushes_and_catches_up(remote: Remote, tmp_path: Path) -> None:
    full = Repository(remote.clone(tmp_path / "full"))
    for number in range(3):
        base = fetch(full.root, "origin", "main")
        assert push(full.root, "origin", commit(full, "a.yaml", f"a: 1{number}\n", base), "main")
    shallow = Repository(remote.clone(tmp_path / "shallow", "--depth=1"))
    assert shallow.is_shallow
    base = fetch(full.root, "origin", "main")
    assert push(full.root, "origin", commit(full, "a.yaml", "a: 20\n", base), "main")
    newest = fetch(shallow.root, "origin", "main")
    assert shallow.is_ancestor(shallow.head(), newest)
    assert push(shallow.root, "origin", commit(shallow, "b.yaml", "b: 2\n", newest), "main")


def test_a_clone_is_gone_afterwards(remote: Remote) -> None:
    with cloned(remote.url) as repository:
        assert repository.branch() == "main"
        assert repository.read(repository.head(), PurePosixPath("a.yaml")) == b"a: 1\n"
        place = repository.root
    assert not place.exists()
    with cloned(str(remote.folder)) as repository:
        assert repository.is_shallow or repository.head()


@pytest.mark.parametrize("url", ["ext::sh -c id", "--upload-pack=x", "https://bot:s3cret@127.0.0.1:1/x.git"])
def test_what_cannot_be_cloned(url: str, git_settings: Path) -> None:
    assert git_settings.is_file()
    with pytest.raises(GitError, match=r"is no URL|cannot be cloned") as error, cloned(url):
        pass
    assert "s3cret" not in str(error.value)


def test_refs_of_a_remote_are_asked_for_without_a_clone(remote: Remote, tmp_path: Path) -> None:
    clone = remote.clone(tmp_path / "clone")
    head = run_git(clone, "rev-parse", "HEAD")
    run_git(clone, "tag", "v1.0.0")
    run_git(clone, "tag", "-a", "-m", "annotated", "v2.0.0")
    run_git(clone, "push", "-q", "origin", "v1.0.0", "v2.0.0")
    assert remote_commit(tmp_path, remote.url, "refs/heads/main") == head
    assert remote_commit(tmp_path, remote.url, "refs/heads/other") is None
    found = remote_tags(tmp_path, remote.url, ["v1.0.0", "v2.0.0", "v3.0.0"])
    assert found == {"v1.0.0": head, "v2.0.0": head}


def test_a_branch_that_is_not_there(remote: Remote, tmp_path: Path) -> None:
    with pytest.raises(GitError, match="origin has no branch gone"):
        fetch(remote.clone(tmp_path / "clone"), "origin", "gone")


def test_the_branch_that_is_checked_out_follows_and_keeps_what_is_not_committed(
    remote: Remote, tmp_path: Path
) -> None:
    repository = Repository(remote.clone(tmp_path / "clone"))
    old = repository.head()
    new = commit(repository, "a.yaml", "a: 2\n")
    write_files(repository.root, {"b.yaml": "edited", "staged.txt": "s", "untracked.txt": "u"})
    run_git(repository.root, "add", "staged.txt")
    before = run_git(repository.root, "status", "--porcelain")
    assert advance(repository, "main", old, new, "deploy")
    assert repository.head() == new
    assert (repository.root / "a.yaml").read_text() == "a: 2\n"
    assert run_git(repository.root, "status", "--porcelain") == before
    assert "deploy" in run_git(repository.root, "reflog", "-1", "main")


def test_a_branch_does_not_follow_over_an_edit(remote: Remote, tmp_path: Path) -> None:
    repository = Repository(remote.clone(tmp_path / "clone"))
    old = repository.head()
    new = commit(repository, "a.yaml", "a: 2\n")
    write_files(repository.root, {"a.yaml": "edited"})
    with pytest.raises(GitError, match=r"'a\.yaml' not uptodate"):
        advance(repository, "main", old, new, "deploy")
    assert repository.head() == old
    assert (repository.root / "a.yaml").read_text() == "edited"


def test_a_branch_that_has_moved_does_not_follow(remote: Remote, tmp_path: Path) -> None:
    repository = Repository(remote.clone(tmp_path / "clone"))
    old = repository.head()
    new = commit(repository, "a.yaml", "a: 2\n")
    run_git(repository.root, "commit", "-q", "--allow-empty", "-m", "own")
    own = repository.head()
    assert not advance(repository, "main", old, new, "deploy")
    assert repository.head() == own
    assert run_git(repository.root, "status", "--porcelain") == ""


def test_a_branch_waits_for_another_git_that_works_there(remote: Remote, tmp_path: Path) -> None:
    repository = Repository(remote.clone(tmp_path / "clone"))
    old = repository.head()
    new = commit(repository, "a.yaml", "a: 2\n")
    lock = repository.root / ".git" / "index.lock"
    lock.touch()
    other = Timer(0.3, lock.unlink)
    other.start()
    assert advance(repository, "main", old, new, "deploy")
    other.join()
