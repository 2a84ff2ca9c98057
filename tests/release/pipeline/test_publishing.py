"""Pushing while others do, and what stops it: nothing is lost, forced or left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.git.served import Remote, run_git, write_files
from tests.release.pipeline.conftest import Run, left_behind, runs, subjects, trailers

ROOT = Path(__file__).parents[3]


def others(remote: Remote, folder: Path, files: dict[str, str], message: str) -> None:
    """Let somebody else push."""
    if not folder.exists():
        remote.clone(folder)
    run_git(folder, "pull", "-q")
    write_files(folder, files)
    run_git(folder, "add", "-A")
    run_git(folder, "commit", "-q", "-m", message)
    run_git(folder, "push", "-q")


def test_a_clone_that_is_behind_builds_on_what_the_remote_has(
    infra: Path, remote: Remote, run: Run, tmp_path: Path
) -> None:
    others(remote, tmp_path / "other", {"base-apps/other.yaml": "a: 1\n"}, "other")
    assert run("deploy", "shop", "v1.1.0", "--push").code == 0
    assert subjects(remote.folder)[:2] == ["chore: update shop to v1.1.0", "other"]
    assert (infra / "base-apps" / "other.yaml").exists()
    assert left_behind(infra) == []


def test_a_push_that_comes_second_is_made_anew_on_the_first(
    infra: Path, remote: Remote, run: Run, tmp_path: Path
) -> None:
    """The other push comes between our fetch and our push: a hook of this clone makes it, once."""
    other = remote.clone(tmp_path / "other")
    write_files(other, {"base-apps/other.yaml": "a: 1\n"})
    run_git(other, "add", "-A")
    run_git(other, "commit", "-q", "-m", "quicker")
    hook = infra / ".git" / "hooks" / "pre-push"
    hook.write_text(
        f"#!/bin/sh\nunset GIT_DIR GIT_WORK_TREE\ncd {other} && git push -q origin main\nexit 0\n"
    )
    hook.chmod(0o755)
    done = run("deploy", "shop", "v1.1.0", "--push", "--format", "json")
    assert done.code == 0, done.err
    assert done.data["attempts"] == 2
    assert subjects(remote.folder)[:3] == ["chore: update shop to v1.1.0", "quicker", "shop v1.0.0"]


def test_another_version_of_the_same_app_is_not_overwritten(infra: Path, remote: Remote, run: Run) -> None:
    assert run("deploy", "shop", "v1.1.0", "--repo", remote.url).code == 0
    refused = run("deploy", "shop", "v1.2.0", "--push")
    assert (refused.code, "v1.1.0 in production by somebody else" in refused.err) == (1, True)
    assert (runs(remote.folder), left_behind(infra)) == ("v1.1.0", [])
    run_git(infra, "pull", "-q")
    assert run("deploy", "shop", "v1.2.0", "--push").code == 0
    assert trailers(remote.folder)["Previous-Version"] == "v1.1.0"


def test_another_environment_of_the_same_app_may_be_moved_meanwhile(
    infra: Path, remote: Remote, run: Run
) -> None:
    assert run("deploy", "shop", "v1.5.0", "--env", "staging", "--repo", remote.url).code == 0
    assert run("deploy", "shop", "v1.1.0", "--push").code == 0
    intent = run_git(remote.folder, "show", "main:releases/shop.yaml")
    assert "v1.5.0" in intent
    assert "v1.1.0" in intent


def test_commits_of_others_that_are_not_pushed_stay_where_they_are(
    infra: Path, remote: Remote, run: Run
) -> None:
    write_files(infra, {"notes.md": "mine\n"})
    run_git(infra, "add", "-A")
    run_git(infra, "commit", "-q", "-m", "mine")
    done = run("deploy", "shop", "v1.1.0", "--push")
    assert (done.code, "git pull --rebase" in done.err) == (0, True)
    assert subjects(remote.folder)[:2] == ["chore: update shop to v1.1.0", "shop v1.0.0"]
    assert subjects(infra)[0] == "mine"


def test_commits_of_the_app_that_are_not_pushed_are_refused(infra: Path, remote: Remote, run: Run) -> None:
    assert run("deploy", "shop", "v1.1.0").code == 0
    refused = run("deploy", "shop", "v1.2.0", "--push")
    assert (refused.code, "push them first" in refused.err) == (1, True)
    assert runs(remote.folder) == "v1.0.0"


@pytest.mark.parametrize("name", ["pre-commit", "commit-msg", "pre-push"])
def test_a_hook_that_fails_leaves_nothing(infra: Path, remote: Remote, run: Run, name: str) -> None:
    hook = infra / ".git" / "hooks" / name
    hook.write_text("#!/bin/sh\necho 'not on Fridays' >&2\nexit 1\n")
    hook.chmod(0o755)
    done = run("deploy", "shop", "v1.1.0", "--push")
    assert (done.code, "not on Fridays" in done.err) == (2, True)
    assert (runs(infra), runs(remote.folder), left_behind(infra)) == ("v1.0.0", "v1.0.0", [])


def test_a_protected_branch_leaves_nothing_and_is_not_tried_again(
    infra: Path, remote: Remote, run: Run
) -> None:
    remote.hook("pre-receive", "echo asked >> asked; echo 'main is protected: open a pull request'; exit 1")
    done = run("deploy", "shop", "v1.1.0", "--push")
    assert (done.code, "main is protected: open a pull request" in done.err) == (2, True)
    assert (remote.folder / "asked").read_text() == "asked\n"
    assert (runs(infra), left_behind(infra)) == ("v1.0.0", [])


def test_a_remote_that_cannot_be_reached_leaves_nothing_and_no_password_is_shown(
    infra: Path, run: Run
) -> None:
    run_git(infra, "remote", "set-url", "origin", "http://bot:s3cret@127.0.0.1:1/infra.git")
    done = run("deploy", "shop", "v1.1.0", "--push", "--format", "json")
    assert (done.code, left_behind(infra)) == (2, [])
    assert "s3cret" not in done.out + done.err


def test_a_detached_head_is_an_error(infra: Path, run: Run) -> None:
    run_git(infra, "checkout", "-q", "--detach")
    done = run("deploy", "shop", "v1.1.0")
    assert (done.code, "detached" in done.err) == (2, True)


def test_a_shallow_clone_of_one_branch_is_enough(
    infra: Path, remote: Remote, run: Run, tmp_path: Path
) -> None:
    assert infra.is_dir()
    shallow = remote.clone(tmp_path / "ci", "--depth=1", "--single-branch", "--no-tags")
    others(remote, tmp_path / "other", {"base-apps/other.yaml": "a: 1\n"}, "other")
    assert run("deploy", "shop", "v1.1.0", "--push", "--repo", str(shallow)).code == 0
    assert subjects(remote.folder)[:2] == ["chore: update shop to v1.1.0", "other"]
    assert runs(shallow) == "v1.1.0"


def test_a_folder_of_a_repository_is_enough(remote: Remote, run: Run, tmp_path: Path) -> None:
    other = remote.clone(tmp_path / "mono")
    write_files(other, {"README.md": "edited\n"})
    folder = other / "clusters" / "prod"
    assert run("deploy", "shop", "v1.0.0", "--repo", str(folder), "--push").code == 0
    assert run("deploy", "shop", "v1.1.0", "--repo", f"{remote.url}//clusters/prod").code == 0
    assert run_git(other, "status", "--porcelain") == " M README.md"
    files = run_git(remote.folder, "ls-tree", "-r", "--name-only", "main", "clusters/prod").splitlines()
    assert "clusters/prod/releases/shop.yaml" in files
    assert runs(remote.folder, revision="main") == "v1.0.0"  # the one at the root is another


def test_a_run_that_was_killed_before_its_branch_followed_does_not_stop_the_next(
    infra: Path, remote: Remote, run: Run
) -> None:
    """The files are new and the branch is not: what a kill leaves between the two."""
    head = run_git(infra, "rev-parse", "HEAD")
    assert run("deploy", "shop", "v1.1.0", "--push").code == 0
    run_git(infra, "update-ref", "refs/heads/main", head)
    assert left_behind(infra)
    assert run("deploy", "shop", "v1.1.0", "--push").code == 0
    assert left_behind(infra) == []
    assert run("deploy", "shop", "v1.2.0", "--push").code == 0
    assert runs(remote.folder) == "v1.2.0"


class _Unauthorized(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="infra"')
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def unauthorized() -> Iterator[int]:
    """A server that wants a password; answers its port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Unauthorized) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.mark.parametrize("user", ["", "bot:s3cret@"])
