"""What Argo CD would read, as its documentation says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

import pytest

from chores_infra.checks.applications import Source, Tool, folder_of, same_repository
from chores_infra.checks.repository import Repository

REPO = "https://example.com/team/infrastructure"
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {}}}\n"


def application(name: str, source: str, namespace: str = "shop", more: str = "") -> str:
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
        f"metadata: {{name: {name}, namespace: argo-cd}}\n"
        f"spec:\n  project: default\n  source: {source}\n"
        f"  destination: {{server: https://kubernetes.default.svc, namespace: {namespace}}}\n{more}"
    )


def git(path: str, more: str = "") -> str:
    return f"{{repoURL: {REPO}, path: {path}, targetRevision: main{', ' if more else ''}{more}}}"


def applied(repository: Repository) -> dict[str, set[str]]:
    """Which Application applies which objects."""
    found: dict[str, set[str]] = {}
    for resource in repository.resources:
        if resource.application is not None:
            found.setdefault(resource.application.name, set()).add(resource.name)
    return found


def test_a_folder_is_read_without_those_below_it(repository: Callable[..., Repository]) -> None:
    repo = repository(
        {
            "apps/shop.yaml": application("shop", git("shop")),
            "shop/a.yaml": MAP.format("a"),
            "shop/b.yml": MAP.format("b"),
            "shop/c.json": '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}\n',
            "shop/d.txt": MAP.format("d"),
            "shop/e.yaml.disabled": MAP.format("e"),
            "shop/sub/f.yaml": MAP.format("f"),
        }
    )

    assert applied(repo) == {"shop": {"a", "b", "c"}}


@pytest.mark.parametrize(
    ("directory", "names"),
    [
        ("{recurse: true}", {"a", "b", "sub"}),
        ("{exclude: b.yaml}", {"a"}),
        ("{include: 'a*'}", {"a"}),
        ("{recurse: true, exclude: 'sub/*'}", {"a", "b"}),
        ("{recurse: true, include: '*.yaml', exclude: '{a.yaml,b.yaml}'}", {"sub"}),
    ],
)
def test_recurse_include_and_exclude(
    repository: Callable[..., Repository], directory: str, names: set[str]
) -> None:
    repo = repository(
        {
            "apps/shop.yaml": application("shop", git("shop", f"directory: {directory}")),
            "shop/a.yaml": MAP.format("a"),
            "shop/b.yaml": MAP.format("b"),
            "shop/sub/c.yaml": MAP.format("sub"),
        }
    )

    assert applied(repo) == {"shop": names}


def test_objects_go_to_the_namespace_of_the_application(repository: Callable[..., Repository]) -> None:
    repo = repository(
        {
            "apps/shop.yaml": application("shop", git("shop"), namespace="store"),
            "shop/a.yaml": MAP.format("a"),
            "shop/b.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: own}\n",
            "shop/c.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: store, namespace: store}\n",
        }
    )

    assert {str(each) for each in repo.resources} >= {
        "ConfigMap/store/a",
        "ConfigMap/own/b",
        "Namespace/store",
    }


def test_two_applications_of_one_folder_apply_two_objects(repository: Callable[..., Repository]) -> None:
    repo = repository(
        {
            "apps/one.yaml": application("one", git("shop"), namespace="one"),
            "apps/two.yaml": application("two", git("shop"), namespace="two"),
            "shop/a.yaml": MAP.format("a"),
        }
    )

    assert {str(each) for each in repo.of_kind("", "ConfigMap")} == {"ConfigMap/one/a", "ConfigMap/two/a"}


def test_several_sources_and_helm_values_from_git(repository: Callable[..., Repository]) -> None:
    sources = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop, namespace: argo-cd}\n"
        "spec:\n  sources:\n"
        "  - {repoURL: https://charts.example.com, chart: redis, targetRevision: 1.0.0}\n"
        f"  - {{repoURL: {REPO}, ref: values}}\n"
        f"  - {{repoURL: {REPO}, path: shop}}\n"
        "  destination: {namespace: shop}\n"
    )
    repo = repository({"apps/shop.yaml": sources, "shop/a.yaml": MAP.format("a")})

    (shop,) = repo.applications
    assert applied(repo) == {"shop": {"a"}}
    assert shop.applies_foreign
    assert [each.tool for each in repo.readings] == [Tool.HELM, Tool.VALUES, Tool.DIRECTORY]


def test_a_chart_or_another_repository_is_known_to_be_elsewhere(
    repository: Callable[..., Repository],
) -> None:
    repo = repository(
        {
            "apps/shop.yaml": application("shop", git("shop")),
            "apps/other.yaml": application("other", "{repoURL: https://example.com/x/y, path: shop/deploy}"),
            "apps/chart.yaml": application("chart", "{repoURL: https://charts.example.com, chart: redis}"),
            "shop/a.yaml": MAP.format("a"),
        }
    )

    assert {each.name for each in repo.applications if each.applies_foreign} == {"other", "chart"}


def test_a_chart_in_the_folder_makes_it_one_of_helm(repository: Callable[..., Repository]) -> None:
    repo = repository(
        {
            "apps/shop.yaml": application("shop", git("shop")),
            "shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
            "shop/secret.yaml": MAP.format("a"),
        }
    )

    assert applied(repo) == {}
    assert repo.applications[0].applies_foreign


def test_a_kustomization_says_what_is_applied(repository: Callable[..., Repository]) -> None:
    repo = repository(
        {
            "apps/shop.yaml": application("shop", git("shop/overlays/production")),
            "shop/overlays/production/kustomization.yaml": "resources: [../../base, own.yaml]\n",
            "shop/overlays/production/own.yaml": MAP.format("own"),
            "shop/overlays/production/not-listed.yaml": MAP.format("not-listed"),
            "shop/base/kustomization.yaml": "resources:\n- a.yaml\n- https://example.com/remote.yaml\n",
            "shop/base/a.yaml": MAP.format("a"),
        }
    )

    assert applied(repo) == {"shop": {"own", "a"}}
    assert repo.applications[0].applies_foreign


def test_a_kustomization_that_refers_to_itself_ends(repository: Callable[..., Repository]) -> None:
    repo = repository(
        {
            "apps/shop.yaml": application("shop", git("shop")),
            "shop/kustomization.yaml": "resources: [., ../shop, ../../../../etc, a.yaml]\n",
            "shop/a.yaml": MAP.format("a"),
        }
    )

    assert applied(repo) == {"shop": {"a"}}


def test_an_application_set_makes_one_for_each_folder(repository: Callable[..., Repository]) -> None:
    application_set = (
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: all, namespace: argo-cd}\n"
        "spec:\n  generators:\n  - git:\n"
        f"      repoURL: {REPO}\n"
        "      directories: [{path: 'teams/*'}, {path: teams/old, exclude: true}]\n"
        "  template:\n"
        "    metadata: {name: '{{path.basename}}'}\n"
        "    spec:\n"
        f"      source: {{repoURL: {REPO}, path: '{{{{path}}}}'}}\n"
        "      destination: {namespace: '{{path[1]}}'}\n"
    )
    repo = repository(
        {
            "sets/all.yaml": application_set,
            "teams/shop/a.yaml": MAP.format("a"),
            "teams/blog/b.yaml": MAP.format("b"),
            "teams/old/c.yaml": MAP.format("c"),
        }
    )

    assert applied(repo) == {"shop": {"a"}, "blog": {"b"}}
    assert {str(each) for each in repo.of_kind("", "ConfigMap")} >= {"ConfigMap/shop/a", "ConfigMap/blog/b"}


def test_an_application_set_of_files_takes_their_values(repository: Callable[..., Repository]) -> None:
    application_set = (
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: all, namespace: argo-cd}\n"
        "spec:\n  goTemplate: true\n  generators:\n  - git: {files: [{path: 'config/*.yaml'}]}\n"
        "  template:\n"
        "    metadata: {name: '{{ .team.name }}'}\n"
        "    spec:\n"
        f"      source: {{repoURL: {REPO}, path: 'apps/{{{{ .team.name }}}}'}}\n"
        "      destination: {namespace: '{{ .path.basename }}'}\n"
    )
    repo = repository(
        {
            "sets/all.yaml": application_set,
            "config/one.yaml": "team: {name: shop}\n",
            "apps/shop/a.yaml": MAP.format("a"),
        }
    )

    assert applied(repo) == {"shop": {"a"}}
    assert "ConfigMap/config/a" in {str(each) for each in repo.resources}


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/team/infrastructure",
        "https://example.com/team/infrastructure.git",
        "https://user:token@example.com/team/infrastructure/",
        "git@example.com:team/infrastructure.git",
        "ssh://git@example.com:2222/team/infrastructure.git",
        "HTTPS://example.com/Team/Infrastructure",
    ],
)
def test_a_repository_has_many_urls(url: str) -> None:
    assert same_repository(url) == "example.com/team/infrastructure"


@pytest.mark.parametrize("path", ["base-apps/x", "./base-apps/x", "base-apps/x/", "/base-apps//x"])
def test_a_folder_has_many_paths(path: str) -> None:
    assert folder_of(path) == PurePosixPath("base-apps/x")


def test_what_is_written_counts_before_what_is_in_the_folder() -> None:
    source = Source((), {"repoURL": REPO, "path": "x", "directory": {}})

    assert source.tool({"Chart.yaml"}) is Tool.DIRECTORY
