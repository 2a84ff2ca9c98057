"""Broken references in a real repository are found at their lines, and the docs have the figures."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.checks.mutations import COUNT, mutations, run, table, texts_of

SHARED = os.environ.get("CHORES_INFRA_SHARED")
PAGE = Path(__file__).parent.parent.parent / "docs" / "validate.md"

pytestmark = pytest.mark.skipif(
    SHARED is None, reason="CHORES_INFRA_SHARED does not name the folder of real CRDs and repositories"
)


def test_broken_references_are_found_where_they_stand() -> None:
    texts = texts_of(Path(SHARED or "") / "corpus" / "2025-12")

    caught, made, missed = run(texts, mutations(texts)[:COUNT])

    assert [family for family, count in made.items() if caught[family] < 0.95 * count] == []
    assert table(caught, made) in PAGE.read_text(encoding="utf-8"), missed
