"""Applications: what goes where, and how it is synced."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.construct import Component, Tree
from chores_infra.constructs.argocd import (
    Application,
    AppProject,
    Automated,
    Backoff,
    Destination,
    GitDirectory,
    GitReference,
    HelmChart,
    IgnoreDifference,
    Info,
    NamespaceMetadata,
    ProjectDestination,
    Retry,
    Source,
    SyncPolicy,
)

REPOSITORY = "https://github.com/example/infrastructure"
SOURCE = GitDirectory(repo_url=REPOSITORY, path="base-apps/shop", target_revision="main")
CHART = HelmChart(repo_url="https://charts.example.com", chart="redis", target_revision="1.2.3")


def application(scope: Any, **arguments: Any) -> Application:
    given = {"name": "shop", "destination": Destination(namespace="shop"), **arguments}
    if "sources" not in given:
        given.setdefault("source", SOURCE)
    return Application(scope, "application", **given)


def test_the_seeds_application(valid: Any) -> None:
    tree = Tree(namespace="chores-tracker")
    made = Application(
        tree,
        "application",
        name="chores-tracker",
        source=GitDirectory(
            repo_url="https://github.com/arigsela/kubernetes",
            target_revision="main",
            path="base-apps/chores-tracker",
        ),
        destination=Destination(namespace="chores-tracker"),
        sync_policy=SyncPolicy(automated=Automated(prune=True, self_heal=True), create_namespace=True),
    )
    valid(made)
    assert made.manifest == {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": "chores-tracker", "namespace": "argo-cd"},
        "spec": {
            "project": "default",
            "source": {
                "repoURL": "https://github.com/arigsela/kubernetes",
                "targetRevision": "main",
                "path": "base-apps/chores-tracker",
            },
            "destination": {
                "server": "https://kubernetes.default.svc",
                "namespace": "chores-tracker",
            },
            "syncPolicy": {
                "automated": {"prune": True, "selfHeal": True},
                "syncOptions": ["CreateNamespace=true"],
            },
        },
    }
    spec = made.manifest["spec"]
    assert list(spec) == ["project", "source", "destination", "syncPolicy"]
    assert list(spec["source"]) == ["repoURL", "targetRevision", "path"]


def test_everything_about_an_application(shop: Component, valid: Any) -> None:
    made = application(
        shop,
        namespace="argocd",
        sync_wave=-5,
        finalizers=["resources-finalizer.argocd.argoproj.io"],
        labels={"team": "shop"},
        annotations={"note": "kept"},
        ignore_differences=[
            IgnoreDifference(group="apps", kind="Deployment", json_pointers=["/spec/replicas", "/a~1b/0"]),
            IgnoreDifference(
                kind="ConfigMap",
                name="settings",
                namespace="shop",
                jq_path_expressions=[".data.generated"],
                managed_fields_managers=["kube-controller-manager"],
            ),
        ],
        info=[Info(name="url", value="https://shop.example.com")],
        revision_history_limit=0,
    )
    spec = valid(made)
    assert made.manifest["metadata"] == {
        "name": "shop",
        "namespace": "argocd",
        "labels": {"team": "shop"},
        "annotations": {"note": "kept", "argocd.argoproj.io/sync-wave": "-5"},
        "finalizers": ["resources-finalizer.argocd.argoproj.io"],
    }
    assert spec["ignoreDifferences"] == [
        {"kind": "Deployment", "group": "apps", "jsonPointers": ["/spec/replicas", "/a~1b/0"]},
        {
            "kind": "ConfigMap",
            "name": "settings",
            "namespace": "shop",
            "jqPathExpressions": [".data.generated"],
            "managedFieldsManagers": ["kube-controller-manager"],
        },
    ]
    assert spec["info"] == [{"name": "url", "value": "https://shop.example.com"}]
    assert spec["revisionHistoryLimit"] == 0


def test_finalizers_can_still_be_patched(shop: Component) -> None:
    made = application(shop, finalizers=["resources-finalizer.argocd.argoproj.io/background"])
    made.patch({"metadata": {"finalizers": ["example.com/mine"]}})
    assert made.manifest["metadata"]["finalizers"] == ["example.com/mine"]


@pytest.mark.parametrize(
    ("destination", "rendered"),
    [
        (Destination(), {"server": "https://kubernetes.default.svc"}),
        (
            Destination(server="https://10.0.0.1:6443", namespace="a"),
            {"server": "https://10.0.0.1:6443", "namespace": "a"},
        ),
        (Destination(name="blue", namespace="a"), {"name": "blue", "namespace": "a"}),
    ],
)
def test_destinations(shop: Component, valid: Any, destination: Destination, rendered: Any) -> None:
    assert valid(application(shop, destination=destination))["destination"] == rendered


def test_several_sources(shop: Component, valid: Any) -> None:
    values = GitReference(repo_url=REPOSITORY, ref="values", target_revision="main", name="values")
    chart = HelmChart(
        repo_url="https://charts.example.com",
        chart="redis",
        target_revision="1.2.3",
        value_files=["$values/shop/redis.yaml"],
        name="redis",
    )
    assert valid(application(shop, sources=[chart, values]))["sources"] == [
        {
            "repoURL": "https://charts.example.com",
            "chart": "redis",
            "targetRevision": "1.2.3",
            "helm": {"valueFiles": ["$values/shop/redis.yaml"]},
            "name": "redis",
        },
        {"repoURL": REPOSITORY, "targetRevision": "main", "ref": "values", "name": "values"},
    ]


OTHER = HelmChart(
    repo_url="https://charts.example.com", chart="redis", target_revision="1", value_files=["$other/a.yaml"]
)
REFERENCE = GitReference(repo_url=REPOSITORY, ref="values")


@pytest.mark.parametrize(
    ("arguments", "argument", "message"),
    [
        ({"source": None}, "source", "exactly one of source, sources"),
        ({"sources": []}, "source", "exactly one of source, sources"),
        (
            {"source": SOURCE, "sources": [SOURCE]},
            "source",
            "exactly one of source, sources",
        ),
        ({"source": REFERENCE}, "source.ref", "use sources"),
        ({"source": OTHER}, "source.value_files[0]", "use sources"),
        ({"source": Source()}, "source", "says nothing by itself"),
        ({"sources": [OTHER, REFERENCE]}, "sources[0].value_files[0]", "the refs are values"),
        ({"sources": [REFERENCE, REFERENCE]}, "sources[1].ref", "another source"),
        (
            {
                "sources": [
                    GitDirectory(repo_url=REPOSITORY, path="a", name="x"),
                    GitDirectory(repo_url=REPOSITORY, path="b", name="x"),
                ]
            },
            "sources[1].name",
            "another source",
        ),
        ({"project": "shop"}, "project", "AppProject.existing(name)"),
        ({"project": 1}, "project", "an AppProject, or the name 'default'"),
        ({"destination": Destination(server="https://a", name="b")}, "destination.name", "not both"),
        ({"destination": Destination(server="kubernetes.default")}, "destination.server", "API server"),
        ({"destination": Destination(namespace="Shop")}, "destination.namespace", "DNS label"),
        (
            {"destination": Destination(), "sync_policy": SyncPolicy(create_namespace=True)},
            "destination.namespace",
            "the namespace to create",
        ),
        (
            {"ignore_differences": [IgnoreDifference(kind="Deployment")]},
            "ignore_differences[0]",
            "it ignores nothing",
        ),
        (
            {"ignore_differences": [IgnoreDifference(kind="D", json_pointers=["spec/replicas"])]},
            "ignore_differences[0].json_pointers[0]",
            "JSON pointer",
        ),
        ({"finalizers": ["resources-finalizer"]}, "finalizers[0]", "resources-finalizer.argocd.argoproj.io"),
        ({"sync_wave": "1"}, "sync_wave", "whole number"),
        (
            {"sync_wave": 1, "annotations": {"argocd.argoproj.io/sync-wave": "2"}},
            "sync_wave",
            "given twice",
        ),
        ({"revision_history_limit": -1}, "revision_history_limit", "0"),
        ({"name": "Shop"}, "name", "lower-case"),
    ],
)
def test_applications_that_cannot_be(
    shop: Component, refused: Any, arguments: dict[str, Any], argument: str, message: str
) -> None:
    problems = refused(lambda: application(shop, **arguments))
    assert list(problems) == [argument]
    assert message in problems[argument]


def test_every_sync_option(shop: Component, valid: Any) -> None:
    policy = SyncPolicy(
        automated=Automated(prune=True, self_heal=False, allow_empty=True, enabled=False),
        create_namespace=True,
        validate=False,
        prune="confirm",
        prune_last=True,
        prune_propagation_policy="background",
        delete="false",
        replace=False,
        server_side_apply=True,
        client_side_apply_migration=False,
        apply_out_of_sync_only=True,
        respect_ignore_differences=True,
        skip_dry_run_on_missing_resource=True,
        fail_on_shared_resource=True,
        sync_options=["Future=yes"],
        managed_namespace_metadata=NamespaceMetadata(labels={"a": "b"}, annotations={"c": "d"}),
        retry=Retry(limit=-1, backoff=Backoff(duration="5s", factor=2, max_duration="3m"), refresh=True),
    )
    assert valid(application(shop, sync_policy=policy))["syncPolicy"] == {
        "automated": {"prune": True, "selfHeal": False, "allowEmpty": True, "enabled": False},
        "syncOptions": [
            "CreateNamespace=true",
            "Validate=false",
            "Prune=confirm",
            "PruneLast=true",
            "PrunePropagationPolicy=background",
            "Delete=false",
            "Replace=false",
            "ServerSideApply=true",
            "ClientSideApplyMigration=false",
            "ApplyOutOfSyncOnly=true",
            "RespectIgnoreDifferences=true",
            "SkipDryRunOnMissingResource=true",
            "FailOnSharedResource=true",
            "Future=yes",
        ],
        "managedNamespaceMetadata": {"labels": {"a": "b"}, "annotations": {"c": "d"}},
        "retry": {
            "limit": -1,
            "backoff": {"duration": "5s", "factor": 2, "maxDuration": "3m"},
            "refresh": True,
        },
    }


def test_an_application_that_somebody_syncs(shop: Component, valid: Any) -> None:
    assert "syncPolicy" not in valid(application(shop))


@pytest.mark.parametrize(
    ("policy", "argument", "message"),
    [
        (
            SyncPolicy(create_namespace=True, sync_options=["CreateNamespace=false"]),
            "sync_policy.sync_options[0]",
            "more than once",
        ),
        (
            SyncPolicy(sync_options=["createNamespace"]),
            "sync_policy.sync_options[0]",
            "a sync option such as",
        ),
        (
            SyncPolicy(managed_namespace_metadata=NamespaceMetadata()),
            "sync_policy.managed_namespace_metadata",
            "create_namespace=True",
        ),
        (
            SyncPolicy(retry=Retry(backoff=Backoff(duration="5 seconds"))),
            "sync_policy.retry.backoff.duration",
            "a duration",
        ),
        (SyncPolicy(retry=Retry(limit=-2)), "sync_policy.retry.limit", "-1"),
    ],
)
def test_policies_that_cannot_be(
    shop: Component, refused: Any, policy: SyncPolicy, argument: str, message: str
) -> None:
    problems = refused(lambda: application(shop, sync_policy=policy))
    assert list(problems) == [argument]
    assert message in problems[argument]


def test_a_project_that_another_party_makes_permits_what_it_may(shop: Component, valid: Any) -> None:
    assert valid(application(shop, project=AppProject.existing("platform")))["project"] == "platform"


def test_a_project_of_ours_is_asked(tree: Tree, shop: Component, valid: Any, refused: Any) -> None:
    project = AppProject(
        tree,
        "project",
        name="shop",
        source_repos=["https://github.com/example/*"],
        destinations=[ProjectDestination(server="https://kubernetes.default.svc", namespace="shop*")],
    )
    assert valid(application(shop, project=project))["project"] == "shop"
    problems = refused(
        lambda: Application(
            tree,
            "other",
            name="other",
            project=project,
            source=CHART,
            destination=Destination(namespace="orders"),
            namespace="team",
        )
    )
    assert "add 'team' to its source_namespaces" in problems["namespace"]
    assert "does not permit namespace 'orders'" in problems["project"]
