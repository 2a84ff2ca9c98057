from __future__ import annotations

import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from chores_infra import kinds
from chores_infra.kinds import Catalog

# `kubectl api-resources` of a cluster with these operators.
KNOWN = [
    ("v1", "ConfigMap", "configmaps", "Namespaced"),
    ("v1", "Endpoints", "endpoints", "Namespaced"),
    ("v1", "Namespace", "namespaces", "Cluster"),
    ("v1", "PersistentVolume", "persistentvolumes", "Cluster"),
    ("v1", "ServiceAccount", "serviceaccounts", "Namespaced"),
    ("apps/v1", "Deployment", "deployments", "Namespaced"),
    ("batch/v1", "CronJob", "cronjobs", "Namespaced"),
    ("networking.k8s.io/v1", "Ingress", "ingresses", "Namespaced"),
    ("networking.k8s.io/v1", "IngressClass", "ingressclasses", "Cluster"),
    ("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", "Namespaced"),
    ("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", "Cluster"),
    ("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", "Namespaced"),
    ("storage.k8s.io/v1", "StorageClass", "storageclasses", "Cluster"),
    ("discovery.k8s.io/v1", "EndpointSlice", "endpointslices", "Namespaced"),
    ("scheduling.k8s.io/v1", "PriorityClass", "priorityclasses", "Cluster"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions", "Cluster"),
    ("argoproj.io/v1alpha1", "Application", "applications", "Namespaced"),
    ("argoproj.io/v1alpha1", "AppProject", "appprojects", "Namespaced"),
    ("external-secrets.io/v1beta1", "ExternalSecret", "externalsecrets", "Namespaced"),
    ("external-secrets.io/v1", "ClusterSecretStore", "clustersecretstores", "Cluster"),
    ("traefik.containo.us/v1alpha1", "IngressRoute", "ingressroutes", "Namespaced"),
    ("traefik.io/v1alpha1", "Middleware", "middlewares", "Namespaced"),
    ("mysql.sql.crossplane.io/v1alpha1", "Grant", "grants", "Cluster"),
    ("mysql.sql.m.crossplane.io/v1alpha1", "Grant", "grants", "Namespaced"),
    ("argoproj.io/v1alpha1", "Rollout", "rollouts", "Namespaced"),
    ("argocd-image-updater.argoproj.io/v1alpha1", "ImageUpdater", "imageupdaters", "Namespaced"),
    ("bitnami.com/v1alpha1", "SealedSecret", "sealedsecrets", "Namespaced"),
    ("cert-manager.io/v1", "ClusterIssuer", "clusterissuers", "Cluster"),
    ("flagger.app/v1beta1", "Canary", "canaries", "Namespaced"),
    ("gateway.networking.k8s.io/v1", "GatewayClass", "gatewayclasses", "Cluster"),
    ("isindir.github.com/v1alpha3", "SopsSecret", "sopssecrets", "Namespaced"),
    ("kyverno.io/v1", "ClusterPolicy", "clusterpolicies", "Cluster"),
    ("monitoring.coreos.com/v1", "ServiceMonitor", "servicemonitors", "Namespaced"),
    ("networking.istio.io/v1", "VirtualService", "virtualservices", "Namespaced"),
    ("pkg.crossplane.io/v1", "Provider", "providers", "Cluster"),
    ("postgresql.cnpg.io/v1", "Cluster", "clusters", "Namespaced"),
    ("templates.gatekeeper.sh/v1", "ConstraintTemplate", "constrainttemplates", "Cluster"),
    ("velero.io/v1", "Schedule", "schedules", "Namespaced"),
]


@pytest.mark.parametrize(("api_version", "kind", "plural", "scope"), KNOWN)
def test_what_is_known_of_a_kind(api_version: str, kind: str, plural: str, scope: str) -> None:
    found = kinds.find(api_version, kind)
    assert found is not None
    assert (found.plural, found.scope, found.namespaced) == (plural, scope, scope == "Namespaced")
    assert (found.api_version, found.kind) == (api_version, kind)
    assert kinds.find(api_version, kind) is found


def test_what_is_not_known() -> None:
    assert kinds.find("v1", "DeploymentList") is None
    assert kinds.find("extensions/v1beta1", "Deployment") is None
    assert kinds.find("v1", "Status") is None
    # Gatekeeper makes the kinds of constraints from its templates.
    assert kinds.find("constraints.gatekeeper.sh/v1beta1", "K8sRequiredLabels") is None


@pytest.mark.parametrize("name", ["kinds", "generated", "", '"', 'v1": {"ConfigMap', "v1\n", "\ud800"])
def test_text_that_is_no_api_version_is_not_known(name: str) -> None:
    assert kinds.find(name, "ConfigMap") is None


@pytest.mark.parametrize(
    ("api_version", "kind", "expected"),
    [
        ("apps/v1", "Deploymnt", 'kind: unknown kind "Deploymnt" in "apps/v1"; did you mean Deployment?'),
        (
            "extensions/v1beta1",
            "Ingress",
            'apiVersion: "Ingress" is not known in "extensions/v1beta1", but in networking.k8s.io/v1',
        ),
        ("v1", "Deployment", 'apiVersion: "Deployment" is not known in "v1", but in apps/v1'),
        (
            "autoscaling/v3",
            "HorizontalPodAutoscaler",
            'apiVersion: "HorizontalPodAutoscaler" is not known in "autoscaling/v3", '
            "but in autoscaling/v2, autoscaling/v1",
        ),
        (
            "v1",
            "IngressRout",
            'kind: unknown kind "IngressRout" in "v1"; did you mean '
            "IngressRoute (traefik.containo.us/v1alpha1) or IngressRouteUDP (traefik.containo.us/v1alpha1) "
            "or IngressRouteTCP (traefik.containo.us/v1alpha1)?",
        ),
        (
            "example.com/v1",
            "Zzzzz",
            'kind: unknown kind "Zzzzz" in "example.com/v1"; nothing is known of "example.com/v1"',
        ),
    ],
)
def test_an_unknown_kind_is_one_problem(api_version: str, kind: str, expected: str) -> None:
    problems = kinds.validate({"apiVersion": api_version, "kind": kind, "metadata": {"name": "a"}, "x": 1})
    assert [str(problem) for problem in problems] == [expected]


def test_identity_that_is_missing_or_no_text() -> None:
    assert [str(problem) for problem in kinds.validate({"kind": 5})] == [
        "apiVersion: required field is missing",
        "kind: expected a string, found integer",
    ]


def test_versions_are_ordered_as_kubectl_prefers_them() -> None:
    assert kinds.versions("ExternalSecret") == ["external-secrets.io/v1", "external-secrets.io/v1beta1"]
    assert kinds.versions("Nothing") == []


def test_every_kind_loads_and_refuses_an_unknown_field() -> None:
    count = 0
    for kind in kinds.CATALOG.kinds():
        count += 1
        manifest = {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": {"name": "a"}, "zzzz": 1}
        assert "zzzz" in {problem.field for problem in kind.validate(manifest)}, kind
    assert count >= 390


def test_what_is_not_checked_is_listed() -> None:
    entry = kinds.find("kyverno.io/v2", "GlobalContextEntry")
    assert entry is not None
    assert entry.unchecked == ("spec.apiCall: refreshInterval: format duration",)
    deployment = kinds.find("apps/v1", "Deployment")
    assert deployment is not None
    assert deployment.unchecked == ()


def test_the_first_of_two_folders_counts(tmp_path: Path) -> None:
    index = '{\n"kinds": {\n"v1": {"ConfigMap": ["own_v1", "maps", "Cluster"]}\n}\n}\n'
    (tmp_path / "index.json").write_text(index)
    own = Catalog(tmp_path, base=kinds.CATALOG)
    found, other = own.find("v1", "ConfigMap"), own.find("v1", "Secret")
    assert found is not None
    assert other is not None
    assert (found.plural, other.plural) == ("maps", "secrets")


def test_further_kinds_are_known_inside_the_with_and_nowhere_else() -> None:
    texts = {"index.json": '{\n"kinds": {\n"example.com/v1": {"Widget":["x_v1","widgets","Cluster"]}\n}\n}\n'}
    with kinds.extended(texts) as catalog:
        assert catalog is kinds.current()
        assert kinds.find("example.com/v1", "Widget") is not None
        assert kinds.versions("Widget") == ["example.com/v1"]
        assert kinds.find("v1", "Pod") is kinds.CATALOG.find("v1", "Pod")
        other = threading.Thread(target=lambda: seen.append(kinds.find("example.com/v1", "Widget")))
        seen: list[object] = []
        other.start()
        other.join()
        assert seen == [None]
    assert kinds.current() is kinds.CATALOG
    assert kinds.find("example.com/v1", "Widget") is None


def test_neither_pydantic_nor_the_types_are_imported() -> None:
    code = (
        "import sys; from chores_infra import kinds; assert 'pydantic_core' not in sys.modules; "
        "kinds.validate({'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'A'}}); "
        "print([name for name in sys.modules if name in {'pydantic', 'yaml'} or 'kinds.types' in name])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_nothing_generated_holds_a_description() -> None:
    for file in Path(kinds.__file__).parent.glob("schemas/*.json"):
        assert not re.search(r'"description":\s*"', file.read_text("utf-8")), file.name
