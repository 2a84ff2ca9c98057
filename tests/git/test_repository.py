"""Reading a git repository at a revision: real repositories, hostile names."""

from __future__ import annotations

import subprocess
from pathlib import Path, PurePosixPath

import pytest

from chores_infra.errors import GitError
from chores_infra.git import Repository, git

IDENTITY = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]


def run(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *IDENTITY, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    run(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "base-apps" / "shop").mkdir(parents=True)
    (tmp_path / "base-apps" / "shop" / "a.yaml").write_bytes(b"a: 1\n")
    (tmp_path / "base-apps" / "ünicode [x] *.yaml").write_bytes(b"\x00\nbinary\n")
    (tmp_path / "base-apps" / "empty.yaml").write_bytes(b"")
    (tmp_path / "link.yaml").symlink_to("/etc/passwd")
    run(tmp_path, "add", "-A")
    run(tmp_path, "commit", "-q", "-m", "one")
    run(tmp_path, "tag", "-a", "v1.0.0", "-m", "one")
    (tmp_path / "base-apps" / "shop" / "a.yaml").write_bytes(b"a: 2\n")
    run(tmp_path, "commit", "-q", "-a", "-m", "two")
    return tmp_path


def read(repository: Repository, revision: str, below: str = "") -> dict[str, bytes]:
    entries = repository.entries(repository.commit(revision), PurePosixPath(below))
    files = [entry for entry in entries if entry.is_file]
    return dict(
        zip(
            (entry.path for entry in files),
            repository.contents([entry.blob for entry in files]),
            strict=True,
        )
    )


def test_the_files_of_a_revision_are_those_of_then(folder: Path) -> None:
    repository = Repository(folder)
    assert read(repository, "v1.0.0", "base-apps/shop") == {"base-apps/shop/a.yaml": b"a: 1\n"}
    assert read(repository, "HEAD~1") == read(repository, "v1.0.0")
    assert read(repository, "main") == {
        "base-apps/empty.yaml": b"",
        "base-apps/shop/a.yaml": b"a: 2\n",
        "base-apps/ünicode [x] *.yaml": b"\x00\nbinary\n",
    }


def test_names_are_no_patterns(folder: Path) -> None:
    repository = Repository(folder)
    assert list(read(repository, "main", "base-apps/ünicode [x] *.yaml")) == ["base-apps/ünicode [x] *.yaml"]
    assert read(repository, "main", "base-apps/*") == {}
    assert read(repository, "main", ":(glob)**") == {}


def test_a_link_is_no_file(folder: Path) -> None:
    repository = Repository(folder)
    links = [entry for entry in repository.entries(repository.commit("main")) if not entry.is_file]
    assert [entry.path for entry in links] == ["link.yaml"]


def test_the_prefix_is_the_way_from_the_root(folder: Path) -> None:
    repository = Repository(folder / "base-apps" / "shop")
    assert (repository.root, repository.prefix) == (folder, PurePosixPath("base-apps/shop"))


def test_an_unknown_revision_says_what_may_be_missing(folder: Path) -> None:
    with pytest.raises(GitError, match=r"no revision 'v9.9.9'.*fetch it first"):
        Repository(folder).commit("v9.9.9")


def test_a_folder_in_no_repository_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(GitError, match="is in no git repository"):
        Repository(tmp_path)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="there is no folder"):
        git(tmp_path / "gone", ["status"])


def test_a_missing_object_is_an_incomplete_clone(folder: Path) -> None:
    with pytest.raises(GitError, match="incomplete"):
        list(Repository(folder).contents(["0" * 40]))


def test_what_is_checked_out_is_known(folder: Path) -> None:
    repository = Repository(folder)
    assert (repository.branch(), repository.is_shallow) == ("main", False)
    assert repository.head() == repository.commit("main")
    run(folder, "checkout", "-q", "--detach", "HEAD~1")
    assert repository.branch() is None
    assert repository.head() == repository.commit("v1.0.0")


def test_a_repository_without_a_commit_says_so(tmp_path: Path) -> None:
    run(tmp_path, "init", "-q", "-b", "main")
    assert Repository(tmp_path).branch() == "main"
    with pytest.raises(GitError, match="no commit yet"):
        Repository(tmp_path).head()


def test_what_is_not_committed_is_known_of_the_given_paths(folder: Path) -> None:
    repository = Repository(folder)
    (folder / "base-apps" / "shop" / "a.yaml").write_text("edited")
    (folder / "base-apps" / "shop" / "new.yaml").write_text("new")
    (folder / "other.yaml").write_text("staged")
    run(folder, "add", "other.yaml")
    shop = [PurePosixPath("base-apps/shop")]
    assert repository.uncommitted(shop) == ["base-apps/shop/a.yaml", "base-apps/shop/new.yaml"]
    assert repository.uncommitted([PurePosixPath("base-apps/empty.yaml")]) == []
    assert repository.uncommitted([PurePosixPath("other.yaml")]) == ["other.yaml"]


def test_commits_are_compared(folder: Path) -> None:
    repository = Repository(folder)
    old, new = repository.commit("v1.0.0"), repository.head()
    assert repository.changed(old, new) == ["base-apps/shop/a.yaml"]
    assert repository.changed(old, new, [PurePosixPath("releases")]) == []
    assert repository.is_ancestor(old, new)
    assert not repository.is_ancestor(new, old)
    assert repository.read(old, PurePosixPath("base-apps/shop/a.yaml")) == b"a: 1\n"
    assert repository.read(old, PurePosixPath("base-apps/shop")) is None
    assert repository.read(old, PurePosixPath("link.yaml")) is None


def test_a_log_comes_a_commit_at_a_time(folder: Path) -> None:
    log = Repository(folder).log(["--format=%s%n%b"], "main", [PurePosixPath("base-apps/shop")])
    assert next(log).startswith("two")
    assert [entry.strip() for entry in log] == ["one"]


def test_a_log_that_is_not_read_to_its_end_leaves_no_process(folder: Path) -> None:
    log = Repository(folder).log(["--format=%s"], "main")
    next(log)
    log.close()  # type: ignore[attr-defined]  # it is a generator


def test_the_upstream_is_what_git_says_or_the_only_remote(folder: Path) -> None:
    repository = Repository(folder)
    with pytest.raises(GitError, match="no remote to push to"):
        repository.upstream("main")
    run(folder, "remote", "add", "there", "https://example.com/there.git")
    assert repository.upstream("main") == ("there", "main")
    run(folder, "remote", "add", "here", "https://example.com/here.git")
    with pytest.raises(GitError, match="several remotes"):
        repository.upstream("main")
    run(folder, "config", "branch.main.remote", "here")
    run(folder, "config", "branch.main.merge", "refs/heads/trunk")
    assert repository.upstream("main") == ("here", "trunk")
