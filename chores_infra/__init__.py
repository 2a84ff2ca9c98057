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
        ApplicationSet,
        ApplicationTemplate,
        AppProject,
        Automated,
        ClusterGenerator,
        Destination,
        GitDirectories,
        GitDirectory,
        HelmChart,
        HelmDirectory,
        HelmParameter,
        ListGenerator,
        PluginDirectory,
        Retry,
        SourceHydrator,
        SyncPolicy,
        sync_wave,
    )
    from chores_infra.constructs.autoscaling import (
        ContainerResourceMetric,
        ExternalMetric,
        HorizontalPodAutoscaler,
        ObjectMetric,
        PodsMetric,
        ResourceMetric,
        ScalingPolicy,
        ScalingRules,
    )
    from chores_infra.constructs.cert_manager import (
        Acme,
        Certificate,
        CertificateAuthority,
        ClusterIssuer,
        Http01Ingress,
        Issuer,
        PrivateKey,
        SelfSigned,
    )
    from chores_infra.constructs.cluster import Namespace, ServiceAccount
    from chores_infra.constructs.config import ConfigMap, KeyRef, Secret
    from chores_infra.constructs.containers import Container, ContainerPort
    from chores_infra.constructs.crossplane import Database, Grant, ProviderConfig, User
    from chores_infra.constructs.daemonsets import DaemonSet, DaemonSetUpdate
    from chores_infra.constructs.disruption import PodDisruptionBudget
    from chores_infra.constructs.env import EnvFrom, PodField
    from chores_infra.constructs.external_secrets import (
        ClusterSecretStore,
        ExternalSecret,
        Extract,
        KubernetesAuth,
        SecretStore,
        Template,
        Vault,
        VaultKey,
    )
    from chores_infra.constructs.gateway import (
        Gateway,
        GatewayClass,
        GRPCRoute,
        HttpBackend,
        HttpMatch,
        HTTPRoute,
        HttpRule,
        Listener,
        Redirect,
        ReferenceGrant,
        Rewrite,
    )
    from chores_infra.constructs.images import Image
    from chores_infra.constructs.jobs import CronJob, ExitCodes, FailureRule, Job, PodCondition, SuccessRule
    from chores_infra.constructs.mounts import Device, Mount
    from chores_infra.constructs.networking import (
        Allow,
        Dns,
        Ingress,
        IngressClass,
        IngressPath,
        IngressTLS,
        IpBlock,
        NetworkPolicy,
        Pods,
    )
    from chores_infra.constructs.probes import ExecProbe, GrpcProbe, HttpProbe, TcpProbe
    from chores_infra.constructs.rbac import (
        ClusterRole,
        ClusterRoleBinding,
        GroupSubject,
        NonResourceRule,
        PolicyRule,
        Role,
        RoleBinding,
        UserSubject,
    )
    from chores_infra.constructs.resource import Resource
    from chores_infra.constructs.resources import Resources
    from chores_infra.constructs.scheduling import LabelSelector
    from chores_infra.constructs.security import PodSecurityContext, SecurityContext
    from chores_infra.constructs.services import ExternalNameService, Service, ServicePort
    from chores_infra.constructs.statefulsets import (
        ClaimRetention,
        GoverningService,
        StatefulSet,
        StatefulSetUpdate,
    )
    from chores_infra.constructs.storage import ClaimTemplate, PersistentVolumeClaim, VolumeSnapshot
    from chores_infra.constructs.traefik import (
        TLS,
        Backend,
        IngressRoute,
        IngressRouteTCP,
        IngressRouteUDP,
        Middleware,
        PathPrefix,
        Route,
        ServersTransport,
        TLSOption,
        TraefikService,
        Weighted,
    )
    from chores_infra.constructs.volumes import ClaimVolume, ConfigMapVolume, EmptyDir, SecretVolume
    from chores_infra.constructs.workloads import Deployment, OnDelete, Recreate, RollingUpdate
    from chores_infra.environments import Environment
    from chores_infra.errors import ChoresInfraError, ConstructError, ManifestError
    from chores_infra.kubernetes_object import KubernetesObject
    from chores_infra.synthesis import Rendered, render
    from chores_infra.versions import Version

