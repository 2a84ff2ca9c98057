"""What a pull request says is what GitHub takes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from chores_infra.diff import Located, compare
from chores_infra.environments import Environment
from chores_infra.release.move import Image
from chores_infra.release.pull_request import describe


@pytest.mark.parametrize("length", range(300, 380, 10))
def test_its_body_is_no_longer_than_github_takes(length: int) -> None:
    def settings(number: int, value: str) -> Located:
        metadata = {"name": f"settings-{number}", "namespace": "shop"}
        return Located(
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"KEY": value}}
        )

    many = range(300)
    # All of them different, so that nothing can be told once.
    comparison = compare(
        [settings(number, "old") for number in many],
        [settings(number, f"{number}-{'x' * length}") for number in many],
    )
    move: Any = SimpleNamespace(
        message="chore: update shop to v1.0.0\n\nEnvironment: production",
        app="shop",
        environment=Environment.PRODUCTION,
        previous=None,
        running=SimpleNamespace(release="v1.0.0", tag="1.0.0"),
        image=Image(digest=f"sha256:{'0' * 64}", commit="0" * 40),
        comparison=lambda: comparison,
    )
    said = describe(move)
    assert said.title == "chore: update shop to v1.0.0"
    assert 60_000 < len(said.body) <= 65_536
    assert "parts of this report left out" in said.body
