"""``chores-infra init``: what it makes works, and it overwrites nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Snapshot = Callable[[Path], dict[str, bytes]]

FILES = [
    ".gitattributes",
    ".github/workflows/check.yaml",
    ".github/workflows/comment.yaml",
    ".github/workflows/deploy.yaml",
    ".github/workflows/preview.yaml",
    ".gitignore",
    ".pre-commit-config.yaml",
    "README.md",
    "apps/__init__.py",
    "apps/my_shop.py",
    "chores-infra.toml",
    "pyproject.toml",
    "requirements.txt",
    "tests/test_my_shop.py",
]


def test_a_new_project_passes_its_own_tests(
    tmp_path: Path, run: Run, process: Run, snapshot: Snapshot
) -> None:
    folder = tmp_path / "infra"
    done = run("init", str(folder), "--name", "my-shop")
    assert (done.code, done.err) == (0, "")
    assert sorted(snapshot(folder)) == FILES
    for arguments in (
        ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error"],
        ["-m", "chores_infra", "synth", "--version", "v1.0.0"],
        ["-m", "chores_infra", "synth", "--all", "--check"],
        ["-m", "ruff", "check", "--no-cache", "--select", "E,F,I,UP,B", "--line-length", "110", "."],
        ["-m", "ruff", "format", "--no-cache", "--check", "--line-length", "110", "."],
        ["-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "mypy"), "apps", "tests"],
    ):
        done = process(arguments, folder)
        assert done.code == 0, done.out + done.err
    assert (folder / "dist/base-apps/my-shop/deployments.yaml").is_file()


def test_the_last_line_says_what_to_do_next(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("init", "shop")
    assert done.out.splitlines()[0] == "  written  shop/.gitattributes"
    steps = (
        "python3 -m venv .venv && . .venv/bin/activate && python -m pip install -r requirements.txt && "
        "chores-infra synth --version v1.0.0 && python -m pytest"
    )
    assert done.out.splitlines()[-1] == f"Next: cd shop && {steps}"
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert run("init").out.splitlines()[-1] == f"Next: {steps}"
    assert run("init", "My Shop").out.splitlines()[-1].startswith("Next: cd 'My Shop' && python3 ")


def test_the_app_is_called_after_the_folder(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "My Shop"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert run("init").code == 0
    assert 'my-shop = "apps.my_shop:MyShop"\n' in (folder / "chores-infra.toml").read_text()


def test_nothing_is_overwritten(tmp_path: Path, run: Run, snapshot: Snapshot) -> None:
    (tmp_path / "README.md").write_text("mine\n")
    (tmp_path / ".gitignore").symlink_to("nowhere")
    (tmp_path / "tests").write_text("a file\n")
    before = snapshot(tmp_path)
    done = run("init", str(tmp_path), "--name", "my-shop")
    assert (done.code, done.out) == (2, "")
    assert "has .gitignore, README.md, tests/test_my_shop.py already" in done.err
    assert len(done.err.splitlines()) == 1
    assert snapshot(tmp_path) == before


def test_other_files_of_the_folder_stay(tmp_path: Path, run: Run) -> None:
    (tmp_path / "LICENSE").write_text("mine\n")
    assert run("init", str(tmp_path), "--name", "shop").code == 0
    assert (tmp_path / "LICENSE").read_text() == "mine\n"


@pytest.mark.parametrize("name", ["a", "a" * 51, "class", "x--y", "service", "app", "staging"])
def test_every_name_that_is_taken_can_be_rendered(name: str, tmp_path: Path, process: Run) -> None:
    made = process(["-m", "chores_infra", "init", "new", "--name", name], tmp_path)
    assert (made.code, made.err) == (0, "")
    for environment in ("production", "staging", "development"):
        arguments = ["-m", "chores_infra", "synth", "--env", environment, "--version", "v1.0.0"]
        done = process(arguments, tmp_path / "new")
        assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "3scale",
            "begins with a digit, which the name of a Service cannot; choose another, such as --name app-3sc",
        ),
        ("a" * 52, "is too long: "),
        ("shop-staging", "is the place of app 'shop' in staging; choose another name"),
    ],
)
def test_a_name_that_could_not_be_rendered_is_refused_with_the_way_out(
    name: str, said: str, tmp_path: Path, run: Run
) -> None:
    done = run("init", str(tmp_path / "new"), "--name", name)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"error: --name: {name!r} {said}")
    assert len(done.err.splitlines()) == 1
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["", "My Shop", "../etc", "shop_", "-shop", "a" * 64, "con"])
def test_a_name_that_cannot_be_is_refused(name: str, tmp_path: Path, run: Run) -> None:
    done = run("init", str(tmp_path / "new"), "--name", name)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: --name: ")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("folder", ["", " "])
def test_no_folder_at_all_is_not_this_one(
    folder: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("init", folder, "--name", "shop")
    assert (done.code, done.out) == (2, "")
    assert "expected a folder, found nothing" in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path, run: Run) -> None:
    (tmp_path / "file").write_text("mine\n")
    done = run("init", str(tmp_path / "file"), "--name", "shop")
    assert done.code == 2
    assert len(done.err.splitlines()) == 1
    assert (tmp_path / "file").read_text() == "mine\n"
