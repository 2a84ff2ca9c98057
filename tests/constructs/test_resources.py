"""Quantities and what is reserved: the arithmetic of the API server, and its limits."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra.arguments import ArgumentChecker, InvalidArguments
from chores_infra.constructs.resources import Resources, amount

CHECKER = ArgumentChecker(lambda: {"r": Resources})


def problems(requests: Any = None, limits: Any = None) -> list[str]:
    try:
        CHECKER.check({"r": Resources(requests=requests, limits=limits)})
    except InvalidArguments as error:
        return [str(problem).removeprefix("r.") for problem in error.problems]
    return []


# https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
@pytest.mark.parametrize(
    ("quantity", "number"),
    [
        ("0", 0),
        ("1", 1),
        ("250m", Fraction(1, 4)),
        ("0.25", Fraction(1, 4)),
        (".5", Fraction(1, 2)),
        ("5.", 5),
        ("1k", 10**3),
        ("1Ki", 2**10),
        ("128Mi", 128 * 2**20),
        ("129M", 129 * 10**6),
        ("129e6", 129 * 10**6),
        ("1E6", 10**6),
        ("1E", 10**18),
        ("1Ei", 2**60),
        ("100n", Fraction(1, 10**7)),
        ("1u", Fraction(1, 10**6)),
        ("1e-3", Fraction(1, 1000)),
        ("-1", -1),
        ("+1", 1),
        ("1T", 10**12),
        ("1P", 10**15),
        ("1Gi", 2**30),
        ("1Ti", 2**40),
        ("1Pi", 2**50),
        ("1G", 10**9),
        ("1M", 10**6),
    ],
)
def test_an_amount_is_exact(quantity: str, number: Fraction | int) -> None:
    assert amount(quantity) == number


@pytest.mark.parametrize("quantity", ["", "lots", "1.2.3", "1KiB", "1e31", "1e-31", "1e99999999"])
def test_no_amount(quantity: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        amount(quantity)


@given(st.fractions(0, 10**6, max_denominator=1000), st.fractions(0, 10**6, max_denominator=1000))
def test_a_request_is_at_most_its_limit(one: Fraction, other: Fraction) -> None:
    request, limit = int(one * 1000), int(other * 1000)
    found = problems({"cpu": f"{request}m"}, {"cpu": f"{limit}m"})
    assert (found == []) == (request <= limit)


def test_units_are_compared_and_not_texts() -> None:
    assert problems({"memory": "1Gi"}, {"memory": "1024Mi"}) == []
    assert problems({"memory": "1Gi"}, {"memory": "1000Mi"}) == [
        "requests.memory: expected at most the limit of 1000Mi, found '1Gi'"
    ]


def test_one_of_both_is_enough() -> None:
    assert problems({"cpu": "1"}, {"memory": "1Gi"}) == []
    assert problems() == []


@pytest.mark.parametrize(
    ("name", "quantity", "problem"),
    [
        (
            "cpu",
            "lots",
            "expected a quantity such as '250m', '128Mi' or '1.5' (at most 64 characters), found 'lots'",
        ),
        ("cpu", "-1", "expected no negative amount, found '-1'"),
        ("cpu", "0.0001", "expected whole thousandths of a core, such as '250m', found '0.0001'"),
        ("memory", "400m", "expected whole bytes, such as '400Mi' ('m' is a thousandth), found '400m'"),
        ("memory", "0.5", "expected whole bytes, found '0.5'"),
        ("memory", "1e31", "expected an exponent of at most 30, found '1e31'"),
        ("nvidia.com/gpu", "0.5", "expected whole devices, found '0.5'"),
    ],
)
def test_an_amount_that_cannot_be(name: str, quantity: str, problem: str) -> None:
    assert problems({name: quantity}) == [f"requests.{name}: {problem}"]
    assert problems(limits={name: quantity}) == [f"limits.{name}: {problem}"]


@pytest.mark.parametrize("quantity", [1, 0.5, None, True])
def test_a_quantity_is_text(quantity: object) -> None:
    (found,) = problems({"cpu": quantity})
    assert found.startswith("requests.cpu: expected a quantity")


@pytest.mark.parametrize("name", ["CPU", "gpu", "", "a/b/c", "memory "])
def test_no_resource(name: str) -> None:
    (found,) = problems({name: "1"})
    assert found.startswith("requests: expected a resource: cpu, memory, ephemeral-storage")


@pytest.mark.parametrize("name", ["nvidia.com/gpu", "hugepages-2Mi"])
def test_what_is_not_shared_is_reserved_whole(name: str) -> None:
    assert problems({name: "2"}, {name: "2"}) == []
    assert problems(limits={name: "2"}) == []
    assert problems({name: "1"}, {name: "2"}) == [
        f"requests.{name}: expected the same as its limit: it cannot be overcommitted"
    ]
    assert problems({name: "1"}) == [
        f"limits.{name}: expected the same as its request: it cannot be overcommitted"
    ]
