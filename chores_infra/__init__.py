"""GitOps manifests as typed Python: this is the public door.

Everything a program needs can be imported from here; each name is loaded when it is first asked for, so that
a program pays only for what it uses.

>>> from chores_infra import ConfigMap, Tree
>>> ConfigMap(Tree(namespace="shop"), "settings", name="shop", data={"DEBUG": "False"}).manifest["kind"]
'ConfigMap'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chores_infra.app import App, AppConfiguration, Target
    from chores_infra.construct import Component, Construct, Manifest, Scope, Tree
    from chores_infra.constructs.argocd import (
        Application,
        AppProject,
        Automated,
        Destination,
        GitDirectory,
        HelmChart,
        HelmDirectory,
        SyncPolicy,
    )
    from chores_infra.constructs.cluster import Namespace, ServiceAccount
    from chores_infra.constructs.config import ConfigMap, KeyRef, Secret
    from chores_infra.constructs.containers import Container, ContainerPort
    from chores_infra.constructs.crossplane import Database, Grant, ProviderConfig, User
    from chores_infra.constructs.env import PodField
    from chores_infra.constructs.external_secrets import (
        ClusterSecretStore,
        ExternalSecret,
        SecretStore,
        Vault,
        VaultKey,
    )
    from chores_infra.constructs.images import Image
    from chores_infra.constructs.probes import ExecProbe, GrpcProbe, HttpProbe, TcpProbe
    from chores_infra.constructs.resource import Resource
    from chores_infra.constructs.resources import Resources
    from chores_infra.constructs.services import ExternalNameService, Service, ServicePort
    from chores_infra.constructs.traefik import IngressRoute, Middleware
    from chores_infra.constructs.workloads import Deployment
    from chores_infra.environments import Environment
    from chores_infra.errors import ChoresInfraError, ConstructError, ManifestError
    from chores_infra.kubernetes_object import KubernetesObject
    from chores_infra.synthesis import Rendered, render
    from chores_infra.versions import Version

__all__ = [
    "App",
    "AppConfiguration",
    "AppProject",
    "Application",
    "Automated",
    "ChoresInfraError",
    "ClusterSecretStore",
    "Component",
    "ConfigMap",
    "Construct",
    "ConstructError",
    "Container",
    "ContainerPort",
    "Database",
    "Deployment",
    "Destination",
    "Environment",
    "ExecProbe",
    "ExternalNameService",
    "ExternalSecret",
    "GitDirectory",
    "Grant",
    "GrpcProbe",
    "HelmChart",
    "HelmDirectory",
    "HttpProbe",
    "Image",
    "IngressRoute",
    "KeyRef",
    "KubernetesObject",
    "Manifest",
    "ManifestError",
    "Middleware",
    "Namespace",
    "PodField",
    "ProviderConfig",
    "Rendered",
    "Resource",
    "Resources",
    "Scope",
    "Secret",
    "SecretStore",
    "Service",
    "ServiceAccount",
    "ServicePort",
    "SyncPolicy",
    "Target",
    "TcpProbe",
    "Tree",
    "User",
    "Vault",
    "VaultKey",
    "Version",
    "render",
]

_MODULES = {
    "app": {"App", "AppConfiguration", "Target"},
    "construct": {"Component", "Construct", "Manifest", "Scope", "Tree"},
    "constructs.argocd": {
        "AppProject",
        "Application",
        "Automated",
        "Destination",
        "GitDirectory",
        "HelmChart",
        "HelmDirectory",
        "SyncPolicy",
    },
    "constructs.cluster": {"Namespace", "ServiceAccount"},
    "constructs.config": {"ConfigMap", "KeyRef", "Secret"},
    "constructs.containers": {"Container", "ContainerPort"},
    "constructs.crossplane": {"Database", "Grant", "ProviderConfig", "User"},
    "constructs.env": {"PodField"},
    "constructs.external_secrets": {
        "ClusterSecretStore",
        "ExternalSecret",
        "SecretStore",
        "Vault",
        "VaultKey",
    },
    "constructs.images": {"Image"},
    "constructs.probes": {"ExecProbe", "GrpcProbe", "HttpProbe", "TcpProbe"},
    "constructs.resource": {"Resource"},
    "constructs.resources": {"Resources"},
    "constructs.services": {"ExternalNameService", "Service", "ServicePort"},
    "constructs.traefik": {"IngressRoute", "Middleware"},
    "constructs.workloads": {"Deployment"},
    "environments": {"Environment"},
    "kubernetes_object": {"KubernetesObject"},
    "errors": {"ChoresInfraError", "ConstructError", "ManifestError"},
    "synthesis": {"Rendered", "render"},
    "versions": {"Version"},
}


def __getattr__(name: str) -> Any:
    """Load a public name from its module."""
    for module, names in _MODULES.items():
        if name in names:
            from importlib import import_module

            value = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
