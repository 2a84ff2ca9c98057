from __future__ import annotations

import pytest

from chores_infra.gitops.classify import classify, looks_like_a_manifest
from chores_infra.gitops.roles import Role
from chores_infra.rendering.reader import read


@pytest.mark.parametrize(
    ("text", "path", "role"),
    [
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}", "a.yaml", Role.MANIFEST),
        (
            "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec: {x: '{{path}}'}",
            "a.yaml",
            Role.MANIFEST,
        ),
        ("apiVersion: example.com/v1\nkind: Anything", "a.yaml", Role.MANIFEST),
        ("apiVersion: v1\nkind: List\nitems: []", "a.yaml", Role.LIST),
        ("apiVersion: apps/v1\nkind: DeploymentList\nitems: [{}]", "a.yaml", Role.LIST),
        ("apiVersion: example.com/v1\nkind: AllowList\nspec: {}", "a.yaml", Role.MANIFEST),
        ("---", "a.yaml", Role.EMPTY),
        ("kind: ConfigMap\nmetadata: {name: a}", "a.yaml", Role.INCOMPLETE),
        ("apiVersion: v1\nmetadata: {name: a}", "a.yaml", Role.INCOMPLETE),
        ("apiVersion: 1\nkind: ConfigMap", "a.yaml", Role.INCOMPLETE),
        ("apiVersion: v1\nkind:\nmetadata: {name: a}", "a.yaml", Role.INCOMPLETE),
        ("- a\n- b", "a.yaml", Role.DATA),
        ("text", "a.yaml", Role.DATA),
        ("3", "a.yaml", Role.DATA),
        ("apiVersion: v2\nname: web\nversion: 0.1.0", "web/Chart.yaml", Role.HELM_CHART),
        ("apiVersion: v2\nname: web\nversion: 0.1.0", "copy.yaml", Role.HELM_CHART),
        ("image: {tag: '1'}", "values-prod.yaml", Role.HELM_VALUES),
        ("replicas: 1", "apps/web/my.values.yaml", Role.HELM_VALUES),
        ("apiVersion: backstage.io/v1alpha1\nkind: Component", "catalog-info.yaml", Role.BACKSTAGE),
        ("apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template", "t.yaml", Role.BACKSTAGE),
        ("apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component", "x.yaml", Role.KUSTOMIZATION),
        (
            "site_name: x\nmarkdown_extensions:\n- pymdownx.emoji:\n    a: !!python/name:material.x",
            "mkdocs.yml",
            Role.MKDOCS,
        ),
        ("on: [push]\njobs: {}", "ci/x.yaml", Role.GITHUB),
        ("'on': push\njobs: {}", "x.yaml", Role.GITHUB),
        ("version: 2\nupdates: []", ".github/dependabot.yml", Role.GITHUB),
        ("name: x\nruns: {using: node20}", "action.yml", Role.GITHUB),
        ("services: {web: {image: a}}", "docker-compose.prod.yml", Role.COMPOSE),
        ("services: {web: {image: a}}", "compose.yaml", Role.COMPOSE),
        ("version: '3'\nservices: {web: {image: a}}", "stack.yaml", Role.COMPOSE),
        ("services: [a]\nversion: 1", "config.yaml", Role.CONFIGURATION),
        ("apiVersion: v1\nkind: Config\nclusters: []", "kubeconfig.yaml", Role.CONFIGURATION),
        ("apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster", "kind.yaml", Role.CONFIGURATION),
        (
            "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration",
            "k.yaml",
            Role.CONFIGURATION,
        ),
        ("repos: []", ".pre-commit-config.yaml", Role.CONFIGURATION),
        ("{}", "a.yaml", Role.CONFIGURATION),
    ],
)
def test_what_a_document_is(text: str, path: str, role: Role) -> None:
    (document,) = read(text, path)
    what = classify(document.value, path)
    assert what.role is role
    assert what.reason
    assert str(what).startswith(role.value)


def test_only_manifests_are_for_an_api_server() -> None:
    assert {role for role in Role if role.applies} == {Role.MANIFEST, Role.LIST}


def test_what_argo_cd_takes_for_a_broken_manifest() -> None:
    assert looks_like_a_manifest("apiVersion: v1\nkind: [\nmetadata:\n")
    assert not looks_like_a_manifest("apiVersion: v1\nkind: [\n")