__all__ = [
    "TLS",
    "Acme",
    "Allow",
    "App",
    "AppConfiguration",
    "AppProject",
    "Application",
    "ApplicationSet",
    "ApplicationTemplate",
    "Automated",
    "Backend",
    "Certificate",
    "CertificateAuthority",
    "ChoresInfraError",
    "ClaimRetention",
    "ClaimTemplate",
    "ClaimVolume",
    "ClusterGenerator",
    "ClusterIssuer",
    "ClusterRole",
    "ClusterRoleBinding",
    "ClusterSecretStore",
    "Component",
    "ConfigMap",
    "ConfigMapVolume",
    "Construct",
    "ConstructError",
    "Container",
    "ContainerPort",
    "ContainerResourceMetric",
    "CronJob",
    "DaemonSet",
    "DaemonSetUpdate",
    "Database",
    "Deployment",
    "Destination",
    "Device",
    "Dns",
    "EmptyDir",
    "EnvFrom",
    "Environment",
    "ExecProbe",
    "ExitCodes",
    "ExternalMetric",
    "ExternalNameService",
    "ExternalSecret",
    "Extract",
    "FailureRule",
    "GRPCRoute",
    "Gateway",
    "GatewayClass",
    "GitDirectories",
    "GitDirectory",
    "GoverningService",
    "Grant",
    "GroupSubject",
    "GrpcProbe",
    "HTTPRoute",
    "HelmChart",
    "HelmDirectory",
    "HelmParameter",
    "HorizontalPodAutoscaler",
    "Http01Ingress",
    "HttpBackend",
    "HttpMatch",
    "HttpProbe",
    "HttpRule",
    "Image",
    "Ingress",
    "IngressClass",
    "IngressPath",
    "IngressRoute",
    "IngressRouteTCP",
    "IngressRouteUDP",
    "IngressTLS",
    "IpBlock",
    "Issuer",
    "Job",
    "KeyRef",
    "KubernetesAuth",
    "KubernetesObject",
    "LabelSelector",
    "ListGenerator",
    "Listener",
    "Manifest",
    "ManifestError",
    "Middleware",
    "Mount",
    "Namespace",
    "NetworkPolicy",
    "NonResourceRule",
    "ObjectMetric",
    "OnDelete",
    "PathPrefix",
    "PersistentVolumeClaim",
    "PluginDirectory",
    "PodCondition",
    "PodDisruptionBudget",
    "PodField",
    "PodSecurityContext",
    "Pods",
    "PodsMetric",
    "PolicyRule",
    "PrivateKey",
    "ProviderConfig",
    "Recreate",
    "Redirect",
    "ReferenceGrant",
    "Rendered",
    "Resource",
    "ResourceMetric",
    "Resources",
    "Retry",
    "Rewrite",
    "Role",
    "RoleBinding",
    "RollingUpdate",
    "Route",
    "ScalingPolicy",
    "ScalingRules",
    "Scope",
    "Secret",
    "SecretStore",
    "SecretVolume",
    "SecurityContext",
    "SelfSigned",
    "ServersTransport",
    "Service",
    "ServiceAccount",
    "ServicePort",
    "SourceHydrator",
    "StatefulSet",
    "StatefulSetUpdate",
    "SuccessRule",
    "SyncPolicy",
    "TLSOption",
    "Target",
    "TcpProbe",
    "Template",
    "TraefikService",
    "Tree",
    "User",
    "UserSubject",
    "Vault",
    "VaultKey",
    "Version",
    "VolumeSnapshot",
    "Weighted",
    "render",
    "sync_wave",
]

