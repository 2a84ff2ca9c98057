"""Findings as JUnit XML, which CI systems show as tests: one suite for each file, one case for each finding.

Source: https://github.com/testmoapp/junitxml (there is no standard; this is what the common readers take).
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from chores_infra.checks.finding import Finding, Severity
from chores_infra.checks.report import Report

__all__ = ["render"]

# What XML 1.0 cannot hold, however it is escaped.
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report) -> str:
    """Errors and warnings are failures, told apart by their type; infos are cases that passed."""
    failures = [finding for finding in report.findings if finding.severity is not Severity.INFO]
    root = Element("testsuites", name="chores-infra validate", tests=str(max(1, len(report.findings))))
    root.set("failures", str(len(failures)))
    for file, group in groupby(report.findings, key=lambda finding: finding.file):
        findings = list(group)
        failed = sum(finding.severity is not Severity.INFO for finding in findings)
        suite = SubElement(
            root, "testsuite", name=_text(file), tests=str(len(findings)), failures=str(failed)
        )
        for finding in findings:
            _add_case(suite, finding)
    if not report.findings:
        # Readers take a run without any test for one that did not happen.
        suite = SubElement(root, "testsuite", name="chores-infra validate", tests="1", failures="0")
        SubElement(suite, "testcase", name="nothing found", classname="chores-infra")
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _add_case(suite: Element, finding: Finding) -> None:
    about = " ".join(filter(None, (finding.resource, finding.path))) or finding.file
    case = SubElement(suite, "testcase", name=_text(f"{about} ({finding.place})"), classname=finding.rule)
    case.set("file", _text(finding.file))
    if finding.line is not None:
        case.set("line", str(finding.line))
    text = _text(f"{finding.message}\n{finding.help}\n{finding.place}")
    if finding.severity is Severity.INFO:
        SubElement(case, "system-out").text = text
    else:
        failure = SubElement(case, "failure", message=_text(finding.message), type=finding.severity.value)
        failure.text = text


def _text(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
