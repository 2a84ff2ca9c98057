"""Copies of a tree are one repository in which nothing collides, and everything else stays as it is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import trees

from chores_infra.checks.run import check_paths
from chores_infra.checks.settings import Settings

APPLICATION = """\
# The shop.
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop
  namespace: argo-cd
  finalizers: [resources-finalizer.argocd.argoproj.io]
spec:
  project: default
  destination: {server: https://kubernetes.default.svc, namespace: shop}
  source: {repoURL: https://example.com/shop.git, path: base-apps/shop, targetRevision: main}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}  # served inside
spec:
  selector: {app: web}
  ports: [{name: web-port, port: 80}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: outside
  namespace: shop
  annotations: {example.com/upstream: http://web.shop.svc.cluster.local}
spec:
  rules:
  - host: shop.example.com
    http:
      paths: [{path: /shop, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "tree" / "base-apps" / "shop").mkdir(parents=True)
    (tmp_path / "tree" / "base-apps" / "shop.yaml").write_text(APPLICATION)
    (tmp_path / "tree" / "base-apps" / "shop" / "web.yaml").write_text(SERVICE)
    return tmp_path / "tree"


def test_one_copy_is_the_tree(tree: Path, tmp_path: Path) -> None:
    trees.copies(tree, tmp_path / "copies", 1)

    assert (tmp_path / "copies" / "base-apps" / "shop" / "web.yaml").read_text() == SERVICE


def test_a_copy_has_names_hosts_and_paths_of_its_own(tree: Path, tmp_path: Path) -> None:
    trees.copies(tree, tmp_path / "copies", 2)

    copied = tmp_path / "copies" / "c01" / "base-apps"
    assert (copied / "shop.yaml").read_text() == (
        APPLICATION.replace("name: shop\n", "name: shop-c01\n")
        .replace("namespace: argo-cd", "namespace: argo-cd-c01")
        .replace("namespace: shop}", "namespace: shop-c01}")
        .replace("path: base-apps", "path: c01/base-apps")
    )
    assert (copied / "shop" / "web.yaml").read_text() == (
        SERVICE.replace("name: web,", "name: web-c01,")
        .replace("namespace: shop", "namespace: shop-c01")
        .replace("app: web}", "app: web-c01}")
        .replace("name: outside", "name: outside-c01")
        .replace("http://web.shop.svc", "http://web-c01.shop-c01.svc")
        .replace("host: shop.example.com", "host: c01.shop.example.com")
    )


def test_copies_have_the_findings_of_the_tree_that_often(tree: Path, tmp_path: Path) -> None:
    trees.copies(tree, tmp_path / "copies", 3)

    one, three = (
        Counter(finding.rule for finding in check_paths([folder], settings=Settings()).findings)
        for folder in (tree, tmp_path / "copies")
    )
    assert one
    assert three == {rule: 3 * count for rule, count in one.items()}
