"""One clear message for each wrong argument, whatever pydantic has to say about it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from chores_infra.arguments import ArgumentChecker, InvalidArguments, OneOf, problems_of
from chores_infra.fields import Duration, Items, Pairs, Port, PortNumber, Text
from chores_infra.wording import article, shown


def problem(hint: Any, value: object) -> str:
    """The only problem of an argument ``it`` of this type."""
    with pytest.raises(InvalidArguments) as caught:
        ArgumentChecker(lambda: {"it": hint}).check({"it": value})
    (found,) = caught.value.problems
    return str(found)


@pytest.mark.parametrize(
    ("hint", "value", "message"),
    [
        (str, 1, "it: expected text, found 1"),
        (int, "1", "it: expected a whole number, found '1'"),
        (bool, 1, "it: expected True or False, found 1"),
        (list[int], 1, "it: expected a list, found 1"),
        (dict[str, int], [], "it: expected a mapping, found a list"),
        (str | None, 1, "it: expected text, found 1"),
        (Text, "", "it: expected text that is not empty, found ''"),
        (Literal["a", "b"], "c", "it: expected 'a' or 'b', found 'c'"),
        (PortNumber, 0, "it: expected at least 1, found 0"),
        (PortNumber, 65536, "it: expected at most 65535, found 65536"),
        (Annotated[Items[int], Field(min_length=1)], [], "it: expected at least one, found none"),
        (Annotated[Items[int], Field(max_length=1)], [1, 2], "it: expected at most 1 of them, found 2"),
        (Path := type("Path", (), {}), "x", "it: expected a Path, found 'x'"),
        (Port, 1.5, "it: expected a port number, or the name of a port, found 1.5"),
        (Port, True, "it: expected a port number, or the name of a port, found True"),
        (Port, 0, "it: expected at least 1, found 0"),
        (int | Path | None, "x", "it: expected a whole number or a Path, found 'x'"),
        (Annotated[int | str, OneOf("this or that")], None, "it: expected this or that, found None"),
        (Items[int | Text], [1, 2.5], "it[1]: expected a whole number or text, found 2.5"),
        (Pairs[str, Port], {"int": "http", "function-a": 0}, "it.function-a: expected at least 1, found 0"),
        (Pairs[Duration, int], {"5": 1}, "it: expected a duration such as '30s', '5m' or '1h30m' "
         "(at most 64 characters), found the key '5'"),
        (Pairs[str, int], {5: 1}, "it: expected text, found the key 5"),
        (Duration | int, "soon", "it: expected a duration such as '30s', '5m' or '1h30m' "
         "(at most 64 characters), found 'soon'"),
        (str, "\ud800", "it: expected text that UTF-8 can write (there is half of a surrogate pair in it), "
         "found '\\ud800'"),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_one_problem(hint: Any, value: object, message: str) -> None:
    assert problem(hint, value) == message


def test_a_key_may_have_the_name_of_a_type() -> None:
    assert (
        problem(Pairs[str, int | Text], {"str": None})
        == "it.str: expected a whole number or text, found None"
    )


def test_unions_of_one_class_are_told_together() -> None:
    assert problem(list[int] | list[str] | None, 5) == "it: expected a list, found 5"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        ("it's", '"it\'s"'),
        (True, "True"),
        (1.5, "1.5"),
        ([1], "a list"),
        ({}, "a dict"),
        (object(), "an object"),
        ("x" * 100, "'" + "x" * 59 + "... (100 characters)"),
    ],
)
def test_values_are_shown_shortly(value: object, text: str) -> None:
    assert shown(value) == text


def test_a_number_that_python_refuses_to_write_is_described() -> None:
    assert shown(10**10_000) == "a very large number"


@given(st.text() | st.binary() | st.integers() | st.floats() | st.lists(st.integers()))
def test_no_value_drowns_the_message(value: object) -> None:
    assert len(shown(value)) <= 90


def test_nouns_have_the_article_of_their_sound() -> None:
    assert [article(noun) for noun in ("text", "HttpProbe", "Image", "Secret", "UserName", "ExecProbe")] == [
        "text", "an HttpProbe", "an Image", "a Secret", "a UserName", "an ExecProbe",
    ]  # fmt: skip


def test_other_errors_are_passed_on() -> None:
    assert [str(problem) for problem in problems_of(ValueError("odd"))] == ["odd"]
