"""Listeners of a Gateway: at which ports and for which hosts it takes requests, and whose routes it serves.

Source: https://gateway-api.sigs.k8s.io/reference/spec/#listener
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from chores_infra.arguments import OneOf, Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.cluster import Namespace
from chores_infra.constructs.config import ConfigMap, MakesSecret, Secret, SecretSource
from chores_infra.constructs.gateway.grants import GROUP, GroupName, KindName
from chores_infra.constructs.references import namespace_to_name, secret_of
from chores_infra.constructs.scheduling import LabelSelector
from chores_infra.fields import DnsSubdomain, Items, Pairs, PortNumber, Text, WildcardHostname
from chores_infra.kubernetes_object import KubernetesObject

__all__ = [
    "ClientValidation",
    "Listener",
    "NamespacesAllowed",
    "RouteKind",
    "certificate_reference",
    "hosts_meet",
    "namespaces_allowed",
]

Protocol: TypeAlias = Literal["HTTP", "HTTPS", "TLS", "TCP", "UDP"]
#: Which routes a listener serves, by its protocol.
_SERVED: dict[str, tuple[str, ...]] = {
    "HTTP": ("HTTPRoute", "GRPCRoute"),
    "HTTPS": ("HTTPRoute", "GRPCRoute"),
    "TLS": ("TLSRoute", "TCPRoute"),
    "TCP": ("TCPRoute",),
    "UDP": ("UDPRoute",),
}
NamespacesAllowed: TypeAlias = Annotated[
    Literal["Same", "All"] | LabelSelector | Items[Namespace],
    OneOf("'Same', 'All', a LabelSelector or a list of Namespaces"),
]


@value_object
class RouteKind:
    """A kind of routes, of the Gateway API unless ``group`` says otherwise."""

    kind: KindName
    group: GroupName = GROUP

    def fields(self) -> Manifest:
        """One item of ``kinds``."""
        return {"group": self.group, "kind": self.kind}


@value_object
class ClientValidation:
    """Clients show certificates, signed by one of these authorities (``ca.crt`` of a ConfigMap or Secret)."""

    ca_certificates: Annotated[
        Items[Annotated[ConfigMap | Secret | MakesSecret, OneOf("a ConfigMap or a Secret; not a name")]],
        Field(min_length=1, max_length=16),
    ]
    mode: Literal["AllowValidOnly", "AllowInsecureFallback"] | None = None

    @property
    def sources(self) -> list[KubernetesObject]:
        """The ConfigMaps and Secrets."""
        return [secret_of(ca) if isinstance(ca, MakesSecret) else ca for ca in self.ca_certificates]

    def fields(self, namespace: str | None) -> Manifest:
        """``validation``, for a Gateway in that namespace."""
        fields: Manifest = {} if self.mode is None else {"mode": self.mode}
        references = [
            {"group": "", "kind": source.kind, **_named(source, namespace)} for source in self.sources
        ]
        return {"caCertificateRefs": references, **fields}


@value_object
class Listener:
    """One port of a Gateway, for all hosts or for ``hostname`` (``*.example.com`` is every host below).

    ``certificates`` (Certificates or Secrets) are for HTTPS and for TLS that ends here; with
    ``tls_mode="Passthrough"`` it ends at the pods. ``routes_from`` says which namespaces may attach routes:
    the Gateway's own by default.
    """

    name: DnsSubdomain
    port: PortNumber
    protocol: Protocol = "HTTP"
    hostname: WildcardHostname | None = None
    certificates: Annotated[Items[SecretSource], Field(min_length=1, max_length=64)] | None = None
    tls_mode: Literal["Terminate", "Passthrough"] | None = None
    tls_options: Pairs[Text, Annotated[str, Field(max_length=4096)]] | None = None
    routes_from: NamespacesAllowed = "Same"
    route_kinds: Annotated[Items[RouteKind], Field(min_length=1, max_length=8)] | None = None

    def check(self, problems: Problems) -> None:
        """What TLS each protocol has, and certificates that are for other hosts."""
        if self.protocol in {"TCP", "UDP"} and self.hostname is not None:
            problems.add("hostname", f"protocol {self.protocol} knows no hosts; leave it out")
        if self.protocol not in {"HTTPS", "TLS"}:
            for name in ("certificates", "tls_mode", "tls_options"):
                if getattr(self, name) is not None:
                    problems.add(name, f"protocol {self.protocol} has no TLS; use 'HTTPS' or 'TLS'")
        elif self.tls_mode == "Passthrough":
            if self.protocol == "HTTPS":
                problems.add("tls_mode", "HTTPS ends at the Gateway; 'Passthrough' needs protocol='TLS'")
            if self.certificates is not None:
                problems.add("certificates", "TLS that is passed through ends at the pods, with theirs")
        self._check_hosts(problems)

    def _check_hosts(self, problems: Problems) -> None:
        sources = self.certificates or ()
        if self.hostname is None or not sources:
            return
        host = self.hostname
        if not any(not isinstance(source, MakesSecret) or source.covers(host) for source in sources):
            names = ", ".join(source.name for source in sources)
            problems.add("certificates", f"none of them ({names}) is for {host}")

    @property
    def lacks_certificate(self) -> bool:
        """Whether TLS would end here without one. Another party's listeners need not say theirs."""
        ends_here = self.protocol in {"HTTPS", "TLS"} and self.tls_mode != "Passthrough"
        return ends_here and self.certificates is None and not self.tls_options

    @property
    def secrets(self) -> list[Secret]:
        """The Secrets of the certificates."""
        return [secret_of(source) for source in self.certificates or ()]

    def serves(self, kind: str) -> bool:
        """Whether routes of a kind of the Gateway API can attach."""
        if self.route_kinds is not None:
            return any((served.group, served.kind) == (GROUP, kind) for served in self.route_kinds)
        return kind in _SERVED[self.protocol]

    def admits(self, namespace: str | None, own: str | None) -> bool:
        """Whether routes of a namespace can attach, to a Gateway in its own; True where nobody can tell."""
        if self.routes_from == "Same":
            return namespace is None or own is None or namespace == own
        if isinstance(self.routes_from, str | LabelSelector):
            return True
        return namespace is None or any(allowed.name == namespace for allowed in self.routes_from)

    def fields(self, namespace: str | None) -> Manifest:
        """One item of ``listeners``, of a Gateway in that namespace."""
        fields: Manifest = {"name": self.name}
        if self.hostname is not None:
            fields["hostname"] = self.hostname
        fields |= {"port": self.port, "protocol": self.protocol}
        if self.protocol in {"HTTPS", "TLS"}:
            tls: Manifest = {"mode": self.tls_mode or "Terminate"}
            if self.certificates is not None:
                tls["certificateRefs"] = [certificate_reference(s, namespace) for s in self.secrets]
            if self.tls_options is not None:
                tls["options"] = dict(self.tls_options)
            fields["tls"] = tls
        allowed: Manifest = {"namespaces": namespaces_allowed(self.routes_from)}
        if self.route_kinds is not None:
            allowed["kinds"] = [kind.fields() for kind in self.route_kinds]
        fields["allowedRoutes"] = allowed
        return fields


