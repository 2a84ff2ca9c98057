"""References of the Gateway API into other namespaces, which those have to allow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from chores_infra.checks.context import Context
from chores_infra.checks.fields import at, items, text
from chores_infra.checks.finding import Severity
from chores_infra.checks.resources import Resource
from chores_infra.checks.rule import Hit, Rule
from chores_infra.rendering.field_path import FieldPath

__all__ = ["GrantMissing"]

_GATEWAY: Final = "gateway.networking.k8s.io"
_ROUTES: Final = ("HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute")
_BACKENDS: Final = ("spec.rules[].backendRefs[]", "spec.rules[].filters[].requestMirror.backendRef")
_CERTIFICATES: Final = ("spec.listeners[].tls.certificateRefs[]",)


class Crossing(NamedTuple):
    """A reference into another namespace: where it stands, and what it is to."""

    path: FieldPath
    group: str
    kind: str
    namespace: str
    name: str


class GrantMissing(Rule):
    """A reference into another namespace that the namespace does not allow.

    The Gateway API follows a reference into another namespace only where a ReferenceGrant there allows it.
    The API server takes the route; the Gateway answers its requests with 500, and a listener without its
    certificate is not programmed.
    """

    id = "grant-missing"
    title = "A reference into another namespace has no ReferenceGrant"
    severity = Severity.ERROR
    help = "add a ReferenceGrant in the namespace that is referred to, or move one of the two"
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
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: edge}
spec:
  parentRefs: [{name: main}]
  rules: [{backendRefs: [{name: shop, namespace: shop, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: main, namespace: edge}
spec: {gatewayClassName: traefik, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: traefik}
spec: {controllerName: traefik.io/gateway-controller}
---
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: shop}
spec: {selector: {app: shop}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop, labels: {app: shop}}
spec: {containers: [{name: shop, image: registry.example.com/shop:1.4.2}]}
"""
    good = (
        bad
        + """\
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: edge, namespace: shop}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: edge}]
  to: [{group: "", kind: Service}]
"""
    )

    def check(self, context: Context) -> Iterator[Hit]:
        """An error where everything in the namespace is known, else a warning."""
        grants = list(context.repository.of_kind(_GATEWAY, "ReferenceGrant"))
        for resource in context.repository.of_kind(_GATEWAY, "Gateway", *_ROUTES):
            for crossing in _crossings(resource):
                if any(_allows(grant, resource, crossing) for grant in grants):
                    continue
                reason = context.resolver.why_unknown(resource.cluster, crossing.namespace)
                message = (
                    f"no ReferenceGrant in namespace {crossing.namespace} allows {resource.kind}s of "
                    f"namespace {resource.namespace} to refer to {crossing.kind} {crossing.name}"
                )
                severity = Severity.WARNING if reason else None
                shown = f"{message} ({reason})" if reason else message
                yield Hit(resource, shown, crossing.path, severity=severity)


def _crossings(resource: Resource) -> Iterator[Crossing]:
    """The references of a route or Gateway into other namespaces."""
    certificates = resource.kind == "Gateway"
    for pattern in _CERTIFICATES if certificates else _BACKENDS:
        for path, found in resource.each(pattern):
            namespace = text(at(found, "namespace"))
            if namespace and resource.namespace and namespace != resource.namespace:
                kind = text(at(found, "kind")) or ("Secret" if certificates else "Service")
                group, name = text(at(found, "group")), text(at(found, "name"))
                yield Crossing((*path, "namespace"), group, kind, namespace, name)


def _allows(grant: Resource, resource: Resource, crossing: Crossing) -> bool:
    """https://gateway-api.sigs.k8s.io/api-types/referencegrant/ ."""
    return (
        grant.cluster == resource.cluster
        and grant.namespace == crossing.namespace
        and any(_is_from(each, resource) for each in items(grant.at("spec", "from")))
        and any(_is_to(each, crossing) for each in items(grant.at("spec", "to")))
    )


def _is_from(each: Any, resource: Resource) -> bool:
    return (at(each, "group"), at(each, "kind"), at(each, "namespace")) == (
        resource.group,
        resource.kind,
        resource.namespace,
    )


def _is_to(each: Any, crossing: Crossing) -> bool:
    named = text(at(each, "name"))
    same = (text(at(each, "group")), at(each, "kind")) == (crossing.group, crossing.kind)
    return same and named in {"", crossing.name}
