"""No report shows the value of a secret, whichever rule found something about it."""

from __future__ import annotations

import pytest

from chores_infra.checks.context import Context
from chores_infra.checks.loading import from_texts
from chores_infra.checks.registry import built_in_rules
from chores_infra.checks.reports import FORMATS, render
from chores_infra.checks.validation import validate

SECRETS = """\
apiVersion: v1
kind: Secret
metadata:
  name: shop
  namespace: shop
stringData:
  pin: 7264519
  password: hunter2-first
  password: hunter2-second
  file: |
    hunter2-third
data:
  token: hunter2-not-base64
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data:
  DB_PASSWORD: hunter2-fourth
  DATABASE_URL: postgres://shop:hunter2-fifth@db:5432/shop
  app.yaml: |
    password: hunter2-sixth
---
apiVersion: v1
kind: Service
metadata: {name: "https://shop:hunter2-seventh@example", namespace: shop}
spec: {ports: [{port: "https://shop:hunter2-eighth@example"}]}
"""
ONE_LINE = '{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "data": {"b": "hunter2!"}}\n'
SOPS = """\
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Secret
  metadata: {name: shop, namespace: shop}
  stringData:
    a: hunter2-first
    b: 7264519
"""


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("text", [SECRETS, ONE_LINE, SOPS])
def test_no_format_shows_a_value(text: str, format: str) -> None:
    report = validate(Context(from_texts({"a.yaml": text})), built_in_rules())
    shown = render(report, format)

    assert {finding.rule for finding in report.findings} >= {"schema", "plain-secret"}
    # A name is no value, wherever it comes from.
    shown = shown.replace("hunter2-seventh", "")
    assert "hunter2" not in shown
    assert "7264519" not in shown


def test_other_lines_are_shown() -> None:
    report = validate(Context(from_texts({"a.yaml": SECRETS})), built_in_rules())

    assert report.source_line("a.yaml", 5) == "  namespace: shop"
    assert report.source_line("a.yaml", 7) == "  pin: ***"
    assert report.source_line("a.yaml", 11) == "    ***"
    assert report.source_line("a.yaml", 16) == "kind: ConfigMap"
    assert report.source_line("a.yaml", 19) == "  DB_PASSWORD: ***"