def namespaces_allowed(allowed: str | LabelSelector | Sequence[Namespace]) -> Manifest:
    """``namespaces``: those of the same name as the object, all, or those that a selector finds."""
    if isinstance(allowed, str):
        return {"from": allowed}
    if isinstance(allowed, LabelSelector):
        return {"from": "Selector", "selector": allowed.fields()}
    by_name = {
        "key": "kubernetes.io/metadata.name",
        "operator": "In",
        "values": [namespace.name for namespace in allowed],
    }
    return {"from": "Selector", "selector": {"matchExpressions": [by_name]}}


def certificate_reference(secret: Secret, namespace: str | None) -> Manifest:
    """One item of ``certificateRefs``; kind Secret is what the API takes it for."""
    return {"kind": "Secret", **_named(secret, namespace)}


def hosts_meet(one: str, other: str) -> bool:
    """Whether some host is meant by both; ``*.`` stands for one or more parts in the Gateway API.

    >>> hosts_meet("*.example.com", "a.b.example.com"), hosts_meet("*.example.com", "example.com")
    (True, False)
    """
    if one.startswith("*.") and other.startswith("*."):
        return one.endswith(other[1:]) or other.endswith(one[1:])
    if one.startswith("*."):
        return other.endswith(one[1:])
    return one.endswith(other[1:]) if other.startswith("*.") else one == other


def _named(target: KubernetesObject, namespace: str | None) -> Manifest:
    named = namespace_to_name(target, namespace)
    return {"name": target.name} if named is None else {"name": target.name, "namespace": named}
