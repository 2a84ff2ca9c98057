"""Namespaces that objects name and nothing makes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final

from chores_infra.checks.applications import Application
from chores_infra.checks.context import Context
from chores_infra.checks.finding import Severity
from chores_infra.checks.repository import Repository
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
        inside: dict[Application, set[str]] = defaultdict(set)
        for resource in repository.resources:
            if resource.application is not None and resource.known is not None and resource.namespace:
                inside[resource.application].add(resource.namespace)
        slips = [each for each in repository.applications if _is_slip(each, inside, made)]
        for application in slips:
            own, *others = application.namespace, *inside[application]
            path = (*application.fields, "destination", "namespace")
            message = f"none of its objects is in {own}; they are in {', '.join(others)}"
            yield Hit(application.resource, message, path)
        for resource in repository.resources:
            namespace, by = resource.declared_namespace, resource.application
            if (
                not namespace
                or by is None
                or by in slips
                or resource.known is None
                or not resource.namespaced
            ):
                continue
            if not made[resource.cluster, namespace] and not _listed(namespace, context.externals):
                filled = f"; Application {by} fills {by.namespace}" if by.namespace else ""
                message = f"nothing makes namespace {namespace}{filled}"
                yield Hit(resource, message, ("metadata", "namespace"))


def _made(repository: Repository) -> Counter[tuple[str, str]]:
    """How many make a namespace, or take it for one that is there, by cluster."""
    found = Counter((each.cluster, each.name) for each in repository.of_kind("", "Namespace"))
    for application in repository.applications:
        found[application.cluster, application.namespace or ""] += 1
        found[application.resource.cluster, application.resource.namespace or ""] += 1
    for cluster in {each for each, _ in found}:
        found.update((cluster, name) for name in _OF_EVERY_CLUSTER)
    return found


def _is_slip(
    application: Application, inside: Mapping[Application, set[str]], made: Mapping[tuple[str, str], int]
) -> bool:
    """Whether an Application alone names its namespace, and all its objects are in another much like it."""
    from difflib import SequenceMatcher

    own, namespaces = application.namespace, inside.get(application, set())
    if own is None or len(namespaces) != 1 or own in namespaces or made[application.cluster, own] > 1:
        return False
    (namespace,) = namespaces
    return SequenceMatcher(None, own, namespace).ratio() > 0.7


def _listed(namespace: str, externals: Sequence[str]) -> bool:
    return any(fnmatchcase(f"Namespace/{namespace}", pattern) for pattern in externals)
