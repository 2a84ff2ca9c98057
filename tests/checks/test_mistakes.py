"""Real mistakes of a real repository: each is found before it was mended, and gone after."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from chores_infra.checks.context import Context
from chores_infra.checks.finding import Finding, Severity
from chores_infra.checks.loading import from_paths
from chores_infra.checks.registry import built_in_rules
from chores_infra.checks.validation import validate

SHARED = os.environ.get("CHORES_INFRA_SHARED")
MISTAKES = Path(SHARED or "/nowhere") / "corpus" / "mistakes"

pytestmark = pytest.mark.skipif(
    SHARED is None, reason="CHORES_INFRA_SHARED does not name the folder of real CRDs and repositories"
)


def expectations() -> list[Any]:
    if SHARED is None:
        return []
    return [
        pytest.param(mistake["id"], mistake["has_after"], expected, id=f"{mistake['id']}-{number}")
        for mistake in json.loads((MISTAKES / "index.json").read_text())
        for number, expected in enumerate(mistake["expect_in_before"])
    ]


@cache
def findings(tree: Path) -> list[Finding]:
    return list(validate(Context(from_paths([tree])), built_in_rules()).findings)


def fitting(tree: Path, expected: dict[str, Any]) -> list[Finding]:
    return [
        finding
        for finding in findings(tree)
        if finding.file == (tree / expected["file"]).as_posix()
        and finding.line == (expected["line"] or finding.line)
        and finding.resource == (expected["resource"] or finding.resource)
        and finding.path == (expected["path"] or finding.path)
        and finding.severity.reaches(Severity(expected["severity_at_least"]))
    ]


@pytest.mark.parametrize(("mistake", "has_after", "expected"), expectations())
def test_the_mistake_is_found_until_it_is_mended(
    mistake: str, has_after: bool, expected: dict[str, Any]
) -> None:
    before = fitting(MISTAKES / mistake / "before", expected)

    assert before
    if has_after:
        rules = {finding.rule for finding in before}
        after = fitting(MISTAKES / mistake / "after", expected)
        assert not [finding for finding in after if finding.rule in rules]
