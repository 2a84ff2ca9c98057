"""Real mistakes before and after somebody mended them: the mend is named, and nothing that did not change.

What changed is asked of others: `git diff --no-index` says which files, PyYAML which documents.
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from chores_infra.diff import Comparison
from chores_infra.diff.sources import compare_sides, folder_side

#: The mistakes with a mend, and what must be said of it: object, field, class.
MENDS: Mapping[str, list[tuple[str, str | None, str]]] = {
    "04-name-collision": [
        ("ConfigMap/oncall-crewai/dnd-agent-orchestrator-config", None, "replace"),
        ("PersistentVolumeClaim/oncall-crewai/dnd-agent-orchestrator-data", None, "data"),
        (
            "Deployment/oncall-crewai/dnd-agent-orchestrator",
            "spec.template.spec.volumes[data].persistentVolumeClaim.claimName",
            "data",
        ),
    ],
    "05-duplicate-host": [
        ("Ingress/oncall-crewai/crewai-frontend", "spec.rules[oncall.arigsela.com].host", "access"),
    ],
    "11-field-wrong-level": [
        ("Job/postgresql/init-kagent-db", "spec.template.spec.backoffLimit", "replace"),
        ("Job/postgresql/init-kagent-db", "spec.backoffLimit", "none"),
        ("Deployment/postgresql/postgresql", "spec.template.spec.containers[postgresql].image", "restart"),
    ],
    "18-dangling-app": [("Application/argo-cd/atlantis-config", None, "delivery")],
    "20-non-k8s-yaml": [("Application/argo-cd/helloapp", "spec.source.directory", "delivery")],
    "22-namespace-two-owners": [("Namespace/agent-ui-backend", "metadata.labels.app", "access")],
    "28-missing-finalizer": [
        ("Application/argo-cd/chores-tracker-backend", "metadata.finalizers", "delivery"),
    ],
    "30-trailing-newline": [],
    "35-missing-pull-secret": [
        (
            "CronJob/cluster-scanner/cluster-scanner",
            "spec.jobTemplate.spec.template.spec.imagePullSecrets",
            "secret-contract",
        ),
    ],
    "38-explicit-default": [("Application/argo-cd/openshell-secrets", "spec.source.directory", "delivery")],
}


@pytest.fixture(params=sorted(MENDS))
def mistake(request: pytest.FixtureRequest, shared: Path) -> Path:
    folder: Path = shared / "corpus" / "mistakes" / request.param
    return folder


@pytest.fixture
def comparison(mistake: Path) -> Comparison:
    return compare_sides(folder_side(mistake / "before"), folder_side(mistake / "after"))


def test_every_mistake_with_a_mend_is_here(shared: Path) -> None:
    index = json.loads((shared / "corpus" / "mistakes" / "index.json").read_text())
    assert {entry["id"] for entry in index if entry["has_after"]} == set(MENDS)


def test_the_mend_is_named(mistake: Path, comparison: Comparison) -> None:
    said = {
        (str(change.identity), field, str(each))
        for change in comparison.changes
        for field, classes in [(None, change.classes), *((f.field, f.classes) for f in change.fields)]
        for each in classes
    }
    assert not set(MENDS[mistake.name]) - said


def test_every_file_that_changed_is_named_and_no_other(mistake: Path, comparison: Comparison) -> None:
    told = {file for change in comparison.changes for file in (change.before_file, change.after_file) if file}
    listed = subprocess.run(
        ["git", "diff", "--no-index", "--no-renames", "--name-only", "-z", "before", "after"],
        cwd=mistake,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split("\0")
    changed = {path.split("/", 1)[1] for path in listed if path.endswith((".yaml", ".yml", ".json"))}
    assert told | set(comparison.text_only) == changed


def test_every_document_that_changed_is_told_once_and_no_other(mistake: Path, comparison: Comparison) -> None:
    before, after = (Counter(documents(mistake / side)) for side in ("before", "after"))
    gone, new = before - after, after - before
    told_gone = sum(change.before is not None for change in comparison.changes if has_content(change))
    told_new = sum(change.after is not None for change in comparison.changes if has_content(change))
    assert (told_gone, told_new) == (gone.total(), new.total())


def has_content(change: Any) -> bool:
    """Whether an object differs, and not only the file that it stands in."""
    return (
        bool(change.fields) or change.before is None or change.after is None or change.before != change.after
    )


def documents(side: Path) -> Iterator[str]:
    """Every document of a tree as text, wherever it stands."""
    for file in sorted(side.rglob("*.y*ml")):
        try:
            for document in yaml.load_all(file.read_text("utf-8"), yaml.CSafeLoader):
                if isinstance(document, dict):
                    yield json.dumps(document, sort_keys=True, default=str)
        except yaml.YAMLError:
            yield file.read_text("utf-8")
