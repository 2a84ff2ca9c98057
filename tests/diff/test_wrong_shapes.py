"""Manifests that no API server would take are compared like any other: nothing fails, nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.diff import Located, compare, folded, unfolded
from chores_infra.diff.patches import patches
from chores_infra.diff.reports import as_json, as_text, html, markdown


def named(api_version: str, kind: str, **fields: Any) -> dict[str, Any]:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": "migrate"}, **fields}


JOB = {"spec": {"template": {"spec": {"containers": "x"}}}}
OTHER_JOB = {"spec": {"template": {"spec": {"containers": [{"name": "a"}], "initContainers": [5]}}}}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"apiVersion": 1, "kind": []}),
        ({"apiVersion": 1, "kind": []}, {"apiVersion": {}, "kind": None}),
        (named("apps/v1", "Deployment", spec=[]), named("apps/v1", "Deployment", spec={"template": 5})),
        ({**named("apps/v1", "Deployment"), "metadata": "x"}, named("apps/v1", "Deployment")),
        (
            named("v1", "Secret", data=[1], stringData="x"),
            named("v1", "Secret", data={"a": None, "b": 5, "c": "no base64"}),
        ),
        (named("apps/v1", "StatefulSet", spec=1), named("apps/v1", "StatefulSet", spec={"x": 1})),
        (named("v1", "Pod", spec=1), named("v1", "Pod", spec={"x": 1})),
        (
            named("networking.k8s.io/v1", "Ingress", spec={"rules": [1, {"host": 2}]}),
            named("networking.k8s.io/v1", "Ingress", spec={"rules": {"a": 1}}),
        ),
        (
            named("v1", "PersistentVolumeClaim", spec={"resources": {"requests": {"storage": "x"}}}),
            named("v1", "PersistentVolumeClaim", spec={"resources": {"requests": 5}}),
        ),
        (
            {**named("v1", "ConfigMap", data={"a": {"b": 1}}), "metadata": {"name": "a", "annotations": [1]}},
            named("v1", "ConfigMap", data={"a": [1]}),
        ),
        ({**named("argoproj.io/v1alpha1", "Application"), "metadata": {"finalizers": "x"}}, None),
        (named("batch/v1", "Job", **JOB), named("batch/v1", "Job", **OTHER_JOB)),
        (named("batch/v1", "CronJob", **JOB), named("batch/v1", "CronJob", spec={"jobTemplate": []})),
    ],
)
def test_nothing_fails(before: dict[str, Any], after: dict[str, Any] | None) -> None:
    one, other = [Located(before, "a.yaml")], [] if after is None else [Located(after, "a.yaml")]
    for left, right in ((one, other), (other, one)):
        comparison = compare(left, right)
        assert comparison
        assert unfolded(folded(comparison)) == comparison
        assert patches(left, right)
        for report in (as_json.render(comparison), markdown.render(comparison), html.render(comparison)):
            assert report
        assert as_text.render(comparison, 80)
