"""Findings as SARIF 2.1.0, which code scanning and editors read.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final
from urllib.parse import quote

from chores_infra.checks.finding import Finding, Severity
from chores_infra.checks.report import Report, RuleText

__all__ = ["render"]

_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(report: Report) -> str:
    """One run with the rules that found something, and a result for each finding."""
    rules = sorted({finding.rule for finding in report.findings})
    driver: dict[str, Any] = {
        "name": "chores-infra",
        "rules": [_rule(rule, report.rules.get(rule)) for rule in rules],
    }
    results = [_result(finding, rules.index(finding.rule)) for finding in report.findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(id: str, text: RuleText | None) -> dict[str, Any]:
    if text is None:
        return {"id": id}
    return {
        "id": id,
        "shortDescription": {"text": text.title},
        "fullDescription": {"text": text.description},
        "help": {"text": text.help},
        "defaultConfiguration": {"level": _LEVELS[text.severity]},
    }


def _result(finding: Finding, rule_index: int) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": _uri(finding.file)}}
    if finding.line is not None:
        region = {"startLine": finding.line, "startColumn": finding.column}
        location["region"] = {name: value for name, value in region.items() if value is not None}
    place: dict[str, Any] = {"physicalLocation": location}
    about = ".".join(filter(None, (finding.resource, finding.path)))
    if about:
        place["logicalLocations"] = [{"fullyQualifiedName": about, "kind": "resource"}]
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}. {finding.help}"},
        "locations": [place],
        # Code scanning tracks a finding by this while its line moves.
        "partialFingerprints": {"chores-infra/v1": _fingerprint(finding)},
    }


def _uri(file: str) -> str:
    """Relative where the path is; readers take a path from the root for one below their own folder."""
    return f"file://{quote(file)}" if file.startswith("/") else quote(file)


def _fingerprint(finding: Finding) -> str:
    known_by = "\0".join((finding.rule, finding.file, finding.resource, finding.path, finding.message))
    return hashlib.sha256(known_by.encode()).hexdigest()[:32]
