from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra.rendering.document import Document, Position, Surprise
from chores_infra.rendering.field_path import FieldPath
from chores_infra.rendering.reader import read
from chores_infra.rendering.yaml_text import dump

POD = """\
spec:
  containers:
  - name: &name web
    image: "registry.example.com/web:1.2"   # pinned
    args: [--verbose, 'x y']
    command:
    - |
      run
  - {name: !!str side, image: *name}
  "quoted key": >-
    folded
"""


def only(text: str) -> Document:
    (document,) = read(text)
    return document


def text_at(text: str, position: Position) -> str:
    return text.split("\n")[position.line - 1][position.column - 1 :]


KEYS = st.text(st.sampled_from("abzé日🎉 -:#'\"\\yn0.1"), min_size=1, max_size=6)
VALUES = st.recursive(
    st.text(max_size=8) | st.integers(-5, 5) | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


class TestPositions:
    @pytest.mark.parametrize(
        ("path", "key", "value"),
        [
            ((), "spec:", "spec:"),
            (("spec",), "spec:", "containers:"),
            (("spec", "containers"), "containers:", "- name: &name web"),
            (("spec", "containers", 0), "name: &name web", "name: &name web"),
            (("spec", "containers", 0, "name"), "name: &name web", "web"),
            (("spec", "containers", 0, "image"), "image: ", '"registry'),
            (("spec", "containers", 0, "args"), "args:", "[--verbose"),
            (("spec", "containers", 0, "args", 1), "'x y']", "'x y']"),
            (("spec", "containers", 0, "command", 0), "|", "|"),
            (("spec", "containers", 1), "{name", "{name"),
            (("spec", "containers", 1, "name"), "name: !!str", "side"),
            (("spec", "containers", 1, "image"), "image: *name}", "*name}"),
        ],
    )
    def test_of_keys_and_values(self, path: FieldPath, key: str, value: str) -> None:
        text = POD.replace('  "quoted key": >-\n    folded\n', "")
        document = only(text)
        assert text_at(text, document.position(path)).startswith(key)
        assert text_at(text, document.value_position(path)).startswith(value)

    def test_of_what_was_merged_it_is_where_it_was_written(self) -> None:
        document = only("base: &base\n  a: 1\n  b: 2\nother:\n  <<: *base\n  b: 3\n")
        assert document.value["other"] == {"a": 1, "b": 3}
        assert document.position(("other", "a")) == (2, 3)
        assert document.position(("other", "b")) == (6, 3)

    def test_count_characters_and_the_lines_of_editors(self) -> None:
        document = only('é: {🎉: 1, b: 2}\r\nc: "x\u2028y"\r\nd: 4\r\n')
        assert document.position(("é", "b")) == (1, 11)
        assert document.position(("d",)) == (3, 1)

    @given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), st.booleans())
    def test_of_what_we_wrote_lead_to_what_we_wrote(self, manifest: dict[str, Any], windows: bool) -> None:
        """Reading from a value's position to the end of what is there gives the value again."""
        text = dump(manifest)
        document = only(text.replace("\n", "\r\n") if windows else text)
        assert document.value == manifest
        lines = text.split("\n")
        for path, value in leaves(manifest):
            line, column = document.value_position(path)
            written = lines[line - 1][column - 1 :]
            if document.style(path) == "literal":
                assert lines[line].strip() in value
            else:
                assert only(written).value == value


def leaves(value: Any, path: FieldPath = ()) -> list[tuple[FieldPath, Any]]:
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in leaves(inner, (*path, key))]
    if isinstance(value, list):
        return [leaf for index, inner in enumerate(value) for leaf in leaves(inner, (*path, index))]
    return [(path, value)]


@pytest.mark.parametrize(
    ("path", "style"),
    [
        (("spec",), "block"),
        (("spec", "containers", 0, "name"), "plain"),
        (("spec", "containers", 0, "image"), "double-quoted"),
        (("spec", "containers", 0, "args"), "flow"),
        (("spec", "containers", 0, "args", 1), "single-quoted"),
        (("spec", "containers", 0, "command", 0), "literal"),
        (("spec", "containers", 1), "flow"),
        (("spec", "containers", 1, "image"), "alias"),
        (("spec", "folded"), "folded"),
    ],
)
def test_the_style_of_a_value(path: FieldPath, style: str) -> None:
    text = POD.replace('"quoted key"', "folded")
    assert only(text).style(path) == style


class TestSurprises:
    def test_have_path_position_text_and_value(self) -> None:
        document = only("on: {ports: [8080.0, 80], mode: 0755, flag: 'no'}\nname: no\n")
        assert document.surprises == (
            Surprise(("true",), Position(1, 1), "on", True, "boolean-word"),
            Surprise(("true", "ports", 0), Position(1, 14), "8080.0", 8080.0, "decimals"),
            Surprise(("true", "mode"), Position(1, 33), "0755", 493, "octal"),
            Surprise(("name",), Position(2, 7), "no", False, "boolean-word"),
        )

    @given(st.dictionaries(st.text(max_size=6), st.text(max_size=8) | st.booleans() | st.integers(-9, 99)))
    def test_are_none_in_what_we_write(self, manifest: dict[str, Any]) -> None:
        assert only(dump(manifest)).surprises == ()


class TestCommentsAt:
    TEXT = """\
# about everything

# about a
#  and more of it
a: 1  # the one
b: 2
# about c
c:  # here
  # inside
  - x
"""

    @pytest.mark.parametrize(
        ("line", "comments"),
        [
            (1, ["about everything"]),
            (5, ["about a", "and more of it", "the one"]),
            (6, []),
            (8, ["about c", "here"]),
            (10, ["inside"]),
        ],
    )
    def test_are_those_above_and_in_the_line(self, line: int, comments: list[str]) -> None:
        assert [comment.text for comment in only(self.TEXT).comments_at(line)] == comments

    def test_a_comment_behind_a_value_is_not_about_the_next_line(self) -> None:
        assert only("a: 1 # a\nb: 2\n").comments_at(2) == ()


def test_a_document_knows_the_line_of_its_separator() -> None:
    documents = read("# head\n\na: 1\n---\n\nb: 2\n--- # c\n")
    assert [document.line for document in documents] == [3, 4, 7]
    assert [document.position(()) for document in documents] == [(3, 1), (6, 1), (7, 1)]
