"""The policies that come with the package: what each of them finds, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

import pytest

from chores_infra.checks.context import Context
from chores_infra.checks.loading import from_texts
from chores_infra.checks.policies.files import STARTER, declared_in, read_policies
from chores_infra.checks.policies.rules import policy_rules
from chores_infra.checks.validation import findings_of

# The engine is not to be loaded here: it reserves more addresses than other tests allow this process.
pytestmark = pytest.mark.skipif(find_spec("regopy") is None, reason="the extra policy is not installed")

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  labels: {app.kubernetes.io/name: shop}
spec:
  template:
    spec:
      containers:
      - name: web
        image: registry.example.com:5000/shop:1.4.2
        securityContext: {privileged: false}
        resources: {requests: {cpu: 100m}, limits: {memory: 1Gi}}
"""
CRON_JOB = """\
apiVersion: batch/v1
kind: CronJob
metadata: {name: tidy, labels: {app.kubernetes.io/name: tidy}}
spec:
  schedule: "@daily"
  jobTemplate:
    spec:
      template:
        spec:
          initContainers:
          - {name: wait, image: busybox, resources: {limits: {cpu: 1, memory: 1Mi}}}
          containers:
          - {name: tidy, image: "tidy@sha256:0000", resources: {limits: {cpu: 1, memory: 1Mi}}}
"""
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop}
spec:
  tls:
  - {hosts: ["*.example.com"], secretName: shop-tls}
  rules:
  - host: shop.example.com
  - host: shop.internal
"""
ROUTE = """\
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: shop}
spec:
  tls: {secretName: shop-tls}
  routes:
  - match: Host(`shop.example.com`) && PathPrefix(`/till`)
"""
GOOD = [DEPLOYMENT, CRON_JOB.replace("busybox", "busybox:1.36.1"), INGRESS, ROUTE]

CASES = {
    "deny_floating_tag": (
        {
            DEPLOYMENT.replace("shop:1.4.2", "shop:latest"): "spec.template.spec.containers[0].image",
            DEPLOYMENT.replace("shop:1.4.2", "shop"): "spec.template.spec.containers[0].image",
            CRON_JOB: "spec.jobTemplate.spec.template.spec.initContainers[0].image",
        },
        {},
    ),
    "deny_registry": (
        {DEPLOYMENT: "spec.template.spec.containers[0].image"},
        {"registries": ["ghcr.io/team", "registry.example.com"]},  # which is not that port
    ),
    "warn_label": (
        {DEPLOYMENT.replace("app.kubernetes.io/name", "app"): 'metadata.labels["app.kubernetes.io/name"]'},
        {},
    ),
    "warn_memory_limit": (
        {DEPLOYMENT.replace("memory: 1Gi", ""): "spec.template.spec.containers[0].resources.limits.memory"},
        {},
    ),
    "warn_requests": (
        {DEPLOYMENT.replace("cpu: 100m", ""): "spec.template.spec.containers[0].resources.requests.cpu"},
        {},
    ),
    "deny_privileged": (
        {
            DEPLOYMENT.replace("privileged: false", "privileged: true"): (
                "spec.template.spec.containers[0].securityContext.privileged"
            )
        },
        {},
    ),
    "deny_host_without_tls": (
        {
            INGRESS.replace("*.example.com", "other.example.com"): "spec.rules[0].host",
            INGRESS.replace("*.example.com", "example.com"): "spec.rules[0].host",
            # A wildcard stands for one label.
            INGRESS.replace("shop.example.com", "a.shop.example.com"): "spec.rules[0].host",
            ROUTE.replace("  tls: {secretName: shop-tls}\n", ""): "spec.routes[0].match",
        },
        {},
    ),
}


def found(text: str, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The rules and fields of what the starter set finds in a document."""
    rules = policy_rules([STARTER], data)
    findings = findings_of(Context(from_texts({"a.yaml": text})), rules)
    return [(finding.rule.removeprefix("policy/starter."), finding.path) for finding in findings]


def test_every_rule_has_its_cases() -> None:
    assert {rule.name for rule in declared_in(read_policies([STARTER]))} == set(CASES)
    assert all(rule.title for rule in declared_in(read_policies([STARTER])))


@pytest.mark.parametrize("rule", CASES)
def test_a_mistake_is_found_at_its_field(rule: str) -> None:
    bad, data = CASES[rule]
    text = "---\n".join(bad)
    expected = [(rule, path) for path in bad.values()]

    assert [each for each in found(text, data) if each[0] == rule] == expected


def test_what_is_right_is_left_alone() -> None:
    data = {"registries": ["registry.example.com:5000/", "busybox:1.36.1", "tidy@sha256:0000"]}

    assert [each for each in found("---\n".join(GOOD), data) if each[0] != "deny_registry"] == []
    assert ("deny_registry", "spec.template.spec.containers[0].image") not in found(DEPLOYMENT, data)
    assert found("---\n".join(GOOD), {}) == []


def test_labels_that_the_configuration_requires_replace_the_default() -> None:
    assert found(DEPLOYMENT, {"required_labels": ["team"]}) == [("warn_label", "metadata.labels.team")]
