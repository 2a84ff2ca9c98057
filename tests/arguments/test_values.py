"""Value objects: made by users, checked by the construct they are given to."""

from __future__ import annotations

from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, ValidationError

from chores_infra.arguments import Problems, checked, value_object
from chores_infra.construct import Construct, Scope, Tree
from chores_infra.errors import ConstructError
from chores_infra.fields import Items


@value_object
class Point:
    """A value object with a required field, a default and a check."""

    unit: ClassVar[str] = "metres"
    x: int
    y: int = 0

    def check(self, problems: Problems) -> None:
        if self.x == self.y:
            problems.add("x", "lies on the diagonal")
            problems.add("", "and so the point is refused")


@value_object
class NamedPoint(Point):
    """A value object that extends another."""

    name: str


@value_object(kw_only=False)
class Pair:
    """A value object that takes its fields by position too."""

    left: str
    right: str = "r"


class Drawing(Construct):
    @checked
    def __init__(
        self, scope: Scope, id: str, *, points: Items[Point], label: str | Pair | Point | None = None
    ) -> None:
        self.points = points
        self.label = label
        super().__init__(scope, id)


def problems_of(*points: object, **arguments: object) -> list[str]:
    with pytest.raises(ConstructError) as caught:
        Drawing(Tree(), "drawing", points=list(points), **arguments)  # type: ignore[arg-type]
    return [str(problem) for problem in caught.value.problems]


class TestMaking:
    def test_fields_have_their_values_and_defaults(self) -> None:
        assert (Point(x=1).x, Point(x=1).y) == (1, 0)

    def test_a_class_variable_is_no_field(self) -> None:
        with pytest.raises(ConstructError, match="Point: unit: there is no such argument"):
            Point(x=1, unit="feet")  # type: ignore[call-arg]

    def test_a_missing_field_is_an_error(self) -> None:
        with pytest.raises(ConstructError, match="NamedPoint: x: this argument is required") as caught:
            NamedPoint()  # type: ignore[call-arg]
        assert [problem.argument for problem in caught.value.problems] == ["x", "name"]

    def test_an_unknown_field_is_answered_with_the_nearest_one(self) -> None:
        with pytest.raises(ConstructError, match=r"NamedPoint: nam: .*; did you mean 'name'"):
            NamedPoint(x=1, nam="a", name="b")  # type: ignore[call-arg]

    def test_fields_are_given_by_name(self) -> None:
        with pytest.raises(ConstructError, match="Point: takes its arguments by name"):
            Point(1)  # type: ignore[call-arg]

    def test_fields_may_be_given_by_position_where_the_class_says_so(self) -> None:
        assert Pair("a", "b") == Pair(left="a", right="b")
        assert Pair("a") == Pair("a", right="r")

    def test_a_field_has_one_value(self) -> None:
        with pytest.raises(ConstructError, match="Pair: left: this argument is given twice"):
            Pair("a", left="b")  # type: ignore[misc]
        with pytest.raises(ConstructError, match="Pair: takes at most 2 without a name, found 3"):
            Pair("a", "b", "c")  # type: ignore[call-arg]


class TestBeingAValue:
    @given(x=st.integers(), y=st.integers(), other=st.integers())
    def test_equality_is_that_of_the_fields(self, x: int, y: int, other: int) -> None:
        assert Point(x=x, y=y) == Point(y=y, x=x)
        assert hash(Point(x=x, y=y)) == hash(Point(y=y, x=x))
        assert (Point(x=x, y=y) == Point(x=x, y=other)) == (y == other)

    def test_a_default_equals_the_same_value_said(self) -> None:
        assert Point(x=1) == Point(x=1, y=0)

    def test_another_class_is_another_value(self) -> None:
        assert Point(x=1) != NamedPoint(x=1, name="a")
        assert Point(x=1) != object()

    def test_it_cannot_be_changed(self) -> None:
        point = Point(x=1)
        with pytest.raises(AttributeError, match="Point cannot be changed; make another with another 'x'"):
            point.x = 2  # type: ignore[misc]
        with pytest.raises(AttributeError):
            del point.x

    def test_its_text_shows_what_was_given(self) -> None:
        assert repr(NamedPoint(name="a", x=1)) == "NamedPoint(name='a', x=1)"

    def test_it_can_be_matched(self) -> None:
        match Pair("a"), Point(x=1):
            case Pair(left, right), Point(x=x):
                assert (left, right, x) == ("a", "r", 1)


class TestBeingChecked:
    def test_a_wrong_field_is_reported_where_it_stands(self) -> None:
        assert problems_of(Point(x=1), Point(x="1", y=None)) == [  # type: ignore[arg-type]
            "points[1].x: expected a whole number, found '1'",
            "points[1].y: expected a whole number, found None",
        ]

    def test_the_check_of_the_class_runs_where_it_stands(self) -> None:
        assert problems_of(Point(x=1), Point(x=0)) == [
            "points[1].x: lies on the diagonal",
            "points[1]: and so the point is refused",
        ]

    def test_a_subclass_stands_for_its_base_and_is_checked_as_what_it_is(self) -> None:
        drawing = Drawing(Tree(), "d", points=[NamedPoint(x=1, name="a")])
        assert drawing.points == [NamedPoint(x=1, name="a")]
        assert problems_of(NamedPoint(x=1, name=1)) == [  # type: ignore[arg-type]
            "points[0].name: expected text, found 1"
        ]

    def test_something_else_is_refused(self) -> None:
        assert problems_of(Pair("a"), {"x": 1}) == [
            "points[0]: expected a Point, found a Pair",
            "points[1]: expected a Point, found a dict",
        ]

    def test_the_construct_keeps_copies_in_the_order_of_the_class(self) -> None:
        given = NamedPoint(name="a", x=1)
        kept = Drawing(Tree(), "d", points=[given]).points[0]
        assert kept == given
        assert kept is not given
        assert list(vars(kept)) == ["x", "name"]

    def test_a_wrong_value_in_a_union_is_one_problem(self) -> None:
        assert problems_of(label=Pair(left=1)) == [  # type: ignore[arg-type]
            "label.left: expected text, found 1"
        ]
        assert problems_of(label=Point(x=0)) == [
            "label.x: lies on the diagonal",
            "label: and so the point is refused",
        ]
        assert problems_of(label=1) == ["label: expected text, a Pair or a Point, found 1"]


class TestInsideModelsOfPydantic:
    """Configurations of apps are pydantic models; value objects may stand in them."""

    class Model(BaseModel):
        model_config = ConfigDict(strict=True)
        point: Point

    def test_a_value_is_taken(self) -> None:
        assert self.Model(point=Point(x=1)).point == Point(x=1)

    def test_a_wrong_value_is_refused_where_it_stands(self) -> None:
        with pytest.raises(ValidationError) as caught:
            self.Model(point=Point(x="a"))  # type: ignore[arg-type]
        assert caught.value.errors()[0]["loc"] == ("point", "x")
