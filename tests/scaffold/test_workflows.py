"""The workflows and the action: GitHub understands them, and strangers' code gets nothing to take."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from chores_infra.scaffold import project_files

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "action.yml"
BUILD = ROOT / "docs" / "github" / "build.yaml"
PROJECT = {path.name: text for path, text in project_files("shop").items() if ".github" in path.parts}
WORKFLOWS = PROJECT | {BUILD.name: BUILD.read_text(encoding="utf-8")}
EVERYTHING = WORKFLOWS | {ACTION.name: ACTION.read_text(encoding="utf-8")}


def steps(text: str) -> Iterator[dict[str, Any]]:
    """The steps of a workflow or of a composite action."""
    document = yaml.safe_load(text)
    jobs = document["jobs"].values() if "jobs" in document else [document["runs"]]
    for job in jobs:
        yield from job["steps"]


def script(text: str, name: str) -> str:
    """What the step of a name, or with an id, runs."""
    (found,) = [step for step in steps(text) if name in {step.get("name"), step.get("id")}]
    return str(found["run"])


def bash(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script as GitHub does where a step says ``shell: bash``."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def actionlint() -> str:
    """The checker of workflows: go install github.com/rhysd/actionlint/cmd/actionlint@latest."""
    found = shutil.which("actionlint", path=f"{os.environ['PATH']}:{Path.home() / 'go' / 'bin'}")
    if found is None:
        pytest.skip("the program actionlint is neither on PATH nor in ~/go/bin")
    return found


@pytest.mark.parametrize("name", WORKFLOWS)
def test_github_understands_it(name: str, actionlint: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(WORKFLOWS[name], encoding="utf-8")
    done = subprocess.run([actionlint, name], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("name", EVERYTHING)
def test_actions_of_others_are_pinned_by_commit_with_their_version(name: str) -> None:
    used = re.findall(r"uses: (.+)", "\n".join(re.findall(r"^ *(?:- )?uses: .+$", EVERYTHING[name], re.M)))
    assert used == [line for line in used if re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)]


@pytest.mark.parametrize("name", EVERYTHING)
def test_no_script_has_a_value_of_somebody_else_in_it(name: str) -> None:
    """https://docs.github.com/actions/security-guides/security-hardening-for-github-actions: use env."""
    scripts = [
        str(step.get("run", "")) + str(step.get("with", {}).get("script", ""))
        for step in steps(EVERYTHING[name])
    ]
    assert not [script for script in scripts if "${{" in script]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_nothing_is_permitted_by_default(name: str) -> None:
    workflow = yaml.safe_load(WORKFLOWS[name])
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 30


@pytest.mark.parametrize("name", WORKFLOWS)
def test_code_of_pull_requests_has_no_token_and_no_secret(name: str) -> None:
    text = WORKFLOWS[name]
    workflow = yaml.safe_load(text)
    events = workflow[True]  # YAML 1.1 takes `on` for a truth value
    assert "pull_request_target" not in events
    if "pull_request" in events:
        assert "secrets." not in text
        for job in workflow["jobs"].values():
            assert set(job["permissions"].items()) <= {("contents", "read")}
            checkouts = [step for step in job["steps"] if "actions/checkout@" in step.get("uses", "")]
            assert [step["with"]["persist-credentials"] for step in checkouts] == [False]
    if "workflow_run" in events:
        used = [step.get("uses", "").partition("@")[0] for step in steps(text)]
        assert used == ["actions/download-artifact", "actions/github-script"]


@pytest.mark.parametrize("name", ["deploy.yaml", "build.yaml"])
def test_aws_is_asked_by_oidc_and_without_a_key(name: str) -> None:
    text = WORKFLOWS[name]
    assert "id-token: write" in text
    assert "role-to-assume: ${{ vars.AWS_ROLE }}" in text
    assert not re.search(r"aws-access-key-id|AWS_SECRET", text, re.I)


def test_an_image_gets_the_five_kinds_of_tags() -> None:
    (tags,) = [step["with"]["tags"] for step in steps(WORKFLOWS["build.yaml"]) if step.get("id") == "tags"]
    kinds = [
        re.findall(r"type=(\w+)(?:,(?:pattern|value|event|prefix)=(.+?))?(?:,enable=.*)?$", line)[0]
        for line in tags.splitlines()
    ]
    assert kinds == [
        ("semver", "v{{version}}"),
        ("semver", "v{{major}}.{{minor}}"),
        ("semver", "v{{major}}"),
        ("raw", "latest"),
        ("ref", "branch"),
        ("sha", "sha-"),
        ("raw", "build-{{date 'YYYYMMDD-HHmmss' tz='UTC'}}"),
    ]


@pytest.mark.parametrize(
    ("code", "expected", "ends"), [(0, "0", 0), (1, "0", 1), (1, "0 1", 0), (2, "0 1", 2)]
)
def test_the_action_hands_over_its_arguments_as_they_are(
    code: int, expected: str, ends: int, tmp_path: Path
) -> None:
    program = tmp_path / "program"
    program.write_text(f'#!/bin/bash\nprintf "[%s]\\n" "$@"\nexit {code}\n', encoding="utf-8")
    program.chmod(0o755)
    done = bash(
        script(EVERYTHING["action.yml"], "run"),
        tmp_path,
        ARGUMENTS="validate\n$(touch made)\n; touch made\n--format\n",
        EXPECTED=expected,
        PROGRAM=str(program),
        REPORT=str(tmp_path / "report"),
        GITHUB_OUTPUT=str(tmp_path / "output"),
    )
    said = "[validate]\n[$(touch made)]\n[; touch made]\n[--format]\n"
    assert (done.returncode, done.stdout) == (ends, said)
    assert (tmp_path / "report").read_text(encoding="utf-8") == said
    assert (tmp_path / "output").read_text(encoding="utf-8").startswith(f"exit-code={code}\n")
    assert not (tmp_path / "made").exists()


def test_a_preview_says_what_the_pull_request_changes(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        names = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"]
        subprocess.run(["git", *names, *arguments], cwd=tmp_path, check=True, capture_output=True)

    def write(replicas: int) -> None:
        folder = tmp_path / "dist" / "base-apps" / "shop"
        folder.mkdir(parents=True, exist_ok=True)
        manifest = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop"}}
        (folder / "shop.yaml").write_text(yaml.safe_dump({**manifest, "spec": {"replicas": replicas}}))
        git("add", ".")

    git("init", "--quiet")
    write(1)
    git("commit", "--quiet", "--message", "before")
    write(3)
    git("commit", "--quiet", "--message", "after")
    programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    summary = str(tmp_path / "summary")
    done = bash(
        script(PROJECT["preview.yaml"], "What changes"), tmp_path, PATH=programs, GITHUB_STEP_SUMMARY=summary
    )
    assert (done.returncode, done.stderr) == (0, "")
    comment = (tmp_path / "preview" / "comment.md").read_text(encoding="utf-8")
    assert "`1` → `3`" in comment
    assert Path(summary).read_text(encoding="utf-8") == comment
