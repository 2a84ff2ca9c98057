"""Fields whose names are no identifiers of CEL: https://kubernetes.io/docs/reference/using-api/cel/."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra.kindgen.cel import rule_schema
from chores_infra.kinds.cel_names import escaped, renamed, unescaped


@pytest.mark.parametrize(
    ("name", "in_rule"),
    [
        ("namespace", "__namespace__"),
        ("x-prop", "x__dash__prop"),
        ("redact__d", "redact__underscores__d"),
        ("string", "string"),
        ("a.b/c", "a__dot__b__slash__c"),
        ("in", "__in__"),
    ],
)
def test_the_examples_of_the_documentation(name: str, in_rule: str) -> None:
    assert escaped(name) == in_rule
    assert unescaped(in_rule) == name


@given(st.text("ab_-./", min_size=1, max_size=12))
def test_unescaping_is_the_inverse_of_escaping(name: str) -> None:
    assert unescaped(escaped(name)) == name


def test_only_what_a_rule_names_is_renamed() -> None:
    value = {"x-prop": 1, "labels": {"app.kubernetes.io/name": "web"}, "items": [{"x-prop": 2}]}
    assert renamed("self.labels.size() == 1", value) is value
    assert renamed("self.x__dash__prop == 1", value) == {
        "x__dash__prop": 1,
        "labels": {"app.kubernetes.io/name": "web"},
        "items": [{"x__dash__prop": 2}],
    }


def test_the_simple_rules_know_the_names_too() -> None:
    assert rule_schema("has(self.x__dash__prop)", {"x-prop": {}}) == {"required": ["x-prop"]}
