"""What people and programs read of findings."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import click
import pytest

from chores_infra.checks.finding import Finding, Severity
from chores_infra.checks.report import Report, RuleText
from chores_infra.checks.reports import FORMATS, render

SOURCE = "  selector:\n    app: shop\n"
FINDING = Finding(
    rule="selects-nothing",
    severity=Severity.ERROR,
    file="base-apps/shop/services.yaml",
    line=2,
    column=5,
    resource="Service/shop/web",
    path="spec.selector.app",
    message="no pod has these labels",
    help="take the labels of the Deployment",
)
FOLDER = Finding(
    "folder-unread",
    Severity.WARNING,
    "base-apps/old",
    None,
    None,
    "",
    "",
    "nobody reads it",
    "add an Application",
)
INFO = Finding("unknown-kind", Severity.INFO, "a.yaml", 1, 1, "Thing/x", "", "no schema is known", "add it")


def report(*findings: Finding) -> Report:
    rule = RuleText("selects-nothing", "A Service selects nothing", "Why.", Severity.ERROR, "take the labels")
    return Report(
        findings,
        files=3,
        documents=4,
        resources=5,
        suppressed=1,
        known=2,
        rules={rule.id: rule},
        source_line=lambda file, line: SOURCE.splitlines()[line - 1] if file == FINDING.file else None,
    )


def test_text_shows_place_line_and_way_out() -> None:
    text = click.unstyle(render(report(FINDING), "text"))

    assert "base-apps/shop/services.yaml:2:5: " in text
    assert "Service/shop/web spec.selector.app: no pod has these labels" in text
    assert "     2 |     app: shop\n       |     ^" in text
    assert "take the labels of the Deployment" in text
    assert "1 error, 0 warnings, 0 infos in 5 resources of 3 files" in text
    assert "not shown: 1 suppressed, 2 in the baseline" in text


def test_text_counts_infos_and_does_not_show_them() -> None:
    text = render(report(INFO), "text")

    assert "no schema is known" not in text
    assert "0 errors, 0 warnings, 1 info" in text


def test_text_never_passes_on_what_a_terminal_would_obey() -> None:
    hostile = Finding("r", Severity.ERROR, "a.yaml", None, None, "", "", "\x1b]0;owned\x07", "help")

    assert "\x1b]0" not in render(report(hostile), "text")


def test_json_is_the_documented_form() -> None:
    data = json.loads(render(report(FINDING, INFO), "json"))

    assert data["findings"][0] == {
        "rule": "selects-nothing",
        "severity": "error",
        "file": "base-apps/shop/services.yaml",
        "line": 2,
        "column": 5,
        "resource": "Service/shop/web",
        "path": "spec.selector.app",
        "message": "no pod has these labels",
        "help": "take the labels of the Deployment",
    }
    assert {name: data["summary"][name] for name in ("error", "warning", "info")} == {
        "error": 1,
        "warning": 0,
        "info": 1,
    }


def test_sarif_has_rules_regions_and_levels() -> None:
    run = json.loads(render(report(FINDING, FOLDER), "sarif"))["runs"][0]

    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert rules["selects-nothing"]["shortDescription"] == {"text": "A Service selects nothing"}
    result, folder = run["results"]
    assert result["level"] == "error"
    location = result["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "base-apps/shop/services.yaml"
    assert location["region"] == {"startLine": 2, "startColumn": 5}
    assert "region" not in folder["locations"][0]["physicalLocation"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "selects-nothing"


def test_junit_counts_what_failed() -> None:
    root = ElementTree.fromstring(render(report(FOLDER, FINDING, INFO), "junit"))

    assert (root.get("tests"), root.get("failures")) == ("3", "2")
    failure = root.find(".//testcase[@classname='selects-nothing']/failure")
    assert failure is not None
    assert failure.get("type") == "error"
    assert "take the labels of the Deployment" in (failure.text or "")


def test_junit_of_nothing_is_one_passed_test() -> None:
    root = ElementTree.fromstring(render(report(), "junit"))

    assert (root.get("tests"), root.get("failures")) == ("1", "0")


def test_junit_holds_only_what_xml_can() -> None:
    hostile = Finding("r", Severity.ERROR, "a\x00.yaml", 1, 1, "", "", "\x1b<&>\ud800", "help")

    root = ElementTree.fromstring(render(report(hostile), "junit"))

    assert next(iter(root.iter("failure"))).get("message") == "\ufffd<&>\ufffd"


def test_github_annotations_stand_at_their_lines() -> None:
    assert render(report(FINDING), "github") == (
        "::error file=base-apps/shop/services.yaml,line=2,col=5,title=selects-nothing::"
        "Service/shop/web spec.selector.app: no pod has these labels. take the labels of the Deployment\n"
    )


def test_github_annotations_cannot_begin_other_commands() -> None:
    hostile = Finding("r", Severity.ERROR, "a,b:c.yaml", 1, 1, "", "", "x\n::set-env name=A::b%", "help")

    (line,) = render(report(hostile), "github").splitlines()

    assert line == "::error file=a%2Cb%3Ac.yaml,line=1,col=1,title=r::x%0A::set-env name=A::b%25. help"


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_takes_no_findings(format_: str) -> None:
    assert isinstance(render(report(), format_), str)
