from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra.rendering.document import Duplicate, Position
from chores_infra.rendering.reader import MAX_DEPTH, read_source

numbers = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | numbers | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
)


@given(values, st.sampled_from([None, 2, "\t"]), st.booleans())
def test_what_python_writes_is_read_back(value: Any, indent: Any, escaped: bool) -> None:
    reading = read_source(json.dumps(value, indent=indent, ensure_ascii=escaped), "x.json")
    (document,) = reading.documents
    assert reading.problems == ()
    assert document.value == value


def test_positions_and_duplicates() -> None:
    (document,) = read_source('{\n\t"a": [1, {"b": "\\/\\ud83d\\ude00"}],\n\t"a": 2}\n', "x.json").documents
    assert document.value == {"a": 2}
    assert document.duplicates == (Duplicate(("a",), Position(3, 2), Position(2, 2)),)
    (document,) = read_source('{"a": [1, {"b": "c"}]}', "x.json").documents
    assert document.position(("a", 1, "b")) == (1, 12)
    assert document.value_position(("a", 1, "b")) == (1, 17)


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("{", 1, "expected a key in double quotes or '}'"),
        ("{'a': 1}", 2, "expected a key in double quotes"),
        ('{"a" 1}', 6, "expected ':'"),
        ('{"a": 1,}', 9, "expected a key"),
        ("[1,]", 4, "expected a value"),
        ("[1 2]", 4, "expected ','"),
        ("[1}", 3, "expected ','"),
        ("{}{}", 3, "expected the end of the file"),
        ("[01]", 2, "found '01'"),
        ("[.5]", 2, "found '.5'"),
        ("[NaN]", 2, "found 'NaN'"),
        ("[1e999]", 2, "too large"),
        ("[nulls]", 2, "found 'nulls'"),
        ('["a\nb"]', 2, "does not end in its line"),
        ('["\\x"]', 2, "invalid escape"),
        ('["\\ud83d"]', 2, "surrogate"),
        ("# a\n{}", 1, "found '#'"),
        ("]", 1, "expected a value"),
        ("[" * 100_000, MAX_DEPTH + 1, "nested deeper"),
    ],
)
def test_what_is_no_json(text: str, column: int, said: str) -> None:
    reading = read_source(text, "x.json")
    (problem,) = reading.problems
    assert said in problem.message
    assert (problem.column, problem.breaks) == (column, True)


@given(st.text(st.sampled_from('{}[]:,"\\ \n019.eE+-truefalsn')))
def test_it_is_as_strict_as_python(text: str) -> None:
    try:
        expected = json.loads(
            text, parse_int=lambda digits: int(digits) if len(digits) < 19 else float(digits)
        )
    except ValueError:
        assert not text.strip() or read_source(text, "x.json").problems
    else:
        assert [document.value for document in read_source(text, "x.json").documents] == [expected]


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_file_has_no_document(text: str) -> None:
    assert read_source(text, "x.json")[1:] == ((), ())
