"""A repository to make commits in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.release.history.repositories import Infra


@pytest.fixture
def infra(tmp_path: Path, git_settings: Path) -> Infra:
    assert git_settings.is_file()
    return Infra(tmp_path / "infra")
