"""Parameters in texts, as Go's templates read them."""

from __future__ import annotations

import pytest

from chores_infra.constructs.argocd.parameters import texts, used_parameters


@pytest.mark.parametrize(
    ("text", "used", "bare"),
    [
        ("shop", set(), set()),
        ("{{.env}}-{{ .path.basename }}", {"env", "path"}, set()),
        ("{{- .env | lower | trunc 3 -}}", {"env"}, set()),
        ("{{ env }}{{path.basename}}", set(), {"env", "path"}),
        # What a function makes of it is not known, and neither is where a dot stands inside of a block.
        ("{{ index .path.segments 1 }}", set(), set()),
        ("{{ range .hosts }}{{ .name }}{{ end }}", set(), set()),
        ("{{ with .a }}{{ .b }}{{ end }}", set(), set()),
        ('{{ printf "%s" .env }}', set(), set()),
        ("{env}", set(), set()),
    ],
)
def test_the_parameters_of_a_text(text: str, used: set[str], bare: set[str]) -> None:
    assert used_parameters(text) == (used, bare)


def test_every_text_with_its_place() -> None:
    value = {"a": "1", "b": [{"c": "2"}, "3", 4], "d": None}
    assert list(texts(value, "it")) == [("it.a", "1"), ("it.b[0].c", "2"), ("it.b[1]", "3")]
