from __future__ import annotations

import pytest

from chores_infra.rendering.go_scalars import resolve
from chores_infra.rendering.surprises import MEANINGS, surprise


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("boolean-word", ["on", "off", "y", "N", "yes", "No"]),
        ("octal", ["0755", "0o17", "-017", "0644"]),
        ("number-base", ["0x1F", "0b101", "-0xff"]),
        ("underscores", ["1_000", "1_0.5"]),
        ("exponent", ["1e3", "12E03", "1.5e-3", "1234e56"]),
        ("decimals", ["8080.0", "1.10", "1.", "-2.50"]),
        ("precision", ["123456789012345678901234567890", "3.14159265358979323846"]),
        ("base-sixty", ["1:30", "12:30:45", "190:20:30.15"]),
        (
            None,
            ["true", "False", "null", "~", "", "0", "-1", "8080", "1.5", "-0.25", "v1", "1.2.3", "08", "a:b"],
        ),
        (None, ["9223372036854775807", "2001-01-01", "10m", "128Mi", "1234567890123"]),
    ],
)
def test_what_became_something_else_than_meant(kind: str | None, texts: list[str]) -> None:
    assert {text: surprise(text, resolve(text, None)) for text in texts} == dict.fromkeys(texts, kind)


def test_each_kind_has_a_meaning() -> None:
    assert all(MEANINGS.values())
