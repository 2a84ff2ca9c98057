from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

import pytest

from chores_infra.errors import FileError, ManifestError
from chores_infra.rendering.layout import Identity, Resource, arrange, file_for_kind, identity
from chores_infra.rendering.places import Places

SHOP = Places("shop")


def manifest(
    api_version: str, kind: str, name: str = "shop", namespace: str | None = "shop"
) -> dict[str, Any]:
    metadata = {"name": name} if namespace is None else {"name": name, "namespace": namespace}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata}


def files(
    *resources: Resource, layout: dict[str, str] | None = None, places: Places = SHOP
) -> dict[str, int]:
    arranged = arrange(resources, places=places, layout=layout)
    return {str(path): len(manifests) for path, manifests in arranged.items()}


def test_the_files_of_the_reference_app() -> None:
    mysql = "mysql.sql.crossplane.io/v1alpha1"
    resources = [
        Resource(manifest("argoproj.io/v1alpha1", "Application", namespace="argo-cd")),
        Resource(manifest("apps/v1", "Deployment")),
        Resource(manifest("v1", "ConfigMap")),
        Resource(manifest("external-secrets.io/v1beta1", "ExternalSecret")),
        Resource(manifest("v1", "Service")),
        Resource(manifest("traefik.containo.us/v1alpha1", "IngressRoute")),
        Resource(manifest(mysql, "Database", namespace=None)),
        Resource(manifest(mysql, "User", namespace=None)),
        Resource(manifest(mysql, "Grant", namespace=None)),
    ]
    assert list(files(*resources).items()) == [
        ("base-apps/shop.yaml", 1),
        ("base-apps/shop/deployments.yaml", 1),
        ("base-apps/shop/configmaps.yaml", 1),
        ("base-apps/shop/external_secrets.yaml", 1),
        ("base-apps/shop/services.yaml", 1),
        ("base-apps/shop/ingress.yaml", 1),
        ("base-apps/shop/crossplane_resources.yaml", 3),
    ]


@pytest.mark.parametrize(
    ("group", "kind", "file"),
    [
        ("", "ServiceAccount", "service_accounts"),
        ("", "Namespace", "namespaces"),
        ("", "Secret", "secrets"),
        ("", "Endpoints", "endpoints"),
        ("", "PersistentVolumeClaim", "persistent_volume_claims"),
        ("rbac.authorization.k8s.io", "Role", "rbac"),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding", "rbac"),
        ("external-secrets.io", "SecretStore", "secret_stores"),
        ("external-secrets.io", "ClusterSecretStore", "secret_stores"),
        ("external-secrets.io", "PushSecret", "push_secrets"),
        ("traefik.io", "IngressRouteTCP", "ingress"),
        ("traefik.io", "Middleware", "middlewares"),
        ("networking.k8s.io", "Ingress", "ingress"),
        ("networking.k8s.io", "NetworkPolicy", "network_policies"),
        ("cert-manager.io", "Certificate", "certificates"),
        ("cert-manager.io", "ClusterIssuer", "issuers"),
        ("cert-manager.io", "Issuer", "issuers"),
        ("batch", "CronJob", "cronjobs"),
        ("batch", "Job", "jobs"),
        ("apps", "StatefulSet", "statefulsets"),
        ("gateway.networking.k8s.io", "HTTPRoute", "http_routes"),
        ("gateway.networking.k8s.io", "Gateway", "gateways"),
        ("gateway.networking.k8s.io", "GRPCRoute", "grpc_routes"),
        ("gateway.networking.k8s.io", "ReferenceGrant", "reference_grants"),
        ("storage.k8s.io", "StorageClass", "storage_classes"),
        ("storage.k8s.io", "CSIDriver", "csi_drivers"),
        ("autoscaling", "HorizontalPodAutoscaler", "autoscaling"),
        ("monitoring.coreos.com", "Prometheus", "prometheuses"),
        ("argoproj.io", "AppProject", "app_projects"),
        ("argoproj.io", "Application", "applications"),
        ("mysql.sql.crossplane.io", "ProviderConfig", "crossplane_resources"),
        ("rds.aws.upbound.io", "Instance", "crossplane_resources"),
        ("pkg.crossplane.io", "Provider", "crossplane_resources"),
        ("mycrossplane.io", "Provider", "providers"),
        ("example.com", "X", "xes"),
    ],
)
def test_file_for_kind(group: str, kind: str, file: str) -> None:
    assert file_for_kind(group, kind) == f"{file}.yaml"


@pytest.mark.parametrize("kind", ["", "deployment", "../Etc", "A/B", "A.B", "A\n", "É", "A" * 64])
def test_what_is_no_kind_becomes_no_file(kind: str) -> None:
    with pytest.raises(ManifestError, match="is no kind"):
        file_for_kind("", kind)


