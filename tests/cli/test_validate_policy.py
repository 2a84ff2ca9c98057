"""``chores-infra validate --policy``: findings like any other, and nothing is run that nobody asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

# The engine is not to be loaded here: it reserves more addresses than other tests allow this process.
pytestmark = pytest.mark.skipif(find_spec("regopy") is None, reason="the extra policy is not installed")

Run = Callable[..., Any]

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  containers:
  - name: web
    image: registry.example.com/shop:1.4.2
    securityContext: {privileged: true}
"""
POLICY = """\
package main

# METADATA
# title: A pod without an owner
deny_owner contains {"msg": "say who owns it", "path": "metadata.labels.owner"} if {
	not input.metadata.labels.owner
}
"""
RULE = "policy/main.deny_owner"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies/owner.rego").write_text(POLICY)
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps/pod.yaml").write_text(POD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def of_policy(out: str) -> list[dict[str, Any]]:
    return [found for found in json.loads(out)["findings"] if found["rule"].startswith("policy/")]


def test_a_denial_is_an_error_at_its_line(tree: Path, run: Run) -> None:
    done = run("validate", "apps", "--policy", "policies")

    assert done.code == 1
    assert (
        f"apps/pod.yaml:3:1: error[{RULE}]: Pod/shop/shop metadata.labels.owner: say who owns it" in done.out
    )
    assert "see policies/owner.rego:5" in done.out


def test_policies_lying_in_the_tree_are_not_run(tree: Path, run: Run) -> None:
    assert of_policy(run("validate", ".", "--format", "json").out) == []


def test_the_starter_set_needs_no_file_and_goes_together_with_others(tree: Path, run: Run) -> None:
    done = run("validate", "apps", "--policy", "starter", "--policy", "policies", "--format", "json")

    assert {found["rule"] for found in of_policy(done.out)} == {
        RULE,
        "policy/starter.deny_privileged",
        "policy/starter.warn_memory_limit",
        "policy/starter.warn_requests",
    }


def test_the_configuration_can_name_policies_and_give_them_data(tree: Path, run: Run) -> None:
    (tree / "chores-infra.toml").write_text(
        '[policy]\nuse = ["starter", "policies"]\ndata = {registries = ["ghcr.io"]}\n'
        f'[rules]\n"{RULE}" = "warning"\n"policy/starter.warn_requests" = "off"\n'
    )
    found = {
        each["rule"]: each["severity"] for each in of_policy(run("validate", "apps", "--format", "json").out)
    }

    assert found == {
        RULE: "warning",
        "policy/starter.deny_privileged": "error",
        "policy/starter.deny_registry": "error",
        "policy/starter.warn_memory_limit": "warning",
    }


@pytest.mark.parametrize(
    "text", ["policy = 1", "[policy]\nuse = [1]", "[policy]\nfolders = []", "[policy]\ndata = 1"]
)
def test_a_configuration_that_is_not_understood_is_an_error(tree: Path, run: Run, text: str) -> None:
    (tree / "chores-infra.toml").write_text(text)
    done = run("validate", "apps")

    assert done.code == 2
    assert "policy" in done.err


def test_a_comment_accepts_what_a_policy_finds(tree: Path, run: Run) -> None:
    (tree / "apps/pod.yaml").write_text(f"# chores-infra: ignore[{RULE}] a visitor\n{POD}")
    found = json.loads(run("validate", "apps", "--policy", "policies", "--format", "json").out)

    assert found["summary"]["suppressed"] == 1
    assert [each["rule"] for each in found["findings"] if each["severity"] != "info"] == [
        "pod-security-baseline"
    ]


def test_a_baseline_knows_what_a_policy_found(tree: Path, run: Run) -> None:
    arguments = ("validate", "apps", "--policy", "policies", "--baseline", "known.json")
    run(*arguments)
    assert run(*arguments).code == 0
    (tree / "apps/other.yaml").write_text(POD.replace("name: shop", "name: till"))
    assert run(*arguments).code == 1


@pytest.mark.parametrize("output", ["text", "json", "sarif", "junit", "github"])
def test_every_format_shows_what_a_policy_finds(tree: Path, run: Run, output: str) -> None:
    assert RULE in run("validate", "apps", "--policy", "policies", "--format", output).out


def test_a_policy_with_an_error_is_exit_2_with_file_and_line(tree: Path, run: Run) -> None:
    (tree / "policies/owner.rego").write_text("package main\n\ndeny contains m if {\n  m := ==\n}\n")
    done = run("validate", "apps", "--policy", "policies")

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: policies/owner.rego:4: ")


def test_without_the_engine_an_error_says_what_to_install(
    tree: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chores_infra.checks.policies.evaluating.find_spec", lambda _name: None)
    done = run("validate", "apps", "--policy", "policies")

    assert done.code == 2
    assert "pip install 'chores-infra[policy]'" in done.err
