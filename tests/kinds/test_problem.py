from __future__ import annotations

import pytest

from chores_infra.kinds.problem import Path, Problem, show


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ((), ""),
        (("spec",), "spec"),
        (("spec", "ports", 0, "targetPort"), "spec.ports[0].targetPort"),
        (("data", "app.properties"), 'data["app.properties"]'),
        (("data", ""), 'data[""]'),
        (("spec", "x-kubernetes-map-type"), "spec.x-kubernetes-map-type"),
        (("data", "a\nb"), 'data["a\\nb"]'),
        (("data", "k" * 100), f'data["{"k" * 60}… (100 characters)"]'),
    ],
)
def test_a_path_reads_as_people_write_it(path: Path, field: str) -> None:
    assert Problem(path, "x").field == field


def test_a_problem_of_the_whole_manifest_has_no_field() -> None:
    assert str(Problem((), "expected an object")) == "expected an object"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "null"),
        (False, "false"),
        (8080.0, "8080.0"),
        ('say "hi"', '"say \\"hi\\""'),
        ('"' + "é", '"\\"é"'),
        ("\ud800", '"\\ud800"'),
        ("a\x00b", '"a\\x00b"'),
        ("C:\\temp", '"C:\\\\temp"'),
        ({}, "{}"),
        ({"a": 1}, "an object of 1 fields"),
        ([1, 2], "a list of 2 items"),
        (b"x", "a Python bytes"),
    ],
)
def test_a_value_is_shown_short_and_on_one_line(value: object, shown: str) -> None:
    assert show(value) == shown


def test_an_integer_too_long_to_be_written_is_measured() -> None:
    assert show(10**5000) == "an integer of 16610 bits"
