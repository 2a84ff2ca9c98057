"""Which class the fields of a kind have, and its objects as a whole: a table, by group and kind.

``*.crossplane.io`` stands for the groups of every provider of Crossplane, ``*.gatekeeper.sh`` for those of
Gatekeeper, and the kind ``*`` for every kind of a group. All rows that fit speak,
but of kinds of Crossplane that have rows of their own only those. What is immutable, and
what is in a pod template, is not in the table: schemas and :mod:`pods` know it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

from chores_infra.diff.model import ChangeClass, Effect, What

__all__ = ["REFERENCES", "RULES", "STATEFUL", "Rule", "field_rules", "is_data_outside", "object_rules"]

REFERENCES: Final = frozenset(
    {
        *("configMapKeyRef", "configMapRef", "imagePullSecrets", "secretKeyRef", "secretName", "secretRef"),
        *("writeConnectionSecretToRef", "publishConnectionDetailsTo"),
    }
)
"""Fields of any kind that name a Secret or a ConfigMap, beside those that end in ``SecretRef``."""

STATEFUL: Final = frozenset(
    {
        ("", "Namespace"),
        ("", "PersistentVolume"),
        ("", "PersistentVolumeClaim"),
        ("apps", "StatefulSet"),
        ("apiextensions.k8s.io", "CustomResourceDefinition"),
        ("postgresql.cnpg.io", "Cluster"),
        ("mysql.sql.crossplane.io", "Database"),
        ("mysql.sql.m.crossplane.io", "Database"),
        ("postgresql.sql.crossplane.io", "Database"),
        ("postgresql.sql.m.crossplane.io", "Database"),
        ("mssql.sql.crossplane.io", "Database"),
        ("mssql.sql.m.crossplane.io", "Database"),
        ("snapshot.storage.k8s.io", "VolumeSnapshot"),
    }
)
"""Kinds whose objects hold data, or objects that do."""

_EDGES: Final = (What.ADDED, What.REMOVED)
_CROSSPLANE: Final = "*.crossplane.io"
_OF_CROSSPLANE: Final = ("pkg.", "apiextensions.", "ops.", "protection.", "meta.")
"""Groups of Crossplane itself, whose objects are in the cluster."""


class Rule(NamedTuple):
    """A row: what has this class, for this reason.

    - ``field``: fields below it have the class; None where the row is about objects alone.
    - ``when``: for which changes of a field; empty is any.
    - ``objects``: whether an object has it that is added or removed (both of :class:`What`).
    """

    field: tuple[str, ...] | None
    change_class: ChangeClass
    why: str
    when: tuple[What, ...] = ()
    objects: tuple[What, ...] = ()


def _rule(field: str, change_class: ChangeClass, why: str, *when: What, whole: bool = False) -> Rule:
    return Rule(tuple(filter(None, field.split("."))), change_class, why, when, _EDGES if whole else ())


def _object(change_class: ChangeClass, why: str) -> Rule:
    return Rule(None, change_class, why, objects=_EDGES)


def _removal(change_class: ChangeClass, why: str) -> Rule:
    return Rule(None, change_class, why, objects=(What.REMOVED,))


_C: Final = ChangeClass
_ROUTES: Final = (
    _rule("spec", _C.TRAFFIC, "it decides which requests go where", whole=True),
    _rule("metadata.annotations", _C.TRAFFIC, "controllers of routes read their annotations"),
    _rule("spec.tls", _C.ACCESS, "it decides whether a connection is encrypted, and by which certificate"),
)
_WORKLOAD: Final = (
    _removal(_C.TRAFFIC, "its pods end, and no others take their place"),
    _rule("spec.selector", _C.TRAFFIC, "it decides which pods belong to the workload"),
)
_ALLOWS: Final = "it decides who may do what"
_ADMISSION: Final = "it decides what the API server accepts"
_EXTERNAL_SECRET: Final = tuple(
    _rule(
        f"spec.{field}", _C.SECRET_CONTRACT, "it decides which keys the Secret has, and where they come from"
    )
    for prefix in ("", "externalSecretSpec.")
    for field in (f"{prefix}data", f"{prefix}dataFrom", f"{prefix}target", f"{prefix}secretStoreRef")
)
_VALUES: Final = (
    "pods read it as environment when they start, and nothing restarts them; mounted files follow"
)
_KEYS: Final = "whoever uses the key finds it, or does not"

RULES: Final[Mapping[tuple[str, str], tuple[Rule, ...]]] = {
    # Storage
    ("", "PersistentVolumeClaim"): (
        _rule("spec", _C.DATA, "it is about the volume that holds the data"),
        _removal(_C.DATA, "the volume is deleted with its claim, unless it is retained"),
    ),
    ("", "PersistentVolume"): (
        _rule("spec", _C.DATA, "it is about the volume that holds the data"),
        _removal(_C.DATA, "the volume is gone with it"),
    ),
    ("storage.k8s.io", "StorageClass"): (
        _rule("reclaimPolicy", _C.DATA, "it decides whether data is deleted with its claim"),
        _removal(_C.DATA, "claims that name the class get no volume"),
    ),
    ("snapshot.storage.k8s.io", "*"): (
        _rule("spec", _C.DATA, "it is about a copy of data"),
        _rule("deletionPolicy", _C.DATA, "it decides whether a copy is deleted"),
        _removal(_C.DATA, "the copy of the data is gone"),
    ),
    ("apps", "StatefulSet"): (
        *_WORKLOAD,
        _rule("spec.volumeClaimTemplates", _C.DATA, "it is about the volumes that hold the data"),
        _rule("spec.persistentVolumeClaimRetentionPolicy", _C.DATA, "it decides when volumes are deleted"),
        _removal(_C.DATA, "its pods hold data, and nothing runs on that"),
    ),
    ("", "Namespace"): (
        _rule("metadata.labels", _C.ACCESS, "policies select namespaces by their labels"),
        _removal(_C.DATA, "everything in the namespace is deleted"),
    ),
    ("apiextensions.k8s.io", "CustomResourceDefinition"): (
        _rule("spec.versions", _C.DATA, "it decides what objects of the kind may hold, and what is dropped"),
        _removal(_C.DATA, "every object of the kind is deleted"),
    ),
    ("postgresql.cnpg.io", "Cluster"): (
        _rule("spec", _C.RESTART, "the operator restarts instances for most changes"),
        *(
            _rule(f"spec.{field}", _C.DATA, "it is about the data of the database")
            for field in ("storage", "walStorage", "bootstrap", "backup", "imageName", "externalClusters")
        ),
        _removal(_C.DATA, "the database is deleted"),
    ),
    ("postgresql.cnpg.io", "*"): (_rule("spec", _C.DATA, "it is about the data of the database"),),
    ("velero.io", "*"): (_rule("spec", _C.DATA, "it decides what is kept as a backup"),),
    # What is outside of the cluster
    (_CROSSPLANE, "*"): (
        _rule("spec.forProvider", _C.DATA, "the external object is changed"),
        _rule("spec.deletionPolicy", _C.DATA, "it decides whether the external object is deleted"),
        _rule("spec.managementPolicies", _C.DATA, "it decides whether the external object is deleted"),
        _rule("spec.providerConfigRef", _C.DATA, "it is an object of another provider"),
    ),
    **{
        (_CROSSPLANE, kind): (_rule("spec", _C.ACCESS, _ALLOWS, whole=True),)
        for kind in (
            "User",
            "Grant",
            "Role",
            "Policy",
            "RolePolicyAttachment",
            "UserPolicyAttachment",
            "AccessKey",
        )
    },
    # Secrets and settings
    ("", "ConfigMap"): (
        *(_rule(field, _C.SECRET_CONTRACT, _KEYS, *_EDGES) for field in ("data", "binaryData")),
        *(_rule(field, _C.NONE, _VALUES, What.CHANGED) for field in ("data", "binaryData")),
        _object(_C.SECRET_CONTRACT, _KEYS),
    ),
    ("", "Secret"): (
        _rule("data", _C.SECRET_CONTRACT, _KEYS, *_EDGES),
        _rule("data", _C.NONE, _VALUES, What.CHANGED),
        _object(_C.SECRET_CONTRACT, _KEYS),
    ),
    ("bitnami.com", "SealedSecret"): (
        _rule("spec.encryptedData", _C.SECRET_CONTRACT, _KEYS, *_EDGES),
        _rule("spec.encryptedData", _C.NONE, _VALUES, What.CHANGED),
        _rule("spec.template", _C.SECRET_CONTRACT, "it decides what the Secret is"),
        _object(_C.SECRET_CONTRACT, _KEYS),
    ),
    **{
        ("external-secrets.io", kind): (
            *_EXTERNAL_SECRET,
            _object(_C.SECRET_CONTRACT, "the Secret is made by it, and deleted with it"),
        )
        for kind in ("ExternalSecret", "ClusterExternalSecret")
    },
    ("external-secrets.io", "PushSecret"): (
        _rule("spec", _C.SECRET_CONTRACT, "it decides what others find in the store", whole=True),
    ),
    **{
        ("external-secrets.io", kind): (
            _rule("spec", _C.SECRET_CONTRACT, "it decides where the values of Secrets come from", whole=True),
            _rule("spec", _C.ACCESS, "it decides as whom secrets are read", whole=True),
        )
        for kind in ("SecretStore", "ClusterSecretStore")
    },
    # Access
    ("rbac.authorization.k8s.io", "*"): (_rule("", _C.ACCESS, _ALLOWS, whole=True),),
    ("", "ServiceAccount"): (
        _rule("metadata.annotations", _C.ACCESS, "clouds read there which role it has"),
        _rule("automountServiceAccountToken", _C.ACCESS, "it decides whether pods have a token"),
        _rule("secrets", _C.ACCESS, "it decides which Secrets its pods may mount"),
        _object(_C.ACCESS, "pods run as it"),
    ),
    ("networking.k8s.io", "NetworkPolicy"): (
        _rule("spec", _C.ACCESS, "it decides who may talk to whom", whole=True),
    ),
    ("security.istio.io", "*"): (_rule("spec", _C.ACCESS, "it decides who may talk to whom", whole=True),),
    **{
        (group, "*"): (_rule("spec", _C.ACCESS, _ADMISSION, whole=True),)
        for group in ("kyverno.io", "policies.kyverno.io", "*.gatekeeper.sh")
    },
    ("admissionregistration.k8s.io", "*"): (_rule("", _C.ACCESS, _ADMISSION, whole=True),),
    # Traffic
    ("", "Service"): (
        _rule("spec", _C.TRAFFIC, "it decides which pods are reached, and how", whole=True),
        _rule("metadata.annotations", _C.TRAFFIC, "load balancers read the annotations of Services"),
        *(
            _rule(f"spec.{field}", _C.ACCESS, "it decides who reaches it from outside")
            for field in ("type", "externalIPs", "loadBalancerSourceRanges", "ports.nodePort")
        ),
    ),
    ("", "Endpoints"): (_rule("subsets", _C.TRAFFIC, "it decides what is reached", whole=True),),
    ("discovery.k8s.io", "EndpointSlice"): (_rule("", _C.TRAFFIC, "it decides what is reached", whole=True),),
    ("networking.k8s.io", "Ingress"): _ROUTES,
    ("networking.k8s.io", "IngressClass"): (
        _rule("", _C.TRAFFIC, "it decides who serves the Ingresses of the class", whole=True),
    ),
    ("gateway.networking.k8s.io", "*"): _ROUTES,
    ("gateway.networking.k8s.io", "ReferenceGrant"): (
        _rule("spec", _C.ACCESS, "it decides who may refer to what", whole=True),
    ),
    **{
        (group, "*"): (
            *_ROUTES,
            *(
                _rule(f"spec.{field}", _C.ACCESS, "it decides who gets in")
                for field in ("basicAuth", "digestAuth", "forwardAuth", "ipAllowList", "ipWhiteList")
            ),
            _rule("spec.routes.middlewares", _C.ACCESS, "a middleware can be what keeps others out"),
        )
        for group in ("traefik.io", "traefik.containo.us")
    },
    ("networking.istio.io", "*"): (
        _rule("spec", _C.TRAFFIC, "it decides which requests go where", whole=True),
    ),
    ("flagger.app", "*"): (_rule("spec", _C.TRAFFIC, "it decides how traffic is shifted", whole=True),),
    ("cert-manager.io", "*"): (
        _rule("spec", _C.TRAFFIC, "without a valid certificate nobody connects", whole=True),
        _rule("spec.secretName", _C.SECRET_CONTRACT, "it is the Secret that holds the certificate"),
    ),
    # Workloads
    **{("apps", kind): _WORKLOAD for kind in ("Deployment", "DaemonSet", "ReplicaSet")},
    ("", "Pod"): _WORKLOAD,
    ("argoproj.io", "Rollout"): (
        *_WORKLOAD,
        _rule("spec.strategy", _C.TRAFFIC, "it decides how traffic is shifted to new pods"),
        _rule("spec.restartAt", _C.RESTART, "pods that are older are restarted"),
    ),
    ("autoscaling", "*"): (_rule("spec", _C.NONE, "pods are added or removed, and none restarts"),),
    ("keda.sh", "*"): (_rule("spec", _C.NONE, "pods are added or removed, and none restarts"),),
    ("policy", "PodDisruptionBudget"): (_rule("spec", _C.NONE, "it counts only when nodes are drained"),),
    # Delivery
    ("argoproj.io", "Application"): (
        _rule("spec", _C.DELIVERY, "it decides what Argo CD applies, and how", whole=True),
        _rule("metadata.finalizers", _C.DELIVERY, "it decides what is deleted with the Application"),
        _rule("metadata.labels", _C.DELIVERY, "Argo CD selects Applications by their labels"),
        _rule(
            "spec.destination", _C.REPLACE, "its objects are made there, and those that are here stay or go"
        ),
        _rule("spec.project", _C.ACCESS, "the project decides what the Application may do"),
    ),
    ("argoproj.io", "ApplicationSet"): (
        _rule("spec", _C.DELIVERY, "it decides which Applications there are", whole=True),
        _rule(
            "spec.template.spec.destination", _C.REPLACE, "objects are made there, and those here stay or go"
        ),
    ),
    ("argoproj.io", "AppProject"): (
        _rule("spec", _C.DELIVERY, "it decides what its Applications may apply", whole=True),
        _rule("spec", _C.ACCESS, "it decides what its Applications may apply", whole=True),
    ),
    ("argoproj.io", "AnalysisTemplate"): (
        _rule("spec", _C.DELIVERY, "it decides whether a rollout goes on"),
    ),
    ("argocd-image-updater.argoproj.io", "*"): (
        _rule("spec", _C.DELIVERY, "it decides which images are deployed by themselves", whole=True),
    ),
    ("kustomize.config.k8s.io", "*"): (
        _rule("", _C.DELIVERY, "what is rendered from it is not known here", whole=True),
    ),
}
"""The rows, by group and kind."""


def field_rules(kind: tuple[str, str], path: tuple[str, ...], what: What) -> Iterator[Effect]:
    """What the table says of a change of one field."""
    for rule in _rows(kind):
        field = rule.field
        if field is not None and path[: len(field)] == field and (not rule.when or what in rule.when):
            yield Effect(rule.change_class, rule.why)


def object_rules(kind: tuple[str, str], what: What) -> Iterator[Effect]:
    """What the table says of an object that is added or removed."""
    return (Effect(rule.change_class, rule.why) for rule in _rows(kind) if what in rule.objects)


def is_data_outside(kind: tuple[str, str]) -> bool:
    """Whether objects of a kind stand for something outside of the cluster that may hold data."""
    return _is_outside(kind[0]) and (_CROSSPLANE, kind[1]) not in RULES


def _is_outside(group: str) -> bool:
    """Whether a group is of a provider of Crossplane."""
    return group.endswith((".crossplane.io", ".upbound.io")) and not group.startswith(_OF_CROSSPLANE)


@cache
def _rows(kind: tuple[str, str]) -> tuple[Rule, ...]:
    group, name = kind
    keys = [(group, name), (group, "*")]
    if _is_outside(group):
        # Who may use what is outside holds no data.
        keys.append((_CROSSPLANE, "*" if is_data_outside(kind) else name))
    elif group.endswith(".gatekeeper.sh"):
        keys.append(("*.gatekeeper.sh", "*"))
    return tuple(rule for key in keys for rule in RULES.get(key, ()))
