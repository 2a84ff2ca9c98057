"""Which rights of a ServiceAccount are broad."""

from __future__ import annotations

from collections.abc import Callable

import pytest

RBAC = "apiVersion: rbac.authorization.k8s.io/v1\n"
BINDING = (
    RBAC
    + """\
kind: {binding}
metadata: {{name: b, namespace: shop}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {role}, name: {name}}}
subjects: [{{kind: {subject}, name: shop, namespace: shop}}]
"""
)
ROLE = "---\n" + RBAC + "kind: {role}\nmetadata: {{name: r, namespace: shop}}\nrules: [{{{rule}}}]\n"
ALL = 'apiGroups: ["*"], resources: ["*"], verbs: ["*"]'
SECRETS = 'apiGroups: [""], resources: [secrets], verbs: [list]'


def bound(rule: str, binding: str = "ClusterRoleBinding", role: str = "ClusterRole") -> str:
    given = BINDING.format(binding=binding, role=role, name="r", subject="ServiceAccount")
    return given + ROLE.format(role=role, rule=rule)


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        (
            BINDING.format(
                binding="ClusterRoleBinding",
                role="ClusterRole",
                name="cluster-admin",
                subject="ServiceAccount",
            ),
            "roleRef.name",
            "ServiceAccount shop/shop may do everything in the cluster",
        ),
        (bound(ALL), "rules[0].resources", "ServiceAccount shop/shop may do everything with every resource"),
        (
            bound(ALL, "RoleBinding", "Role"),
            "rules[0].resources",
            "ServiceAccount shop/shop may do everything with every resource",
        ),
        (
            bound('apiGroups: [""], resources: ["*"], verbs: [get]'),
            "rules[0].resources",
            "ServiceAccount shop/shop may read every resource, Secrets among them",
        ),
        (
            bound(SECRETS),
            "rules[0].resources",
            "ServiceAccount shop/shop may read the Secrets of all namespaces",
        ),
    ],
)
def test_broad_rights(found: Callable[..., dict[str, str]], text: str, path: str, message: str) -> None:
    assert found("access-broad", text) == {path: f"warning: {message}"}


@pytest.mark.parametrize(
    "text",
    [
        bound(SECRETS, "RoleBinding", "Role"),
        bound(SECRETS, "RoleBinding"),
        bound(SECRETS + ", resourceNames: [shop]"),
        bound('apiGroups: [""], resources: [secrets], verbs: [create]'),
        bound('apiGroups: [example.com], resources: ["*"], verbs: ["*"]'),  # an operator and its kinds
        bound('apiGroups: [apps], resources: [deployments], verbs: ["*"]'),
        ROLE.format(role="ClusterRole", rule=ALL),  # bound to nobody here
        BINDING.format(
            binding="ClusterRoleBinding", role="ClusterRole", name="cluster-admin", subject="User"
        ),
    ],
)
def test_rights_that_a_program_may_need(found: Callable[..., dict[str, str]], text: str) -> None:
    assert not found("access-broad", text)
