"""Namespaces that objects name and nothing makes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Final

from chores_infra.checks.applications import Application
from chores_infra.checks.context import Context
from chores_infra.checks.finding import Severity
from chores_infra.checks.repository import Repository
from chores_infra.checks.resources import Resource
from chores_infra.checks.rule import Hit, Rule

__all__ = ["NamespaceMissing"]

_OF_EVERY_CLUSTER: Final = ("default", "kube-system", "kube-public", "kube-node-lease")


class NamespaceMissing(Rule):
    """A namespace that no manifest and no Application makes.

    The API server refuses an object of a namespace that does not exist, and the sync fails with it. Argo CD
    makes the namespace of the Application's destination, with `CreateNamespace=true`, and no other. The
    mistake may stand in the destination, too: the Application then makes a namespace that nothing is in.
    """

    id = "namespace-missing"
    title = "An object is in a namespace that nothing makes"
    severity = Severity.WARNING
    help = "correct the namespace, add a Namespace, or list it under externals (Namespace/name)"
    bad = """\
# file: apps/shop.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://example.com/infrastructure, path: shop, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
  syncPolicy: {syncOptions: [CreateNamespace=true]}
# file: shop/settings.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shpo}
data: {LEVEL: info}
"""
    good = bad.replace("namespace: shpo", "namespace: shop")

    def check(self, context: Context) -> Iterator[Hit]:
        """Only of what an Application applies: what nobody applies needs no namespace yet."""
        repository = context.repository
        if not repository.is_whole:
            return
        made = _made(repository)
        strays: dict[Application, list[Resource]] = defaultdict(list)
        for resource in repository.resources:
            if resource.application is not None and resource.known is not None and resource.namespace:
                place = (resource.cluster, resource.namespace)
                if place not in made and not _listed(resource.namespace, context.externals):
                    strays[resource.application].append(resource)
        homes = {(each.application, each.namespace) for each in repository.resources}
        for application, objects in strays.items():
            own, names = application.namespace, {each.namespace for each in objects}
            if own and (application, own) not in homes and len(names) == 1 and _alike(own, str(*names)):
                path = (*application.fields, "destination", "namespace")
                message = f"none of its objects is in {own}; they are in {', '.join(map(str, names))}"
                yield Hit(application.resource, message, path)
                continue
            filled = f"; Application {application} fills {own}" if own else ""
            for each in objects:
                message = f"nothing makes namespace {each.namespace}{filled}"
                yield Hit(each, message, ("metadata", "namespace"))


def _made(repository: Repository) -> set[tuple[str, str]]:
    """The namespaces that something makes, or that are there before, by cluster."""
    found = {(each.cluster, each.name) for each in repository.of_kind("", "Namespace")}
    for application in repository.applications:
        found.add((application.cluster, application.namespace or ""))
        found.add((application.resource.cluster, application.resource.namespace or ""))
    return found | {(cluster, name) for cluster in {each for each, _ in found} for name in _OF_EVERY_CLUSTER}


def _listed(namespace: str, externals: Sequence[str]) -> bool:
    return any(fnmatchcase(f"Namespace/{namespace}", pattern) for pattern in externals)


def _alike(one: str, other: str) -> bool:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, one, other).ratio() > 0.6
