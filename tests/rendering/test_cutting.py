from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra.rendering.cutting import cut

LINES = st.sampled_from(
    ["---", "---\r", "--- ", "--- # c", "---#c", "--- {a: 1}", "---x", "", "a: 1", "# c", "..."]
)


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        ("", [""]),
        ("a: 1\n", ["a: 1\n"]),
        ("---\na: 1\n", ["---\na: 1\n"]),
        ("a: 1\n---\nb: 2\n---", ["a: 1\n", "b: 2\n", ""]),
        ("a: 1\r\n---\r\nb: 2\r\n", ["a: 1\r\n", "b: 2\r\n"]),
        ("a: 1\n--- # c\nb: 2\n", ["a: 1\n", "b: 2\n"]),
        ("a: 1\n---#c\nb: 2\n", ["a: 1\n", "b: 2\n"]),
        # What stands behind --- is not lost, though Kubernetes refuses it.
        ("a: 1\n--- {b: 2}\n", ["a: 1\n", "--- {b: 2}\n"]),
        # Nothing between two separators: the second is the first line of its document.
        ("a: 1\n---\n---\nb: 2\n", ["a: 1\n", "", "---\nb: 2\n"]),
        ("a: |\n  ---\n  x\n", ["a: |\n  ---\n  x\n"]),
        ("---x\n", ["---x\n"]),
    ],
)
def test_where_kubernetes_cuts(text: str, bodies: list[str]) -> None:
    assert [text[part.body : part.end] for part in cut(text)] == bodies


@given(st.lists(LINES).map("\n".join))
def test_nothing_but_lines_of_separators_is_left_out(text: str) -> None:
    parts = cut(text)
    assert "".join(text[part.start : part.end] for part in parts) == text
    for part in parts:
        assert part.start <= part.body <= part.end
        assert text[part.start : part.body].partition("#")[0].strip() in ("", "---")
