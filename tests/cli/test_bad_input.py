"""Bad input ends with exit code 2 and one line that helps; nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Snapshot = Callable[[Path], dict[str, bytes]]

CASES = [
    (
        ["--version", "latest"],
        "'latest' is a tag that does not say which version it is; give a version such as",
    ),
    (["--version", "v3"], "such as v3.0.0"),
    (["--version", "3.1"], "such as v3.1.0"),
    (["--version", "sha-abc1234"], "give a version such as v3.1.0"),
    (["--version", "../../etc"], "expected three numbers such as v3.1.0"),
    (["--version", ""], "the version is empty; give one such as v3.1.0"),
    (["--version", "v03.1.0"], "did you mean v3.1.0?"),
    (["--version", "v3.1.0\n"], "is no version"),
    (["--version", "v3.1.0\x1b[2J"], "is no version"),
    (["--version", "v" + "9" * 1_000_000 + ".0.0"], "is no version"),
    (["--version"], "Option '--version' requires an argument"),
    (
        [],
        "no version of chores-tracker is recorded for production in dist/releases/chores-tracker.yaml; give",
    ),
    (["--env", "prod", "--version", "v3.0.0"], "is not one of 'production', 'staging', 'development'"),
    (["--env", "", "--version", "v3.0.0"], "is not one of 'production', 'staging', 'development'"),
    (["chores-traker", "--version", "v3.0.0"], "no app 'chores-traker'; did you mean 'chores-tracker'?"),
    (["../../etc", "--version", "v3.0.0"], "no app '../../etc'"),
    (["", "--version", "v3.0.0"], "no app ''"),
    (["no_such_module:App", "--version", "v3.0.0"], "there is no module 'no_such_module'"),
    (["os:path", "--version", "v3.0.0"], "os:path is no app: expected a subclass of App, found a module"),
    (["chores-tracker", "--all", "--version", "v3.0.0"], "not both"),
    (["--versoin", "v3.0.0"], "--versoin"),
    (["--engine", "helm", "--version", "v3.0.0"], "'helm' is not one of 'cdk8s', 'direct'"),
    (["--format", "xml", "--version", "v3.0.0"], "'xml' is not one of 'text', 'json'"),
    (["--out", "", "--version", "v3.0.0"], "expected a folder, found nothing"),
    (["--out", "chores-infra.toml", "--version", "v3.0.0"], "chores-infra.toml"),
    (["--check=yes", "--version", "v3.0.0"], "does not take a value"),
]


@pytest.mark.parametrize(("arguments", "said"), CASES, ids=[" ".join(case[0])[:40] for case in CASES])
def test_bad_input(arguments: list[str], said: str, project: Path, run: Run, snapshot: Snapshot) -> None:
    before = snapshot(project)
    done = run("synth", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: ")
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert len(done.err) < 500
    assert done.err.isprintable() or done.err[:-1].isprintable()
    assert snapshot(project) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["sinth"],
            "there is no command 'sinth'; did you mean 'synth'? (chores-infra --help lists what there is)",
        ),
        (["--colour"], "--colour"),
    ],
)
def test_a_command_that_there_is_not(arguments: list[str], said: str, run: Run) -> None:
    done = run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("repositry = 'dist'\n", "repositry: there is no such key; did you mean 'repository'?"),
        ("[apps\n", "is no TOML"),
        ("repository = 'chores-infra.toml'\n", "is no folder"),
    ],
)
def test_a_configuration_that_cannot_be_used(text: str, said: str, project: Path, run: Run) -> None:
    (project / "chores-infra.toml").write_text(text)
    done = run("synth", "--version", "v3.0.0")
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_without_a_configuration_the_message_says_how_to_get_one(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("synth", "--version", "v3.0.0")
    assert (done.code, done.out) == (2, "")
    assert "chores-infra init" in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("version", ["latest", "v3", "3.1", "sha-abc1234", "../../etc", "", "v03.1.0"])
def test_production_is_never_asked_to_run_what_is_no_version(
    version: str, project: Path, process: Run, snapshot: Snapshot
) -> None:
    before = snapshot(project)
    done = process(["-m", "chores_infra", "synth", "--version", version], project)
    assert (done.code, done.out) == (2, "")
    assert len(done.err.splitlines()) == 1
    assert "Traceback" not in done.err
    assert snapshot(project) == before
