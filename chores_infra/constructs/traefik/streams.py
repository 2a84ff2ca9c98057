"""Routes of TCP and UDP: which connections Traefik takes at its entry points, and which Services get them.

Source: https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/tcp/ingressroutetcp/ and
https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/udp/ingressrouteudp/
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from chores_infra.arguments import Problems, checked, value_object
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.parts import present, rendered
from chores_infra.constructs.references import namespace_to_name
from chores_infra.constructs.services import ExternalNameService, Service
from chores_infra.constructs.traefik.backends import port_problem
from chores_infra.constructs.traefik.fields import EntryPoint, Priority
from chores_infra.constructs.traefik.groups import (
    OLD_GROUP,
    ApiVersion,
    check_old_group,
    check_same_group,
    reference,
)
from chores_infra.constructs.traefik.rules import HostSNI, Rule, RuleSyntax, check_rule
from chores_infra.constructs.traefik.tcp_middleware import MiddlewareTCP
from chores_infra.constructs.traefik.tls import TLS
from chores_infra.constructs.traefik.transports import ServersTransportTCP
from chores_infra.fields import Annotations, DnsLabel, DnsSubdomain, Items, Labels, NonNegative, Port
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["TCPTLS", "IngressRouteTCP", "IngressRouteUDP", "TCPBackend", "TCPRoute", "UDPBackend"]


@value_object
class UDPBackend:
    """A Service that gets packets, and its share of them; ``port`` is its only one where it is not given."""

    service: Service | ExternalNameService
    port: Port | None = None
    weight: NonNegative | None = None
    native_lb: bool | None = None
    node_port_lb: bool | None = None

    def check(self, problems: Problems) -> None:
        """Refuse a port that the Service does not have."""
        wrong = port_problem(self.service, self.port)
        if wrong is not None:
            problems.add("port", wrong)

    def only_new(self) -> list[str]:
        """The arguments in use that the API group of Traefik 2 does not have."""
        return [] if self.node_port_lb is None else ["node_port_lb"]

    def check_in(self, problems: Problems, place: str, api_version: str) -> None:
        """Note what the API group does not have."""
        check_old_group(problems, place, self.only_new(), api_version)

    def fields(self, namespace: str | None) -> Manifest:
        """One item of ``services``, as a route in that namespace refers to it."""
        return present(
            {
                "name": self.service.name,
                "namespace": namespace_to_name(self.service, namespace),
                "port": self.service.port_of(self.port),
                "weight": self.weight,
                "nativeLB": self.native_lb,
                "nodePortLB": self.node_port_lb,
            }
        )


@value_object
class TCPBackend(UDPBackend):
    """A Service that gets connections, and its share of them; with ``tls`` Traefik speaks TLS to it.

    Traefik 3 would rather have ``proxy_protocol`` and ``termination_delay`` (in milliseconds) at a
    ``ServersTransportTCP``.
    """

    tls: bool | None = None
    servers_transport: ServersTransportTCP | None = None
    proxy_protocol: Literal[1, 2] | None = None
    termination_delay: Annotated[int, Field(ge=-1, le=2**31 - 1)] | None = None

    def only_new(self) -> list[str]:
        """The arguments in use that the API group of Traefik 2 does not have."""
        newer = ("tls", "servers_transport")
        return super().only_new() + [name for name in newer if getattr(self, name) is not None]

    def fields(self, namespace: str | None) -> Manifest:
        """One item of ``services``."""
        transport = self.servers_transport
        protocol = self.proxy_protocol
        more = {
            "tls": self.tls,
            "serversTransport": None if transport is None else transport.name_in(namespace),
            "proxyProtocol": None if protocol is None else {"version": protocol},
            "terminationDelay": self.termination_delay,
        }
        return super().fields(namespace) | present(more)


@value_object
class TCPTLS(TLS):
    """TLS at a route of TCP; with ``passthrough`` the pods speak it, and Traefik only reads the host name."""

    passthrough: bool | None = None

    def check(self, problems: Problems) -> None:
        """Refuse certificates that nobody would see."""
        super().check(problems)
        if self.passthrough:
            for argument in ("secret", "cert_resolver", "domains", "store"):
                if getattr(self, argument) is not None:
                    problems.add(argument, "with passthrough the pods have the certificate; leave it out")

    def fields(self, namespace: str | None) -> Manifest:
        """``spec.tls``."""
        return super().fields(namespace) | present({"passthrough": self.passthrough})


@value_object
class TCPRoute:
    """Connections that match a rule, and the Services that share them.

    Without TLS Traefik does not know which host is meant: the rule is ``HostSNI("*")`` then.
    """

    match: Rule
    services: Annotated[Items[TCPBackend], Field(min_length=1)]
    middlewares: Items[MiddlewareTCP] = ()
    priority: Priority | None = None

    def fields(self, namespace: str | None, syntax: RuleSyntax) -> Manifest:
        """One item of ``spec.routes``."""
        fields: Manifest = {"match": self.match.text(syntax)}
        if self.priority is not None:
            fields["priority"] = self.priority
        if self.middlewares:
            fields["middlewares"] = [reference(middleware, namespace) for middleware in self.middlewares]
        fields["services"] = [backend.fields(namespace) for backend in self.services]
        return fields


class IngressRouteTCP(KubernetesObject):
    """Connections of TCP that Traefik takes at its entry points and hands to Services.

    >>> from chores_infra.construct import Tree
    >>> database = Service.existing("postgres", ports=[5432])
    >>> everything = TCPRoute(match=HostSNI("*"), services=[TCPBackend(service=database)])
    >>> route = IngressRouteTCP(Tree(), "db", name="db", routes=[everything], entry_points=["postgres"])
    >>> route.manifest["spec"]["routes"]
    [{'match': 'HostSNI(`*`)', 'services': [{'name': 'postgres', 'port': 5432}]}]

    Raises:
        ConstructError: a rule of HTTP, a host without TLS, a port that a Service does not declare, or what
            the API group does not have.
    """

    api_version = OLD_GROUP
    kind = "IngressRouteTCP"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        routes: Annotated[Items[TCPRoute], Field(min_length=1)],
        entry_points: Items[EntryPoint] | None = None,
        tls: TCPTLS | None = None,
        api_version: ApiVersion = "traefik.containo.us/v1alpha1",
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        _check_tcp_routes(problems, routes, api_version, encrypted=tls is not None)
        if tls is not None:
            tls.check_in(problems, namespace_in(scope, namespace), api_version)
        problems.raise_if_any()
        self.routes = routes
        self.entry_points = entry_points
        self.tls = tls
        self.api_version = api_version
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``: entry points, routes and TLS."""
        syntax: RuleSyntax = "v2" if self.api_version == OLD_GROUP else "v3"
        spec: Manifest = rendered(present({"entryPoints": self.entry_points}))
        spec["routes"] = [route.fields(self.namespace, syntax) for route in self.routes]
        if self.tls is not None:
            spec["tls"] = self.tls.fields(self.namespace)
        return {"spec": spec}