def test_failed_authentication_asks_nobody_and_leaves_nothing(
    infra: Path, run: Run, unauthorized: int, user: str
) -> None:
    run_git(infra, "remote", "set-url", "origin", f"http://{user}127.0.0.1:{unauthorized}/infra.git")
    done = run("deploy", "shop", "v1.1.0", "--push")
    assert (done.code, left_behind(infra)) == (2, [])
    assert "Authentication failed" in done.err or "could not read Username" in done.err
    assert "s3cret" not in done.err


def test_an_interrupted_run_leaves_nothing(infra: Path, remote: Remote, project: Path) -> None:
    """Ctrl-C while a hook runs."""
    hook = infra / ".git" / "hooks" / "pre-commit"
    hook.write_text(f"#!/bin/sh\ntouch {project}/running\nsleep 100\n")
    hook.chmod(0o755)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "chores_infra", "deploy", "shop", "v1.1.0", "--push"]
    with subprocess.Popen(command, cwd=project, env=environment) as process:
        while not (project / "running").exists():
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
    assert (left_behind(infra), runs(remote.folder)) == ([], "v1.0.0")


def test_several_in_one_clone_at_once_all_succeed(infra: Path, project: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "chores_infra", "deploy"]
    apps = ["shop-0", "shop-1", "shop-2"]
    started = [
        subprocess.Popen([*command, app, "v1.0.0"], cwd=project, env=environment, stdout=subprocess.DEVNULL)
        for app in apps
    ]
    assert [process.wait() for process in started] == [0, 0, 0]
    assert sorted(subjects(infra)[:3]) == [f"chore: update {app} to v1.0.0" for app in apps]
    assert left_behind(infra) == []
