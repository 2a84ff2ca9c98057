"""How Argo CD delivers: what it leaves behind, what it never brings in sync, what it takes away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from chores_infra.checks.applications import ARGOCD
from chores_infra.checks.context import Context
from chores_infra.checks.fields import items, text
from chores_infra.checks.finding import Severity
from chores_infra.checks.resources import Resource
from chores_infra.checks.rule import Hit, Rule

__all__ = ["ExplicitDefault", "FinalizerMissing", "NamespaceOfTwo"]

_FINALIZER: Final = "resources-finalizer.argocd.argoproj.io"
_CNPG_ROLE: Final = ("bypassrls", "createdb", "createrole", "login", "replication", "superuser")


class FinalizerMissing(Rule):
    """An Application without the finalizer that deletes what it made.

    When such an Application is deleted, by hand or because it left the repository, everything that it applied
    stays in the cluster and runs on, and no Application shows it any more.
    """

    id = "finalizer-missing"
    title = "Deleting an Application leaves its objects behind"
    severity = Severity.WARNING
    help = f"add metadata.finalizers: [{_FINALIZER}], unless its objects are meant to stay"
    bad = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd}
spec:
  project: default
  source: {repoURL: https://charts.example.com, chart: shop, targetRevision: 1.4.2}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
"""
    good = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://charts.example.com, chart: shop, targetRevision: 1.4.2}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
"""

    def check(self, context: Context) -> Iterator[Hit]:
        """At the metadata; ApplicationSets add it themselves."""
        for resource in context.repository.of_kind(ARGOCD, "Application"):
            finalizers = [text(each) for each in items(resource.at("metadata", "finalizers"))]
            if not any(each.partition("/")[0] == _FINALIZER for each in finalizers):
                message = f"without the finalizer {_FINALIZER} its objects stay when it is deleted"
                yield Hit(resource, message, ("metadata", "finalizers"))


class ExplicitDefault(Rule):
    """A default that is written out, and that the controller removes.

    The controller writes the object again without the field, so Git and cluster differ for ever: the
    Application that applies it is never in sync, and with self-healing on it applies it again and again.
    """

    id = "explicit-default"
    title = "A default that is written out is never in sync"
    severity = Severity.WARNING
    help = "remove the field; without it the same holds"
    bad = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source:
    repoURL: https://example.com/infrastructure
    path: shop
    targetRevision: main
    directory: {recurse: false}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
"""
    good = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://charts.example.com, chart: shop, targetRevision: 1.4.2}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
"""

    _DROPPED: Final[dict[tuple[str, str], tuple[tuple[str, Any], ...]]] = {
        # Argo CD normalizes its Applications: a directory without any setting is removed.
        (ARGOCD, "Application"): (
            ("spec.source.directory.recurse", False),
            ("spec.sources[].directory.recurse", False),
        ),
        # The webhooks of these operators write objects again from their Go types, which omit what is empty.
        ("postgresql.cnpg.io", "Cluster"): tuple(
            (f"spec.managed.roles[].{field}", False) for field in _CNPG_ROLE
        ),
    }

    def check(self, context: Context) -> Iterator[Hit]:
        """At the field."""
        for kind, fields in self._DROPPED.items():
            for resource in context.repository.of_kind(*kind):
                for pattern, default in fields:
                    for path, value in resource.each(pattern):
                        if value is default:
                            shown = str(default).lower()
                            message = (
                                f"{path[-1]}: {shown} is the default, which the controller removes again"
                            )
                            yield Hit(resource, message, path)


class NamespaceOfTwo(Rule):
    """A Namespace that one Application declares and another creates.

    The Application that declares it owns it: when the manifest goes, or that Application is deleted, pruning
    deletes the namespace, and with it everything that the other Application runs there.
    """

    id = "namespace-of-two"
    title = "A Namespace is declared by one Application and created by another"
    severity = Severity.WARNING
    help = (
        "declare it in the Application that fills it (or use managedNamespaceMetadata there for its labels)"
    )
    bad = """\
# file: apps/mesh.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: mesh, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://example.com/infrastructure, path: mesh, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: mesh}
# file: apps/shop.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://charts.example.com, chart: shop, targetRevision: 1.4.2}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
  syncPolicy: {syncOptions: [CreateNamespace=true]}
# file: mesh/namespaces.yaml
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {mesh: enabled}}
"""
    good = """\
# file: apps/shop.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://charts.example.com, chart: shop, targetRevision: 1.4.2}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
  syncPolicy:
    syncOptions: [CreateNamespace=true]
    managedNamespaceMetadata: {labels: {mesh: enabled}}
"""

    def check(self, context: Context) -> Iterator[Hit]:
        """At the name of the Namespace."""
        creators: dict[tuple[str, str], set[str]] = defaultdict(set)
        for application in context.repository.applications:
            if application.creates_namespace and application.namespace:
                creators[application.cluster, application.namespace].add(application.name)
        for resource in context.repository.of_kind("", "Namespace"):
            others = creators.get((resource.cluster, resource.name), set()) - _owner(resource)
            if others and resource.application is not None:
                yield Hit(
                    resource,
                    f"Application {resource.application} declares it, and {_listed(others)} it",
                    ("metadata", "name"),
                )


def _owner(resource: Resource) -> set[str]:
    return set() if resource.application is None else {resource.application.name}


def _listed(names: set[str]) -> str:
    several = ", ".join(sorted(names))
    return f"Application {several} creates" if len(names) == 1 else f"Applications {several} create"
