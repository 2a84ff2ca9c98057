"""How the lists of a manifest are compared: by keys, as sets, or in their order.

First what the schema of the kind says (``x-kubernetes-list-type``, the merge keys of the API), then
:data:`TABLE` for lists of which schemas say nothing, then the names of items where all have different ones,
and at last their content.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from chores_infra.kinds.shape import Shape

__all__ = ["TABLE", "ListRule", "rule_of"]


class ListRule(NamedTuple):
    """How a list is compared.

    - ``keys``: fields of an item that together say which one it is; ``a.b`` is a field inside of another.
    - ``is_set``: the items are scalars, and say themselves which they are.
    - ``ordered``: it means something which item comes first.
    """

    keys: tuple[str, ...] = ()
    is_set: bool = False
    ordered: bool = False


_SET: Final = ListRule(is_set=True)
_CONTENT: Final = ListRule()
_SEQUENCE: Final = ListRule(ordered=True)


def _by(*keys: str, ordered: bool = False) -> ListRule:
    return ListRule(keys, ordered=ordered)


_POD: Final[Mapping[str, ListRule]] = {
    # The names of a pod are unique, whatever the schema of the kind around it says.
    "containers": _by("name"),
    "initContainers": _by("name", ordered=True),
    "volumes": _by("name"),
    "imagePullSecrets": _by("name"),
    "containers.env": _by("name"),
    "initContainers.env": _by("name"),
    # Of two sources with one key the later wins.
    "containers.envFrom": _by("configMapRef.name", "secretRef.name", "prefix", ordered=True),
    "initContainers.envFrom": _by("configMapRef.name", "secretRef.name", "prefix", ordered=True),
    "tolerations": _by("key", "operator", "value", "effect"),
    "volumes.secret.items": _by("key"),
    "volumes.configMap.items": _by("key"),
}
_APPLICATION_SOURCE: Final[Mapping[str, ListRule]] = {
    "helm.parameters": _by("name"),
    "helm.fileParameters": _by("name"),
    "helm.valueFiles": _SEQUENCE,
    "plugin.env": _by("name"),
    "plugin.parameters": _by("name"),
    "kustomize.images": _SET,
    "kustomize.replicas": _by("name"),
}
_APPLICATION: Final[Mapping[str, ListRule]] = {
    **{f"source.{field}": rule for field, rule in _APPLICATION_SOURCE.items()},
    **{f"sources.{field}": rule for field, rule in _APPLICATION_SOURCE.items()},
    # Where two sources render one object, the last one counts.
    "sources": _by("repoURL", "chart", "path", "ref", ordered=True),
    "ignoreDifferences": _by("group", "kind", "namespace", "name"),
    "info": _by("name"),
    "syncPolicy.syncOptions": _SET,
}
_TRAEFIK_HTTP: Final[Mapping[str, ListRule]] = {
    # Traefik tries routes by priority, or by the length of their rules: not in their order.
    "spec.routes": _by("match"),
    "spec.routes.services": _by("kind", "namespace", "name", "port"),
    "spec.routes.middlewares": _by("namespace", "name", ordered=True),
    "spec.tls.domains": _by("main"),
    "spec.entryPoints": _SET,
}
_ROUTE: Final[Mapping[str, ListRule]] = {
    "spec.parentRefs": _by("group", "kind", "namespace", "name", "sectionName", "port"),
    "spec.hostnames": _SET,
    # Of equally specific matches the first one wins.
    "spec.rules": _SEQUENCE,
    "spec.rules.matches": _CONTENT,
    "spec.rules.filters": _SEQUENCE,
    "spec.rules.backendRefs": _by("group", "kind", "namespace", "name", "port"),
}
_RBAC_RULES: Final[Mapping[str, ListRule]] = {
    "rules": _CONTENT,
    **{f"rules.{field}": _SET for field in ("apiGroups", "resources", "resourceNames", "verbs")},
    "rules.nonResourceURLs": _SET,
}
_SUBJECTS: Final[Mapping[str, ListRule]] = {"subjects": _by("kind", "namespace", "name")}
_EXTERNAL_SECRET: Final[Mapping[str, ListRule]] = {
    "data": _by("secretKey"),
    # What a later source gives replaces what an earlier one gave.
    "dataFrom": _SEQUENCE,
    "target.template.templateFrom": _SEQUENCE,
}


def _below(prefix: str, rules: Mapping[str, ListRule]) -> dict[str, ListRule]:
    return {f"{prefix}.{field}": rule for field, rule in rules.items()}


TABLE: Final[Mapping[tuple[str, str], Mapping[str, ListRule]]] = {
    ("external-secrets.io", "ExternalSecret"): _below("spec", _EXTERNAL_SECRET),
    ("external-secrets.io", "ClusterExternalSecret"): {
        **_below("spec.externalSecretSpec", _EXTERNAL_SECRET),
        "spec.namespaces": _SET,
    },
    ("external-secrets.io", "PushSecret"): {
        "spec.data": _by("match.secretKey", "match.remoteRef.remoteKey", "match.remoteRef.property"),
        "spec.secretStoreRefs": _by("kind", "name"),
    },
    **{
        (group, kind): _TRAEFIK_HTTP
        for group in ("traefik.io", "traefik.containo.us")
        for kind in ("IngressRoute", "IngressRouteTCP")
    },
    **{
        (group, "IngressRouteUDP"): {"spec.routes": _CONTENT, "spec.routes.services": _by("name", "port")}
        for group in ("traefik.io", "traefik.containo.us")
    },
    **{
        (group, "Middleware"): {
            "spec.chain.middlewares": _by("namespace", "name", ordered=True),
            **{f"spec.{field}": _SET for field in ("ipAllowList.sourceRange", "ipWhiteList.sourceRange")},
        }
        for group in ("traefik.io", "traefik.containo.us")
    },
    **{
        (group, "TraefikService"): {
            "spec.weighted.services": _by("kind", "namespace", "name", "port"),
            "spec.mirroring.mirrors": _by("kind", "namespace", "name", "port"),
        }
        for group in ("traefik.io", "traefik.containo.us")
    },
    ("argoproj.io", "Application"): _below("spec", _APPLICATION),
    ("argoproj.io", "ApplicationSet"): {
        **_below("spec.template.spec", _APPLICATION),
        "spec.generators": _CONTENT,
        "spec.generators.list.elements": _CONTENT,
        "spec.generators.git.directories": _by("path", "exclude"),
        "spec.generators.git.files": _by("path"),
        "spec.generators.matrix.generators": _SEQUENCE,
        "spec.generators.merge.generators": _SEQUENCE,
        "spec.goTemplateOptions": _SET,
    },
    ("argoproj.io", "AppProject"): {
        "spec.destinations": _by("server", "name", "namespace"),
        "spec.sourceRepos": _SET,
        "spec.sourceNamespaces": _SET,
        "spec.roles": _by("name"),
        "spec.roles.policies": _SET,
        "spec.roles.groups": _SET,
        **{
            f"spec.{scope}Resource{color}list": _by("group", "kind", "name")
            for scope in ("cluster", "namespace")
            for color in ("White", "Black")
        },
    },
    ("argoproj.io", "Rollout"): {"spec.strategy.canary.steps": _SEQUENCE},
    ("networking.k8s.io", "Ingress"): {
        # The longest path wins, and the exact host: not the first one.
        "spec.rules": _by("host"),
        "spec.rules.http.paths": _by("path", "pathType"),
        "spec.tls": _by("secretName"),
        "spec.tls.hosts": _SET,
    },
    ("networking.k8s.io", "NetworkPolicy"): {
        # Rules are a union: what one of them allows is allowed.
        **{f"spec.{way}": _CONTENT for way in ("ingress", "egress", "ingress.from", "egress.to")},
        "spec.ingress.ports": _by("port", "protocol", "endPort"),
        "spec.egress.ports": _by("port", "protocol", "endPort"),
        "spec.policyTypes": _SET,
    },
    **{
        ("gateway.networking.k8s.io", kind): _ROUTE
        for kind in ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute")
    },
    **{("rbac.authorization.k8s.io", kind): _RBAC_RULES for kind in ("Role", "ClusterRole")},
    **{("rbac.authorization.k8s.io", kind): _SUBJECTS for kind in ("RoleBinding", "ClusterRoleBinding")},
    ("", "ServiceAccount"): {"imagePullSecrets": _by("name"), "secrets": _by("name")},
    ("", "Service"): {
        "spec.externalIPs": _SET,
        "spec.loadBalancerSourceRanges": _SET,
    },
    ("", "PersistentVolumeClaim"): {"spec.accessModes": _SET},
    ("", "PersistentVolume"): {"spec.accessModes": _SET},
    ("apps", "StatefulSet"): {"spec.volumeClaimTemplates": _by("metadata.name")},
    ("autoscaling", "HorizontalPodAutoscaler"): {
        "spec.metrics": _by("type", "resource.name", "containerResource.name", "external.metric.name")
    },
    ("networking.istio.io", "VirtualService"): {
        # The first match wins.
        **{f"spec.{protocol}": _SEQUENCE for protocol in ("http", "tls", "tcp")},
        "spec.hosts": _SET,
        "spec.gateways": _SET,
    },
    ("networking.istio.io", "DestinationRule"): {"spec.subsets": _by("name")},
    ("security.istio.io", "AuthorizationPolicy"): {"spec.rules": _CONTENT},
    ("monitoring.coreos.com", "PrometheusRule"): {"spec.groups.rules": _SEQUENCE},
    ("monitoring.coreos.com", "ServiceMonitor"): {"spec.endpoints": _by("port", "path")},
    ("mysql.sql.crossplane.io", "Grant"): {"spec.forProvider.privileges": _SET},
    ("mysql.sql.m.crossplane.io", "Grant"): {"spec.forProvider.privileges": _SET},
    ("postgresql.sql.crossplane.io", "Grant"): {"spec.forProvider.privileges": _SET},
    ("postgresql.sql.m.crossplane.io", "Grant"): {"spec.forProvider.privileges": _SET},
    ("cert-manager.io", "Certificate"): {"spec.dnsNames": _SET, "spec.usages": _SET},
    ("kustomize.config.k8s.io", "Kustomization"): {
        "images": _by("name"),
        "configMapGenerator": _by("namespace", "name"),
        "secretGenerator": _by("namespace", "name"),
    },
}
"""Lists that their schemas call atomic, or say nothing of; by group, kind and field."""

_EVERYWHERE: Final[Mapping[str, ListRule]] = {
    "metadata.finalizers": _SET,
    "metadata.ownerReferences": _by("uid"),
}

_POD_PATHS: Final = (
    "spec.template.spec",
    "spec.jobTemplate.spec.template.spec",
    "spec",
)


@cache
def _pod_rules() -> Mapping[str, ListRule]:
    return {f"{prefix}.{field}": rule for prefix in _POD_PATHS for field, rule in _POD.items()}


_PODS: Final = frozenset(
    {
        ("", "Pod"),
        ("batch", "CronJob"),
        ("batch", "Job"),
        ("argoproj.io", "Rollout"),
        *(("apps", kind) for kind in ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")),
    }
)


def rule_of(kind: tuple[str, str], path: tuple[str, ...], shape: Shape | None) -> ListRule | None:
    """How a list is compared; None where nothing is known of it.

    Args:
        kind: the group and the kind of the object.
        path: the list's fields, without items.
        shape: what its schema says, if there is one.
    """
    field = ".".join(path)
    rule = TABLE.get(kind, {}).get(field) or _EVERYWHERE.get(field)
    if rule is None and kind in _PODS:
        rule = _pod_rules().get(field)
    merge: Literal["map", "set"] | None = shape.list_kind if shape is not None else None
    if merge == "map" and shape is not None:
        return ListRule(shape.list_keys, ordered=rule is not None and rule.ordered)
    if rule is None and merge == "set":
        return _SET
    return rule


def keys_of(item: Any, keys: tuple[str, ...], shape: Shape | None) -> tuple[tuple[str, Any], ...] | None:
    """The keys that an item has, with the defaults of the API server; None where it has none of them."""
    if not isinstance(item, dict):
        return None
    found = []
    for key in keys:
        value: Any = item
        for part in key.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if value is None and shape is not None:
            value = shape.default(key)
        if isinstance(value, dict | list):
            return None
        if value is not None:
            found.append((key, value))
    return tuple(found) or None
