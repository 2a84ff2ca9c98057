"""The schemas say what pydantic's own would: a second opinion on every form of an annotation."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Annotated, Any, Literal, NotRequired

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from chores_infra.arguments import ArgumentChecker, InvalidArguments, Later
from chores_infra.arguments.schemas import dict_validator
from chores_infra.fields import (
    AnnotationKey,
    Annotations,
    DataKey,
    DnsLabel,
    IpAddress,
    Items,
    LabelKey,
    Labels,
    Pairs,
    Port,
    PortName,
    Quantity,
    Text,
    Unordered,
)


class Shape(TypedDict, total=False):
    sides: int


class Colour(BaseModel):
    red: int = 0


HINTS = [
    str, int, bool, float, Any, Text, DnsLabel, Port, PortName, Quantity, IpAddress, Shape,
    str | None, int | str, int | bool, list[str], dict[str, int], list[int | None],
    Literal["a"], Literal["a", 1], Literal["a", "b"] | int,
    Items[str], Items[int | Text], Pairs[str, str], Pairs[DataKey, Port | None], Labels, Annotations,
    Unordered[DataKey], Annotated[Items[int], Field(min_length=1, max_length=2)] | None,
    Annotated[int, Field(ge=-1, le=1)], Annotated[str, Field(max_length=2)],
    Annotated[int, Field(gt=0, lt=3)],
    tuple[int, str], set[int], Sequence[int], list[int] | list[str],
]  # fmt: skip

SCALARS = (
    st.none() | st.booleans() | st.integers(-2, 3) | st.floats(allow_nan=False) | st.text("a1./-", max_size=3)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("a1.", max_size=2) | st.just("sides"), inner, max_size=2)
        | st.tuples(inner)
        | st.frozensets(SCALARS, max_size=2)
    ),
    max_leaves=4,
)


def outcome(take: Callable[[], object]) -> tuple[bool, object]:
    try:
        return True, take()
    except (InvalidArguments, ValidationError):
        return False, None


def accepts(hint: Any, value: object) -> tuple[bool, object]:
    return outcome(lambda: ArgumentChecker(lambda: {"it": hint}).check({"it": value})["it"])


@pytest.mark.parametrize("hint", HINTS, ids=lambda hint: re.sub(r"(?: object)? at 0x\w+", "", str(hint)))
def test_a_value_is_taken_when_pydantic_takes_it(hint: Any) -> None:
    checker = ArgumentChecker(lambda: {"it": hint})
    adapter = TypeAdapter[Any](hint)

    @given(value=VALUES)
    def the_same(value: object) -> None:
        ours = outcome(lambda: checker.check({"it": value})["it"])
        assert repr(ours) == repr(outcome(lambda: adapter.validate_python(value, strict=True)))

    the_same()


class Anything:
    pass


def test_models_of_pydantic_are_taken_as_strictly_as_everything_else() -> None:
    assert accepts(Colour, Colour(red=1)) == (True, Colour(red=1))
    assert not accepts(Items[tuple[Anything, Colour]], [(Anything(), 1)])[0]


def test_objects_of_a_class_are_taken_as_they_are() -> None:
    thing = Anything()
    assert accepts(Anything, thing) == (True, thing)
    assert not accepts(Anything, Anything)[0]
    assert accepts(bytes, b"x") == (True, b"x")
    assert not accepts(bytes, "x")[0]


def test_what_need_not_be_given_may_be_absent() -> None:
    checker = ArgumentChecker(lambda: {"a": int, "b": NotRequired[int]})
    assert checker.check({"a": 1}) == {"a": 1}
    with pytest.raises(InvalidArguments, match="a: this argument is required"):
        checker.check({"b": 1})


def test_text_of_a_subclass_becomes_plain_text() -> None:
    from enum import StrEnum

    class Colour(StrEnum):
        RED = "red"

    taken, value = accepts(str, Colour.RED)
    assert taken
    assert type(value) is str


@pytest.mark.parametrize("character", ["x", "ü", "😀"])
def test_text_beyond_any_object_is_refused(character: str) -> None:
    assert accepts(str, character * 2**20)[0]
    assert not accepts(str, character * (2**20 + 1))[0]


@given(key=st.text("aA1-_./", max_size=80))
def test_annotation_keys_are_label_keys_whose_prefix_may_have_capitals(key: str) -> None:
    prefix, slash, name = key.rpartition("/")
    assert accepts(AnnotationKey, key)[0] == accepts(LabelKey, f"{prefix.lower()}{slash}{name}")[0]


def test_a_type_that_is_loaded_later_is_held_to_all_the_same() -> None:
    later = Annotated[Any, Later("fractions", "Fraction")]
    validator = dict_validator({"share": NotRequired[later | None]})
    third = Fraction(1, 3)
    assert validator.validate_python({"share": third}) == {"share": third}
    assert validator.validate_python({"share": None}) == {"share": None}
    with pytest.raises(ValidationError, match="instance of Fraction"):
        validator.validate_python({"share": 0.3})
