"""Two objects with one identity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from chores_infra.checks.applications import ARGOCD
from chores_infra.checks.context import Context
from chores_infra.checks.finding import Severity
from chores_infra.checks.resources import Resource
from chores_infra.checks.rule import Hit, Rule

__all__ = ["DuplicateIdentity", "TwoOwners"]

_ARGOCD_KINDS: Final = ("Application", "ApplicationSet", "AppProject")
_NAME: Final = ("metadata", "name")


class DuplicateIdentity(Rule):
    """Kubernetes has one object of a kind, namespace and name.

    Where two manifests say what it is, the one that is applied last wins, and with each sync the other may:
    settings appear and vanish, and whoever wrote the loser never learns of it.
    """

    id = "duplicate-identity"
    title = "Two manifests are one object"
    severity = Severity.ERROR
    help = "rename one of them, with everything that refers to it, or remove it"
    bad = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: shop
data:
  LEVEL: info
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: shop
data:
  COLOR: blue
"""
    good = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: shop
data:
  LEVEL: info
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: colors
  namespace: shop
data:
  COLOR: blue
"""

    def check(self, context: Context) -> Iterator[Hit]:
        """Each of them gets a finding that names the others; a warning where only one of them is applied."""
        whole = context.repository.is_managed and context.repository.is_whole
        for claims in context.repository.by_identity.values():
            places = _places(claims)
            unread = {here for here, each in places.items() if whole and _is_unread(each)}
            for here, resource in places.items():
                others = [there for there in places if there != here]
                if not others:
                    continue
                message = f"{resource} is also made by {_listed(others)}"
                if here in unread:
                    message = f"{message}; no Application reads this one"
                    yield Hit(resource, message, _NAME, Severity.WARNING)
                elif unread.issuperset(others):
                    message = f"{message}, which no Application reads"
                    yield Hit(resource, message, _NAME, Severity.WARNING)
                else:
                    yield Hit(resource, f"{message}, and the last one applied wins", _NAME)


class TwoOwners(Rule):
    """An object that two Applications apply belongs to neither.

    Each marks it as its own with every sync, both are out of sync in turn, and when one of them is deleted or
    stops reading the file, its pruning deletes the object of the other.
    """

    id = "two-owners"
    title = "Two Applications apply one object"
    severity = Severity.ERROR
    help = "let one Application apply it: exclude the file in the other (directory.exclude), or move it"
    bad = """\
# file: apps/one.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: one, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://example.com/infrastructure, path: shop, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
# file: apps/two.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: two, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://example.com/infrastructure, path: shop, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
# file: shop/settings.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {LEVEL: info}
"""
    good = """\
# file: apps/one.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: one, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://example.com/infrastructure, path: shop, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
# file: shop/settings.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {LEVEL: info}
"""

    def check(self, context: Context) -> Iterator[Hit]:
        """One finding for each object, at its name."""
        for claims in context.repository.by_identity.values():
            owners = sorted({str(each.application) for each in claims if each.application is not None})
            if len(owners) > 1 and len(_places(claims)) == 1:
                yield Hit(
                    claims[0],
                    f"{claims[0]} is applied by the Applications {', '.join(owners)}",
                    ("metadata", "name"),
                )


def _is_unread(resource: Resource) -> bool:
    """Whether nobody applies it; Applications that none applies are where everything begins."""
    return resource.application is None and not resource.is_a(ARGOCD, *_ARGOCD_KINDS)


def _places(claims: Sequence[Resource]) -> dict[str, Resource]:
    """The manifests of an object by where they stand: the same one may be read by two Applications."""
    return {f"{each.file}:{each.position(('metadata', 'name')).line}": each for each in claims}


def _listed(places: Sequence[str]) -> str:
    shown = ", ".join(places[:3])
    return shown if len(places) <= 3 else f"{shown} and {len(places) - 3} more"
