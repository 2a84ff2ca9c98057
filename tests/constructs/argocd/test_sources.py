"""Sources: git folders, Helm charts and kustomizations."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.argocd import (
    Application,
    Destination,
    FileParameter,
    GitDirectory,
    HelmChart,
    HelmDirectory,
    HelmParameter,
    Jsonnet,
    JsonnetVariable,
    Kustomize,
    Patch,
    PatchTarget,
    PluginDirectory,
    PluginParameter,
    Source,
)

REPOSITORY = "https://github.com/example/infrastructure"
HEAD = {"repoURL": REPOSITORY, "path": "shop"}
CHARTS = "https://charts.example.com"


def application(scope: Any, source: Source) -> Application:
    return Application(scope, "a", name="shop", source=source, destination=Destination(namespace="shop"))


@pytest.mark.parametrize(
    ("source", "rendered"),
    [
        (GitDirectory(repo_url=REPOSITORY, path="shop"), HEAD),
        (
            GitDirectory(
                repo_url=REPOSITORY,
                path="shop",
                target_revision="v1.*",
                recurse=True,
                include="*.yaml",
                exclude="{test/*,*.md}",
                jsonnet=Jsonnet(
                    external_variables=[JsonnetVariable(name="env", value="prod")],
                    top_level_arguments=[JsonnetVariable(name="n", value="1+1", code=True)],
                    libraries=["vendor"],
                ),
            ),
            {
                "repoURL": REPOSITORY,
                "targetRevision": "v1.*",
                "path": "shop",
                "directory": {
                    "recurse": True,
                    "include": "*.yaml",
                    "exclude": "{test/*,*.md}",
                    "jsonnet": {
                        "extVars": [{"name": "env", "value": "prod"}],
                        "tlas": [{"name": "n", "value": "1+1", "code": True}],
                        "libs": ["vendor"],
                    },
                },
            },
        ),
        (
            HelmChart(
                repo_url=CHARTS,
                chart="redis",
                target_revision=">=1.2.0 <2.0.0",
                release_name="cache",
                values={"replica": {"count": 3}, "list": [1, "a", None, {"b": True}]},
                value_files=["values-production.yaml", "https://example.com/values.yaml"],
                parameters=[HelmParameter(name="image.tag", value="7", force_string=True)],
                file_parameters=[FileParameter(name="config", path="files/redis.conf")],
                target_namespace="cache",
                ignore_missing_value_files=True,
                pass_credentials=False,
                skip_crds=True,
                skip_tests=True,
                skip_schema_validation=True,
                kube_version="1.33.0",
                api_versions=["monitoring.coreos.com/v1"],
            ),
            {
                "repoURL": CHARTS,
                "chart": "redis",
                "targetRevision": ">=1.2.0 <2.0.0",
                "helm": {
                    "releaseName": "cache",
                    "namespace": "cache",
                    "valueFiles": ["values-production.yaml", "https://example.com/values.yaml"],
                    "valuesObject": {"replica": {"count": 3}, "list": [1, "a", None, {"b": True}]},
                    "parameters": [{"name": "image.tag", "value": "7", "forceString": True}],
                    "fileParameters": [{"name": "config", "path": "files/redis.conf"}],
                    "ignoreMissingValueFiles": True,
                    "passCredentials": False,
                    "skipCrds": True,
                    "skipTests": True,
                    "skipSchemaValidation": True,
                    "kubeVersion": "1.33.0",
                    "apiVersions": ["monitoring.coreos.com/v1"],
                },
            },
        ),
        (
            HelmChart(repo_url="registry.example.com/charts", chart="redis", target_revision="1.2.3"),
            {"repoURL": "registry.example.com/charts", "chart": "redis", "targetRevision": "1.2.3"},
        ),
        (
            HelmDirectory(repo_url=REPOSITORY, path="shop", target_revision="main", values={"replicas": 2}),
            {
                "repoURL": REPOSITORY,
                "targetRevision": "main",
                "path": "shop",
                "helm": {"valuesObject": {"replicas": 2}},
            },
        ),
        (Kustomize(repo_url=REPOSITORY, path="shop"), HEAD),
        (
            Kustomize(
                repo_url=REPOSITORY,
                path="shop",
                target_revision="main",
                name_prefix="blue-",
                name_suffix="-v2",
                namespace="shop",
                images=["registry.example.com:5000/shop:3.0.0", "shop=registry.example.com/shop:3.0.0"],
                replicas={"web": 3},
                patches=[
                    Patch(
                        patch="- op: remove\n  path: /spec/replicas\n",
                        target=PatchTarget(group="apps", kind="Deployment", label_selector="app=web"),
                    ),
                    Patch(path="patches/web.yaml"),
                ],
                components=["../components/tls"],
                common_labels={"team": "shop"},
                common_annotations={"note": "a"},
                label_without_selector=True,
                label_include_templates=True,
                force_common_labels=True,
                force_common_annotations=False,
                version="v5.6.0",
            ),
            {
                "repoURL": REPOSITORY,
                "targetRevision": "main",
                "path": "shop",
                "kustomize": {
                    "namePrefix": "blue-",
                    "nameSuffix": "-v2",
                    "namespace": "shop",
                    "images": [
                        "registry.example.com:5000/shop:3.0.0",
                        "shop=registry.example.com/shop:3.0.0",
                    ],
                    "replicas": [{"name": "web", "count": 3}],
                    "patches": [
                        {
                            "patch": "- op: remove\n  path: /spec/replicas\n",
                            "target": {"group": "apps", "kind": "Deployment", "labelSelector": "app=web"},
                        },
                        {"path": "patches/web.yaml"},
                    ],
                    "components": ["../components/tls"],
                    "commonLabels": {"team": "shop"},
                    "commonAnnotations": {"note": "a"},
                    "labelWithoutSelector": True,
                    "labelIncludeTemplates": True,
                    "forceCommonLabels": True,
                    "forceCommonAnnotations": False,
                    "version": "v5.6.0",
                },
            },
        ),
    ],
)
def test_sources(shop: Component, valid: Any, source: Source, rendered: Any) -> None:
    assert valid(application(shop, source))["source"] == rendered


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/example/infrastructure.git",
        "http://gitea.gitea.svc:3000/team/infra",
        "git@github.com:example/infrastructure.git",
        "ssh://git@gitlab.example.com:2222/team/infra.git",
        "org-1234@ssh.dev.azure.com:v3/org/project/infra",
    ],
)
def test_urls_of_repositories(shop: Component, valid: Any, url: str) -> None:
    assert valid(application(shop, GitDirectory(repo_url=url, path=".")))["source"]["repoURL"] == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "github.com/example/infrastructure",
        "https://github.com",
        "https://user:token@github.com/example/infrastructure",
        "https://token@github.com/example/infrastructure",
        "https://github.com/example/infra structure",
        "ssh://git:secret@github.com/example/infrastructure",
        "git@github.com",
        "file:///srv/infra",
        "--upload-pack=touch x",
    ],
)
def test_urls_that_are_none(shop: Component, refused: Any, url: str) -> None:
    problems = refused(lambda: application(shop, GitDirectory(repo_url=url, path=".")))
    assert "without credentials" in problems["source.repo_url"]


@pytest.mark.parametrize("path", [".", "a", "a/b.c/", "./a", "..a/b", ".github"])
def test_paths(shop: Component, valid: Any, path: str) -> None:
    assert valid(application(shop, GitDirectory(repo_url=REPOSITORY, path=path)))["source"]["path"] == path


@pytest.mark.parametrize("path", ["", "/a", "..", "a/../../b", "../a", "a//b", "a\nb"])
def test_paths_that_are_none(shop: Component, refused: Any, path: str) -> None:
    problems = refused(lambda: application(shop, GitDirectory(repo_url=REPOSITORY, path=path)))
    assert list(problems) == ["source.path"]


CYCLE: dict[str, Any] = {}
CYCLE["again"] = CYCLE


@pytest.mark.parametrize(
    ("source", "argument", "message"),
    [
        (
            GitDirectory(repo_url=REPOSITORY, path="a", target_revision="-x"),
            "source.target_revision",
            "a branch, tag",
        ),
        (
            HelmChart(repo_url="https://u:p@charts.example.com", chart="redis", target_revision="1"),
            "source.repo_url",
            "without credentials",
        ),
        (
            HelmChart(repo_url=CHARTS, chart="redis", target_revision="1", release_name="R" * 54),
            "source.release_name",
            "at most 53",
        ),
        (
            HelmChart(repo_url=CHARTS, chart="redis", target_revision="1", values={"a": [{"b": {1}}]}),
            "source.values.a[0].b",
            "found a set",
        ),
        (
            HelmChart(
                repo_url=CHARTS,
                chart="redis",
                target_revision="1",
                parameters=[HelmParameter(name="a", value="1"), HelmParameter(name="a", value="2")],
            ),
            "source.parameters[1].name",
            "more than once",
        ),
        (Kustomize(repo_url=REPOSITORY, path="a", images=["a b"]), "source.images[0]", "an image as"),
        (
            Kustomize(repo_url=REPOSITORY, path="a", patches=[Patch()]),
            "source.patches[0].patch",
            "exactly one",
        ),
        (
            Kustomize(repo_url=REPOSITORY, path="a", label_include_templates=True),
            "source.label_include_templates",
            "label_without_selector=True",
        ),
        (Kustomize(repo_url=REPOSITORY, path="a", replicas={"web": -1}), "source.replicas.web", "0"),
    ],
)
def test_sources_that_cannot_be(
    shop: Component, refused: Any, source: Source, argument: str, message: str
) -> None:
    problems = refused(lambda: application(shop, source))
    assert list(problems) == [argument]
    assert message in problems[argument]


def test_values_without_end_are_refused(shop: Component, refused: Any) -> None:
    chart = HelmChart(repo_url=CHARTS, chart="redis", target_revision="1", values=CYCLE)
    assert any(
        argument.startswith("source.values.again") for argument in refused(lambda: application(shop, chart))
    )


def test_values_are_copied(shop: Component) -> None:
    values: dict[str, Any] = {"a": [1]}
    made = application(shop, HelmChart(repo_url=CHARTS, chart="redis", target_revision="1", values=values))
    made.manifest["spec"]["source"]["helm"]["valuesObject"]["a"].append(2)
    assert made.manifest["spec"]["source"]["helm"]["valuesObject"] == {"a": [1]}


@pytest.mark.parametrize(
    ("source", "plugin"),
    [
        (PluginDirectory(repo_url=REPOSITORY, path="shop"), {}),
        (
            PluginDirectory(
                repo_url=REPOSITORY,
                path="shop",
                plugin="cue-v1.0",
                env={"ENVIRONMENT": "live", "EMPTY": ""},
                parameters=[
                    PluginParameter(name="image", string="shop:1.4.2"),
                    PluginParameter(name="files", array=["a.cue", "b.cue"]),
                    PluginParameter(name="hosts", map={"web": "shop.example.com"}),
                ],
            ),
            {
                "name": "cue-v1.0",
                "env": [{"name": "ENVIRONMENT", "value": "live"}, {"name": "EMPTY", "value": ""}],
                "parameters": [
                    {"name": "image", "string": "shop:1.4.2"},
                    {"name": "files", "array": ["a.cue", "b.cue"]},
                    {"name": "hosts", "map": {"web": "shop.example.com"}},
                ],
            },
        ),
    ],
)
def test_a_plugin_renders_a_folder(shop: Component, valid: Any, source: Source, plugin: Any) -> None:
    assert valid(application(shop, source))["source"] == {**HEAD, "plugin": plugin}


@pytest.mark.parametrize(
    ("arguments", "argument", "message"),
    [
        ({"env": {"A=B": "c"}}, "source.env", "environment variable"),
        ({"parameters": [PluginParameter(name="a")]}, "source.parameters[0]", "exactly one"),
        (
            {"parameters": [PluginParameter(name="a", string="b", array=[])]},
            "source.parameters[0]",
            "exactly one",
        ),
        (
            {"parameters": [PluginParameter(name="a", string="b"), PluginParameter(name="a", string="c")]},
            "source.parameters[1].name",
            "'a' is there already",
        ),
    ],
)
def test_plugins_that_cannot_be(
    shop: Component, refused: Any, arguments: dict[str, Any], argument: str, message: str
) -> None:
    source = PluginDirectory(repo_url=REPOSITORY, path="shop", **arguments)
    problems = refused(lambda: application(shop, source))
    assert list(problems) == [argument]
    assert message in problems[argument]


def test_tags_of_one_part_of_a_repository(shop: Component, valid: Any) -> None:
    source = GitDirectory(
        repo_url=REPOSITORY, path="shop", target_revision="1.0.*", tag_prefix="shop/", name="shop"
    )
    assert valid(application(shop, source))["source"] == {
        **HEAD,
        "targetRevision": "1.0.*",
        "tagPrefix": "shop/",
        "name": "shop",
    }


def test_the_newer_options_of_kustomize(shop: Component, valid: Any) -> None:
    kustomize = Kustomize(
        repo_url=REPOSITORY,
        path="shop",
        common_annotations={"commit": "${ARGOCD_APP_REVISION}"},
        common_annotations_envsubst=True,
        components=["../component"],
        ignore_missing_components=True,
        patches=[Patch(path="patch.yaml", options={"allowNameChange": True})],
        kube_version="1.33.0",
        api_versions=["traefik.io/v1alpha1/Middleware"],
    )
    assert valid(application(shop, kustomize))["source"]["kustomize"] == {
        "patches": [{"path": "patch.yaml", "options": {"allowNameChange": True}}],
        "components": ["../component"],
        "commonAnnotations": {"commit": "${ARGOCD_APP_REVISION}"},
        "commonAnnotationsEnvsubst": True,
        "ignoreMissingComponents": True,
        "kubeVersion": "1.33.0",
        "apiVersions": ["traefik.io/v1alpha1/Middleware"],
    }


def test_the_version_of_helm(shop: Component, valid: Any) -> None:
    chart = HelmDirectory(repo_url=REPOSITORY, path="shop", version="3")
    assert valid(application(shop, chart))["source"]["helm"] == {"version": "3"}
