"""Rollouts whose traffic does not go where they steer it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import Final

from chores_infra.checks.context import Context
from chores_infra.checks.fields import at, items, text
from chores_infra.checks.finding import Severity
from chores_infra.checks.pods import pods_of
from chores_infra.checks.references import references_of
from chores_infra.checks.resources import Resource
from chores_infra.checks.rule import Hit, Rule
from chores_infra.rendering.field_path import FieldPath

__all__ = ["CanaryBypassed"]

_STEERS: Final = ("spec", "strategy", "canary", "trafficRouting")
_ROUTES: Final = frozenset({"Ingress", "IngressRoute", "HTTPRoute", "GRPCRoute", "VirtualService"})


class CanaryBypassed(Rule):
    """A canary whose weights have no effect on the traffic from outside.

    The Rollout shifts weights on one route, and users come in by another that sends straight to a Service of
    all pods. The canary then gets its share by the number of its pods, whatever the steps say.
    """

    id = "canary-bypassed"
    title = "Traffic from outside does not pass what the Rollout steers"
    severity = Severity.WARNING
    help = "let the outer route be the one that the Rollout steers, or send it there"
    bad = """\
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop, namespace: shop}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers: [{name: shop, image: registry.example.com/shop:1.4.2, ports: [{containerPort: 8000}]}]
  strategy:
    canary:
      stableService: shop-stable
      canaryService: shop-canary
      trafficRouting: {nginx: {stableIngress: inside}}
      steps: [{setWeight: 20}]
---
apiVersion: v1
kind: Service
metadata: {name: shop-stable, namespace: shop}
spec: {selector: {app: shop}, ports: [{port: 80, targetPort: 8000}]}
---
apiVersion: v1
kind: Service
metadata: {name: shop-canary, namespace: shop}
spec: {selector: {app: shop}, ports: [{port: 80, targetPort: 8000}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: inside, namespace: shop}
spec:
  rules:
  - host: shop.internal
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: shop-stable, port: {number: 80}}}}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: outside, namespace: shop}
spec:
  rules:
  - host: shop.example.com
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: shop-stable, port: {number: 80}}}}]
"""
    good = bad[: bad.rindex("---\n")]

    def check(self, context: Context) -> Iterator[Hit]:
        """At what the Rollout steers, one for all outer routes that go by it."""
        routes = [
            reference
            for reference, _ in context.resolver.references
            if reference.source.kind in _ROUTES and reference.target.kind == "Service"
        ]
        for rollout in context.repository.of_kind("argoproj.io", "Rollout"):
            if rollout.at(*_STEERS) is None:
                continue
            steered = dict(_steered(rollout))
            services = _services(context, rollout)
            to_pods = [each.source for each in routes if (each.namespace, each.name) in services]
            outer = sorted({str(route) for route in to_pods} - set(steered))
            if outer:
                others = f"and not {', '.join(sorted(steered))}, which the Rollout steers" if steered else ""
                message = f"its pods get requests from {', '.join(outer)} {others}".rstrip()
                blamed = next(iter(steered.values()), _STEERS)
                yield Hit(rollout, message, _STEERS, at=blamed)


def _steered(rollout: Resource) -> Iterator[tuple[str, FieldPath]]:
    """The routes whose weights the Rollout shifts, and the fields that hold them."""
    for reference in references_of(rollout):
        if reference.path[: len(_STEERS)] == _STEERS and reference.target.kind != "Service":
            field = tuple(takewhile(lambda step: isinstance(step, str), reference.path))
            yield str(reference), field[:-1] if field == reference.path else field
    for path, plugin in rollout.each("spec.strategy.canary.trafficRouting.plugins.*"):
        namespace = text(at(plugin, "namespace")) or rollout.namespace
        named = [plugin, *items(at(plugin, "httpRoutes"))]
        for route in named:
            if name := text(at(route, "httpRoute")) or text(at(route, "name")):
                yield f"HTTPRoute/{namespace}/{name}", path


def _services(context: Context, rollout: Resource) -> set[tuple[str | None, str]]:
    """The Services that find pods of the Rollout."""
    own = {id(pod.template) for pod in pods_of(rollout)}
    return {
        (service.namespace, service.name)
        for service in context.repository.of_kind("", "Service")
        if any(id(pod.template) in own for pod in context.pods.of_service(service))
    }
