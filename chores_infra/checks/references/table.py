"""Fields that name other objects, as a table: most references differ only in where they stand.

A row's ``field`` is a pattern (see :func:`chores_infra.checks.fields.each`) that leads to the object which
refers, or to the name itself. Sources: the API references of the kinds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from chores_infra.checks.fields import at, each, text
from chores_infra.checks.references.reference import Part, Reference, Target
from chores_infra.checks.references.targets import CLUSTER_SCOPED, target_of
from chores_infra.checks.resources import Resource
from chores_infra.rendering.field_path import FieldPath

__all__ = ["POD_ROWS", "ROWS", "Row", "references_in"]


class Row(NamedTuple):
    """One field that refers.

    Args:
        field: leads to the referring object, or to the name where ``name`` is empty.
        kind: what is referred to, where ``kind_field`` does not say it.
        name: the field with the name, below ``field``.
        keys: patterns of the keys that are used, below ``field``.
        ports: patterns of the ports that are used, below ``field``.
        kind_field: the field that says the kind; ``group_field`` the API group, or an API version.
        kinds: the kinds of which ``kind_field`` may be; others are not followed.
    """

    field: str
    kind: str
    name: str = "name"
    keys: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    kind_field: str = ""
    group_field: str = ""
    kinds: tuple[str, ...] = ()


def references_in(
    resource: Resource, value: Any, rows: tuple[Row, ...], base: FieldPath = ()
) -> Iterator[Reference]:
    """The references that rows find in a part of a manifest; ``base`` is the part's path."""
    for row in rows:
        for path, found in each(value, row.field):
            reference = _reference(resource, row, found, (*base, *path))
            if reference is not None:
                yield reference


def _reference(resource: Resource, row: Row, found: Any, path: FieldPath) -> Reference | None:
    name = text(at(found, *row.name.split("."))) if row.name else text(found)
    target = _target(row, found)
    if not name or target is None:
        return None
    own = None if target.kind in CLUSTER_SCOPED else resource.namespace
    return Reference(
        resource,
        (*path, *row.name.split(".")) if row.name else path,
        target,
        name,
        own if target.kind in CLUSTER_SCOPED else text(at(found, "namespace")) or own,
        keys=tuple(_parts(row.keys, found, path)),
        ports=tuple(_parts(row.ports, found, path)),
        optional=at(found, "optional") is True,
    )


def _target(row: Row, found: Any) -> Target | None:
    kind = (text(at(found, row.kind_field)) if row.kind_field else "") or row.kind
    if row.kinds and kind not in row.kinds:
        return None
    group = at(found, row.group_field) if row.group_field else None
    if not isinstance(group, str):
        return target_of(kind)
    return target_of(kind, group.rpartition("/")[0] if row.group_field == "apiVersion" else group)


def _parts(patterns: tuple[str, ...], found: Any, path: FieldPath) -> Iterator[Part]:
    for pattern in patterns:
        for below, value in each(found, pattern):
            if isinstance(value, str | int) and not isinstance(value, bool):
                yield Part((*path, *below), value)


def _containers(*rows: Row) -> tuple[Row, ...]:
    """Rows below a container, for every kind of container."""
    return tuple(
        Row(f"{kind}[].{row.field}", row.kind, keys=row.keys)
        for kind in ("initContainers", "containers", "ephemeralContainers")
        for row in rows
    )


POD_ROWS: Final = (
    *_containers(
        Row("envFrom[].configMapRef", "ConfigMap"),
        Row("envFrom[].secretRef", "Secret"),
        Row("env[].valueFrom.configMapKeyRef", "ConfigMap", keys=("key",)),
        Row("env[].valueFrom.secretKeyRef", "Secret", keys=("key",)),
    ),
    Row("volumes[].configMap", "ConfigMap", keys=("items[].key",)),
    Row("volumes[].secret", "Secret", name="secretName", keys=("items[].key",)),
    Row("volumes[].projected.sources[].configMap", "ConfigMap", keys=("items[].key",)),
    Row("volumes[].projected.sources[].secret", "Secret", keys=("items[].key",)),
    Row("volumes[].persistentVolumeClaim", "PersistentVolumeClaim", name="claimName"),
    Row("volumes[].csi.nodePublishSecretRef", "Secret"),
    Row("imagePullSecrets[]", "Secret"),
    Row("serviceAccountName", "ServiceAccount", name=""),
    Row("priorityClassName", "PriorityClass", name=""),
    Row("runtimeClassName", "RuntimeClass", name=""),
)
"""Below the spec of a pod. https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/"""

_SERVICE_PORTS: Final = ("port.number", "port.name")
_BACKENDS: Final = ("Service", "TraefikService")
_STORES: Final = ("SecretStore", "ClusterSecretStore")
_SCALED: Final = ("Deployment", "StatefulSet", "ReplicaSet", "Rollout", "DaemonSet")

