"""Validators for the arguments at hand say what one for all arguments would say."""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from hypothesis import given
from hypothesis import strategies as st

from chores_infra.arguments import problems_of
from chores_infra.arguments.schemas import dict_validator
from chores_infra.arguments.signatures import argument_types
from chores_infra.arguments.validating import ArgumentValidator
from chores_infra.constructs.workloads import Deployment
from chores_infra.fields import DnsLabel, Items, Labels, NonNegative, Port

TYPES: dict[str, Any] = {
    "name": DnsLabel,
    "replicas": NotRequired[NonNegative | None],
    "ports": NotRequired[Items[Port]],
    "policy": NotRequired[Literal["Always", "Never"]],
    "labels": Labels,
    "limit": NotRequired[int],
}
VALUES = st.sampled_from(["web", "Web", "Always", -1, 0, 8080, None, True, [], ["http", 80], {}, {"a": "b"}])
ARGUMENTS = st.dictionaries(st.sampled_from([*TYPES, "unknown", "nmae"]), VALUES)


def outcome(validate: Any, arguments: dict[str, Any]) -> object:
    """The values and their order, or the problems."""
    try:
        return list(validate(dict(arguments)).items())
    except ValueError as error:
        return problems_of(error)


@given(st.lists(ARGUMENTS, max_size=50))
def test_every_set_of_arguments_is_judged_as_by_one_validator(calls: list[dict[str, Any]]) -> None:
    ours = ArgumentValidator(lambda: TYPES)
    for arguments in calls:
        whole = dict_validator(TYPES).validate_python
        assert outcome(ours.validate, arguments) == outcome(whole, arguments)


def test_only_so_many_validators_are_kept() -> None:
    names = [f"argument_{number}" for number in range(200)]
    ours = ArgumentValidator(lambda: dict.fromkeys(names, NotRequired[int]))
    built = {id(ours.validate({name: 1}) and ours._build((name,))) for name in names}
    assert len(built) <= 33
    assert ours.validate({"argument_7": 1}) == {"argument_7": 1}


def test_types_of_arguments_that_are_not_given_are_not_read() -> None:
    def init(*, name: str, other: NoSuchType | None = None) -> None: ...  # type: ignore[name-defined]  # noqa: F821

    assert ArgumentValidator(lambda: argument_types(init)).validate({"name": "web"}) == {"name": "web"}


def test_a_deployment_evaluates_what_it_is_given() -> None:
    types = argument_types(Deployment.__init__)
    assert types.required == {"name", "selector", "containers"}
    assert len(types) > 30
