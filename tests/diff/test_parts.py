"""Long files are compared document by document, as they are when they are read as a whole."""

from __future__ import annotations

import pytest

from chores_infra.diff import Comparison, compare
from chores_infra.diff.alike import Alike
from chores_infra.diff.parts import differing_documents
from chores_infra.diff.sources import Side, compare_sides, located_in
from chores_infra.gitops.walking import FoundFile


def document(number: int, value: str = "a") -> str:
    return (
        f"# number {number}\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings-{number}\n"
        f"  namespace: shop\ndata:\n  value: {value}\n  text: |\n    {'x' * 60}\n"
    )


def file(*documents: str) -> FoundFile:
    return FoundFile("all.yaml", "---\n".join(documents).encode())


def side(found: FoundFile) -> Side:
    return Side({found.path: found})


def read_as_a_whole(before: FoundFile, after: FoundFile) -> Comparison:
    return compare(located_in(side(before)), located_in(side(after)), text_only=["all.yaml"])


MANY = [document(number) for number in range(80)]


@pytest.mark.parametrize(
    "after",
    [
        [*MANY[:40], document(40, "b"), *MANY[41:]],
        [*MANY[:40], document(99), *MANY[41:]],
        [*MANY[:40], *MANY[41:]],
        [*MANY, document(99)],
        [*MANY[::-1]],
        [*MANY, MANY[0]],
        [document(0, "b"), *MANY, document(0, "c")],
        ["\n\n", *MANY[:-1], document(79, "b")],
        [*MANY[:40], "# nothing\n", *MANY[40:], document(7, "z")],
    ],
)
def test_the_comparison_is_the_same_as_of_whole_files(after: list[str]) -> None:
    one, other = file(*MANY), file(*after)
    assert differing_documents(one, other, Alike()) is not None
    assert compare_sides(side(one), side(other)) == read_as_a_whole(one, other)
    assert compare_sides(side(other), side(one)) == read_as_a_whole(other, one)


def test_only_what_differs_is_read() -> None:
    found = differing_documents(file(*MANY), file(*MANY[:40], document(40, "b"), *MANY[41:]), Alike())
    assert found is not None
    assert [len(documents) for documents in found] == [1, 1]


@pytest.mark.parametrize("other", ["name: values\n", "{{ template }}\n", "a: &b c\n", "kind: [\n"])
def test_files_with_anything_else_are_read_as_a_whole(other: str) -> None:
    one, changed = file(*MANY), file(*MANY[1:], other)
    assert differing_documents(one, changed, Alike()) is None
    assert compare_sides(side(one), side(changed)) == read_as_a_whole(one, changed)