_TRAEFIK_ROUTE: Final = (
    Row("spec.routes[].services[]", "Service", ports=("port",), kind_field="kind", kinds=_BACKENDS),
    Row("spec.routes[].services[].serversTransport", "ServersTransport", name=""),
    Row("spec.routes[].middlewares[]", "Middleware"),
    Row("spec.tls.secretName", "Secret", name=""),
    Row("spec.tls.options", "TLSOption"),
    Row("spec.tls.store", "TLSStore"),
)

_GATEWAY_ROUTE: Final = (
    Row(
        "spec.rules[].backendRefs[]",
        "Service",
        ports=("port",),
        kind_field="kind",
        group_field="group",
    ),
    Row("spec.rules[].filters[].requestMirror.backendRef", "Service", ports=("port",), kind_field="kind"),
    Row("spec.rules[].backendRefs[].filters[].requestMirror.backendRef", "Service", ports=("port",)),
    Row("spec.parentRefs[]", "Gateway", kind_field="kind", kinds=("Gateway",), group_field="group"),
)

_ISSUER_ROW: Final = Row("spec.issuerRef", "Issuer", kind_field="kind", kinds=("Issuer", "ClusterIssuer"))
_ROLE_ROWS: Final = (
    Row("roleRef", "Role", kind_field="kind", kinds=("Role", "ClusterRole")),
    Row("subjects[]", "ServiceAccount", kind_field="kind", kinds=("ServiceAccount",)),
)
_ROLLOUT_SERVICES: Final = tuple(
    Row(f"spec.strategy.{field}", "Service", name="")
    for field in (
        "canary.stableService",
        "canary.canaryService",
        "canary.pingPong.pingService",
        "canary.pingPong.pongService",
        "blueGreen.activeService",
        "blueGreen.previewService",
    )
)
_ROLLOUT_ANALYSES: Final = tuple(
    Row(f"spec.strategy.{field}.templates[]", "AnalysisTemplate", name="templateName")
    for field in (
        "canary.analysis",
        "canary.steps[].analysis",
        "blueGreen.prePromotionAnalysis",
        "blueGreen.postPromotionAnalysis",
    )
)

_KEYED: Final = ("key",)

