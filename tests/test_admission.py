"""What may be written, and what is refused with the construct, the field and the way out."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.admission import admit
from chores_infra.app import Target
from chores_infra.apps.chores_tracker import ChoresTracker
from chores_infra.construct import Scope
from chores_infra.constructs.config import ConfigMap
from chores_infra.environments import Environment
from chores_infra.errors import ManifestError
from chores_infra.rendering.layout import Resource
from chores_infra.rendering.places import Places
from chores_infra.synthesis import render
from chores_infra.versions import Version

STAGING = Places("shop", "staging")
PRODUCTION = Places("shop")


def resource(kind: str, name: str, namespace: str | None, api_version: str = "v1", **fields: Any) -> Resource:
    metadata = {"name": name, **({} if namespace is None else {"namespace": namespace})}
    return Resource(
        {"apiVersion": api_version, "kind": kind, "metadata": metadata, **fields}, None, "shop/it"
    )


def route(api_version: str) -> Resource:
    rule = {"match": "Host(`a.example.com`)", "kind": "Rule", "services": [{"name": "shop", "port": 80}]}
    return resource("IngressRoute", "shop", "shop", api_version, spec={"routes": [rule]})


def refused(*resources: Resource, places: Places = PRODUCTION, **operators: str) -> tuple[str, ...]:
    with pytest.raises(ManifestError) as caught:
        admit(resources, places, operators)
    return caught.value.problems


def test_a_valid_manifest_passes_without_a_word() -> None:
    assert admit([resource("ConfigMap", "shop", "shop", data={"A": "1"})], PRODUCTION, {}) == []


def test_every_problem_of_every_manifest_is_reported_at_once() -> None:
    problems = refused(
        resource("ConfigMap", "shop", "shop", dta={}), resource("ConfigMap", "Shop", "shop", data={"A": 1})
    )
    assert [line.split(":")[:2] for line in problems] == [
        ["shop/it (ConfigMap shop)", " dta"],
        ["shop/it (ConfigMap Shop)", " metadata.name"],
        ["shop/it (ConfigMap Shop)", " data.A"],
    ]


def test_a_kind_that_nobody_knows_is_a_warning_because_it_may_be_the_users_own() -> None:
    (warning,) = admit([resource("Widget", "shop", "shop", "example.com/v1")], PRODUCTION, {})
    assert warning.startswith("shop/it (Widget shop): ")
    assert "Widget" in warning


# https://doc.traefik.io/traefik/v2.10/deprecation/features/: the old group went with Traefik 3.
def test_an_api_version_with_a_successor_is_a_warning() -> None:
    (warning,) = admit([route("traefik.containo.us/v1alpha1")], PRODUCTION, {"traefik": "2.11.0"})
    assert "use traefik.io/v1alpha1" in warning


def test_an_api_version_that_the_operator_no_longer_serves_is_refused() -> None:
    (problem,) = refused(route("traefik.containo.us/v1alpha1"), traefik="3.0.0")
    assert problem.startswith("shop/it (IngressRoute shop): apiVersion: traefik.containo.us/v1alpha1")
    assert "traefik.io/v1alpha1" in problem
    assert "[operators]" in problem


# https://kubernetes.io/docs/reference/using-api/deprecation-guide/
def test_an_api_version_that_the_cluster_does_not_serve_is_refused() -> None:
    old = resource("CronJob", "shop", "shop", "batch/v1beta1", spec={})
    problems = refused(old, kubernetes="1.25")
    assert any(
        "batch/v1beta1 CronJob is no longer served since Kubernetes 1.25 (configured: 1.25); use batch/v1"
        in line
        for line in problems
    )
    endpoints = resource("Endpoints", "shop", "shop")
    (warning,) = admit([endpoints], PRODUCTION, {"kubernetes": "1.33"})
    assert "v1 Endpoints is deprecated since Kubernetes 1.33" in warning
    assert admit([endpoints], PRODUCTION, {"kubernetes": "1.32"}) == []
    assert admit([endpoints], PRODUCTION, {}) == []


def test_an_api_version_that_the_operator_does_not_serve_yet_is_refused() -> None:
    (problem,) = refused(route("traefik.io/v1alpha1"), traefik="2.9.0")
    assert "served since Traefik 2.10.0" in problem


@pytest.mark.parametrize(("kind", "namespace"), [("Namespace", None), ("ConfigMap", "monitoring")])
def test_outside_production_a_name_beyond_the_namespace_carries_the_environment(
    kind: str, namespace: str | None
) -> None:
    (problem,) = refused(resource(kind, "other", namespace), places=STAGING)
    assert "metadata.name: 'other' lives outside namespace 'shop-staging'" in problem
    assert "'other-staging'" in problem
    assert admit([resource(kind, "other-staging", namespace)], STAGING, {}) == []


def test_inside_the_namespace_of_its_environment_a_name_is_free() -> None:
    assert admit([resource("ConfigMap", "other", "shop-staging")], STAGING, {}) == []


@pytest.mark.parametrize("environment", ["staging", "development"])
def test_production_may_not_take_a_name_of_another_environment(environment: str) -> None:
    (problem,) = refused(resource("Namespace", f"other-{environment}", None))
    assert "is a name of another environment" in problem


# A cdk8s Chart gives its namespace to everything in it; the API server drops it from cluster-scoped objects.
def test_the_namespace_of_a_cluster_scoped_object_does_not_make_its_name_free() -> None:
    role = resource("ClusterRole", "shop", "shop-staging", "rbac.authorization.k8s.io/v1", rules=[])
    (problem,) = refused(role, places=STAGING)
    assert "call it 'shop-staging'" in problem
    (warning,) = admit(
        [role._replace(manifest={**role.manifest, "metadata": {"name": "shop", "namespace": "shop"}})],
        PRODUCTION,
        {},
    )
    assert "is cluster-scoped, and the API server drops the namespace" in warning


@pytest.mark.parametrize("places", [PRODUCTION, STAGING])
def test_a_namespaced_object_without_a_namespace_is_refused(places: Places) -> None:
    (problem,) = refused(resource("ConfigMap", "settings", None, data={}), places=places)
    assert problem.startswith("shop/it (ConfigMap settings): metadata.namespace: ")
    assert "give it self as its scope, or namespace=..." in problem
    admit(
        [resource("Namespace", places.name, None), resource("Widget", places.name, None, "example.com/v1")],
        places,
        {},
    )


def test_an_object_that_is_not_in_its_app_is_found_by_its_path() -> None:
    class Loose(ChoresTracker):
        def __init__(self, scope: Scope, id: str, configuration: Any) -> None:
            super().__init__(scope, id, configuration)
            ConfigMap(scope, "settings", name="settings", data={})

    target = Target(Environment.PRODUCTION, Version(3, 0, 0), "3.0.0")
    with pytest.raises(
        ManifestError, match=r"^settings \(ConfigMap settings\): metadata.namespace: ConfigMap lives"
    ):
        render(Loose, target)


def test_outside_production_an_unknown_kind_has_a_name_of_its_own_wherever_it_lives() -> None:
    issuer = resource("Issuer", "letsencrypt", "shop-staging", "example.com/v1")
    (problem,) = refused(issuer, places=STAGING)
    assert "call it 'letsencrypt-staging'" in problem
    issuer = resource("Issuer", "letsencrypt", "shop", "example.com/v1")
    assert len(admit([issuer], Places("shop"), {})) == 1


def test_nothing_goes_into_the_namespace_of_another_environment_whatever_its_name() -> None:
    (problem,) = refused(resource("ConfigMap", "other-staging", "shop", data={}), places=STAGING)
    assert "metadata.namespace: 'shop' is another environment of shop; expected 'shop-staging'" in problem


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({"source": {"path": "base-apps/shop"}}, "spec.source.path"),
        ({"sources": [{"path": "dist/base-apps/shop"}]}, "spec.sources[0].path"),
        ({"destination": {"namespace": "shop"}}, "spec.destination.namespace"),
    ],
)
def test_an_application_reads_and_fills_the_places_of_its_own_environment(
    spec: dict[str, Any], field: str
) -> None:
    source: dict[str, Any] = {"repoURL": "https://git.example.com/infra", "path": "base-apps/shop-staging"}
    destination = {"server": "https://kubernetes.default.svc", "namespace": "shop-staging"}
    if "sources" in spec:
        source = {"sources": [source | spec["sources"][0]]}
    else:
        source = {"source": source | spec.get("source", {})}
    whole = {"project": "default", **source, "destination": destination | spec.get("destination", {})}
    application = resource("Application", "shop-staging", "argo-cd", "argoproj.io/v1alpha1", spec=whole)
    (problem,) = refused(application, places=STAGING)
    assert f"{field}: 'shop' is another environment of shop" in problem


def test_outside_production_what_a_database_is_called_outside_carries_the_environment() -> None:
    database = resource(
        "Database", "shop-staging", None, "mysql.sql.crossplane.io/v1alpha1", spec={"forProvider": {}}
    )
    metadata = {"name": "other-staging", "annotations": {"crossplane.io/external-name": "shop"}}
    named = database._replace(manifest={**database.manifest, "metadata": metadata})
    (problem,) = refused(named, places=STAGING)
    assert "the external name 'shop' is production's as well" in problem
    metadata["annotations"] = {"crossplane.io/external-name": "shop_staging"}
    assert admit([named], STAGING, {}) == []


def test_a_list_is_refused_because_its_items_would_pass_unseen() -> None:
    (problem,) = refused(resource("List", "all", None, items=[{"kind": "Namespace"}]))
    assert "create each as an object" in problem


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("apps/v1", "Deploymnet"),
        ("app/v1", "Deployment"),
        ("extensions/v1beta1", "Ingress"),
        ("networking.k8s.io/v1beta9", "Ingress"),
        ("traefik.io/v1alpha1", "IngresRoute"),
    ],
)
def test_a_kind_that_cannot_exist_is_an_error(api_version: str, kind: str) -> None:
    (problem,) = refused(resource(kind, "shop", "shop", api_version))
    assert kind in problem


def test_a_kind_of_another_operator_in_a_known_group_may_exist() -> None:
    """Argo Rollouts shares its group with Argo CD."""
    (warning,) = admit([resource("Frobnicator", "shop", "shop", "argoproj.io/v1alpha1")], PRODUCTION, {})
    assert "Frobnicator" in warning


@pytest.mark.parametrize("value", [float("nan"), 2**70, {1: "a"}, "\ud800"])
def test_what_yaml_cannot_carry_is_reported_with_its_construct(value: Any) -> None:
    def engine(_app: Any, _target: Any) -> list[Resource]:
        return [resource("Widget", "shop", "shop", "example.com/v1", spec={"size": value})]

    target = Target(Environment.PRODUCTION, Version.parse("v1.0.0"), "1.0.0")
    with pytest.raises(ManifestError, match=r"^shop/it \(Widget shop\): spec"):
        render(ChoresTracker, target, engine=engine)


def grant(**parameters: Any) -> Resource:
    spec = {"forProvider": {"privileges": ["ALL"], **parameters}}
    return resource("Grant", "shop-staging", None, "mysql.sql.crossplane.io/v1alpha1", spec=spec)


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"user": "shop"}, "user"),
        ({"user": "shop@10.0.0.1"}, "user"),
        ({"user": "shop-development"}, "user"),
        ({"user": "shop-staging", "database": "shop"}, "database"),
        ({"userRef": {"name": "shop"}}, "userRef.name"),
        ({"user": "shop-staging", "databaseRef": {"name": "shop"}}, "databaseRef.name"),
        ({"userSelector": {"matchLabels": {"app": "shop"}}}, "userSelector"),
    ],
)
def test_outside_production_a_grant_opens_what_is_of_its_environment(
    parameters: dict[str, Any], field: str
) -> None:
    (problem,) = refused(grant(**parameters), places=STAGING)
    assert problem.startswith(f"shop/it (Grant shop-staging): spec.forProvider.{field}: ")


@pytest.mark.parametrize(
    "parameters",
    [
        {"user": "shop-staging", "database": "shop_staging"},
        {"user": "shop-staging@10.0.0.1"},
        {"userRef": {"name": "shop-staging"}, "databaseRef": {"name": "shop-staging"}},
        {"userSelector": {"matchLabels": {"environment": "staging"}}},
        {"userSelector": {"matchControllerRef": True}},
    ],
)
def test_a_grant_of_its_own_environment_passes(parameters: dict[str, Any]) -> None:
    assert admit([grant(**parameters)], STAGING, {}) == []


def test_a_grant_opens_what_is_declared_for_all_environments() -> None:
    reports = grant(user="reports", database="shop-staging")
    assert "shared=True" in refused(reports, places=STAGING)[0]
    assert admit([reports._replace(shared=frozenset({"reports"}))], STAGING, {}) == []


def test_production_opens_nothing_to_another_environment() -> None:
    opened = grant(user="shop", database="shop-staging")
    named = opened._replace(manifest={**opened.manifest, "metadata": {"name": "shop"}})
    (problem,) = refused(named)
    assert "spec.forProvider.database: 'shop-staging' is a name of another environment" in problem


@pytest.mark.parametrize(
    ("made", "field"),
    [
        (
            resource(
                "User",
                "shop-staging",
                None,
                "mysql.sql.crossplane.io/v1alpha1",
                spec={
                    "forProvider": {"passwordSecretRef": {"name": "a", "key": "b", "namespace": "shop"}},
                },
            ),
            "spec.forProvider.passwordSecretRef.namespace",
        ),
        (
            resource(
                "Database",
                "shop-staging",
                None,
                "mysql.sql.crossplane.io/v1alpha1",
                spec={"forProvider": {}, "writeConnectionSecretToRef": {"name": "a", "namespace": "shop"}},
            ),
            "spec.writeConnectionSecretToRef.namespace",
        ),
        (
            resource(
                "RoleBinding",
                "shop",
                "shop-staging",
                "rbac.authorization.k8s.io/v1",
                roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "a"},
                subjects=[{"kind": "ServiceAccount", "name": "a", "namespace": "shop"}],
            ),
            "subjects[0].namespace",
        ),
        (
            resource(
                "IngressRoute",
                "shop",
                "shop-staging",
                "traefik.io/v1alpha1",
                spec={
                    "routes": [
                        {
                            "match": "Host(`a`)",
                            "kind": "Rule",
                            "services": [{"name": "shop", "namespace": "shop", "port": 80}],
                        }
                    ]
                },
            ),
            "spec.routes[0].services[0].namespace",
        ),
    ],
)
def test_no_object_reaches_into_the_namespace_of_another_environment(made: Resource, field: str) -> None:
    (problem,) = refused(made, places=STAGING)
    assert f"{field}: 'shop' is another environment of shop; expected 'shop-staging'" in problem


def test_a_hydrator_fills_the_folder_of_its_own_environment() -> None:
    dry = {"repoURL": "https://github.com/example/infrastructure", "path": "a", "targetRevision": "main"}
    spec = {
        "project": "default",
        "destination": {"namespace": "shop-staging"},
        "sourceHydrator": {
            "drySource": dry,
            "syncSource": {"targetBranch": "live", "path": "base-apps/shop"},
        },
    }
    (problem,) = refused(
        resource("Application", "shop-staging", "argo-cd", "argoproj.io/v1alpha1", spec=spec), places=STAGING
    )
    assert "spec.sourceHydrator.syncSource.path: 'shop' is another environment" in problem


def test_settings_may_name_any_namespace() -> None:
    settings = resource("ConfigMap", "settings", "shop-staging", data={"namespace": "shop"})
    assert admit([settings], STAGING, {}) == []
