"""What an AppProject allows, as Argo CD reads it.

Source: https://argo-cd.readthedocs.io/en/stable/user-guide/projects/
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {{name: shops, namespace: argo-cd}}
spec:
  sourceRepos: {repos}
  destinations: {places}
  {more}
"""
APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: shop, namespace: argo-cd}}
spec:
  project: shops
  source: {{repoURL: {repo}, path: shop}}
  destination: {{{cluster}, namespace: shop}}
"""
ANY_PLACE = '[{server: "*", namespace: "*"}]'
HERE = "server: https://kubernetes.default.svc"


def tree(
    text: str = "",
    *,
    repos: str = '["*"]',
    places: str = ANY_PLACE,
    more: str = "roles: []",
    repo: str = "https://example.com/infrastructure",
    cluster: str = HERE,
) -> dict[str, str]:
    return {
        "apps/project.yaml": PROJECT.format(repos=repos, places=places, more=more),
        "apps/shop.yaml": APPLICATION.format(repo=repo, cluster=cluster),
        "shop/all.yaml": text or "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n",
    }


NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
QUOTA = "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q}\n"
ELSEWHERE = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: blog}\n"


@pytest.mark.parametrize(
    ("texts", "path"),
    [
        (tree(repos="[https://example.com/charts]"), "spec.source.repoURL"),
        (tree(repos='["*", "!https://example.com/infrastructure"]'), "spec.source.repoURL"),
        (
            tree(places="[{server: https://kubernetes.default.svc, namespace: blog}]"),
            "spec.destination.namespace",
        ),
        (tree(places="[{server: https://10.0.0.1, namespace: '*'}]"), "spec.destination.namespace"),
        (
            tree(places="[{server: '*', namespace: '*'}, {server: '*', namespace: '!shop'}]"),
            "spec.destination.namespace",
        ),
        (tree(places="[]"), "spec.destination.namespace"),
        (tree(NAMESPACE), "kind"),  # none of the cluster without a list
        (tree(QUOTA, more='namespaceResourceBlacklist: [{group: "", kind: ResourceQuota}]'), "kind"),
        (tree(QUOTA, more='namespaceResourceWhitelist: [{group: "apps", kind: "*"}]'), "kind"),
        (tree(ELSEWHERE, places="[{server: '*', namespace: shop}]"), "metadata.namespace"),
    ],
)
def test_forbidden(found: Callable[..., dict[str, str]], texts: dict[str, str], path: str) -> None:
    findings = found("project-forbids", texts)

    assert list(findings) == [path]
    assert findings[path].startswith("error: ")


@pytest.mark.parametrize(
    "texts",
    [
        tree(),
        tree(repos='["https://example.com/*"]'),
        tree(repos="[https://example.com/infrastructure.git]"),
        tree(places="[{name: in-cluster, namespace: 'sh*'}]"),
        tree(cluster="name: far", places="[{server: https://10.0.0.1, namespace: shop}]"),
        tree(NAMESPACE, more='clusterResourceWhitelist: [{group: "", kind: Namespace}]'),
        tree(NAMESPACE, more='clusterResourceWhitelist: [{group: "*", kind: "*"}]'),
        tree(QUOTA, more='namespaceResourceWhitelist: [{group: "", kind: ResourceQuota}]'),
        tree(ELSEWHERE),
    ],
)
def test_allowed(found: Callable[..., dict[str, str]], texts: dict[str, str]) -> None:
    assert not found("project-forbids", texts)