ROWS: Final[Mapping[tuple[str, str], tuple[Row, ...]]] = {
    ("", "ServiceAccount"): (Row("imagePullSecrets[]", "Secret"), Row("secrets[]", "Secret")),
    ("", "PersistentVolumeClaim"): (
        Row("spec.storageClassName", "StorageClass", name=""),
        Row("spec.volumeName", "PersistentVolume", name=""),
        Row("spec.dataSource", "PersistentVolumeClaim", kind_field="kind", kinds=("PersistentVolumeClaim",)),
    ),
    ("", "PersistentVolume"): (
        Row("spec.storageClassName", "StorageClass", name=""),
        Row("spec.claimRef", "PersistentVolumeClaim"),
    ),
    ("apps", "StatefulSet"): (
        Row("spec.serviceName", "Service", name=""),
        Row("spec.volumeClaimTemplates[].spec.storageClassName", "StorageClass", name=""),
    ),
    ("networking.k8s.io", "Ingress"): (
        Row("spec.defaultBackend.service", "Service", ports=_SERVICE_PORTS),
        Row("spec.rules[].http.paths[].backend.service", "Service", ports=_SERVICE_PORTS),
        Row("spec.tls[].secretName", "Secret", name=""),
        Row("spec.ingressClassName", "IngressClass", name=""),
    ),
    **{
        (group, kind): rows
        for group in ("traefik.io", "traefik.containo.us")
        for kind, rows in {
            "IngressRoute": _TRAEFIK_ROUTE,
            "IngressRouteTCP": (
                Row("spec.routes[].services[]", "Service", ports=("port",)),
                Row("spec.routes[].middlewares[]", "MiddlewareTCP"),
                *_TRAEFIK_ROUTE[3:],
            ),
            "IngressRouteUDP": (Row("spec.routes[].services[]", "Service", ports=("port",)),),
            "Middleware": (
                Row("spec.chain.middlewares[]", "Middleware"),
                Row("spec.basicAuth.secret", "Secret", name=""),
                Row("spec.digestAuth.secret", "Secret", name=""),
                Row("spec.forwardAuth.tls.caSecret", "Secret", name=""),
                Row("spec.forwardAuth.tls.certSecret", "Secret", name=""),
                Row("spec.errors.service", "Service", ports=("port",), kind_field="kind", kinds=_BACKENDS),
            ),
            "TraefikService": (
                Row(
                    "spec.weighted.services[]", "Service", ports=("port",), kind_field="kind", kinds=_BACKENDS
                ),
                Row("spec.mirroring", "Service", ports=("port",), kind_field="kind", kinds=_BACKENDS),
                Row(
                    "spec.mirroring.mirrors[]", "Service", ports=("port",), kind_field="kind", kinds=_BACKENDS
                ),
            ),
            "ServersTransport": (
                Row("spec.rootCAsSecrets[]", "Secret", name=""),
                Row("spec.certificatesSecrets[]", "Secret", name=""),
            ),
            "TLSOption": (Row("spec.clientAuth.secretNames[]", "Secret", name=""),),
            "TLSStore": (
                Row("spec.defaultCertificate.secretName", "Secret", name=""),
                Row("spec.certificates[].secretName", "Secret", name=""),
            ),
        }.items()
    },
    **{
        ("gateway.networking.k8s.io", kind): _GATEWAY_ROUTE
        for kind in ("HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute")
    },
    ("gateway.networking.k8s.io", "Gateway"): (
        Row("spec.gatewayClassName", "GatewayClass", name=""),
        Row(
            "spec.listeners[].tls.certificateRefs[]",
            "Secret",
            kind_field="kind",
            kinds=("Secret",),
        ),
    ),
    ("external-secrets.io", "ExternalSecret"): (
        Row("spec.secretStoreRef", "SecretStore", kind_field="kind", kinds=_STORES),
        Row("spec.data[].sourceRef.storeRef", "SecretStore", kind_field="kind", kinds=_STORES),
        Row("spec.dataFrom[].sourceRef.storeRef", "SecretStore", kind_field="kind", kinds=_STORES),
        Row("spec.target.template.templateFrom[].configMap", "ConfigMap", keys=("items[].key",)),
        Row("spec.target.template.templateFrom[].secret", "Secret", keys=("items[].key",)),
    ),
    ("external-secrets.io", "ClusterExternalSecret"): (
        Row(
            "spec.externalSecretSpec.secretStoreRef",
            "SecretStore",
            kind_field="kind",
            kinds=("ClusterSecretStore",),
        ),
    ),
    ("external-secrets.io", "PushSecret"): (
        Row("spec.secretStoreRefs[]", "SecretStore", kind_field="kind", kinds=_STORES),
        Row("spec.selector.secret", "Secret"),
    ),
    ("cert-manager.io", "Certificate"): (_ISSUER_ROW,),
    ("cert-manager.io", "CertificateRequest"): (_ISSUER_ROW,),
    ("cert-manager.io", "Issuer"): (Row("spec.ca.secretName", "Secret", name=""),),
    ("autoscaling", "HorizontalPodAutoscaler"): (
        Row("spec.scaleTargetRef", "Deployment", kind_field="kind", group_field="apiVersion"),
        Row(
            "spec.metrics[].object.describedObject",
            "Service",
            kind_field="kind",
            kinds=("Service", "Ingress"),
        ),
    ),
    ("autoscaling.k8s.io", "VerticalPodAutoscaler"): (
        Row("spec.targetRef", "Deployment", kind_field="kind", group_field="apiVersion"),
    ),
    ("keda.sh", "ScaledObject"): (
        Row("spec.scaleTargetRef", "Deployment", kind_field="kind", kinds=_SCALED),
    ),
    ("rbac.authorization.k8s.io", "RoleBinding"): _ROLE_ROWS,
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): _ROLE_ROWS,
    ("argoproj.io", "Application"): (Row("spec.project", "AppProject", name=""),),
    ("argoproj.io", "Rollout"): (
        *_ROLLOUT_SERVICES,
        *_ROLLOUT_ANALYSES,
        Row("spec.strategy.canary.trafficRouting.istio.virtualService", "VirtualService"),
        Row("spec.strategy.canary.trafficRouting.istio.virtualServices[]", "VirtualService"),
        Row("spec.strategy.canary.trafficRouting.istio.destinationRule", "DestinationRule"),
        Row("spec.strategy.canary.trafficRouting.nginx.stableIngress", "Ingress", name=""),
        Row("spec.strategy.canary.trafficRouting.nginx.stableIngresses[]", "Ingress", name=""),
        Row("spec.strategy.canary.trafficRouting.alb.ingress", "Ingress", name=""),
        Row(
            "spec.strategy.canary.trafficRouting.traefik.weightedTraefikServiceName",
            "TraefikService",
            name="",
        ),
        Row("spec.workloadRef", "Deployment", kind_field="kind", group_field="apiVersion"),
    ),
    ("argoproj.io", "CronWorkflow"): (
        Row("spec.workflowSpec.workflowTemplateRef", "WorkflowTemplate"),
        Row("spec.workflowSpec.serviceAccountName", "ServiceAccount", name=""),
    ),
    ("argoproj.io", "Workflow"): (
        Row("spec.workflowTemplateRef", "WorkflowTemplate"),
        Row("spec.serviceAccountName", "ServiceAccount", name=""),
    ),
    ("argoproj.io", "WorkflowTemplate"): (Row("spec.serviceAccountName", "ServiceAccount", name=""),),
    **{
        ("admissionregistration.k8s.io", kind): (
            Row("webhooks[].clientConfig.service", "Service", ports=("port",)),
        )
        for kind in ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")
    },
    ("apiregistration.k8s.io", "APIService"): (Row("spec.service", "Service", ports=("port",)),),
}
"""By group and kind; versions of one kind name things alike, and what a version lacks is not found."""
