"""API versions, held to what is said to run in the cluster."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from chores_infra.checks.context import Context
from chores_infra.checks.loading import from_texts
from chores_infra.checks.rules.versions import ApiVersion
from chores_infra.checks.validation import findings_of

EXTERNAL_SECRET = (
    "apiVersion: external-secrets.io/{}\nkind: ExternalSecret\nmetadata: {{name: a, namespace: b}}\n"
)
BUDGET = "apiVersion: policy/{}\nkind: PodDisruptionBudget\nmetadata: {{name: a, namespace: b}}\n"


@pytest.mark.parametrize(
    ("text", "releases", "severities"),
    [
        (EXTERNAL_SECRET.format("v1beta1"), {"external-secrets": "0.17.0"}, ["error"]),
        (EXTERNAL_SECRET.format("v1beta1"), {"external-secrets": "0.16.0"}, ["warning"]),
        (EXTERNAL_SECRET.format("v1beta1"), {"external-secrets": "0.11.0"}, []),
        (EXTERNAL_SECRET.format("v1"), {"external-secrets": "0.11.0"}, ["error"]),
        # Which operator runs is not known, so only what newer releases do is told.
        (EXTERNAL_SECRET.format("v1beta1"), {}, ["info"]),
        (EXTERNAL_SECRET.format("v1"), {}, []),
        (EXTERNAL_SECRET.format("v1beta1"), {"traefik": "2.11.0"}, ["info"]),
        # https://kubernetes.io/docs/reference/using-api/deprecation-guide/
        (BUDGET.format("v1beta1"), {"kubernetes": "1.25"}, ["error"]),
        (BUDGET.format("v1beta1"), {"kubernetes": "1.24"}, ["warning"]),
        (BUDGET.format("v1"), {"kubernetes": "1.25"}, []),
        (BUDGET.format("v1"), {}, []),
    ],
)
def test_what_runs_decides(text: str, releases: Mapping[str, str], severities: list[str]) -> None:
    context = Context(from_texts({"a.yaml": text}), releases=releases)

    assert [finding.severity.value for finding in findings_of(context, [ApiVersion()])] == severities
