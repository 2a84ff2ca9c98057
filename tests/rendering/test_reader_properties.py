"""Laws of reading: it answers for any bytes, and what was written with comments is read with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from chores_infra.rendering.field_path import FieldPath
from chores_infra.rendering.reader import Reading, read, read_source
from chores_infra.rendering.yaml_text import dump

PIECES = st.sampled_from(
    [
        *("a: ", "b: ", "- ", "? ", ": ", "\n", "\n  ", "\n    ", "\r\n", "\r", "\t", " "),
        *("&x ", "*x", "<<: ", "!!int ", "!t ", "! ", "|\n  ", ">-\n ", '"', "'", "\\", "# c", " # c"),
        *("{", "}", "[", "]", ", ", "---", "\n---\n", "\n...\n", "%YAML 1.1\n", "\ufeff", "\x00", "\x85"),
        *("\u2028", "é", "🎉", "\ud83d", "\udcff", "no", "0755", "1e3", "8080.0", "1:30", "~", ".nan", "x"),
        *("<<<<<<< a\n", "=======\n", ">>>>>>> b\n", "{{ x }}", "null", '"\\/"', "\\ud83d", "\\x"),
    ]
)
TEXTS = st.lists(PIECES, max_size=30).map("".join)


@given(st.binary(max_size=200) | TEXTS, st.sampled_from(["x.yaml", "x.json"]))
@example(b"\xff\xfea", "x.yaml")
@example(b"\xef\xbb\xbf\xef\xbb\xbf", "x.yaml")
@example("\ufeff\ufeff", "x.json")
@example("a: &x {b: 1}\nc: *x\nd: {<<: [*x, {e: *x}]}\n", "x.yaml")
def test_any_bytes_are_answered(data: bytes | str, file: str) -> None:
    reading = read_source(data, file)
    for problem in reading.problems:
        assert stands_in(reading, problem.line, problem.column)
        assert problem.message
    for document in reading.documents:
        assert stands_in(reading, document.line, 1)
        for comment in document.comments:
            assert reading.source.line_text(comment.line)[comment.column - 1] == "#"
            assert comment in document.comments_at(comment.line)
        for path in paths(document.value):
            assert stands_in(reading, *document.position(path))
            assert stands_in(reading, *document.value_position(path))
            assert document.style(path)
        for duplicate in document.duplicates:
            assert duplicate.first < duplicate.at
        for surprise in document.surprises:
            line, column = surprise.at
            assert surprise.text[0] in reading.source.line_text(line)[column - 1 :]


def stands_in(reading: Reading, line: int, column: int) -> bool:
    lines = reading.source.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return 1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1


def paths(value: Any, path: FieldPath = ()) -> Iterator[FieldPath]:
    yield path
    steps: Any = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for step, inner in steps:
        yield from paths(inner, (*path, step))


WORDS = st.text(st.sampled_from("abc #:'\"-éx"), max_size=6)
MANIFESTS = st.dictionaries(
    WORDS,
    st.recursive(
        WORDS | st.integers(0, 9) | st.text("a\n# ", max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
        max_leaves=8,
    ),
    min_size=1,
    max_size=3,
)


@given(MANIFESTS, st.data())
def test_comments_are_read_above_the_fields_that_they_were_written_for(
    manifest: dict[str, Any], data: st.DataObject
) -> None:
    fields = [path for path in paths(manifest) if path]
    texts = st.lists(WORDS.map(lambda word: f"c{word}".strip()), min_size=1, max_size=2).map("\n".join)
    comments = data.draw(st.dictionaries(st.sampled_from(fields), texts, max_size=3))
    (document,) = read(dump(manifest, dict(comments.items())))
    assert document.value == manifest
    assert len(document.comments) == sum(text.count("\n") + 1 for text in comments.values())
    for path, text in comments.items():
        above = [comment.text for comment in document.comments_at(document.position(path).line)]
        # The first field of another stands in the same line, so both comments are above it.
        assert set(text.split("\n")) <= set(above)
