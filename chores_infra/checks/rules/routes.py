"""Hosts and paths that several routes claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from chores_infra.checks.context import Context
from chores_infra.checks.finding import Severity
from chores_infra.checks.routes import Claim, claims_of
from chores_infra.checks.rule import Hit, Rule

__all__ = ["RouteClaimedTwice"]


class RouteClaimedTwice(Rule):
    """One host and path, claimed by two routes.

    The controller sends its requests to one of them (the older, or the one whose name comes first), and the
    other never gets any. Which of them that is can change when one is made anew.
    """

    id = "route-claimed-twice"
    title = "Two routes claim one host and path"
    severity = Severity.ERROR
    help = "give one of them another host or path, or join them in one route"
    bad = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec:
  ingressClassName: nginx
  rules:
  - host: shop.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: blog, namespace: blog}
spec:
  ingressClassName: nginx
  rules:
  - host: shop.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: blog, port: {number: 80}}}}]}
"""
    good = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec:
  ingressClassName: nginx
  rules:
  - host: shop.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: blog, namespace: blog}
spec:
  ingressClassName: nginx
  rules:
  - host: blog.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: blog, port: {number: 80}}}}]}
"""

    def check(self, context: Context) -> Iterator[Hit]:
        """Each of the routes gets a finding."""
        claims: dict[object, list[Claim]] = defaultdict(list)
        for resource in context.repository.resources:
            for claim in claims_of(resource):
                claims[claim.key].append(claim)
        for several in claims.values():
            for claim in several:
                others = {_where(other) for other in several if _where(other) != _where(claim)}
                if others:
                    listed = ", ".join(sorted(others))
                    yield Hit(claim.resource, f"{claim} is also claimed by {listed}", claim.field)


def _where(claim: Claim) -> str:
    line = claim.resource.position(claim.field).line
    return f"{claim.resource} ({claim.resource.file}:{line})"
