"""Where requests go: a Service and a port of it, or a service of Traefik's own, and how it is talked to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import Field

from chores_infra.arguments import Later, OneOf, Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.parts import Part
from chores_infra.constructs.references import namespace_to_name
from chores_infra.constructs.services import ExternalNameService, Service
from chores_infra.constructs.traefik.fields import CookieName
from chores_infra.constructs.traefik.groups import check_old_group, check_same_group, reference
from chores_infra.constructs.traefik.middleware import Middleware
from chores_infra.constructs.traefik.traefik_service import TraefikService
from chores_infra.fields import Items, Matching, NonNegative, Port
from chores_infra.kubernetes_object import KubernetesObject

if TYPE_CHECKING:
    from chores_infra.constructs.traefik.health import HealthCheck, PassiveHealthCheck
    from chores_infra.constructs.traefik.transports import ServersTransport
else:
    HealthCheck = Annotated[Any, Later("chores_infra.constructs.traefik.health", "HealthCheck")]
    PassiveHealthCheck = Annotated[Any, Later("chores_infra.constructs.traefik.health", "PassiveHealthCheck")]
    ServersTransport = Annotated[Any, Later("chores_infra.constructs.traefik.transports", "ServersTransport")]

__all__ = [
    "Backend",
    "Destination",
    "RoutableService",
    "StickyCookie",
    "as_backend",
    "check_destination",
    "port_problem",
]

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

    def only_new(self) -> list[str]:
        """The arguments in use that the API group of Traefik 2 does not have."""
        return [name for name in ("max_age", "path", "domain") if name in vars(self)]


@value_object
class Backend:
    """One destination of a route, with its share of the requests and how Traefik talks to it.

    ``port`` is a port of the Service by number or name; its only port without it. Only an ExternalNameService
    has health checks: Kubernetes knows which pods are healthy.
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
    node_port_lb: bool | None = None
    health_check: HealthCheck | None = None
    passive_health_check: PassiveHealthCheck | None = None
    middlewares: Items[Middleware] = ()

    #: Arguments that the older API group does not have.
    ONLY_NEW = ("node_port_lb", "health_check", "passive_health_check", "middlewares")

    def check(self, problems: Problems) -> None:
        """Refuse a port that the Service does not have, and options that a TraefikService brings itself."""
        if isinstance(self.service, TraefikService):
            for argument in vars(self).keys() - {"service", "weight"}:
                problems.add(argument, "a TraefikService has its own; leave it out")
            return
        wrong = port_problem(self.service, self.port)
        if wrong is not None:
            problems.add("port", wrong)
        for argument in ("health_check", "passive_health_check"):
            if getattr(self, argument) is not None and isinstance(self.service, Service):
                problems.add(argument, "it is for an ExternalNameService; pods have probes")

    def check_in(self, problems: Problems, place: str, api_version: str) -> None:
        """Note what the API group does not have, and objects of ours that are of the other one."""
        check_old_group(problems, place, self.only_new(), api_version)
        for argument, target in self._references():
            check_same_group(problems, f"{place}.{argument}", target, api_version)

    def _references(self) -> Iterator[tuple[str, KubernetesObject]]:
        if isinstance(self.service, TraefikService):
            yield "service", self.service
        if self.servers_transport is not None:
            yield "servers_transport", self.servers_transport
        for index, middleware in enumerate(self.middlewares):
            yield f"middlewares[{index}]", middleware

    def fields(self, namespace: str | None) -> Manifest:
        """One item of ``services``, as a route in that namespace refers to it."""
        fields: Manifest = {"name": self.service.name}
        if isinstance(self.service, TraefikService):
            fields["kind"] = "TraefikService"
        named = namespace_to_name(self.service, namespace)
        if named is not None:
            fields["namespace"] = named
        if not isinstance(self.service, TraefikService):
            fields["port"] = self.service.port_of(self.port)
        transport = self.servers_transport
        for field, value in (
            ("weight", self.weight),
            ("scheme", self.scheme),
            ("passHostHeader", self.pass_host_header),
            ("serversTransport", None if transport is None else transport.name_in(namespace)),
            ("sticky", None if self.sticky is None else {"cookie": self.sticky.fields()}),
            ("strategy", self.strategy),
            (
                "responseForwarding",
                None if self.flush_interval is None else {"flushInterval": self.flush_interval},
            ),
            ("nativeLB", self.native_lb),
            ("nodePortLB", self.node_port_lb),
            ("healthCheck", None if self.health_check is None else self.health_check.fields()),
            (
                "passiveHealthCheck",
                None if self.passive_health_check is None else self.passive_health_check.fields(),
            ),
            ("middlewares", [reference(middleware, namespace) for middleware in self.middlewares] or None),
        ):
            if value is not None:
                fields[field] = value
        return fields

    def only_new(self) -> list[str]:
        """The arguments in use that the API group of Traefik 2 does not have."""
        used = [name for name in self.ONLY_NEW if getattr(self, name)]
        used += [f"sticky.{name}" for name in ([] if self.sticky is None else self.sticky.only_new())]
        return used + (["strategy"] if self.strategy not in {None, "RoundRobin"} else [])


Destination = Annotated[
    Service | ExternalNameService | TraefikService | Backend,
    OneOf("a Service, a TraefikService or a Backend"),
]


def as_backend(destination: RoutableService | Backend) -> Backend:
    """The destination with its options; a bare one has none."""
    return destination if isinstance(destination, Backend) else Backend(service=destination)


def check_destination(
    problems: Problems, place: str, destination: RoutableService | Backend, api_version: str
) -> None:
    """Note a destination that cannot be: a bare Service of several ports, or one of the other group."""
    if not isinstance(destination, Backend):
        wrong = port_problem(destination, None)
        if wrong is not None:
            problems.add(place, f"{wrong}; Backend(service=..., port=...) says it")
    as_backend(destination).check_in(problems, place, api_version)


def port_problem(service: RoutableService, port: int | str | None) -> str | None:
    """Why requests cannot go to this port of the Service, or None."""
    if isinstance(service, TraefikService):
        return None if port is None else "a TraefikService has its own ports; leave it out"
    return service.port_problem(port)
