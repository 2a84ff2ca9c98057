"""A repository of several applications that our own constructs make: every family of references is in it.

Real repositories have too few sites for most families. This one has a platform and applications that use it,
so that many references cross from one to another. Its Widgets are of a kind that no catalog knows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from chores_infra.construct import Component, Construct, Tree
from chores_infra.constructs.argocd import (
    Application,
    AppProject,
    Automated,
    Destination,
    GitDirectory,
    GroupKind,
    ProjectDestination,
    SyncPolicy,
)
from chores_infra.constructs.autoscaling import HorizontalPodAutoscaler, ResourceMetric
from chores_infra.constructs.cert_manager import Certificate, ClusterIssuer, SelfSigned
from chores_infra.constructs.cluster import ServiceAccount
from chores_infra.constructs.config import ConfigMap
from chores_infra.constructs.containers import Container, ContainerPort
from chores_infra.constructs.crossplane import Database, Grant, ProviderConfig, User
from chores_infra.constructs.disruption import PodDisruptionBudget
from chores_infra.constructs.external_secrets import (
    ClusterSecretStore,
    ExternalSecret,
    KubernetesAuth,
    SecretStore,
    Vault,
    VaultKey,
)
from chores_infra.constructs.gateway import Gateway, GatewayClass, HTTPRoute, HttpRule, Listener
from chores_infra.constructs.images import Image
from chores_infra.constructs.jobs import CronJob
from chores_infra.constructs.mounts import Mount
from chores_infra.constructs.networking import Ingress, IngressClass, IngressPath, NetworkPolicy
from chores_infra.constructs.probes import HttpProbe
from chores_infra.constructs.rbac import ClusterRole, ClusterRoleBinding, PolicyRule, Role
from chores_infra.constructs.resource import Resource
from chores_infra.constructs.resources import Resources
from chores_infra.constructs.services import Service, ServicePort
from chores_infra.constructs.statefulsets import GoverningService, StatefulSet
from chores_infra.constructs.storage import ClaimTemplate, PersistentVolumeClaim
from chores_infra.constructs.traefik import Host, IngressRoute, Middleware, RateLimit, Route
from chores_infra.constructs.volumes import ClaimVolume, ConfigMapVolume, SecretVolume
from chores_infra.constructs.workloads import Deployment, Recreate
from chores_infra.rendering.yaml_text import dump_all

__all__ = ["APPS", "synthetic"]

APPS: Final = ("bakery", "cinema", "garage", "harbor", "library")
_REPOSITORY: Final = "https://git.example.com/infrastructure"
_REGISTRY: Final = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
_TRAEFIK: Final = "traefik.io/v1alpha1"
_TOGETHER: Final[dict[str, str]] = {
    "Service": "workload",
    "Deployment": "workload",
    "User": "database",
    "Grant": "database",
}


@cache
def synthetic() -> Mapping[str, str]:
    """The files of the repository by their paths."""
    tree = Tree()
    platform = _Platform(tree)
    for name in APPS:
        _App(tree, name, platform)
    files: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for made in tree.objects():
        app, manifest = made.place.partition("/")[0], made.manifest
        kind = str(manifest["kind"])
        files[
            f"base-apps/{manifest['metadata']['name']}.yaml"
            if kind == "Application"
            else f"base-apps/{app}/{_TOGETHER.get(kind, kind).lower()}.yaml"
        ].append(manifest)
    files["catalog/catalog-info.yaml"] = list(_catalog())
    return {name: dump_all(manifests) for name, manifests in sorted(files.items())}


def _catalog() -> Iterator[dict[str, Any]]:
    """Entries of the Backstage catalog: no manifests, and read by no Application."""
    yield _entity("Group", "makers", {"type": "team", "children": []})
    yield _entity("Domain", "town", {"owner": "makers"})
    for name in APPS:
        yield _entity("System", name, {"owner": "makers", "domain": "town"})
        parts = {"type": "service", "lifecycle": "production", "owner": "group:makers", "system": name}
        yield _entity("Component", f"{name}-api", parts)
        yield _entity("Component", f"{name}-web", {**parts, "dependsOn": [f"component:{name}-api"]})


def _entity(kind: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": kind,
        "metadata": {"name": name},
        "spec": spec,
    }


class _Platform:
    """What all applications use."""

    def __init__(self, tree: Tree) -> None:
        argo = Component(tree, "argo-cd", namespace="argo-cd")
        self.projects = {name: _project(argo, name) for name in ("platform", *APPS)}
        scope = Component(tree, "platform", namespace="platform")
        _application(argo, "argo-cd", self.projects["platform"])
        _application(scope, "platform", self.projects["platform"])
        account = ServiceAccount(scope, "vault", name="vault-reader")
        self.store = ClusterSecretStore(
            scope, "store", name="vault-shared", provider=_vault("platform", account)
        )
        self.provider = ProviderConfig(
            scope,
            "provider",
            name="mysql-main",
            connection_secret=ExternalSecret(
                scope,
                "connection",
                name="mysql-connection",
                store=self.store,
                refresh_interval="1h",
                keys={
                    each: VaultKey(key="mysql", property=each)
                    for each in ("endpoint", "port", "username", "password")
                },
            ),
        )
        self.gateway = Gateway(
            scope,
            "gateway",
            name="public",
            gateway_class=GatewayClass(
                scope, "class", name="traefik-gateway", controller="traefik.io/gateway-controller"
            ),
            listeners=[Listener(name="http", port=80, routes_from="All")],
        )
        self.ingress_class = IngressClass(
            scope, "ingress-class", name="nginx-public", controller="k8s.io/ingress-nginx"
        )
        self.issuer = ClusterIssuer(scope, "issuer", name="internal-authority", authority=SelfSigned())
        self.reader = ClusterRole(
            scope,
            "reader",
            name="namespace-reader",
            rules=[PolicyRule(resources=["namespaces"], verbs=["get", "list"])],
        )
        login = _secret(scope, "registry-login", self.store, "LOGIN")
        status = Deployment(
            scope,
            "status",
            name="status-page",
            replicas=1,
            selector={"app": "status-page"},
            containers=[_container("status-page", [ContainerPort(name="http", number=8080)])],
            image_pull_secrets=[login],
        )
        self.status = Service(scope, "status-service", name="status-page", selects=status, port=80)


class _App:
    """One application: a program with everything around it."""

    def __init__(self, tree: Tree, name: str, platform: _Platform) -> None:
        self.name, self.platform = name, platform
        self.scope = Component(tree, name, namespace=name)
        _application(self.scope, name, platform.projects[name])
        self.account = ServiceAccount(self.scope, "account", name=f"{name}-runner")
        self.store = SecretStore(
            self.scope, "own-store", name=f"{name}-vault", provider=_vault(name, self.account)
        )
        self.secrets = _secret(self.scope, f"{name}-credentials", self.store, "TOKEN", "DB_PASSWORD")
        self.login = _secret(self.scope, f"{name}-registry", platform.store, "LOGIN")
        self.settings = ConfigMap(
            self.scope,
            "settings",
            name=f"{name}-settings",
            data={"LEVEL": "info", "COLOR": "blue", "STATUS_URL": "http://status-page.platform.svc/health"},
        )
        self._workloads()
        self._routes()
        self._rights()
        self._database()
        self._widgets()

    def _workloads(self) -> None:
        name, scope = self.name, self.scope
        claim = PersistentVolumeClaim(scope, "claim", name=f"{name}-uploads", storage="5Gi")
        uploads = ClaimVolume(name="uploads", claim=claim)
        files = ConfigMapVolume(name="files", source=self.settings, items={"COLOR": "color.txt"})
        token = SecretVolume(name="token", source=self.secrets, items={"TOKEN": "token.txt"})
        common: dict[str, Any] = {"image_pull_secrets": [self.login], "service_account": self.account}
        self.web = Deployment(
            scope,
            "web",
            name=f"{name}-web",
            selector={"app": f"{name}-web"},
            strategy=Recreate(),
            containers=[
                _container(
                    f"{name}-web",
                    [ContainerPort(name="http", number=8000), ContainerPort(name="metrics", number=9100)],
                    env={"COLOR": self.settings.key("COLOR"), "TOKEN": self.secrets.key("TOKEN")},
                    env_from=[self.settings, self.secrets],
                    readiness=HttpProbe(path="/ready", port="http"),
                    liveness=HttpProbe(path="/alive", port=8000),
                    mounts=[
                        Mount(volume=uploads, path="/srv/uploads"),
                        Mount(volume=files, path="/srv/files"),
                        Mount(volume=token, path="/srv/token"),
                    ],
                )
            ],
            volumes=[uploads, files, token],
            **common,
        )
        self.service = Service(
            scope,
            "web-service",
            name=f"{name}-web",
            selects=self.web,
            ports=[
                ServicePort(name="http", number=80, target_port="http"),
                ServicePort(name="metrics", number=9100, target_port=9100),
            ],
        )
        api = Deployment(
            scope,
            "api",
            name=f"{name}-api",
            replicas=1,
            selector={"app": f"{name}-api"},
            containers=[
                _container(
                    f"{name}-api",
                    [ContainerPort(number=8001)],
                    env={"LEVEL": self.settings.key("LEVEL")},
                    readiness=HttpProbe(path="/ready", port=8001),
                )
            ],
            **common,
        )
        self.api = Service(scope, "api-service", name=f"{name}-api", selects=api, port=8001)
        data = ClaimTemplate(name="data", storage="5Gi")
        StatefulSet(
            scope,
            "queue",
            name=f"{name}-queue",
            replicas=1,
            selector={"app": f"{name}-queue"},
            service=GoverningService(name=f"{name}-queue"),
            claims=[data],
            containers=[
                _container(
                    f"{name}-queue",
                    [ContainerPort(name="amqp", number=5672)],
                    mounts=[Mount(volume=data, path="/data")],
                )
            ],
            **common,
        )
        CronJob(
            scope,
            "report",
            name=f"{name}-report",
            schedule="0 6 * * mon-fri",
            containers=[_container(f"{name}-report", [], env_from=[self.secrets])],
            **common,
        )
        HorizontalPodAutoscaler(
            scope,
            "scaler",
            name=f"{name}-web",
            target=self.web,
            min_replicas=2,
            max_replicas=5,
            metrics=[ResourceMetric(name="cpu", utilization=70)],
        )
        PodDisruptionBudget(scope, "budget", name=f"{name}-web", selects=self.web, max_unavailable=1)
        NetworkPolicy(scope, "policy", name=f"{name}-api", selects=api, allow_from=[self.web])

    def _routes(self) -> None:
        name, scope = self.name, self.scope
        certificate = Certificate(
            scope,
            "certificate",
            name=f"{name}-tls",
            issuer=self.platform.issuer,
            dns_names=[f"{name}.example.com", f"www.{name}.example.com"],
        )
        Ingress(
            scope,
            "ingress",
            name=name,
            ingress_class=self.platform.ingress_class,
            routes={f"{name}.example.com": [IngressPath(service=self.service, port=80)]},
            tls=[certificate],
        )
        limit = Middleware(
            scope, "limit", name=f"{name}-limit", spec=RateLimit(average=100, burst=50), api_version=_TRAEFIK
        )
        IngressRoute(
            scope,
            "ingress-route",
            name=name,
            routes=[Route(match=Host(f"www.{name}.example.com"), service=self.api, middlewares=[limit])],
            entry_points=["web"],
            api_version=_TRAEFIK,
        )
        HTTPRoute(
            scope,
            "route",
            name=name,
            parents=[self.platform.gateway],
            hostnames=[f"{name}.example.org"],
            rules=[HttpRule(backends=[self.api])],
        )
        HTTPRoute(
            scope,
            "status",
            name=f"{name}-status",
            parents=[self.platform.gateway.listener("http")],
            hostnames=[f"status.{name}.example.org"],
            rules=[HttpRule(backends=[self.platform.status])],
        )

    def _rights(self) -> None:
        Role(
            self.scope,
            "role",
            name=f"{self.name}-pod-reader",
            rules=[PolicyRule(resources=["pods"], verbs=["get", "list"])],
            granted_to=[self.account],
        )
        ClusterRoleBinding(
            self.scope,
            "binding",
            name=f"{self.name}-namespaces",
            role=self.platform.reader,
            subjects=[self.account],
        )

    def _database(self) -> None:
        database = Database(
            self.scope, "database", name=f"{self.name}-db", provider_config=self.platform.provider
        )
        user = User(
            self.scope,
            "user",
            name=f"{self.name}-user",
            provider_config=self.platform.provider,
            password=self.secrets.key("DB_PASSWORD"),
        )
        Grant(
            self.scope,
            "grant",
            name=f"{self.name}-grant",
            user=user,
            database=database,
            privileges=["SELECT", "INSERT"],
            provider_config=self.platform.provider,
        )

    def _widgets(self) -> None:
        """Custom resources that no catalog knows, whose fields are called as most operators call them."""
        Resource(
            self.scope,
            "factory",
            api_version="widgets.example.com/v1",
            kind="WidgetFactory",
            name=f"{self.name}-factory",
            fields={"spec": {"size": 3, "serviceAccountName": f"{self.name}-runner"}},
        )
        Resource(
            self.scope,
            "widget",
            api_version="widgets.example.com/v1",
            kind="Widget",
            name=f"{self.name}-widget",
            fields={
                "spec": {
                    "credentialsSecretRef": {"name": f"{self.name}-credentials", "key": "TOKEN"},
                    "configMapRef": {"name": f"{self.name}-settings"},
                    "serviceRef": {"name": f"{self.name}-api", "port": 8001},
                    "factoryRef": {"kind": "WidgetFactory", "name": f"{self.name}-factory"},
                    "tls": {"secretName": f"{self.name}-tls"},
                }
            },
        )


def _application(scope: Construct, name: str, project: AppProject) -> None:
    Application(
        scope,
        "application",
        name=name,
        namespace="argo-cd",
        project=project,
        source=GitDirectory(repo_url=_REPOSITORY, target_revision="main", path=f"base-apps/{name}"),
        destination=Destination(namespace=name),
        finalizers=["resources-finalizer.argocd.argoproj.io"],
        sync_policy=SyncPolicy(automated=Automated(prune=True, self_heal=True), create_namespace=True),
    )


def _project(scope: Construct, name: str) -> AppProject:
    return AppProject(
        scope,
        f"project-{name}",
        name=f"team-{name}",
        source_repos=[_REPOSITORY],
        destinations=[
            ProjectDestination(namespace=namespace, server="https://kubernetes.default.svc")
            for namespace in (name, "argo-cd", "platform")
        ],
        cluster_resource_whitelist=[GroupKind(group="*", kind="*")],
    )


def _vault(role: str, account: ServiceAccount) -> Vault:
    return Vault(
        server="http://vault.vault.svc:8200",
        path="k8s-secrets",
        auth=KubernetesAuth(role=role, service_account=account),
    )


def _secret(
    scope: Construct, name: str, store: SecretStore | ClusterSecretStore, *keys: str
) -> ExternalSecret:
    return ExternalSecret(
        scope,
        name,
        name=name,
        store=store,
        refresh_interval="1h",
        keys={key: VaultKey(key=name, property=key.lower()) for key in keys},
    )


def _container(name: str, ports: list[ContainerPort], **more: Any) -> Container:
    return Container(
        name=name,
        image=Image(repository=f"{_REGISTRY}/{name}", tag="1.4.2"),
        image_pull_policy="IfNotPresent",
        ports=ports,
        resources=Resources(requests={"cpu": "100m", "memory": "128Mi"}, limits={"memory": "256Mi"}),
        **more,
    )
