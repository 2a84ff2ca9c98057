"""Data that goes with a manifest: what pruning deletes, and cannot be brought back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from chores_infra.checks.context import Context
from chores_infra.checks.fields import items, text
from chores_infra.checks.finding import Severity
from chores_infra.checks.repository import Identity
from chores_infra.checks.resources import Resource
from chores_infra.checks.rule import Hit, Rule

__all__ = ["PrunedData"]

_OPTIONS: Final = "argocd.argoproj.io/sync-options"
_HELM_POLICY: Final = "helm.sh/resource-policy"
_KEPT: Final = frozenset({"Prune=false", "Prune=confirm"})
_DATABASES: Final = ("Database", "DatabaseInstance", "DBCluster", "DBInstance", "RDSInstance")
"""Kinds of Crossplane's providers that are deleted with their data."""


class PrunedData(Rule):
    """Data inside automated pruning.

    With `automated.prune` Argo CD deletes from the cluster what leaves the repository: a file that is renamed
    or excluded by mistake is enough. A workload comes back with the next commit. A claim whose volume is
    deleted with it, a database, or a namespace with all that is in it does not.
    """

    id = "pruned-data"
    title = "Automated pruning may delete data"
    severity = Severity.WARNING
    help = f"add the annotation {_OPTIONS}: Prune=false"
    bad = """\
# file: apps/shop.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://example.com/infrastructure, path: shop, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
  syncPolicy: {automated: {prune: true}}
# file: shop/data.yaml
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: shop}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
"""
    good = bad.replace(
        "metadata: {name: data, namespace: shop}\n",
        "metadata:\n  name: data\n  namespace: shop\n"
        "  annotations: {argocd.argoproj.io/sync-options: Prune=false}\n",
    )

    def check(self, context: Context) -> Iterator[Hit]:
        """A warning where data goes, an info where it cannot be told whether there is any."""
        for resource in context.repository.resources:
            application = resource.application
            if application is None or not application.prunes or _is_kept(resource):
                continue
            for lost in _LOST:
                found = lost(context, resource)
                if found is not None:
                    message, severity = found
                    shown = f"Application {application} prunes by itself, and {message}"
                    yield Hit(resource, shown, ("metadata", "name"), severity=severity)


def _is_kept(resource: Resource) -> bool:
    """Whether Argo CD leaves it, or asks first.

    https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#no-prune-resources
    """
    options = {each.strip() for each in text(resource.annotations.get(_OPTIONS)).split(",")}
    return bool(options & _KEPT) or resource.annotations.get(_HELM_POLICY) == "keep"


Loss = tuple[str, Severity | None]


def _claim(context: Context, resource: Resource) -> Loss | None:
    """A claim; its volume stays where the class, or the volume it is bound to, says so."""
    if not resource.is_a("", "PersistentVolumeClaim"):
        return None
    for kind, group, field, policy in (
        ("PersistentVolume", "", "volumeName", ("spec", "persistentVolumeReclaimPolicy")),
        ("StorageClass", "storage.k8s.io", "storageClassName", ("reclaimPolicy",)),
    ):
        identity = Identity(resource.cluster, group, kind, None, text(resource.at("spec", field)))
        found = context.repository.by_identity.get(identity, ())
        if any(each.at(*policy) == "Retain" for each in found):
            return None
        if kind == "PersistentVolume" and found:
            return None  # a volume that is made by hand is retained unless it says otherwise
    return "the volume of this claim is deleted with it unless its class retains volumes", None


def _stateful_set(_context: Context, resource: Resource) -> Loss | None:
    """The claims of a StatefulSet stay, unless it says that they go with it."""
    policy = resource.at("spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted")
    if resource.is_a("apps", "StatefulSet") and policy == "Delete":
        return "its claims are deleted with it (persistentVolumeClaimRetentionPolicy.whenDeleted)", None
    return None


def _database(_context: Context, resource: Resource) -> Loss | None:
    """A database that an operator runs, or that a provider makes elsewhere."""
    if resource.is_a("postgresql.cnpg.io", "Cluster"):
        return "the volumes of this database are deleted with it", None
    # A bucket with something in it is not deleted, unless that is forced.
    holds_data = resource.kind in _DATABASES or resource.at("spec", "forProvider", "forceDestroy") is True
    if holds_data and isinstance(resource.at("spec", "forProvider"), dict):
        policies = [text(each) for each in items(resource.at("spec", "managementPolicies"))]
        deletes = not policies or "*" in policies or "Delete" in policies
        if deletes and resource.at("spec", "deletionPolicy") != "Orphan":
            return "the provider deletes this with what is in it", None
    return None


def _namespace(context: Context, resource: Resource) -> Loss | None:
    """A namespace goes with everything that is in it."""
    if not resource.is_a("", "Namespace"):
        return None
    holds = (
        each
        for each in context.repository.resources
        if (each.cluster, each.namespace) == (resource.cluster, resource.name)
        and (each.kind == "PersistentVolumeClaim" or each.at("spec", "volumeClaimTemplates"))
    )
    first = next(holds, None)
    if first is None:
        return "everything in this namespace is deleted with it", Severity.INFO
    return f"everything in this namespace is deleted with it, the data of {first} too", None


_LOST: Final[tuple[Callable[[Context, Resource], Loss | None], ...]] = (
    _claim,
    _stateful_set,
    _database,
    _namespace,
)
