"""Networking that every cluster has: which pods may talk to which, and what comes in from outside.

Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/ and
https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chores_infra.constructs.lazily import lazily

if TYPE_CHECKING:
    from chores_infra.constructs.networking.ingress import Ingress, IngressBackend, IngressPath, IngressTLS
    from chores_infra.constructs.networking.ingress_class import IngressClass
    from chores_infra.constructs.networking.peers import Allow, Anywhere, Dns, IpBlock, Pods, PolicyPort
    from chores_infra.constructs.networking.policies import NetworkPolicy
else:
    __getattr__ = lazily(
        __name__,
        {
            "ingress": ["Ingress", "IngressBackend", "IngressPath", "IngressTLS"],
            "ingress_class": ["IngressClass"],
            "peers": ["Allow", "Anywhere", "Dns", "IpBlock", "Pods", "PolicyPort"],
            "policies": ["NetworkPolicy"],
        },
    )

__all__ = [
    "Allow",
    "Anywhere",
    "Dns",
    "Ingress",
    "IngressBackend",
    "IngressClass",
    "IngressPath",
    "IngressTLS",
    "IpBlock",
    "NetworkPolicy",
    "Pods",
    "PolicyPort",
]
