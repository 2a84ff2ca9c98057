"""What is found in real repositories was looked at by a person: the judgements are in ``judgements.json``.

A verdict is ``right``, ``idle`` (right, but nobody would act on it) or ``wrong``. Every error and a seeded
sample of the warnings needs one, so a new rule, or one that finds more, makes this test ask for them.
"""

from __future__ import annotations

import json
import os
import random
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from chores_infra.checks.context import Context
from chores_infra.checks.finding import Finding, Severity
from chores_infra.checks.loading import from_paths
from chores_infra.checks.registry import built_in_rules
from chores_infra.checks.report import Report
from chores_infra.checks.validation import validate

SHARED = os.environ.get("CHORES_INFRA_SHARED")
CORPUS = Path(SHARED or "/nowhere") / "corpus"
TREES = ("2025-12", "mistakes/30-trailing-newline/after", "mistakes/35-missing-pull-secret/after")
SAMPLE = 100
SEED = 20251220
FILE = Path(__file__).parent / "judgements.json"

pytestmark = pytest.mark.skipif(
    SHARED is None, reason="CHORES_INFRA_SHARED does not name the folder of real CRDs and repositories"
)


class Place(NamedTuple):
    """What a judgement is about; lines move, and messages are worded anew."""

    tree: str
    rule: str
    file: str
    resource: str
    path: str


@cache
def verdicts() -> dict[Place, str]:
    return {
        Place(*(judgement[field] for field in Place._fields)): judgement["verdict"]
        for judgement in json.loads(FILE.read_text(encoding="utf-8"))
    }


@cache
def report(tree: str) -> Report:
    return validate(Context(from_paths([CORPUS / tree])), built_in_rules())


def place(tree: str, finding: Finding) -> Place:
    file = Path(finding.file).relative_to(CORPUS / tree).as_posix()
    return Place(tree, finding.rule, file, finding.resource, finding.path)


def places(tree: str, severity: Severity) -> list[Place]:
    return [place(tree, each) for each in report(tree).findings if each.severity is severity]


def sample(tree: str) -> list[Place]:
    warnings = places(tree, Severity.WARNING)
    return random.Random(SEED).sample(warnings, min(SAMPLE, len(warnings)))


@pytest.mark.parametrize("tree", TREES)
def test_every_error_and_every_warning_of_the_sample_was_judged(tree: str) -> None:
    wanted = [*places(tree, Severity.ERROR), *sample(tree)]

    assert [each for each in wanted if each not in verdicts()] == []


@pytest.mark.parametrize("tree", TREES)
def test_no_error_is_false(tree: str) -> None:
    errors = places(tree, Severity.ERROR)

    assert [each for each in errors if verdicts().get(each) != "right"] == []


def test_nearly_all_warnings_are_right() -> None:
    judged = [verdicts().get(each) for tree in TREES for each in sample(tree)]

    assert len(judged) >= 200
    assert judged.count("wrong") <= 0.05 * len(judged)


@pytest.mark.parametrize("tree", TREES)
def test_few_warnings_are_such_that_nobody_would_act(tree: str) -> None:
    judged = [verdicts().get(each) for each in places(tree, Severity.WARNING)]
    idle = judged.count("idle") + judged.count("wrong")

    assert idle <= 0.05 * report(tree).documents
