"""What holds of every rule: its examples are what it is about, and its words are fit for a page."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from chores_infra.checks.context import Context
from chores_infra.checks.finding import Severity
from chores_infra.checks.loading import from_texts
from chores_infra.checks.pages import pages
from chores_infra.checks.registry import built_in_rules, text_of
from chores_infra.checks.rule import Rule, example_files
from chores_infra.checks.validation import findings_of

RULES = built_in_rules()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_bad_example_is_found_and_the_good_one_is_not(rule: Rule) -> None:
    bad = findings_of(Context(from_texts(example_files(rule.bad))), [rule])
    good = findings_of(Context(from_texts(example_files(rule.good))), [rule])

    assert bad
    assert rule.severity in {finding.severity for finding in bad}
    assert not good


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_good_example_is_right_in_every_respect(rule: Rule) -> None:
    findings = findings_of(Context(from_texts(example_files(rule.good))), RULES)

    worse = [finding for finding in findings if finding.severity is Severity.ERROR]
    assert not worse, worse


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_explains_itself(rule: Rule) -> None:
    text = text_of(rule)

    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", rule.id)
    assert len(text.description.splitlines()) >= 3, "say why it matters"
    assert not rule.title.endswith(".")
    assert rule.help[0].islower()
    assert not rule.help.endswith(".")


def test_ids_are_unique() -> None:
    assert max(Counter(rule.id for rule in RULES).values()) == 1


def test_every_rule_has_its_page() -> None:
    folder = Path(__file__).parent.parent.parent / "docs" / "rules"

    assert {path.name: path.read_text() for path in folder.glob("*.md")} == pages(RULES), (
        "run: python -m chores_infra.checks docs/rules"
    )
