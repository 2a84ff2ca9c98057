"""``chores-infra validate``, run as a person or a CI job does."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

CONFIG_MAP = (
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: shop}\ndata: {LEVEL: info}\n"
)
WRONG = CONFIG_MAP.replace("\ndata:", "\ndta:").replace("settings", "wrong")
FLOATING = (
    "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop}\n"
    "spec: {containers: [{name: p, image: registry.example.com/p:latest}]}\n"
)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder ``base`` with one right manifest, in the working directory."""
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "settings.yaml").write_text(CONFIG_MAP)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_nothing_wrong_is_exit_0(tree: Path, run: Run) -> None:
    done = run("validate", "base")

    assert (done.code, done.err) == (0, "")
    assert done.out == "0 errors, 0 warnings, 0 infos in 1 resource of 1 file\n"


def test_an_error_is_exit_1_with_its_line_and_the_way_out(tree: Path, run: Run) -> None:
    (tree / "base" / "wrong.yaml").write_text(WRONG)

    done = run("validate", "base")

    assert done.code == 1
    assert "base/wrong.yaml:4:1: error[schema]: ConfigMap/shop/wrong dta: " in done.out
    assert "     4 | dta: {LEVEL: info}" in done.out


@pytest.mark.parametrize(("threshold", "code"), [("error", 0), ("warning", 1), ("never", 0)])
def test_fail_on_says_what_is_bad_enough(tree: Path, run: Run, threshold: str, code: int) -> None:
    (tree / "base" / "pod.yaml").write_text(FLOATING)

    assert run("validate", "base", "--fail-on", threshold).code == code


@pytest.mark.parametrize("format_", ["json", "sarif", "junit", "github"])
def test_every_format_has_the_finding(tree: Path, run: Run, format_: str) -> None:
    (tree / "base" / "wrong.yaml").write_text(WRONG)

    done = run("validate", "base", "--format", format_)

    assert done.code == 1
    assert "base/wrong.yaml" in done.out


def test_a_single_file_is_checked(tree: Path, run: Run) -> None:
    (tree / "base" / "wrong.yaml").write_text(WRONG)

    assert run("validate", "base/settings.yaml").code == 0
    assert "base/wrong.yaml:4" in run("validate", "base/wrong.yaml").out


def test_several_paths_are_one_repository(tree: Path, run: Run) -> None:
    (tree / "more").mkdir()
    (tree / "more" / "again.yaml").write_text(CONFIG_MAP)

    found = json.loads(run("validate", "base", "more", "--format", "json").out)["findings"]

    assert {(each["rule"], each["file"]) for each in found} == {
        ("duplicate-identity", "base/settings.yaml"),
        ("duplicate-identity", "more/again.yaml"),
    }


def test_without_a_path_it_is_the_repository_of_the_configuration(tree: Path, run: Run) -> None:
    (tree / "chores-infra.toml").write_text('repository = "base"\n[rules]\nschema = "warning"\n')
    (tree / "base" / "wrong.yaml").write_text(WRONG)

    done = run("validate")

    assert done.code == 0
    assert "base/wrong.yaml:4:1: warning[schema]" in done.out


def test_a_baseline_hides_what_was_there(tree: Path, run: Run) -> None:
    (tree / "base" / "wrong.yaml").write_text(WRONG)

    assert run("validate", "base", "--baseline", "known.json").code == 0
    assert run("validate", "base", "--baseline", "known.json").code == 0
    (tree / "base" / "new.yaml").write_text(WRONG.replace("wrong", "other"))
    done = run("validate", "base", "--baseline", "known.json")
    assert done.code == 1
    assert "new.yaml" in done.out
    assert "wrong.yaml" not in done.out
    assert run("validate", "base", "--baseline", "known.json", "--update-baseline").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing"], "missing: "),
        (["base", "--baseline", "."], "cannot be read"),
        (["base", "--update-baseline"], "--baseline FILE says where"),
        (["base", "--format", "yaml"], "'yaml' is not one of"),
        (["base", "--fail-on", "info"], "'info' is not one of"),
        ([""], "expected a path, found nothing"),
    ],
)
def test_what_cannot_be_done_is_exit_2_and_one_line(
    tree: Path, run: Run, arguments: list[str], said: str
) -> None:
    done = run("validate", *arguments)

    assert done.code == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_wrong_settings_are_exit_2(tree: Path, run: Run) -> None:
    (tree / "chores-infra.toml").write_text('repository = "base"\n[rules]\nschema = "fatal"\n')

    done = run("validate")

    assert done.code == 2
    assert "rules.schema: expected off, info, warning or error, found 'fatal'" in done.err


def test_nothing_of_the_tree_is_executed(tree: Path, run: Run) -> None:
    hostile = tree / "base"
    (hostile / "chores-infra.toml").write_text('[apps]\nx = "evil:Evil"\n')
    (hostile / "evil.py").write_text("raise SystemExit('executed')\n")
    (hostile / "out.yaml").symlink_to("/etc/passwd")

    done = run("validate", "base", "--format", "json")

    assert "executed" not in done.out + done.err
    assert "root:" not in done.out
