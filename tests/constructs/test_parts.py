"""Python's spelling and the API's."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra.arguments import value_object
from chores_infra.constructs.parts import Part, rendered, spelled


@value_object
class Leaf(Part):
    number: int
    host_ip: str | None = None

    spelling = {"number": "leafNumber"}  # noqa: RUF012


@value_object
class Branch(Part):
    some_leaves: list[Leaf]
    by_name: dict[str, Leaf] | None = None
    is_dead: bool | None = None


# Names of the API reference.
@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("name", "name"),
        ("initial_delay_seconds", "initialDelaySeconds"),
        ("run_as_non_root", "runAsNonRoot"),
        ("se_linux_options", "seLinuxOptions"),
        ("fs_group", "fsGroup"),
        ("host_ip", "hostIP"),
        ("host_pid", "hostPID"),
        ("host_ipc", "hostIPC"),
    ],
)
def test_a_name_is_spelled_as_the_api_does(name: str, field: str) -> None:
    assert spelled(name) == field


def test_parts_become_mappings_of_what_was_given() -> None:
    branch = Branch(some_leaves=[Leaf(number=1, host_ip="x")], by_name={"a": Leaf(number=2)}, is_dead=None)
    assert branch.fields() == {
        "someLeaves": [{"leafNumber": 1, "hostIP": "x"}],
        "byName": {"a": {"leafNumber": 2}},
    }


def test_false_and_zero_and_nothing_are_three_things() -> None:
    assert Branch(some_leaves=[], is_dead=False).fields() == {"someLeaves": [], "isDead": False}
    assert Leaf(number=0, host_ip="").fields() == {"leafNumber": 0, "hostIP": ""}


@given(
    st.recursive(st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
)
def test_plain_values_are_copied_as_they_are(value: Any) -> None:
    copy = rendered(value)
    assert copy == value
    assert copy is not value or not isinstance(value, list | dict)
