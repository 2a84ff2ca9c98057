"""Traefik: HTTP routes into the cluster, and what happens to requests on their way.

Two API groups: ``traefik.containo.us/v1alpha1`` (Traefik 2) and ``traefik.io/v1alpha1`` (Traefik 2.10 and
later; the only one of Traefik 3).

Source: https://doc.traefik.io/traefik/routing/providers/kubernetes-crd/ and the CRDs,
https://github.com/traefik/traefik, ``docs/content/reference/dynamic-configuration``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chores_infra.constructs.lazily import lazily
from chores_infra.constructs.traefik.backends import (
    Backend,
    StickyCookie,
)
from chores_infra.constructs.traefik.middleware import (
    Middleware,
    MiddlewareSpec,
)
from chores_infra.constructs.traefik.references import (
    ServersTransport,
    TLSOption,
    TLSStore,
    TraefikService,
)
from chores_infra.constructs.traefik.routes import (
    TLS,
    Domain,
    IngressRoute,
    Route,
)
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

if TYPE_CHECKING:
    from chores_infra.constructs.traefik.access import (
        BasicAuth,
        DigestAuth,
        ForwardAuth,
        ForwardAuthTLS,
        IpAllowList,
        IpStrategy,
        IpWhiteList,
    )
    from chores_infra.constructs.traefik.headers import (
        ContentType,
        GrpcWeb,
        Headers,
    )
    from chores_infra.constructs.traefik.paths import (
        AddPrefix,
        RedirectRegex,
        RedirectScheme,
        ReplacePath,
        ReplacePathRegex,
        StripPrefix,
        StripPrefixRegex,
    )
    from chores_infra.constructs.traefik.traffic import (
        Buffering,
        Chain,
        CircuitBreaker,
        Compress,
        Errors,
        InFlightReq,
        Plugin,
        RateLimit,
        Retry,
        SourceCriterion,
    )
else:
    __getattr__ = lazily(
        __name__,
        {
            "access": [
                "BasicAuth",
                "DigestAuth",
                "ForwardAuth",
                "ForwardAuthTLS",
                "IpAllowList",
                "IpStrategy",
                "IpWhiteList",
            ],
            "headers": ["ContentType", "GrpcWeb", "Headers"],
            "paths": [
                "AddPrefix",
                "RedirectRegex",
                "RedirectScheme",
                "ReplacePath",
                "ReplacePathRegex",
                "StripPrefix",
                "StripPrefixRegex",
            ],
            "traffic": [
                "Buffering",
                "Chain",
                "CircuitBreaker",
                "Compress",
                "Errors",
                "InFlightReq",
                "Plugin",
                "RateLimit",
                "Retry",
                "SourceCriterion",
            ],
        },
    )

__all__ = [
    "TLS",
    "AddPrefix",
    "Backend",
    "BasicAuth",
    "Buffering",
    "Chain",
    "CircuitBreaker",
    "ClientIP",
    "Compress",
    "ContentType",
    "DigestAuth",
    "Domain",
    "Errors",
    "ForwardAuth",
    "ForwardAuthTLS",
    "GrpcWeb",
    "Header",
    "Headers",
    "Host",
    "InFlightReq",
    "IngressRoute",
    "IpAllowList",
    "IpStrategy",
    "IpWhiteList",
    "Match",
    "Method",
    "Middleware",
    "MiddlewareSpec",
    "Path",
    "PathPrefix",
    "Plugin",
    "Query",
    "RateLimit",
    "RedirectRegex",
    "RedirectScheme",
    "ReplacePath",
    "ReplacePathRegex",
    "Retry",
    "Route",
    "Rule",
    "ServersTransport",
    "SourceCriterion",
    "StickyCookie",
    "StripPrefix",
    "StripPrefixRegex",
    "TLSOption",
    "TLSStore",
    "TraefikService",
]