_MODULES = {
    "app": {"App", "AppConfiguration", "Target"},
    "construct": {"Component", "Construct", "Manifest", "Scope", "Tree"},
    "constructs.argocd": {
        "AppProject",
        "Application",
        "ApplicationSet",
        "ApplicationTemplate",
        "Automated",
        "ClusterGenerator",
        "Destination",
        "GitDirectories",
        "GitDirectory",
        "HelmChart",
        "HelmDirectory",
        "HelmParameter",
        "ListGenerator",
        "PluginDirectory",
        "Retry",
        "SourceHydrator",
        "SyncPolicy",
        "sync_wave",
    },
    "constructs.autoscaling": {
        "ContainerResourceMetric",
        "ExternalMetric",
        "HorizontalPodAutoscaler",
        "ObjectMetric",
        "PodsMetric",
        "ResourceMetric",
        "ScalingPolicy",
        "ScalingRules",
    },
    "constructs.cert_manager": {
        "Acme",
        "Certificate",
        "CertificateAuthority",
        "ClusterIssuer",
        "Http01Ingress",
        "Issuer",
        "PrivateKey",
        "SelfSigned",
    },
    "constructs.cluster": {"Namespace", "ServiceAccount"},
    "constructs.config": {"ConfigMap", "KeyRef", "Secret"},
    "constructs.containers": {"Container", "ContainerPort"},
    "constructs.crossplane": {"Database", "Grant", "ProviderConfig", "User"},
    "constructs.daemonsets": {"DaemonSet", "DaemonSetUpdate"},
    "constructs.disruption": {"PodDisruptionBudget"},
    "constructs.env": {"EnvFrom", "PodField"},
    "constructs.external_secrets": {
        "ClusterSecretStore",
        "ExternalSecret",
        "Extract",
        "KubernetesAuth",
        "SecretStore",
        "Template",
        "Vault",
        "VaultKey",
    },
    "constructs.gateway": {
        "GRPCRoute",
        "Gateway",
        "GatewayClass",
        "HTTPRoute",
        "HttpBackend",
        "HttpMatch",
        "HttpRule",
        "Listener",
        "Redirect",
        "ReferenceGrant",
        "Rewrite",
    },
    "constructs.images": {"Image"},
    "constructs.jobs": {"CronJob", "ExitCodes", "FailureRule", "Job", "PodCondition", "SuccessRule"},
    "constructs.mounts": {"Device", "Mount"},
    "constructs.networking": {
        "Allow",
        "Dns",
        "Ingress",
        "IngressClass",
        "IngressPath",
        "IngressTLS",
        "IpBlock",
        "NetworkPolicy",
        "Pods",
    },
    "constructs.probes": {"ExecProbe", "GrpcProbe", "HttpProbe", "TcpProbe"},
    "constructs.rbac": {
        "ClusterRole",
        "ClusterRoleBinding",
        "GroupSubject",
        "NonResourceRule",
        "PolicyRule",
        "Role",
        "RoleBinding",
        "UserSubject",
    },
    "constructs.resource": {"Resource"},
    "constructs.resources": {"Resources"},
    "constructs.scheduling": {"LabelSelector"},
    "constructs.security": {"PodSecurityContext", "SecurityContext"},
    "constructs.services": {"ExternalNameService", "Service", "ServicePort"},
    "constructs.statefulsets": {"ClaimRetention", "GoverningService", "StatefulSet", "StatefulSetUpdate"},
    "constructs.storage": {"ClaimTemplate", "PersistentVolumeClaim", "VolumeSnapshot"},
    "constructs.traefik": {
        "Backend",
        "IngressRoute",
        "IngressRouteTCP",
        "IngressRouteUDP",
        "Middleware",
        "PathPrefix",
        "Route",
        "ServersTransport",
        "TLS",
        "TLSOption",
        "TraefikService",
        "Weighted",
    },
    "constructs.volumes": {"ClaimVolume", "ConfigMapVolume", "EmptyDir", "SecretVolume"},
    "constructs.workloads": {"Deployment", "OnDelete", "Recreate", "RollingUpdate"},
    "environments": {"Environment"},
    "errors": {"ChoresInfraError", "ConstructError", "ManifestError"},
    "kubernetes_object": {"KubernetesObject"},
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
