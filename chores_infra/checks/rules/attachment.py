"""Routes that their Gateway does not take."""

from __future__ import annotations

from collections.abc import Iterator

from chores_infra.checks.context import Context
from chores_infra.checks.fields import items, mapping, text
from chores_infra.checks.finding import Severity
from chores_infra.checks.listeners import GATEWAY, ROUTES, Namespaces, refusals
from chores_infra.checks.repository import Identity
from chores_infra.checks.resources import Resource
from chores_infra.checks.rule import Hit, Rule

__all__ = ["RouteNotAttached"]


class RouteNotAttached(Rule):
    """A route that no listener of its Gateway takes.

    A listener takes the kinds of routes that fit its protocol, from the namespaces that it allows (its own,
    where it says nothing), for hosts that it serves. The API server accepts any route; one that does not fit
    has the condition `Accepted: False`, and gets no request.
    """

    id = "route-not-attached"
    title = "A Gateway does not take a route"
    severity = Severity.ERROR
    help = "correct sectionName, port or hostnames of the route, or let the listener allow it (allowedRoutes)"
    bad = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: main, namespace: edge}
spec:
  gatewayClassName: traefik
  listeners: [{name: web, port: 80, protocol: HTTP}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  parentRefs: [{name: main, namespace: edge}]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
"""
    good = bad.replace("protocol: HTTP}", "protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}")

    def check(self, context: Context) -> Iterator[Hit]:
        """At the parent of the route; a warning where labels that are not here may decide."""
        routes = list(context.repository.of_kind(GATEWAY, *ROUTES))
        namespaces = Namespaces(context.repository) if routes else None
        for route in routes:
            for number, parent in enumerate(items(route.at("spec", "parentRefs"))):
                if namespaces is not None and text(mapping(parent).get("kind", "Gateway")) == "Gateway":
                    yield from _refused(context, route, number, namespaces)


def _refused(context: Context, route: Resource, number: int, namespaces: Namespaces) -> Iterator[Hit]:
    parent = mapping(route.at("spec", "parentRefs", number))
    namespace = text(parent.get("namespace")) or route.namespace
    identity = Identity(route.cluster, GATEWAY, "Gateway", namespace, text(parent.get("name")))
    gateways = context.repository.by_identity.get(identity, ())
    found = [refusals(route, parent, gateway, namespaces) for gateway in gateways]
    if not found or not all(found):
        return
    reasons = found[0]
    field = reasons[0].field
    path = ("spec", "hostnames") if field == "hostnames" else ("spec", "parentRefs", number, field)
    severity = None if all(each.is_certain for each in reasons) else Severity.WARNING
    because = "; it ".join(dict.fromkeys(each.reason for each in reasons))
    yield Hit(route, f"{gateways[0]} {because}", path, severity=severity)
