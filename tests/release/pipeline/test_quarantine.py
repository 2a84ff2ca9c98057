"""Quarantining versions: commits that touch the intent and nothing else."""

from __future__ import annotations

from pathlib import Path

from tests.git.served import Remote, run_git
from tests.release.pipeline.conftest import Run, left_behind, subjects, trailers


def test_a_version_is_quarantined_and_lifted_by_commits_that_touch_the_intent_alone(
    infra: Path, remote: Remote, run: Run
) -> None:
    done = run("quarantine", "add", "shop", "1.1.0", "--reason", "loses  orders", "--push")
    assert done.code == 0, done.err
    assert subjects(remote.folder)[0] == "chore: quarantine shop v1.1.0"
    assert trailers(remote.folder) == {"Quarantine": "v1.1.0", "Reason": "loses orders"}
    assert run_git(infra, "show", "--format=", "--name-only", "main") == "releases/shop.yaml"
    assert run("deploy", "shop", "v1.1.0", "--push").code == 1
    assert run("synth", "shop", "--version", "v1.1.0").code == 1
    assert run("quarantine", "lift", "shop", "v1.1.0", "--push").code == 0
    assert left_behind(infra) == []
    assert run("deploy", "shop", "v1.1.0", "--push").code == 0


def test_it_is_listed_with_what_runs_it(infra: Path, run: Run) -> None:
    assert infra.is_dir()
    assert run("quarantine", "list").out == "nothing is quarantined\n"
    assert run("quarantine", "add", "shop", "v1.0.0", "--reason", "slow").code == 0
    (row,) = run("quarantine", "list", "--format", "json").data["quarantine"]
    assert (row["app"], row["version"], row["reason"], row["environments"]) == (
        "shop",
        "v1.0.0",
        "slow",
        ["production"],
    )
    assert "runs in production" in run("quarantine", "list", "shop").out


def test_what_is_quarantined_already_keeps_what_is_said_of_it(infra: Path, remote: Remote, run: Run) -> None:
    assert run("quarantine", "add", "shop", "v1.1.0", "--reason", "first", "--push").code == 0
    again = run("quarantine", "add", "shop", "v1.1.0", "--reason", "second", "--push")
    assert (again.code, "nothing to do" in again.out) == (0, True)
    assert [
        row["reason"]
        for row in run("quarantine", "list", "--repo", remote.url, "--format", "json").data["quarantine"]
    ] == ["first"]
    assert len(subjects(infra)) == 3


def test_what_is_not_quarantined_cannot_be_lifted(infra: Path, run: Run) -> None:
    refused = run("quarantine", "lift", "shop", "v1.1.0")
    assert (refused.code, "is not quarantined" in refused.err) == (1, True)
    assert len(subjects(infra)) == 2


def test_a_version_that_runs_may_change_its_configuration_while_it_is_quarantined(
    infra: Path, run: Run
) -> None:
    assert run("quarantine", "add", "shop", "v1.0.0", "--reason", "slow").code == 0
    done = run("deploy", "shop", "v1.0.0")
    assert (done.code, "quarantined since" in done.err) == (0, True)
    assert subjects(infra)[0] == "chore: quarantine shop v1.0.0"


def test_a_dry_run_and_no_reason(infra: Path, run: Run) -> None:
    assert run("quarantine", "add", "shop", "v1.1.0", "--reason", "x", "--dry-run").code == 0
    assert run("quarantine", "add", "shop", "v1.1.0", "--reason", " ").code == 2
    assert run("quarantine", "add", "shop", "$(id)", "--reason", "x").code == 2
    assert run("quarantine", "add", "../../x", "v1.1.0", "--reason", "x").code == 2
    assert len(subjects(infra)) == 2