def test_the_application_of_an_environment() -> None:
    application = manifest("argoproj.io/v1alpha1", "Application", name="shop-staging", namespace="argo-cd")
    another = manifest("argoproj.io/v1alpha1", "Application", name="shop", namespace="argo-cd")
    assert files(Resource(application), Resource(another), places=Places("shop", "staging")) == {
        "base-apps/shop-staging.yaml": 1,
        "base-apps/shop-staging/applications.yaml": 1,
    }


def test_a_file_can_be_chosen_by_kind_and_by_resource() -> None:
    web, worker = manifest("apps/v1", "Deployment", "web"), manifest("apps/v1", "Deployment", "worker")
    service = manifest("v1", "Service")
    chosen = files(
        Resource(web), Resource(worker, "worker.yaml"), Resource(service), layout={"Deployment": "web.yml"}
    )
    assert chosen == {
        "base-apps/shop/web.yml": 1,
        "base-apps/shop/worker.yaml": 1,
        "base-apps/shop/services.yaml": 1,
    }
    assert arrange([Resource(web), Resource(worker, "web.yaml")], places=SHOP)[
        PurePosixPath("base-apps/shop/web.yaml")
    ] == [worker]


def test_one_identity_cannot_be_made_twice() -> None:
    with pytest.raises(ManifestError) as caught:
        arrange(
            [
                Resource(manifest("apps/v1", "Deployment"), origin="shop/web"),
                Resource(manifest("apps/v1beta1", "Deployment"), "other.yaml", origin="shop/api/web"),
                Resource(manifest("v1", "Service")),
                Resource(manifest("v1", "Service")),
            ],
            places=SHOP,
        )
    assert caught.value.problems == (
        "shop/api/web: Deployment.apps shop/shop is also made by shop/web; rename or remove one of them",
        "resource 4: Service shop/shop is also made by resource 3; rename or remove one of them",
    )


def test_the_same_construct_rendered_twice_is_found_too() -> None:
    twice = Resource(manifest("v1", "Service"), origin="shop/service")
    with pytest.raises(ManifestError, match="shop/service: Service shop/shop is also made by shop/service"):
        arrange([twice, twice], places=SHOP)


@pytest.mark.parametrize(
    "other",
    [
        manifest("v1", "Service", namespace="other"),
        manifest("v1", "Service", namespace=None),
        manifest("v1", "Service", name="other"),
        manifest("v1", "ConfigMap"),
        manifest("serving.knative.dev/v1", "Service"),
    ],
)
def test_whatever_differs_is_another_resource(other: dict[str, Any]) -> None:
    arranged = arrange([Resource(manifest("v1", "Service")), Resource(other)], places=SHOP)
    assert sum(map(len, arranged.values())) == 2


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("../../etc/passwd.yaml", "name a file"),
        ("/etc/passwd.yaml", "name a file"),
        ("sub/web.yaml", "name a file"),
        ("..\\web.yaml", "name a file"),
        ("..", "cannot be the name"),
        (".web.yaml", "cannot be the name"),
        ("web.json", "cannot be the name"),
        ("con.yaml", "device"),
    ],
)
def test_a_hostile_file_name_is_refused(override: str, said: str) -> None:
    with pytest.raises(FileError, match=said):
        arrange([Resource(manifest("v1", "Service"), override)], places=SHOP)
    with pytest.raises(FileError, match=said):
        arrange([Resource(manifest("v1", "Service"))], places=SHOP, layout={"Service": override})


def test_names_that_differ_only_in_case_are_refused() -> None:
    resources = [
        Resource(manifest("v1", "Service")),
        Resource(manifest("v1", "ConfigMap"), "Services.yaml"),
    ]
    with pytest.raises(FileError, match=r"Services\.yaml: differs from services\.yaml only in its case"):
        arrange(resources, places=SHOP)


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ({}, "apiVersion"),
        ({"apiVersion": "v1", "metadata": {"name": "a"}}, "kind"),
        ({"apiVersion": "v1", "kind": "Service"}, "metadata.name"),
        ({"apiVersion": "v1", "kind": "Service", "metadata": []}, "metadata.name"),
        ({"apiVersion": "v1", "kind": "Service", "metadata": {"generateName": "a-"}}, "metadata.name"),
        ({"apiVersion": "v1", "kind": "Service", "metadata": {"name": 1}}, "metadata.name"),
        ({"apiVersion": 1, "kind": "Service", "metadata": {"name": "a"}}, "apiVersion"),
        (
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a", "namespace": 1}},
            "metadata.namespace",
        ),
    ],
)
def test_a_manifest_without_identity(broken: dict[str, Any], field: str) -> None:
    with pytest.raises(ManifestError, match=f"{field} must be text"):
        identity(broken)


def test_identity() -> None:
    found = identity(manifest("mysql.sql.crossplane.io/v1alpha1", "Database", "chores-db", None))
    assert found == Identity("mysql.sql.crossplane.io", "Database", "", "chores-db")
    assert str(found) == "Database.mysql.sql.crossplane.io chores-db"
    assert str(identity(manifest("v1", "ConfigMap", "a", "b"))) == "ConfigMap b/a"
