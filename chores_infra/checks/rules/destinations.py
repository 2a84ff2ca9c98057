"""Destinations of Applications that are not there when they are first synced."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from chores_infra.checks.applications import Application
from chores_infra.checks.context import Context
from chores_infra.checks.finding import Severity
from chores_infra.checks.repository import Repository
from chores_infra.checks.resources import Resource
from chores_infra.checks.rule import Hit, Rule
from chores_infra.rendering.field_path import FieldPath

__all__ = ["NamespaceNotCreated"]

_OF_EVERY_CLUSTER: Final = ("default", "kube-system", "kube-public", "kube-node-lease")


class NamespaceNotCreated(Rule):
    """A destination that nobody creates.

    Argo CD does not create the namespace of an Application unless it is told to (`CreateNamespace=true`) or a
    manifest does. On a new cluster the first sync then fails with `namespaces "shop" not found`. Where the
    namespace was made by hand nobody notices until the cluster is built again.
    """

    id = "namespace-not-created"
    title = "Nobody creates the namespace of an Application"
    severity = Severity.WARNING
    help = "add CreateNamespace=true to syncPolicy.syncOptions, or a Namespace, or list it under externals"
    bad = """\
# file: apps/shop.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://charts.example.com, chart: shop, targetRevision: 1.4.2}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
# file: apps/blog.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: blog, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://charts.example.com, chart: blog, targetRevision: 1.4.2}
  destination: {server: https://kubernetes.default.svc, namespace: blog}
  syncPolicy: {syncOptions: [CreateNamespace=true]}
"""
    good = bad.replace(
        "namespace: shop}\n", "namespace: shop}\n  syncPolicy: {syncOptions: [CreateNamespace=true]}\n"
    )

    def check(self, context: Context) -> Iterator[Hit]:
        """A warning where the repository creates other namespaces, else an info: somebody creates them."""
        repository = context.repository
        if not repository.is_whole:
            return
        made = set(_made(repository))
        severity = None if made else Severity.INFO
        there = made | {(each.resource.cluster, each.resource.namespace) for each in repository.applications}
        found: dict[tuple[Resource, FieldPath], dict[str, None]] = defaultdict(dict)
        for application, namespace in _filled(repository):
            known = (application.cluster, namespace) in there or namespace in _OF_EVERY_CLUSTER
            if not known and not any(
                fnmatchcase(f"Namespace/{namespace}", each) for each in context.externals
            ):
                field = (*application.fields, "destination", "namespace")
                found[application.resource, field][namespace] = None
        for (resource, field), names in found.items():
            several = ", ".join(sorted(names))
            message = f"no manifest makes namespace {several}, and CreateNamespace=true is not set"
            yield Hit(resource, message, field, severity=severity)


def _made(repository: Repository) -> Iterator[tuple[str, str | None]]:
    """The namespaces that manifests and Applications make, by cluster."""
    for namespace in repository.of_kind("", "Namespace"):
        yield namespace.cluster, namespace.name
    for application in repository.applications:
        if application.creates_namespace:
            yield application.cluster, application.namespace


def _filled(repository: Repository) -> Iterator[tuple[Application, str]]:
    """The Applications whose objects go to their namespace: known ones, or those of a chart."""
    filled = {(id(each.application), each.namespace) for each in repository.resources if each.application}
    for application in repository.applications:
        namespace = application.namespace
        own = application.applies_foreign or (id(application), namespace) in filled
        if namespace and "{{" not in namespace and own:
            yield application, namespace
