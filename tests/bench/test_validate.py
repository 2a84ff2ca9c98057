"""The validators side by side: each finds the known mistakes, and the report says where they differ."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import validators
import yaml
from measure import BrokenPeerError, Case, run_once
from validators import Found

BENCH = Path(__file__).parents[2] / "bench"


@pytest.fixture
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("CHORES_INFRA_SHARED", raising=False)
    validators.prepare(tmp_path / "inputs")
    return tmp_path / "inputs"


def test_the_known_mistakes_are_those_of_the_file() -> None:
    documents = yaml.safe_load_all(validators.MISTAKES.read_text(encoding="utf-8"))

    assert {f"{each['kind']}/{each['metadata']['name']}" for each in documents} == validators.PLANTED


def test_ours_find_the_known_mistakes(inputs: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / validators.MISTAKES.name).write_bytes(validators.MISTAKES.read_bytes())
    ours = [case for case in validators.cases(tree, inputs) if isinstance(case, Case)]

    assert [case.name for case in ours] == ["ours-validate", "ours-schemas"]
    for case in ours:
        run_once(case, tmp_path / case.name)
        validators.verify(case, validators.found(case, tmp_path / case.name, tree))


def test_findings_of_kubeconform_are_read(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tmp_path / "stdout").write_text(
        json.dumps(
            {
                "resources": [
                    {
                        "filename": str(tree / "a" / "job.yaml"),
                        "kind": "Job",
                        "name": "migrate",
                        "version": "batch/v1",
                        "status": "statusInvalid",
                        "msg": "problem validating schema",
                    },
                    {
                        "filename": str(tree / "mkdocs.yml"),
                        "kind": "",
                        "name": "",
                        "version": "",
                        "status": "statusError",
                        "msg": "error while parsing: missing 'kind' key",
                    },
                ],
                "summary": {"valid": 4, "invalid": 1, "errors": 1, "skipped": 2},
            }
        ),
        encoding="utf-8",
    )

    said = validators.found(Case("kubeconform", []), tmp_path, tree)

    assert said == Found(frozenset({"a/job.yaml: Job/migrate"}), 5, 1)


def test_a_validator_that_misses_a_mistake_is_broken() -> None:
    found = {f"mistakes.yaml: {name}" for name in validators.PLANTED} - {"mistakes.yaml: Job/unknown-field"}

    with pytest.raises(BrokenPeerError, match=r"peer: does not find mistakes.yaml: Job/unknown-field$"):
        validators.verify(Case("peer", []), Found(frozenset(found), None, 0))


def test_the_report_says_what_only_one_finds() -> None:
    said = {
        "ours-validate": Found(frozenset({"a.yaml: Job/one"}), None, 3),
        "ours-schemas": Found(frozenset({"a.yaml: Job/one"}), 2, 0),
        "kubeconform": Found(frozenset(), 2, 1),
    }

    assert list(validators.differences(said)) == [
        "ours-validate: 1 manifests are wrong, 3 other findings",
        "ours-schemas: 1 manifests of 2 validated are wrong, 0 other findings",
        "kubeconform: 0 manifests of 2 validated are wrong, 1 other findings",
        "only ours-validate and ours-schemas find a.yaml: Job/one wrong",
    ]


def test_one_command_writes_the_results_and_names_what_is_absent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHORES_INFRA_SHARED", raising=False)
    out = tmp_path / "RESULTS.md"
    arguments = ["--apps", "1", "--runs", "1", "--only", "files-only", "--out", str(out)]
    done = subprocess.run(
        [sys.executable, str(BENCH / "results.py"), *arguments, "--folder", str(tmp_path / "runs")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    text = out.read_text(encoding="utf-8")
    assert f"`python bench/results.py {' '.join(arguments)}" in text
    assert "| files-only |" in text
    assert "## Validation of a tree\n\nabsent: CHORES_INFRA_SHARED names no folder" in text
