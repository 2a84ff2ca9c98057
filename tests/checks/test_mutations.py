"""Mistakes of every family are found at their lines; the docs have the figures of a longer run."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

import pytest

from tests.checks.mutations.synthetic import synthetic
from tests.checks.mutations.table import FEWEST, Chosen, chosen, outcomes, texts_of

SHARED = os.environ.get("CHORES_INFRA_SHARED")
PAGE = Path(__file__).parent.parent.parent / "docs" / "validate.md"
ROW = re.compile(r"^\| (?P<family>[^|]+) \| (?P<made>\d+) \| (?P<caught>\d+) \|$", re.MULTILINE)


@cache
def one_of_each() -> Chosen:
    return chosen([synthetic()], 1)


def test_one_mistake_of_every_family_is_found_where_it_stands() -> None:
    found = outcomes(one_of_each())

    assert [(each.mutation, each.elsewhere) for each in found if not each.found] == []


@pytest.mark.skipif(
    SHARED is None, reason="CHORES_INFRA_SHARED does not name the folder of real CRDs and repositories"
)
def test_mistakes_in_a_real_repository_are_found_where_they_stand() -> None:
    ((texts, mutations),) = chosen([texts_of(Path(SHARED or "") / "corpus" / "2025-12")], 1)

    found = outcomes([(texts, mutations[::3])])

    assert len(found) > 15
    assert [(each.mutation, each.elsewhere) for each in found if not each.found] == []


def test_the_docs_have_every_family_and_most_mistakes_of_each_are_found() -> None:
    rows = {row["family"]: (int(row["made"]), int(row["caught"])) for row in ROW.finditer(PAGE.read_text())}
    families = {mutation.family for _, mutations in one_of_each() for mutation in mutations}

    assert families <= set(rows)
    assert [family for family, (made, _) in rows.items() if made < FEWEST] == []
    assert [family for family, (made, caught) in rows.items() if caught < 0.95 * made] == []
