"""What is derived from a file of the same form is what parsing would give, or nothing is derived."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chores_infra.diff.alike import Alike
from chores_infra.diff.sources import Side, located_in
from chores_infra.gitops.walking import FoundFile, walk

FORM = """\
# a comment
apiVersion: v1
kind: ConfigMap
metadata:
  name: {0}
  labels: {{app: flow}}
data:
  key: {1}
  quoted: "x"
  list-like: |
    inside: {2}
    - text
  more:
  - {3}
  - name: {4}
    value: a
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: second}}
data:
  folded: word
    {5}
"""


def parsed(text: str) -> list[Any]:
    return [(each.manifest, each.line) for each in located_in(side(text))]


def side(text: str, path: str = "a.yaml") -> Side:
    return Side({path: FoundFile(path, text.encode())})


def derived(first: str, second: str) -> list[Any] | None:
    alike = Alike()
    located_in(side(first), None, alike)
    found = alike.derived(FoundFile("a.yaml", second.encode()))
    return None if found is None else [(each.manifest, each.line) for each in found]


WORDS = st.sampled_from(
    [
        *(
            "a",
            "shop",
            "8080",
            "010",
            "0x1F",
            "1_000",
            "true",
            "yes",
            "null",
            "y",
            "1.5",
            "1e3",
            "1e999",
            "a:b",
            "a:",
        ),
        *('"8080"', '"a: b"', '"a # b"', "2001-01-01", "12:30", "v1.2", "registry.example.com/a/b:1.2.3"),
        *(
            "a-b_c",
            "-",
            "- a",
            "a b",
            "a #b",
            "&x",
            "*x",
            "!!str",
            "'q'",
            "|",
            ">",
            "{",
            "[a]",
            "~",
            "",
            "@a",
            "ü",
        ),
    ]
)


@settings(max_examples=300)
@given(st.lists(WORDS, min_size=6, max_size=6), st.lists(WORDS, min_size=6, max_size=6))
def test_what_is_derived_is_what_is_parsed(first: list[str], second: list[str]) -> None:
    one, other = FORM.format(*first), FORM.format(*second)
    found = derived(one, other)
    if found is not None:
        assert repr(found) == repr(parsed(other))


def test_other_words_at_the_same_places_are_derived() -> None:
    first, second = FORM.format(*"abcdef"), FORM.format("x", "8080", "c", '"1"', "r/s:1.2", "f")
    found = derived(first, second)
    assert found == parsed(second)
    assert found is not None
    assert found[0][0]["data"]["key"] == 8080


@pytest.mark.parametrize(
    "words",
    [
        "abXdef",  # a word in a text of several lines
        "abcdeX",  # a word on the second line of a scalar
    ],
)
def test_words_in_texts_of_several_lines_are_parsed(words: str) -> None:
    assert derived(FORM.format(*"abcdef"), FORM.format(*words)) is None


def test_another_kind_of_document_is_parsed() -> None:
    other = FORM.format(*"abcdef").replace("apiVersion: v1", "apiVersion: backstage.io/v1alpha1")
    found = derived(FORM.format(*"abcdef"), other)
    assert found is None


def test_no_file_of_a_real_repository_is_read_differently(shared: Path) -> None:
    alike = Alike()
    read = 0
    tree = shared / "corpus" / "2025-12"
    for file in walk(tree):
        text = None if file.data is None else file.data.decode("utf-8", "replace")
        if text is None or not file.path.endswith((".yaml", ".yml")):
            continue
        located_in(side(text, file.path), None, alike)
        # Another word in each line that ends with one, one after the other.
        for found in list(re.finditer(r"(?m)(?<=: )[a-z0-9-]+$", text))[:40]:
            other = text[: found.start()] + "other-1" + text[found.end() :]
            again = alike.derived(FoundFile(file.path, other.encode()))
            if again is not None:
                read += 1
                assert repr([e.manifest for e in again]) == repr(
                    [e.manifest for e in located_in(side(other, file.path))]
                )
    assert read > 500
