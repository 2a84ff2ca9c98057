"""`chores-infra versions`: what can be deployed."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.cli.conftest import Run

INTENT = """\
app: chores-tracker
environments:
  production:
    version: v3.0.0
    tag: 3.0.0
  staging:
    version: v4.0.0
    tag: 4.0.0
  development:
    version: main
    tag: main
quarantine:
- version: v3.1.0
  reason: login fails behind Traefik
  since: "2025-07-01T10:00:00Z"
"""
Listed: TypeAlias = Callable[..., list[dict[str, Any]]]
IMAGES = {
    "a": ["v3.0.0", "latest", "sha-abc1234"],
    "b": ["3.1.0"],
    "c": ["v2.0.0", "v10.0.0-rc.1"],
    "d": ["main", "build-20250627-123456"],
}


@pytest.fixture(autouse=True)
def registry(project: Path) -> None:
    details = [
        {
            "imageDigest": f"sha256:{name * 64}",
            "imageTags": tags,
            "imagePushedAt": "2025-06-27T13:47:00+00:00",
        }
        for name, tags in IMAGES.items()
    ]
    (project / "images.json").write_text(json.dumps({"imageDetails": details}))
    (project / "chores-infra.toml").write_text(
        'repository = "infra"\nregistry = "file:images.json"\n'
        '[apps]\nchores-tracker = "chores_infra.apps.chores_tracker:ChoresTracker"\n'
    )
    (project / "infra" / "releases").mkdir(parents=True)
    (project / "infra" / "releases" / "chores-tracker.yaml").write_text(INTENT)


@pytest.fixture
def listed(run: Run) -> Listed:
    def listed(*arguments: str) -> list[dict[str, Any]]:
        outcome = run("versions", "--format", "json", *arguments)
        assert outcome.code == 0, outcome.err
        found: list[dict[str, Any]] = json.loads(outcome.out)["versions"]
        return found

    return listed


def test_the_greatest_version_is_first_and_what_runs_without_one_last(listed: Listed) -> None:
    assert [(row["version"], row["tag"]) for row in listed()] == [
        ("v10.0.0-rc.1", "v10.0.0-rc.1"),
        ("v3.1.0", "3.1.0"),
        ("v3.0.0", "v3.0.0"),
        ("v2.0.0", "v2.0.0"),
        ("v4.0.0", None),
        ("main", "main"),
    ]


def test_a_row_has_what_the_registry_and_the_intent_say(listed: Listed) -> None:
    [row] = [row for row in listed() if row["version"] == "v3.0.0"]
    assert row == {
        "version": "v3.0.0",
        "tag": "v3.0.0",
        "digest": f"sha256:{'a' * 64}",
        "tags": ["latest", "sha-abc1234", "v3.0.0"],
        "pushedAt": "2025-06-27T13:47:00Z",
        "createdAt": None,
        "commit": None,
        "environments": ["production"],
        "quarantine": None,
    }


def test_a_quarantine_stands_beside_its_version(listed: Listed) -> None:
    [row] = [row for row in listed() if row["quarantine"]]
    assert row["version"] == "v3.1.0"
    assert row["quarantine"]["reason"] == "login fails behind Traefik"


def test_what_runs_is_shown_beyond_the_limit(listed: Listed) -> None:
    assert [row["version"] for row in listed("--limit", "1")] == ["v10.0.0-rc.1", "v3.0.0", "v4.0.0", "main"]


def test_the_table_calls_its_times_by_what_they_are(run: Run) -> None:
    lines = run("versions").out.splitlines()
    assert lines[0].split("  ")[0] == "VERSION"
    assert "PUSHED (UTC)" in lines[0]
    [running] = [line for line in lines if line.startswith("v3.0.0")]
    assert "latest, sha-abc1234" in running
    assert "2025-06-27 13:47" in running
    assert running.rstrip().endswith("production")
    assert any(line.startswith("v4.0.0") and "not there" in line and "staging" in line for line in lines)


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def test_the_commits_are_those_of_the_tags(project: Path, listed: Listed) -> None:
    source = project / "source"
    subprocess.run(["git", "init", "-q", str(source)], check=True)
    git(source, "commit", "-q", "--allow-empty", "-m", "one")
    git(source, "tag", "v3.0.0")
    git(source, "commit", "-q", "--allow-empty", "-m", "two")
    git(source, "tag", "-a", "-m", "release", "v3.1.0")
    commits = {row["version"]: row["commit"] for row in listed("--app-repo", "source")}
    assert commits["v3.0.0"] == git(source, "rev-parse", "HEAD~1")
    assert commits["v3.1.0"] == git(source, "rev-parse", "HEAD")
    without = listed("--app-repo", f"{source.as_uri()}", "--registry", "none")
    assert [row["version"] for row in without] == ["v3.1.0", "v3.0.0", "v4.0.0", "main"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--registry", "none"], "the versions come from --app-repo"),
        (["--registry", ""], "expected a place, found nothing"),
        (["--registry", "ftp://x"], "is no registry"),
        (["--app-repo", "--upload-pack=x"], "upload-pack"),
        (["--repo", "https://$(id)/x"], "is no URL of a repository"),
        (["--image", "UPPER"], "is no repository of images"),
        (["nothing"], "there is no app 'nothing'"),
    ],
)
def test_bad_input_is_one_message(run: Run, arguments: list[str], problem: str) -> None:
    outcome = run("versions", *arguments)
    assert outcome.code == 2
    assert problem in outcome.err
    assert outcome.err.count("\n") == 1
