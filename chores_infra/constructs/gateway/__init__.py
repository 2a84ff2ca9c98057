"""The Gateway API: where requests come into the cluster, and which Services they go to.

Source: https://gateway-api.sigs.k8s.io/reference/spec/ and the CRDs of the standard channel of release 1.6
(https://github.com/kubernetes-sigs/gateway-api, ``config/crd/standard``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chores_infra.constructs.lazily import lazily

if TYPE_CHECKING:
    from chores_infra.constructs.gateway.backends import HttpBackend
    from chores_infra.constructs.gateway.filters import (
        Cors,
        Extension,
        HttpFilter,
        Mirror,
        Redirect,
        RequestHeaders,
        ResponseHeaders,
        Rewrite,
    )
    from chores_infra.constructs.gateway.gateways import (
        Gateway,
        GatewayAddress,
        GatewayClass,
        GatewayListener,
    )
    from chores_infra.constructs.gateway.grants import GrantFrom, GrantTo, ReferenceGrant
    from chores_infra.constructs.gateway.grpc_rules import GrpcMatch, GrpcRule
    from chores_infra.constructs.gateway.listeners import ClientValidation, Listener, RouteKind
    from chores_infra.constructs.gateway.routes import GRPCRoute, HTTPRoute
    from chores_infra.constructs.gateway.rules import HttpMatch, HttpRule, Regex
else:
    __getattr__ = lazily(
        __name__,
        {
            "backends": ["HttpBackend"],
            "filters": [
                "Cors",
                "Extension",
                "HttpFilter",
                "Mirror",
                "Redirect",
                "RequestHeaders",
                "ResponseHeaders",
                "Rewrite",
            ],
            "gateways": ["Gateway", "GatewayAddress", "GatewayClass", "GatewayListener"],
            "grants": ["GrantFrom", "GrantTo", "ReferenceGrant"],
            "grpc_rules": ["GrpcMatch", "GrpcRule"],
            "listeners": ["ClientValidation", "Listener", "RouteKind"],
            "routes": ["GRPCRoute", "HTTPRoute"],
            "rules": ["HttpMatch", "HttpRule", "Regex"],
        },
    )

__all__ = [
    "ClientValidation",
    "Cors",
    "Extension",
    "GRPCRoute",
    "Gateway",
    "GatewayAddress",
    "GatewayClass",
    "GatewayListener",
    "GrantFrom",
    "GrantTo",
    "GrpcMatch",
    "GrpcRule",
    "HTTPRoute",
    "HttpBackend",
    "HttpFilter",
    "HttpMatch",
    "HttpRule",
    "Listener",
    "Mirror",
    "Redirect",
    "ReferenceGrant",
    "Regex",
    "RequestHeaders",
    "ResponseHeaders",
    "Rewrite",
    "RouteKind",
]
