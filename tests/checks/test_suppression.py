"""Findings that somebody accepted, with a reason beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from chores_infra.checks.context import Context
from chores_infra.checks.finding import Severity
from chores_infra.checks.report import Report
from chores_infra.checks.rule import Hit, Rule
from chores_infra.checks.settings import Accepted, Settings, settings_of
from chores_infra.checks.validation import validate


class NoDebug(Rule):
    """Every key DEBUG is a finding."""

    id = "no-debug"
    title = "DEBUG is set"
    severity = Severity.WARNING
    help = "remove it"
    bad = good = ""

    def check(self, context: Context) -> Iterator[Hit]:
        """At the key."""
        for resource in context.repository.resources:
            for path, _ in resource.each("data.DEBUG"):
                yield Hit(resource, "DEBUG is set", path)


def config_map(data: str, above: str = "") -> str:
    return f"{above}apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n{data}"


@pytest.fixture
def checked(context: Callable[..., Context]) -> Callable[..., Report]:
    def check(text: str, settings: Settings | None = None) -> Report:
        return validate(context(text), [NoDebug()], settings=settings)

    return check


def rules(report: Report) -> list[str]:
    return [finding.rule for finding in report.findings]


@pytest.mark.parametrize(
    "text",
    [
        config_map('  DEBUG: "1"  # chores-infra: ignore[no-debug] a test system\n'),
        config_map('  # chores-infra: ignore[no-debug] a test system\n  DEBUG: "1"\n'),
        config_map('  DEBUG: "1"\n', "# chores-infra: ignore[no-debug] a test system\n"),
        config_map('  DEBUG: "1"\n', "a: 1\n---\n# chores-infra: ignore[no-debug] a test system\n"),
        config_map('  DEBUG: "1"\n', "a: 1\n# chores-infra: ignore[no-debug] a test system\n---\n"),
        config_map('  DEBUG: "1"  # chores-infra: ignore[no-debug]: a test system\n'),
    ],
    ids=["on-its-line", "line-above", "above-document", "below-dashes", "above-dashes", "colon"],
)
def test_a_comment_accepts_a_finding(checked: Callable[..., Report], text: str) -> None:
    report = checked(text)

    assert rules(report) == []
    assert report.suppressed == 1


@pytest.mark.parametrize(
    "text",
    [
        config_map('  # chores-infra: ignore[no-debug] too far\n  A: "1"\n  DEBUG: "1"\n'),
        config_map('  DEBUG: "1"\n---\n# chores-infra: ignore[no-debug] of the next document\na: 1\n'),
        config_map('  DEBUG: "1"  # chores-infra: ignore[other-rule] another rule\n'),
    ],
    ids=["not-above", "other-document", "other-rule"],
)
def test_a_comment_elsewhere_accepts_nothing_and_is_found(checked: Callable[..., Report], text: str) -> None:
    assert sorted(rules(checked(text))) == ["no-debug", "suppression-unused"]


@pytest.mark.parametrize("comment", ["ignore[no-debug]", "ignore", "ignore[] why", "ignore[no-debug] -"])
def test_without_rule_or_reason_it_accepts_nothing(checked: Callable[..., Report], comment: str) -> None:
    text = config_map(f'  DEBUG: "1"  # chores-infra: {comment}\n')

    assert sorted(rules(checked(text))) == ["no-debug", "suppression-without-reason"]


def test_one_of_several_rules_that_is_unused_is_found(checked: Callable[..., Report]) -> None:
    report = checked(config_map('  DEBUG: "1"  # chores-infra: ignore[no-debug, gone] a test system\n'))

    (finding,) = report.findings
    assert (finding.rule, finding.line) == ("suppression-unused", 5)
    assert "gone" in finding.message


def test_text_that_only_looks_like_a_comment_is_none(checked: Callable[..., Report]) -> None:
    text = config_map('  DEBUG: "# chores-infra: ignore[no-debug] not a comment"\n')

    assert rules(checked(text)) == ["no-debug"]


def test_a_configuration_accepts_by_path(checked: Callable[..., Report]) -> None:
    text = config_map('  DEBUG: "1"\n')

    assert rules(checked(text, Settings(accepted=[Accepted("no-debug", ("a.yaml",), "why")]))) == []
    assert rules(checked(text, Settings(accepted=[Accepted("no-debug", ("b",), "why")]))) == ["no-debug"]


def test_a_configuration_changes_how_bad_a_rule_is(checked: Callable[..., Report]) -> None:
    text = config_map('  DEBUG: "1"\n')

    (finding,) = checked(text, Settings(severities={"no-debug": Severity.ERROR})).findings
    assert finding.severity is Severity.ERROR
    assert rules(checked(text, Settings(severities={"no-debug": None}))) == []


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"rules": {"a": "fatal"}}, "rules.a: expected off, info, warning or error, found 'fatal'"),
        ({"rules": []}, "rules: expected a table"),
        ({"externals": ["Secret"]}, "externals: expected a list of Kind/namespace/name"),
        ({"externals": "Secret/a/b"}, "externals: expected a list"),
        ({"ignore": [{"rule": "a", "paths": ["b"]}]}, "ignore[0]: give a reason: why is a all right there?"),
        ({"ignore": [{"rule": "a", "paths": [], "reason": "c"}]}, "ignore[0]: expected rule, paths"),
        ({"ignore": {}}, "ignore: expected tables [[ignore]]"),
    ],
)
def test_what_is_wrong_with_settings_is_said(table: dict[str, object], said: str) -> None:
    _, problems = settings_of(table)

    assert any(problem.startswith(said) for problem in problems), problems
