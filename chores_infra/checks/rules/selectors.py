"""Selectors that find no pods, and ports that those pods do not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from chores_infra.checks.context import Context
from chores_infra.checks.fields import at, items, mapping
from chores_infra.checks.finding import Severity
from chores_infra.checks.pods import Pod
from chores_infra.checks.resources import Resource
from chores_infra.checks.rule import Hit, Rule
from chores_infra.checks.selection import selects
from chores_infra.rendering.field_path import FieldPath

__all__ = ["SelectsNothing", "TargetPortMissing"]


class SelectsNothing(Rule):
    """A selector that finds no pod.

    A Service without pods accepts no connection, a disruption budget protects nothing, and a policy of the
    network lets pass what it was meant to stop. Nothing reports it: all three are valid.
    """

    id = "selects-nothing"
    title = "A selector finds no pod"
    severity = Severity.ERROR
    help = "use labels of the pods (spec.template.metadata.labels of the workload, not metadata.labels)"
    bad = """\
# file: apps/shop.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://example.com/infrastructure, path: shop, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
# file: shop/shop.yaml
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: shop}
spec:
  selector: {app: shopp}
  ports: [{port: 80, targetPort: 8000}]
---
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop, labels: {app: shop}}
spec:
  containers: [{name: shop, image: registry.example.com/shop:1.4.2, ports: [{containerPort: 8000}]}]
"""
    good = bad.replace("shopp", "shop")

    _SELECTORS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
        ("policy", "PodDisruptionBudget"): ("spec", "selector"),
        ("networking.k8s.io", "NetworkPolicy"): ("spec", "podSelector"),
    }

    def check(self, context: Context) -> Iterator[Hit]:
        """An error where all pods of the namespace are known, else a warning."""
        for service in context.repository.of_kind("", "Service"):
            selector = mapping(service.at("spec", "selector"))
            if selector and service.at("spec", "type") != "ExternalName":
                yield from self._found(context, service, {"matchLabels": selector}, ("spec", "selector"))
        for kind, path in self._SELECTORS.items():
            for resource in context.repository.of_kind(*kind):
                selector = mapping(resource.at(*path))
                if selector.get("matchLabels") or selector.get("matchExpressions"):
                    yield from self._found(context, resource, selector, path)

    def _found(
        self, context: Context, resource: Resource, selector: Mapping[str, Any], path: FieldPath
    ) -> Iterator[Hit]:
        pods = context.pods.beside(resource)
        if any(selects(selector, pod.labels) for pod in pods):
            return
        reason = context.resolver.why_unknown(resource.cluster, resource.namespace)
        near = _near(selector, pods)
        if reason and not near and context.repository.is_managed:
            return  # what it selects is made elsewhere
        severity = Severity.WARNING if reason or resource.kind != "Service" else Severity.ERROR
        where = f"namespace {resource.namespace}" if resource.namespace else "the repository"
        because = f" ({reason})" if reason else ""
        yield Hit(resource, f"no pod of {where} has these labels{near}{because}", path, severity)


class TargetPortMissing(Rule):
    """A Service that sends to a port which its pods do not have.

    By name, the pod has no endpoint and the Service answers nothing. By number, a port need not be declared
    to be open; where the containers declare others, it is most likely one that nobody listens on.
    """

    id = "target-port-missing"
    title = "A Service sends to a port that its pods do not have"
    severity = Severity.ERROR
    help = "set targetPort to a containerPort of the pods, or to the name of one"
    bad = """\
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: shop}
spec:
  selector: {app: shop}
  ports: [{port: 80, targetPort: web}]
---
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop, labels: {app: shop}}
spec:
  containers:
  - name: shop
    image: registry.example.com/shop:1.4.2
    ports: [{name: http, containerPort: 8000}]
"""
    good = bad.replace("targetPort: web", "targetPort: http")

    def check(self, context: Context) -> Iterator[Hit]:
        """Only where all selected pods declare ports, and none of them this."""
        for service in context.repository.of_kind("", "Service"):
            pods = context.pods.of_service(service)
            declared = [{value for _, *port in pod.ports() for value in port[:2]} for pod in pods]
            if not declared or not all(declared):
                continue
            for number, port in enumerate(items(service.at("spec", "ports"))):
                target = at(port, "targetPort")
                wanted = at(port, "port") if target is None else target
                if isinstance(wanted, int | str) and not any(wanted in ports for ports in declared):
                    field = "port" if target is None else "targetPort"
                    known = ", ".join(sorted({str(each) for ports in declared for each in ports if each}))
                    severity = Severity.ERROR if isinstance(wanted, str) else Severity.WARNING
                    message = f"{pods[0].owner} declares no port {wanted}; it has {known}"
                    yield Hit(service, message, ("spec", "ports", number, field), severity)


def _near(selector: Mapping[str, Any], pods: Any) -> str:
    """The labels of the pods that come nearest: those with one of the keys."""
    wanted = mapping(selector.get("matchLabels"))
    for pod in pods:
        if isinstance(pod, Pod) and set(wanted) & set(pod.labels):
            shown = ", ".join(f"{key}: {pod.labels.get(key)}" for key in wanted if key in pod.labels)
            if any(_alike(str(pod.labels.get(key)), str(value)) for key, value in wanted.items()):
                return f"; {pod.owner} has {shown}"
    return ""


def _alike(one: str, other: str) -> bool:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, one, other).ratio() > 0.75
