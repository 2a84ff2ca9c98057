"""Traefik: routes of HTTP, TCP and UDP into the cluster, and what happens to requests on their way.

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
from chores_infra.constructs.traefik.routes import (
    IngressRoute,
    Route,
)
from chores_infra.constructs.traefik.rules import (
    ALPN,
    ClientIP,
    Header,
    Host,
    HostSNI,
    Match,
    Method,
    Path,
    PathPrefix,
    Query,
    Rule,
)
from chores_infra.constructs.traefik.tls import (
    TLS,
    Domain,
)
from chores_infra.constructs.traefik.traefik_service import (
    TraefikService,
    TraefikServiceSpec,
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
    from chores_infra.constructs.traefik.balancing import (
        Failover,
        HighestRandomWeight,
        Mirror,
        Mirroring,
        Weighted,
    )
    from chores_infra.constructs.traefik.headers import (
        ContentType,
        GrpcWeb,
        Headers,
    )
    from chores_infra.constructs.traefik.health import (
        HealthCheck,
        PassiveHealthCheck,
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
    from chores_infra.constructs.traefik.streams import (
        TCPTLS,
        IngressRouteTCP,
        IngressRouteUDP,
        TCPBackend,
        TCPRoute,
        UDPBackend,
    )
    from chores_infra.constructs.traefik.tcp_middleware import (
        InFlightConn,
        MiddlewareTCP,
        MiddlewareTCPSpec,
        TCPIpAllowList,
        TCPIpWhiteList,
    )
    from chores_infra.constructs.traefik.tls_options import (
        ClientAuth,
        TLSOption,
        TLSStore,
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
    from chores_infra.constructs.traefik.transports import (
        ForwardingTimeouts,
        ServersTransport,
        ServersTransportTCP,
        Spiffe,
        TransportTLS,
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
            "balancing": [
                "Failover",
                "HighestRandomWeight",
                "Mirror",
                "Mirroring",
                "Weighted",
            ],
            "headers": [
                "ContentType",
                "GrpcWeb",
                "Headers",
            ],
            "paths": [
                "AddPrefix",
                "RedirectRegex",
                "RedirectScheme",
                "ReplacePath",
                "ReplacePathRegex",
                "StripPrefix",
                "StripPrefixRegex",
            ],
            "streams": [
                "TCPTLS",
                "IngressRouteTCP",
                "IngressRouteUDP",
                "TCPBackend",
                "TCPRoute",
                "UDPBackend",
            ],
            "tcp_middleware": [
                "InFlightConn",
                "MiddlewareTCP",
                "MiddlewareTCPSpec",
                "TCPIpAllowList",
                "TCPIpWhiteList",
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
            "health": [
                "HealthCheck",
                "PassiveHealthCheck",
            ],
            "tls_options": [
                "ClientAuth",
                "TLSOption",
                "TLSStore",
            ],
            "transports": [
                "ForwardingTimeouts",
                "ServersTransport",
                "ServersTransportTCP",
                "Spiffe",
                "TransportTLS",
            ],
        },
    )

__all__ = [
    "ALPN",
    "TCPTLS",
    "TLS",
    "AddPrefix",
    "Backend",
    "BasicAuth",
    "Buffering",
    "Chain",
    "CircuitBreaker",
    "ClientAuth",
    "ClientIP",
    "Compress",
    "ContentType",
    "DigestAuth",
    "Domain",
    "Errors",
    "Failover",
    "ForwardAuth",
    "ForwardAuthTLS",
    "ForwardingTimeouts",
    "GrpcWeb",
    "Header",
    "Headers",
    "HealthCheck",
    "HighestRandomWeight",
    "Host",
    "HostSNI",
    "InFlightConn",
    "InFlightReq",
    "IngressRoute",
    "IngressRouteTCP",
    "IngressRouteUDP",
    "IpAllowList",
    "IpStrategy",
    "IpWhiteList",
    "Match",
    "Method",
    "Middleware",
    "MiddlewareSpec",
    "MiddlewareTCP",
    "MiddlewareTCPSpec",
    "Mirror",
    "Mirroring",
    "PassiveHealthCheck",
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
    "ServersTransportTCP",
    "SourceCriterion",
    "Spiffe",
    "StickyCookie",
    "StripPrefix",
    "StripPrefixRegex",
    "TCPBackend",
    "TCPIpAllowList",
    "TCPIpWhiteList",
    "TCPRoute",
    "TLSOption",
    "TLSStore",
    "TraefikService",
    "TraefikServiceSpec",
    "TransportTLS",
    "UDPBackend",
    "Weighted",
]
