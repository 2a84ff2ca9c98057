"""What jsii is told before it starts Node.js; the programs that do start it are in test_jsii_runtime."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from chores_infra.hosts import node_environment

Program = Callable[..., "subprocess.CompletedProcess[str]"]

RENDER = """
from chores_infra.construct import Component
from chores_infra.hosts.cdk8s import App, collect
Component(app := App(), "web")
print(len(app.charts))
"""


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Nothing said about jsii, and an empty home."""
    for name in [name for name in os.environ if name.startswith("JSII_")]:
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    monkeypatch.setenv("HOME", str(home))
    return home


def prepared() -> str | None:
    """What is said about the cache, afterwards."""
    node_environment.prepare()
    return os.environ.pop("JSII_RUNTIME_PACKAGE_CACHE", None)


@pytest.fixture(autouse=True)
def unchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what `prepare` sets be forgotten after the test."""
    for name in (
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION",
        "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION",
        "JSII_RUNTIME_PACKAGE_CACHE",
    ):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


class TestTrapTheCacheOfJsii:
    """It ends the program where its folder is not private, or not writable: then it goes without."""

    def test_an_ordinary_home(self, environment: Path) -> None:
        assert prepared() is None

    def test_a_cache_that_is_there(self, environment: Path) -> None:
        (environment / ".cache/aws/jsii/package-cache").mkdir(parents=True, mode=0o700)
        for folder in environment.rglob("*"):
            folder.chmod(0o700)

        assert prepared() is None

    def test_a_folder_that_a_group_may_write(self, environment: Path) -> None:
        (environment / ".cache").mkdir()
        (environment / ".cache").chmod(0o775)

        assert prepared() == "disabled"

    def test_a_sticky_folder_above_is_fine_but_not_the_cache_itself(self, environment: Path) -> None:
        environment.chmod(0o1777)
        assert prepared() is None

        cache = environment / ".cache/aws/jsii/package-cache"
        cache.mkdir(parents=True)
        for folder in environment.rglob("*"):
            folder.chmod(0o700)
        cache.chmod(0o1777)
        assert prepared() == "disabled"

    def test_a_home_that_is_no_folder(self, environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (environment / "file").touch()
        monkeypatch.setenv("HOME", str(environment / "file"))

        assert prepared() == "disabled"

    def test_what_the_user_says_about_the_cache_stands(
        self, environment: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        environment.chmod(0o777)
        monkeypatch.setenv("JSII_RUNTIME_PACKAGE_CACHE_ROOT", str(environment))

        assert prepared() is None

    @pytest.mark.parametrize("mode", [0o777, 0o755])
    def test_jsii_agrees(self, run_program: Program, environment: Path, mode: int) -> None:
        environment.chmod(mode)

        done = run_program(RENDER, {"HOME": str(environment)})

        assert (done.stdout, done.stderr) == ("1\n", "")
        assert (environment / ".cache").exists() == (mode == 0o755)


def test_temporary_folders_are_removed(run_program: Program, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()

    done = run_program(RENDER, {"TMPDIR": str(temporary), "JSII_RUNTIME_PACKAGE_CACHE": "disabled"})

    assert done.stdout == "1\n"
    assert list(temporary.iterdir()) == []
