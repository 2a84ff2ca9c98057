"""Findings as one JSON document."""

from __future__ import annotations

import json

from chores_infra.checks.report import Report

__all__ = ["render"]


def render(report: Report) -> str:
    """``{"findings": [{"rule", "severity", "file", "line", ...}], "summary": {...}}``."""
    data = {"findings": [finding.as_data() for finding in report.findings], "summary": report.summary()}
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
