"""Values on their way through JavaScript and cdk8s's writer: they survive, or are refused."""

from __future__ import annotations

import enum
from typing import Any

import cdk8s
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra.construct import Manifest
from chores_infra.errors import HostError
from chores_infra.hosts.cdk8s import collect, our_errors
from chores_infra.hosts.cdk8s_values import for_cdk8s
from chores_infra.kubernetes_object import KubernetesObject
from chores_infra.rendering.reader import read

BEYOND_DOUBLES = 2**53


class Anything(KubernetesObject):
    """Renders what it is given."""

    api_version = "example.com/v1"
    kind = "Anything"

    def __init__(self, scope: Any, spec: Any) -> None:
        self.spec = spec
        super().__init__(scope, "anything", name="anything")

    def fields(self) -> Manifest:
        return {"spec": self.spec}


def synthesized(spec: Any) -> Any:
    """``spec`` as Kubernetes reads it from what cdk8s wrote."""
    app = cdk8s.App()
    Anything(cdk8s.Chart(app, "chart"), spec)
    with our_errors():
        (document,) = read(app.synth_yaml())
    return document.value["spec"]


class Colour(enum.StrEnum):
    RED = "red"


SURVIVORS = [
    {"empty": {}, "none": [], "text": ""},
    {"flag": True, "off": False, "zero": 0, "negative": -1, "half": 0.5, "tiny": 1e-7, "huge": 1e21},
    {"largest": BEYOND_DOUBLES - 1, "smallest": 1 - BEYOND_DOUBLES},
    {"yes": "yes", "no": "no", "on": "off", "y": "n", "null": "null", "~": "~", "1": "1", "0x1F": "0x1F"},
    {
        "1.0": "1.0",
        "1e3": "1e3",
        "0777": "0777",
        "1_000": "1_000",
        "2001-01-01": "2001-01-01",
        "1:30": "1:30",
    },
    {"script": "#!/bin/sh\nset -e\n\techo 'a: b' # no comment\n\n", "windows": "a\r\nb\r\n", "blank": "\n"},
    {"constructor": "a", "toString": "b", "hasOwnProperty": "c", "length": "d", "then": "e", "toJSON": "f"},
    {"unicode": "größer 😀 中", "quotes": "\"'\\", "tab": "a\tb", "nul": "\0", "escape": "\x1b[0m"},
    [[1, [2, []]], [{"a": [{"b": "c"}]}]],
    "x" * 1_000_000,
]


@pytest.mark.parametrize("spec", SURVIVORS, ids=range(len(SURVIVORS)))
def test_what_survives(spec: Any) -> None:
    assert synthesized(spec) == spec


def test_subclasses_are_taken_for_the_data_that_they_hold() -> None:
    assert synthesized({Colour.RED: Colour.RED, "pair": (1, 2)}) == {"red": "red", "pair": [1, 2]}


def test_trap_integer_like_keys_lose_their_place_but_not_their_values(app: cdk8s.App) -> None:
    spec = {"b": "1", "10": "2", "9": "3"}
    ours = Anything(cdk8s.Chart(app, "chart"), spec)

    assert synthesized(spec) == spec
    # Our writer is given the manifest from Python, where they keep their place, too.
    assert collect(app) == [ours]
    assert list(ours.manifest["spec"]) == ["b", "10", "9"]


def nested(levels: int) -> Any:
    value: Any = "deep"
    for _ in range(levels):
        value = [value]
    return value


def circle() -> Any:
    value: list[Any] = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        pytest.param({"a": [None]}, r"spec.a\[0\] .* it is null, and cdk8s drops nulls", id="nulls vanish"),
        pytest.param({"n": BEYOND_DOUBLES}, "spec.n .* rounds 9007199254740992", id="ints above 2^53"),
        pytest.param({"n": -BEYOND_DOUBLES}, "spec.n .* rounds -9007", id="ints below -2^53"),
        pytest.param({"n": float("nan")}, "spec.n .* nan is no number", id="NaN"),
        pytest.param({"n": float("-inf")}, "spec.n .* -inf is no number", id="infinity"),
        pytest.param({"n": 2.0**60}, "spec.n .* as an integer", id="floats written as other integers"),
        pytest.param({"__proto__": {"a": 1}}, "spec .* its key '__proto__' means something", id="__proto__"),
        pytest.param({"$jsii.byref": "x"}, r"spec .* its key '\$jsii.byref' means", id="$jsii.byref"),
        pytest.param([{"$jsii.map": {}}], r"spec\[0\] .* its key '\$jsii.map' means", id="$jsii.map"),
        pytest.param({"<<": {"a": 1}}, "spec .* its key '<<' means", id="merge key"),
        pytest.param({1: "a"}, "spec .* its key 1 is no text", id="keys that are no text"),
        pytest.param({"a": "\ud800"}, "spec.a .* half of a surrogate pair", id="lone surrogate"),
        pytest.param({"a": {"\udfff": 1}}, "spec.a.* half of a surrogate pair", id="lone surrogate in a key"),
        pytest.param({"a": "0o17"}, "spec.a .* would not read back '0o17'", id="octal to Go"),
        pytest.param({"a": "0X1F"}, "spec.a .* would not read back '0X1F'", id="hexadecimal to Go"),
        pytest.param({"a": "55E_4"}, "spec.a .* would not read back '55E_4'", id="exponent to Go"),
        pytest.param({"a": " \n"}, r"spec.a .* would not read back ' \\n'", id="white space as a block"),
        pytest.param({"a": "a\x85b"}, "spec.a .* would not read back", id="NEL"),
        pytest.param({"a": "\ufeff"}, "spec.a .* would not read back", id="byte order mark"),
        pytest.param({"a": {1, 2}}, "spec.a .* a set is no JSON value", id="set"),
        pytest.param({"a": b"x"}, "spec.a .* a bytes is no JSON value", id="bytes"),
        pytest.param(nested(120), r"spec(\[0\])+.* more than 100 levels deep", id="depth"),
        pytest.param(circle(), r"spec(\[0\])+.* or contains itself", id="cycle"),
    ],
)
def test_trap_what_would_arrive_as_something_else_is_refused(spec: Any, message: str) -> None:
    with pytest.raises(HostError, match=f"^chart/anything: {message}"):
        synthesized(spec)


def test_what_cdk8s_cannot_write_is_still_collected(app: cdk8s.App) -> None:
    ours = Anything(cdk8s.Chart(app, "chart"), {"id": 2**60, "nothing": None, "2": "b", "1": "a"})

    (collected,) = collect(app)

    assert collected is ours
    assert ours.manifest["spec"] == {"id": 2**60, "nothing": None, "2": "b", "1": "a"}


texts = st.one_of(
    st.text(max_size=12),
    st.text("0123456789+-_.:eExXoObBfFaA", max_size=8),
    st.text("ab \n\t:#-?&*!|>'\"%@`{}[],=<~.\\", max_size=8),
)
trees = st.recursive(
    texts | st.integers() | st.floats() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(specs=st.lists(trees, min_size=20, max_size=20))
def test_no_value_arrives_silently_as_another(specs: list[Any]) -> None:
    """Every value that is not refused is read back as it was; many at a time, for the sake of time."""
    accepted = [spec for spec in specs if is_accepted(spec)]

    assert synthesized(accepted) == accepted


def is_accepted(spec: Any) -> bool:
    try:
        for_cdk8s({"spec": spec}, "place")
    except HostError:
        return False
    return True
