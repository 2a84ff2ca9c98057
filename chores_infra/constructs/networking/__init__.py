"""Networking that every cluster has: which pods may talk to which.

Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
"""

from __future__ import annotations

from chores_infra.constructs.networking.peers import Allow, Anywhere, Dns, IpBlock, Pods, PolicyPort
from chores_infra.constructs.networking.policies import NetworkPolicy

__all__ = ["Allow", "Anywhere", "Dns", "IpBlock", "NetworkPolicy", "Pods", "PolicyPort"]
