"""Namespaces of Applications: https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#create-namespace."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chores_infra.checks.context import Context
from chores_infra.checks.registry import built_in_rules
from chores_infra.checks.validation import findings_of

Found = Callable[..., dict[str, str]]

APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argo-cd}}
spec:
  source: {{repoURL: https://example.com/infrastructure, {source}}}
  destination: {{server: {server}, namespace: {namespace}}}
  syncPolicy: {{syncOptions: [{options}]}}
---
"""
HERE = "https://kubernetes.default.svc"
SAID = "no manifest makes namespace shop, and CreateNamespace=true is not set"
NAMESPACED = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"


def application(
    name: str = "shop",
    source: str = "path: shop",
    namespace: str = "shop",
    options: str = "",
    server: str = HERE,
) -> str:
    return APPLICATION.format(name=name, source=source, namespace=namespace, options=options, server=server)


OTHER = application("blog", "chart: blog", "blog", "CreateNamespace=true")


def findings(found: Found, apps: str, text: str = NAMESPACED) -> list[str]:
    return list(found("namespace-not-created", {"apps/all.yaml": apps, "shop/all.yaml": text}).values())


@pytest.mark.parametrize(
    ("apps", "said"),
    [
        (application() + OTHER, [f"warning: {SAID}"]),
        (application(), [f"info: {SAID}"]),  # whoever makes namespaces does it elsewhere
        (application(source="chart: shop") + OTHER, [f"warning: {SAID}"]),
        (application(options="CreateNamespace=true"), []),
        (application(options="CreateNamespace=True") + OTHER, [f"warning: {SAID}"]),
        (application() + application("two", "chart: shop", options="CreateNamespace=true"), []),
        (
            application()
            + application("two", "chart: shop", "shop", "CreateNamespace=true", "https://other"),
            [f"warning: {SAID}"],
        ),
        (application(namespace="argo-cd") + OTHER, []),
        (application(namespace="kube-system") + OTHER, []),
    ],
)
def test_a_namespace_that_nobody_creates(found: Found, apps: str, said: list[str]) -> None:
    assert findings(found, apps) == said


@pytest.mark.parametrize(
    "text",
    [
        NAMESPACED + "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: blog}\n",  # none goes there
        "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: a}\nprovisioner: x\n",
    ],
)
def test_a_namespace_that_is_made_or_not_needed(found: Found, text: str) -> None:
    assert not findings(found, application() + OTHER, text)


def test_a_namespace_that_another_party_makes(context: Callable[..., Context]) -> None:
    (rule,) = [rule for rule in built_in_rules() if rule.id == "namespace-not-created"]

    made = context({"apps/all.yaml": application() + OTHER, "shop/all.yaml": NAMESPACED}, "Namespace/sh*")
    assert not findings_of(made, [rule])
