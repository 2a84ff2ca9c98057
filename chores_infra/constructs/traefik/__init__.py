"""Traefik: HTTP routes into the cluster, and what happens to requests on their way.

Two API groups: ``traefik.containo.us/v1alpha1`` (Traefik 2) and ``traefik.io/v1alpha1`` (Traefik 2.10 and
later; the only one of Traefik 3).

Source: https://doc.traefik.io/traefik/routing/providers/kubernetes-crd/ and the CRDs,
https://github.com/traefik/traefik, ``docs/content/reference/dynamic-configuration``.
"""

from __future__ import annotations

from chores_infra.constructs.traefik.backends import Backend, StickyCookie
from chores_infra.constructs.traefik.middleware import Middleware, MiddlewareSpec
from chores_infra.constructs.traefik.references import ServersTransport, TLSOption, TLSStore, TraefikService
from chores_infra.constructs.traefik.routes import TLS, Domain, IngressRoute, Route
from chores_infra.constructs.traefik.rules import (
    ClientIP,
    Header,
    Host,
    Match,
    Method,
    Path,
    PathPrefix,
    Query,
    Rule,
)

__all__ = [
    "TLS",
    "Backend",
    "ClientIP",
    "Domain",
    "Header",
    "Host",
    "IngressRoute",
    "Match",
    "Method",
    "Middleware",
    "MiddlewareSpec",
    "Path",
    "PathPrefix",
    "Query",
    "Route",
    "Rule",
    "ServersTransport",
    "StickyCookie",
    "TLSOption",
    "TLSStore",
    "TraefikService",
]
