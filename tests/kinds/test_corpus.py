"""A real repository: everything in it that has a schema is right, except what was judged to be wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from chores_infra import kinds

JUDGED = {
    # A ProviderConfig has its endpoint in the connection secret; the API server drops this field.
    ("crossplane-mysql-provider/provider-config.yaml", "spec.endpoint"),
    # The pod has no imagePullPolicy, its containers have; mistake 11 of the corpus.
    ("k8s-monitor/deployments.yaml", "spec.template.spec.imagePullPolicy"),
}


def documents(root: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(root.rglob("*.yaml")):
        try:
            found = list(yaml.load_all(file.read_text("utf-8"), yaml.CSafeLoader))
        except yaml.YAMLError:
            continue  # not YAML at all: the reader's matter
        yield from ((str(file.relative_to(root)), item) for item in found if isinstance(item, dict))


def test_a_real_repository_has_the_mistakes_that_it_has(shared: Path) -> None:
    checked = 0
    found = set()
    for name, manifest in documents(shared / "corpus" / "2025-12" / "base-apps"):
        kind = kinds.find(str(manifest.get("apiVersion")), str(manifest.get("kind")))
        if kind is not None:
            checked += 1
            found |= {(name, problem.field) for problem in kind.validate(manifest, mode="read")}
    assert checked >= 120
    assert found == JUDGED


def test_the_mistake_that_was_mended_is_found_before_and_gone_after(shared: Path) -> None:
    folder = shared / "corpus" / "mistakes" / "11-field-wrong-level"
    messages = {
        state: [
            str(problem)
            for name, manifest in documents(folder / state / "base-apps")
            if name == "postgresql/init-kagent-db.yaml"
            for problem in kinds.validate(manifest, mode="read")
        ]
        for state in ("before", "after")
    }
    assert messages == {
        "before": ["spec.template.spec.backoffLimit: unknown field; it belongs at spec.backoffLimit"],
        "after": [],
    }
