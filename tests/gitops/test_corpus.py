"""A real repository at 23 moments: every document of it is read, validated, written and read back.

What the schemas found was judged by hand; `judgements.json` has the verdicts, with their reasons. A "mistake"
is a real one that must be found in these trees and in no others, "right" is what must not be found.
"""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import ruamel.yaml
import yaml

from chores_infra import kinds
from chores_infra.gitops.roles import Role
from chores_infra.gitops.tree import GitOpsTree, read_tree
from chores_infra.rendering.field_path import parse_path
from chores_infra.rendering.reader import read
from chores_infra.rendering.yaml_text import dump

JUDGEMENTS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "judgements.json").read_text("utf-8"))
Trees: TypeAlias = dict[str, GitOpsTree]


@pytest.fixture(scope="module")
def trees(shared: Path) -> Trees:
    corpus = shared / "corpus"
    roots = [
        corpus / "2025-12",
        *sorted(corpus.glob("mistakes/*/before")),
        *sorted(corpus.glob("mistakes/*/after")),
    ]
    return {root.relative_to(corpus).as_posix(): read_tree(root) for root in roots}


def values(trees: Trees) -> list[dict[str, Any]]:
    """Every different document."""
    found = {
        json.dumps(document.value): document.value
        for tree in trees.values()
        for _, (document, _) in tree.documents()
        if isinstance(document.value, dict)
    }
    return list(found.values())


def test_every_file_is_read_and_every_document_told_apart(trees: Trees) -> None:
    roles = Counter(what.role for tree in trees.values() for _, (_, what) in tree.documents())
    assert len(trees) == 23
    assert sum(len(tree.files) for tree in trees.values()) == 5335
    assert roles == {
        Role.MANIFEST: 5947,
        Role.BACKSTAGE: 158,
        Role.MKDOCS: 105,
        Role.HELM_CHART: 24,
        Role.HELM_VALUES: 24,
        Role.KUSTOMIZATION: 8,
        Role.EMPTY: 1,
    }


def test_nothing_is_wrong_with_its_text_but_missing_newlines(trees: Trees) -> None:
    problems = Counter(problem.rule for tree in trees.values() for problem in tree.problems)
    assert problems == {"final-newline": 479}
    assert not any(document.duplicates for tree in trees.values() for _, (document, _) in tree.documents())


def test_the_mistake_of_a_missing_newline_is_found_before_and_gone_after(trees: Trees) -> None:
    file = "base-apps/chores-tracker-backend/nginx-ingress.yaml"
    found = {
        state: [
            problem.rule
            for problem in trees[f"mistakes/30-trailing-newline/{state}"].problems
            if problem.file == file
        ]
        for state in ("before", "after")
    }
    assert found == {"before": ["final-newline"], "after": []}


def test_the_one_value_that_may_be_meant_otherwise_is_told(trees: Trees) -> None:
    (found,) = [
        (file.path, surprise.path, surprise.text, surprise.value, surprise.at.line)
        for tree in trees.values()
        for file, (document, _) in tree.documents()
        for surprise in document.surprises
    ]
    path = parse_path("spec.template.spec.volumes[2].configMap.defaultMode")
    assert found == ("base-apps/vault/statefulsets.yaml", path, "0755", 0o755, 176)


def test_the_schemas_find_what_was_judged_to_be_wrong_and_nothing_else(trees: Trees) -> None:
    validated = 0
    found = set()
    for name, tree in trees.items():
        for manifest in tree.manifests():
            kind = kinds.find(str(manifest.value.get("apiVersion")), str(manifest.value.get("kind")))
            if kind is not None:
                validated += 1
                for problem in kind.validate(manifest.value, mode="read"):
                    found.add((name, manifest.document.file, problem.field, problem.message))
    assert validated >= 4994
    assert found == {
        (tree, judged["file"], judged["path"], judged["message"])
        for judged in JUDGEMENTS
        if judged["verdict"] == "mistake"
        for tree in judged["trees"]
    }


def test_what_was_judged_to_be_right_is_there(trees: Trees) -> None:
    for judged in JUDGEMENTS:
        for name in judged["trees"]:
            path = parse_path(judged["path"])
            places = [
                (document.position(path), document.position(path[:-1]))
                for file, (document, _) in trees[name].documents()
                if file.path == judged["file"]
            ]
            assert any(field > above for field, above in places), judged


def with_pyyaml(text: str) -> Any:
    return yaml.load(text, yaml.CSafeLoader)


def with_ruamel(text: str) -> Any:
    return ruamel.yaml.YAML(typ="safe", pure=True).load(io.StringIO(text))


def with_our_reader(text: str) -> Any:
    (document,) = read(text)
    return document.value


class TestWrittenAndReadBack:
    """Equal values, down to the types: 1 is not 1.0, and not True."""

    def test_there_are_as_many_as_counted(self, trees: Trees) -> None:
        assert len(values(trees)) == 844

    @pytest.mark.parametrize("load", [with_pyyaml, with_our_reader, with_ruamel])
    def test_by(self, trees: Trees, load: Callable[[str], Any]) -> None:
        for value in values(trees):
            assert same(load(dump(value)), value)

    def test_by_kubernetes(
        self, trees: Trees, kubernetes_reads: Callable[[Sequence[str]], list[Any]]
    ) -> None:
        found = values(trees)
        for value, answer in zip(found, kubernetes_reads([dump(value) for value in found]), strict=True):
            assert same(answer["json"], value)


def same(one: Any, other: Any) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def test_every_position_points_at_its_key(trees: Trees) -> None:
    """In the text of every file: the key stands where its position says, and its value behind it."""
    checked = 0
    for file, (document, _) in trees["mistakes/41-canary-bypass/before"].documents():
        assert file.source is not None
        lines = file.source.text.split("\n")
        for path in paths(document.value):
            line, column = document.position(path)
            found = lines[line - 1][column - 1 :]
            if isinstance(path[-1], str):
                checked += 1
                assert found.startswith((f"{path[-1]}:", f'"{path[-1]}"', f"'{path[-1]}'")), (
                    file.path,
                    path,
                    line,
                )
            assert document.value_position(path) >= (line, column)
    assert checked > 9000


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    steps: Any = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for step, inner in steps:
        yield (*path, step)
        yield from paths(inner, (*path, step))
