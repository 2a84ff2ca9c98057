"""Where requests go: a Service and a port of it, or a service of Traefik's own, and how it is talked to."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.parts import Part
from chores_infra.constructs.references import namespace_to_name
from chores_infra.constructs.services import ExternalNameService, Service
from chores_infra.constructs.traefik.fields import CookieName
from chores_infra.constructs.traefik.references import ServersTransport, TraefikService
from chores_infra.fields import Matching, NonNegative, Port

__all__ = ["Backend", "RoutableService", "StickyCookie", "port_problem"]

RoutableService: TypeAlias = Service | ExternalNameService | TraefikService

FlushInterval = Annotated[
    str,
    Matching(
        r"-1|(?:[0-9]+(?:ns|us|µs|ms|s|m|h))+",
        64,
        "a duration in whole numbers such as '100ms', or '-1' to flush at once",
    ),
]


@value_object
class StickyCookie(Part):
    """Keep a client at the pod that it met first, by a cookie. ``max_age`` is in seconds."""

    name: CookieName | None = None
    secure: bool | None = None
    http_only: bool | None = None
    same_site: Literal["none", "lax", "strict"] | None = None
    max_age: Annotated[int, Field(ge=-1, le=2**31 - 1)] | None = None
    path: str | None = None
    domain: str | None = None

    #: Arguments that the older API group does not have.
    ONLY_NEW = ("max_age", "path", "domain")


@value_object
class Backend:
    """One destination of a route, with its share of the requests and how Traefik talks to it.

    ``port`` is a port of the Service by number or name; its only port without it.
    """

    service: RoutableService
    port: Port | None = None
    weight: NonNegative | None = None
    scheme: Literal["http", "https", "h2c"] | None = None
    pass_host_header: bool | None = None
    servers_transport: ServersTransport | None = None
    sticky: StickyCookie | None = None
    strategy: Literal["RoundRobin", "wrr", "p2c", "hrw", "leasttime"] | None = None
    flush_interval: FlushInterval | None = None
    native_lb: bool | None = None

    def check(self, problems: Problems) -> None:
        """Refuse a port that the Service does not have, and options that a TraefikService brings itself."""
        if isinstance(self.service, TraefikService):
            for argument in vars(self).keys() - {"service", "weight"}:
                problems.add(argument, "a TraefikService has its own; leave it out")
            return
        wrong = port_problem(self.service, self.port)
        if wrong is not None:
            problems.add("port", wrong)

    def fields(self, namespace: str | None) -> Manifest:
        """One item of ``services``, as a route in that namespace refers to it."""
        fields: Manifest = {"name": self.service.name}
        if isinstance(self.service, TraefikService):
            fields["kind"] = "TraefikService"
        named = namespace_to_name(self.service, namespace)
        if named is not None:
            fields["namespace"] = named
        if not isinstance(self.service, TraefikService):
            fields["port"] = port_of(self.service, self.port)
        transport = self.servers_transport
        for field, value in (
            ("weight", self.weight),
            ("scheme", self.scheme),
            ("passHostHeader", self.pass_host_header),
            ("serversTransport", None if transport is None else _transport_name(transport, namespace)),
            ("sticky", None if self.sticky is None else {"cookie": self.sticky.fields()}),
            ("strategy", self.strategy),
            (
                "responseForwarding",
                None if self.flush_interval is None else {"flushInterval": self.flush_interval},
            ),
            ("nativeLB", self.native_lb),
        ):
            if value is not None:
                fields[field] = value
        return fields

    def only_new(self) -> list[str]:
        """The arguments in use that the API group of Traefik 2 does not have."""
        sticky = self.sticky
        used = [f"sticky.{name}" for name in StickyCookie.ONLY_NEW if sticky and name in vars(sticky)]
        return used + (["strategy"] if self.strategy not in {None, "RoundRobin"} else [])


def port_problem(service: RoutableService, port: int | str | None) -> str | None:
    """Why requests cannot go to this port of the Service, or None."""
    if isinstance(service, TraefikService):
        return None if port is None else "a TraefikService has its own ports; leave it out"
    if port is None:
        known = service.ports
        if known is not None and len(known) == 1:
            return None
        listed = "which ports it has is not known" if known is None else _listed(service)
        return f"say which port of Service {service.name!r}: {listed}"
    if service.has_port(port) or (isinstance(service, ExternalNameService) and isinstance(port, int)):
        return None
    return f"Service {service.name!r} does not declare port {port!r}: {_listed(service)}"


def port_of(service: Service | ExternalNameService, port: int | str | None) -> int | str:
    """The port that is meant: the one that was given, or the only one."""
    if port is not None or not service.ports:
        return port or 0
    return service.ports[0].number


def _listed(service: Service | ExternalNameService) -> str:
    ports = [f"{own.number} ({own.name})" if own.name else str(own.number) for own in service.ports or ()]
    return f"it has {', '.join(ports)}" if ports else "it has none"


def _transport_name(transport: ServersTransport, namespace: str | None) -> str:
    # Traefik has no field for the namespace here: the name carries it, and the provider's name behind.
    named = namespace_to_name(transport, namespace)
    return transport.name if named is None else f"{named}-{transport.name}@kubernetescrd"
