"""CEL rules: those of the subset hold and fail where the API server's evaluation does."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.kindgen.cel import Unsupported, rule_schema
from chores_infra.kinds.satisfying import satisfies

FIELDS: dict[str, Any] = {
    "a": {"type": "string"},
    "b": {"properties": {"c": {}}},
    "kind": {"type": "string"},
    "items": {"type": "array"},
    "flag": {"type": "boolean"},
    "defaulted": {"default": "x"},
}


@pytest.mark.parametrize(
    ("rule", "holds", "fails"),
    [
        ("has(self.a)", [{"a": 1}], [{}]),
        ("!has(self.a)", [{}], [{"a": 1}]),
        ("has(self.a) != has(self.b)", [{"a": 1}, {"b": {}}], [{}, {"a": 1, "b": {}}]),
        ("has(self.a) == has(self.b)", [{}, {"a": 1, "b": {}}], [{"a": 1}]),
        ("has(self.a) && (has(self.b) || has(self.kind))", [{"a": 1, "kind": 1}], [{"a": 1}, {"kind": 1}]),
        ("has(self.b.c)", [{"b": {"c": 1}}], [{}, {"b": {}}]),
        ("!has(self.a) || self.kind == 'x'", [{}, {"a": 1, "kind": "x"}], [{"a": 1, "kind": "y"}, {"a": 1}]),
        ("!has(self.kind) || self.kind != 'x'", [{}, {"kind": "y"}], [{"kind": "x"}]),
        ("has(self.flag) && self.flag == true", [{"flag": True}], [{"flag": False}, {}]),
        ("!('a' in self) && !('b' in self)", [{}], [{"a": 1}]),
        (
            "!has(self.a) || !has(self.items) || size(self.items) == 0",
            [{"a": 1, "items": []}],
            [{"a": 1, "items": [1]}],
        ),
        ("[has(self.a),has(self.b)].filter(x,x==true).size() == 1", [{"a": 1}], [{}, {"a": 1, "b": 1}]),
        ("[has(self.a), has(self.b)].filter(x, x == true).size() <= 1", [{}, {"a": 1}], [{"a": 1, "b": 1}]),
        ("[has(self.a), has(self.b)].exists_one(x, x)", [{"b": 1}], [{}, {"a": 1, "b": 1}]),
    ],
)
def test_a_rule_holds_where_it_should(rule: str, holds: list[Any], fails: list[Any]) -> None:
    schema = rule_schema(rule, FIELDS)
    assert all(satisfies(value, schema) for value in holds)
    assert not any(satisfies(value, schema) for value in fails)


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "true",
        "self.a == oldSelf.a",
        "has(self.defaulted)",
        "has(self.unknown)",
        "self.a.startsWith('/')",
        "self.a.matches('x')",
        "has(self.a) has(self.b)",
        "has(self.a) &&",
        "(has(self.a)",
        "self.items.all(x, x > 1)",
        "size(self.a) == 0",
        "[has(self.a)].filter(x, x).size() > 7",
        "self.a == self.b",
        "'\\'' in self",
        "has(self.a) ? true : false",
        "💥",
    ],
)
def test_a_rule_beyond_the_subset_is_refused(rule: str) -> None:
    with pytest.raises(Unsupported):
        rule_schema(rule, FIELDS)
