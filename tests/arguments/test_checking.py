"""Constructors hold their callers to their own signatures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Required, TypedDict, Unpack

import pytest

from chores_infra.arguments import InvalidArguments, Problems, checked
from chores_infra.construct import Component, Construct, Scope, Tree
from chores_infra.errors import ConstructError
from chores_infra.fields import DnsLabel, Items, NonNegative, Pairs, PortNumber


class Options(TypedDict, total=False):
    colour: Literal["red", "green"] | None


class VehicleOptions(TypedDict, total=False):
    wheels: Required[int]
    colour: str


class Vehicle(Construct):
    """A construct that needs one of the options of a TypedDict."""

    @checked
    def __init__(self, scope: Scope, id: str, **options: Unpack[VehicleOptions]) -> None:
        self.options = options
        super().__init__(scope, id)


class Machine(Construct):
    """A construct with an argument of each form."""

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsLabel,
        ports: Items[PortNumber] = (),
        settings: Pairs[str, str] | None = None,
        speed: NonNegative | None = None,
        **options: Unpack[Options],
    ) -> None:
        problems = Problems()
        if speed == 13:
            problems.add("speed", "13 brings bad luck")
            problems.add("name", "and so does this name")
        problems.raise_if_any()
        self.name = name
        self.ports = ports
        self.settings = settings
        self.options = options
        super().__init__(scope, id)


def problems_of(scope: Scope, **arguments: object) -> list[str]:
    with pytest.raises(ConstructError) as caught:
        Machine(scope, "machine", **arguments)  # type: ignore[arg-type]  # what type checkers refuse too
    assert caught.value.path == "shop/machine"
    return [str(problem) for problem in caught.value.problems]


@pytest.fixture
def shop() -> Component:
    return Component(Tree(), "shop")


def test_the_body_gets_what_was_given(shop: Component) -> None:
    machine = Machine(shop, "machine", name="m1", ports=(80, 81), settings={"a": "b"}, colour="red")
    assert (machine.name, machine.ports, machine.settings) == ("m1", [80, 81], {"a": "b"})
    assert machine.options == {"colour": "red"}


def test_the_body_gets_copies_that_the_caller_cannot_change(shop: Component) -> None:
    ports, settings = [80], {"a": "b"}
    machine = Machine(shop, "machine", name="m1", ports=ports, settings=settings)
    ports.append(81)
    settings["c"] = "d"
    assert machine.ports == [80]
    assert machine.settings == {"a": "b"}


def test_everything_that_is_wrong_is_reported_at_once(shop: Component) -> None:
    assert problems_of(shop, name="A", ports=[0, 80, 70000], settings={"a": 1}, speed=-1) == [
        "name: expected a DNS label: lower-case letters, digits and '-', a letter or digit at both ends "
        "(at most 63 characters), found 'A'",
        "ports[0]: expected at least 1, found 0",
        "ports[2]: expected at most 65535, found 70000",
        "settings.a: expected text, found 1",
        "speed: expected at least 0, found -1",
    ]


def test_a_missing_argument_is_named(shop: Component) -> None:
    assert problems_of(shop) == ["name: this argument is required"]


def test_an_unknown_argument_is_answered_with_the_nearest_one(shop: Component) -> None:
    assert problems_of(shop, name="m1", color="red", port=80) == [
        "color: there is no such argument; did you mean 'colour'?",
        "port: there is no such argument; did you mean 'ports'?",
    ]


def test_options_of_a_typed_dict_are_arguments_too(shop: Component) -> None:
    assert problems_of(shop, name="m1", colour="blue") == ["colour: expected 'red' or 'green', found 'blue'"]


def test_options_that_are_required_are(shop: Component) -> None:
    with pytest.raises(ConstructError) as caught:
        Vehicle(shop, "vehicle", colour="red")  # type: ignore[call-arg]  # what type checkers refuse too
    assert str(caught.value) == "shop/vehicle: wheels: this argument is required"


def test_what_the_body_finds_carries_the_path_too(shop: Component) -> None:
    assert problems_of(shop, name="m1", speed=13) == [
        "speed: 13 brings bad luck",
        "name: and so does this name",
    ]


def test_arguments_are_given_by_name(shop: Component) -> None:
    with pytest.raises(ConstructError, match="shop/machine: takes its arguments by name: name, ports, "):
        Machine(shop, "machine", "m1")  # type: ignore[call-arg]  # what type checkers refuse too


@pytest.mark.parametrize("almost", [80.0, "80", True])
def test_nothing_is_converted(shop: Component, almost: object) -> None:
    assert problems_of(shop, name="m1", ports=[almost]) == [
        f"ports[0]: expected a whole number, found {almost!r}"
    ]


@pytest.mark.parametrize("unordered", [{80}, frozenset({80}), iter([80]), "80"])
def test_a_list_is_no_set_no_iterator_and_no_text(shop: Component, unordered: Sequence[int]) -> None:
    (problem,) = problems_of(shop, name="m1", ports=unordered)
    assert problem.startswith("ports: expected a list, found ")


def test_a_construct_that_is_refused_leaves_its_place_free(shop: Component) -> None:
    problems_of(shop, name="A")
    assert Machine(shop, "machine", name="m1").node.path == "shop/machine"


def test_the_signature_stays_readable_for_tools() -> None:
    import inspect

    assert list(inspect.signature(Machine.__init__).parameters) == [
        "self", "scope", "id", "name", "ports", "settings", "speed", "options",
    ]  # fmt: skip


def test_invalid_arguments_say_what_they_hold() -> None:
    problems = Problems()
    problems.add("a", "b")
    with pytest.raises(InvalidArguments, match="a: b"):
        problems.raise_if_any()