class IngressRouteUDP(KubernetesObject):
    """Packets of UDP that Traefik takes at its entry points and hands to Services: all, without rules.

    >>> from chores_infra.construct import Tree
    >>> dns = Service.existing("dns", ports=[53])
    >>> route = IngressRouteUDP(
    ...     Tree(), "dns", name="dns", services=[UDPBackend(service=dns)], entry_points=["dns"]
    ... )
    >>> route.manifest["spec"]
    {'entryPoints': ['dns'], 'routes': [{'services': [{'name': 'dns', 'port': 53}]}]}

    Raises:
        ConstructError: a port that a Service does not declare, or what the API group does not have.
    """

    api_version = OLD_GROUP
    kind = "IngressRouteUDP"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        services: Annotated[Items[UDPBackend], Field(min_length=1)],
        entry_points: Items[EntryPoint] | None = None,
        api_version: ApiVersion = "traefik.containo.us/v1alpha1",
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        for index, backend in enumerate(services):
            if isinstance(backend, TCPBackend):
                problems.add(f"services[{index}]", "expected a UDPBackend, found a TCPBackend")
            backend.check_in(problems, f"services[{index}]", api_version)
        problems.raise_if_any()
        self.services = services
        self.entry_points = entry_points
        self.api_version = api_version
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``: entry points, and one route."""
        spec: Manifest = rendered(present({"entryPoints": self.entry_points}))
        spec["routes"] = [{"services": [backend.fields(self.namespace) for backend in self.services]}]
        return {"spec": spec}


def _check_tcp_routes(
    problems: Problems, routes: Sequence[TCPRoute], api_version: str, *, encrypted: bool
) -> None:
    for index, route in enumerate(routes):
        place = f"routes[{index}]"
        check_rule(problems, f"{place}.match", route.match, "TCP")
        for condition in route.match.conditions():
            if isinstance(condition, HostSNI) and condition.name != "*" and not encrypted:
                problems.add(
                    f"{place}.match",
                    f"only TLS says that {condition.name!r} is meant; give tls=TCPTLS(...), or match "
                    "HostSNI('*')",
                )
        for number, backend in enumerate(route.services):
            backend.check_in(problems, f"{place}.services[{number}]", api_version)
        for number, middleware in enumerate(route.middlewares):
            check_same_group(problems, f"{place}.middlewares[{number}]", middleware, api_version)
