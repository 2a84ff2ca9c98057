"""`chores-infra audit`: exit codes, formats, what is looked at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.release.audit.history import History


@pytest.fixture
def source(project: Path) -> History:
    history = History(project / "source")
    history.commit("v2.0.0", "v3.0.0")
    return history


def test_findings_are_reported_and_warnings_do_not_fail(source: History, run: Run) -> None:
    outcome = run("audit", "--app-repo", "source")
    assert outcome.code == 0
    assert "source: warning[two-versions-one-commit]" in outcome.out
    assert "1 warning, 0 infos in 2 tags, 2 versions" in outcome.out
    assert run("audit", "--app-repo", "source", "--fail-on", "warning").code == 1


def test_json_has_what_was_looked_at_and_what_was_not(source: History, run: Run) -> None:
    outcome = run("audit", "--app-repo", source.folder.as_uri(), "--format", "json")
    data = json.loads(outcome.out)
    assert [finding["rule"] for finding in data["findings"]] == ["two-versions-one-commit"]
    assert data["summary"]["lookedAt"] == {"tags": 2, "versions": 2}


@pytest.mark.parametrize("output_format", ["sarif", "junit", "github"])
def test_other_formats(source: History, run: Run, output_format: str) -> None:
    assert "two-versions-one-commit" in run("audit", "--app-repo", "source", "--format", output_format).out


def test_a_baseline_accepts_the_past(source: History, run: Run) -> None:
    arguments = ("audit", "--app-repo", "source", "--baseline", "known.json", "--fail-on", "warning")
    assert run(*arguments).code == 0
    source.commit("v4.0.0", "v5.0.0", day=2)
    outcome = run(*arguments)
    assert outcome.code == 1
    assert "v4.0.0 and v5.0.0" in outcome.out
    assert "v2.0.0 and v3.0.0" not in outcome.out


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--app-repo", "nowhere"], "nowhere"),
        (["--app-repo", "--upload-pack=x"], "upload-pack"),
        (["--tags", "v1", "--app-repo", "."], "is no form of tags"),
        (["--registry", "file:missing.json"], "cannot be read"),
    ],
)
def test_bad_input_is_one_message(source: History, run: Run, arguments: list[str], problem: str) -> None:
    outcome = run("audit", *arguments)
    assert outcome.code == 2
    assert problem in outcome.err
    assert outcome.err.count("\n") == 1
