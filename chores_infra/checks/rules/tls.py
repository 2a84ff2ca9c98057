"""Public hosts without TLS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from chores_infra.checks.context import Context
from chores_infra.checks.fields import at, items, text
from chores_infra.checks.finding import Severity
from chores_infra.checks.repository import Identity
from chores_infra.checks.resources import Resource
from chores_infra.checks.routes import ANY_HOST, Claim, claims_of
from chores_infra.checks.rule import Hit, Rule

__all__ = ["HostWithoutTls"]

_GATEWAY: Final = "gateway.networking.k8s.io"
_PRIVATE: Final = re.compile(
    r".*\.(?:local|localhost|internal|intranet|lan|home|home\.arpa|corp|test|example|invalid|svc|cluster\.local"
    r"|nip\.io|sslip\.io|\d+)|[^.]*"
)
_CERTIFICATES: Final = ("alb.ingress.kubernetes.io/certificate-arn", "networking.gke.io/managed-certificates")
_TRAEFIK_TLS: Final = "traefik.ingress.kubernetes.io/router.tls"


class HostWithoutTls(Rule):
    """A public host without TLS, beside others that have it.

    Whoever is between a visitor and the cluster reads passwords and session cookies, and can change each
    page. Where a repository serves its other hosts by TLS, one without was forgotten. Where TLS ends before
    the cluster no host of the repository has it, and nothing is said.
    """

    id = "host-without-tls"
    title = "A public host is served without TLS"
    severity = Severity.WARNING
    help = "add tls with a certificate for the host, as the other hosts have"
    bad = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop, annotations: {cert-manager.io/cluster-issuer: letsencrypt}}
spec:
  ingressClassName: nginx
  tls: [{hosts: [shop.example.com], secretName: shop-tls}]
  rules:
  - host: shop.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: blog, namespace: shop}
spec:
  ingressClassName: nginx
  rules:
  - host: blog.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}
"""
    good = bad.replace(
        "metadata: {name: blog, namespace: shop}\nspec:\n",
        "metadata: {name: blog, namespace: shop, annotations: {cert-manager.io/issuer: letsencrypt}}\n"
        "spec:\n  tls: [{hosts: [blog.example.com], secretName: blog-tls}]\n",
    )

    def check(self, context: Context) -> Iterator[Hit]:
        """At each host without TLS, where the same cluster serves another public host by it."""
        secure: set[tuple[str, str]] = set()
        plain: dict[tuple[Resource, str], Claim] = {}
        for resource in context.repository.resources:
            for claim in claims_of(resource):
                if claim.host == ANY_HOST or _PRIVATE.fullmatch(claim.host):
                    continue
                encrypted = _is_encrypted(context, claim)
                if encrypted:
                    secure.add((resource.cluster, claim.host))
                elif encrypted is False:
                    plain.setdefault((resource, claim.host), claim)
        for (resource, host), claim in plain.items():
            others = sorted(each for cluster, each in secure if cluster == resource.cluster)
            # Routes that redirect to HTTPS are plain themselves, and another route serves the host.
            if others and host not in others:
                message = f"{host} is served without TLS, and others such as {others[0]} with it"
                yield Hit(resource, message, claim.field)


def _is_encrypted(context: Context, claim: Claim) -> bool | None:
    """Whether a route serves a host by TLS; None where it is not known."""
    resource = claim.resource
    if resource.kind == "Ingress":
        hosts = [
            text(host) for each in items(resource.at("spec", "tls")) for host in items(at(each, "hosts"))
        ]
        annotated = any(name in resource.annotations for name in _CERTIFICATES)
        annotated |= text(resource.annotations.get(_TRAEFIK_TLS)) == "true"
        named_none = any(not items(at(each, "hosts")) for each in items(resource.at("spec", "tls")))
        return annotated or named_none or any(_covers(host, claim.host) for host in hosts)
    if resource.kind == "IngressRoute":
        # An entry point may add TLS to all of its routes.
        points = items(resource.at("spec", "entryPoints"))
        return resource.at("spec", "tls") is not None or (None if points != ["web"] else False)
    if resource.group == _GATEWAY:
        return _gateway_encrypts(context, resource)
    return None


def _covers(pattern: str, host: str) -> bool:
    """Whether the name of a certificate is for a host; ``*`` stands for one label."""
    return pattern.lower() in {host, f"*.{host.partition('.')[2]}"}


def _gateway_encrypts(context: Context, route: Resource) -> bool | None:
    protocols: set[str] = set()
    for parent in items(route.at("spec", "parentRefs")):
        namespace = text(at(parent, "namespace")) or route.namespace
        identity = Identity(route.cluster, _GATEWAY, "Gateway", namespace, text(at(parent, "name")))
        gateways = context.repository.by_identity.get(identity, ())
        if not gateways:
            return None
        section = at(parent, "sectionName")
        for gateway in gateways:
            for listener in items(gateway.at("spec", "listeners")):
                if section in (None, at(listener, "name")):
                    protocols.add(text(at(listener, "protocol")))
    return bool(protocols & {"HTTPS", "TLS"}) if protocols else None
