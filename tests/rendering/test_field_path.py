from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra.errors import YamlError
from chores_infra.rendering.field_path import FieldPath, format_path, parse_path


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("spec", "replicas"), "spec.replicas"),
        (("spec", "containers", 0, "ports", 12), "spec.containers[0].ports[12]"),
        (("metadata", "annotations", "example.com/team"), 'metadata.annotations["example.com/team"]'),
        (("data", "my-key", "$ref", "a/b"), "data.my-key.$ref.a/b"),
        (("data", ""), 'data[""]'),
        (("data", "8080"), 'data["8080"]'),
        ((0,), "[0]"),
        (('a"]', "b c"), '["a\\"]"]["b c"]'),
    ],
)
def test_path_and_text(path: FieldPath, text: str) -> None:
    assert format_path(path) == text
    assert parse_path(text) == path


@given(st.lists(st.one_of(st.text(max_size=8), st.integers(0, 999))).map(tuple))
def test_every_path_comes_back(path: FieldPath) -> None:
    assert parse_path(format_path(path)) == path


@pytest.mark.parametrize(
    "text", [".", "a.", ".a", "a..b", "a[", "a[x]", "a[-1]", 'a["x]', "a b", "spec.é", "a]"]
)
def test_what_is_no_path(text: str) -> None:
    with pytest.raises(YamlError, match="is no field path"):
        parse_path(text)
