"""The kinds that others refer to."""

from __future__ import annotations

from typing import Final

from chores_infra.checks.references.reference import Target

__all__ = [
    "CLUSTER_SCOPED",
    "CONFIG_MAP",
    "PERSISTENT_VOLUME_CLAIM",
    "SECRET",
    "SERVICE",
    "SERVICE_ACCOUNT",
    "WORKLOADS",
    "target_of",
]

CONFIG_MAP: Final = Target("ConfigMap")
SECRET: Final = Target("Secret")
SERVICE: Final = Target("Service")
SERVICE_ACCOUNT: Final = Target("ServiceAccount")
PERSISTENT_VOLUME_CLAIM: Final = Target("PersistentVolumeClaim")

_RBAC: Final = ("rbac.authorization.k8s.io",)
_TRAEFIK: Final = ("traefik.io", "traefik.containo.us")
_GATEWAY: Final = ("gateway.networking.k8s.io",)
_EXTERNAL_SECRETS: Final = ("external-secrets.io",)
_CERT_MANAGER: Final = ("cert-manager.io",)
_ARGO: Final = ("argoproj.io",)
_ISTIO: Final = ("networking.istio.io",)

_TARGETS: Final = {
    target.kind: target
    for target in (
        CONFIG_MAP,
        SECRET,
        SERVICE,
        SERVICE_ACCOUNT,
        PERSISTENT_VOLUME_CLAIM,
        Target("Namespace"),
        Target("PersistentVolume"),
        Target("Deployment", ("apps",)),
        Target("StatefulSet", ("apps",)),
        Target("DaemonSet", ("apps",)),
        Target("ReplicaSet", ("apps",)),
        Target("Job", ("batch",)),
        Target("CronJob", ("batch",)),
        Target("Ingress", ("networking.k8s.io",)),
        Target("IngressClass", ("networking.k8s.io",)),
        Target("PriorityClass", ("scheduling.k8s.io",)),
        Target("RuntimeClass", ("node.k8s.io",)),
        Target("StorageClass", ("storage.k8s.io",)),
        Target("Role", _RBAC),
        Target("ClusterRole", _RBAC),
        Target("Middleware", _TRAEFIK),
        Target("MiddlewareTCP", _TRAEFIK),
        Target("ServersTransport", _TRAEFIK),
        Target("ServersTransportTCP", _TRAEFIK),
        Target("TLSOption", _TRAEFIK),
        Target("TLSStore", _TRAEFIK),
        Target("TraefikService", _TRAEFIK),
        Target("GatewayClass", _GATEWAY),
        Target("Gateway", _GATEWAY),
        Target("HTTPRoute", _GATEWAY),
        Target("SecretStore", _EXTERNAL_SECRETS),
        Target("ClusterSecretStore", _EXTERNAL_SECRETS),
        Target("Issuer", _CERT_MANAGER),
        Target("ClusterIssuer", _CERT_MANAGER),
        Target("AppProject", _ARGO),
        Target("Rollout", _ARGO),
        Target("AnalysisTemplate", _ARGO),
        Target("ClusterAnalysisTemplate", _ARGO),
        Target("WorkflowTemplate", _ARGO),
        Target("ClusterWorkflowTemplate", _ARGO),
        Target("VirtualService", _ISTIO),
        Target("DestinationRule", _ISTIO),
    )
}

CLUSTER_SCOPED: Final = frozenset(
    {
        "ClusterAnalysisTemplate",
        "ClusterIssuer",
        "ClusterRole",
        "ClusterSecretStore",
        "ClusterWorkflowTemplate",
        "GatewayClass",
        "IngressClass",
        "Namespace",
        "PersistentVolume",
        "PriorityClass",
        "ProviderConfig",
        "RuntimeClass",
        "StorageClass",
    }
)
"""Targets that live in no namespace."""

WORKLOADS: Final = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Rollout")


def target_of(kind: str, group: str | None = None) -> Target:
    """The target with this kind; ``group`` is said where the reference says it."""
    known = _TARGETS.get(kind)
    if known is not None and (group is None or group in known.groups):
        return known
    return Target(kind, (group or "",))
