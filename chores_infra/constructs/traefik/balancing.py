"""What a TraefikService does with requests: shares them out, copies them, or has something in reserve.

Source: https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/http/traefikservice/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.parts import present
from chores_infra.constructs.traefik.backends import (
    Backend,
    Destination,
    RoutableService,
    StickyCookie,
    as_backend,
    check_destination,
)
from chores_infra.constructs.traefik.fields import StatusCodes
from chores_infra.constructs.traefik.groups import NEW_GROUP, ApiVersion, check_old_group
from chores_infra.constructs.traefik.traefik_service import TraefikService, TraefikServiceSpec
from chores_infra.fields import Items

__all__ = ["Failover", "HighestRandomWeight", "Mirror", "Mirroring", "Weighted"]

BodySize = Annotated[int, Field(ge=-1, le=2**63 - 1)]
Destinations = Iterable[tuple[str, RoutableService | Backend]]


@value_object
class _Balancing(TraefikServiceSpec):
    """What all have in common: destinations, each known by its argument."""

    def destinations(self) -> Destinations:
        """Where requests go, by argument."""
        raise NotImplementedError

    def check_in(self, problems: Problems, api_version: str) -> None:
        """Note destinations that cannot be."""
        for argument, destination in self.destinations():
            check_destination(problems, f"spec.{argument}", destination, api_version)

    def nested(self) -> Iterator[tuple[str, TraefikService]]:
        """The TraefikServices among the destinations."""
        for argument, destination in self.destinations():
            service = as_backend(destination).service
            if isinstance(service, TraefikService):
                yield argument, service


@value_object
class _Shared(_Balancing):
    """Requests that several destinations share, by their weights."""

    services: Annotated[Items[Backend], Field(min_length=1)]

    def destinations(self) -> Destinations:
        """The items of ``services``."""
        return [(f"services[{index}]", backend) for index, backend in enumerate(self.services)]

    def in_namespace(self, namespace: str | None) -> Manifest:
        """``services``."""
        return {"services": [backend.fields(namespace) for backend in self.services]}


@value_object
class Weighted(_Shared):
    """Share requests out by the weights of ``services``; with ``sticky`` a client stays where it was."""

    field: ClassVar[str] = "weighted"
    sticky: StickyCookie | None = None

    def check_in(self, problems: Problems, api_version: str) -> None:
        """Note what only the newer group has of the cookie, too."""
        super().check_in(problems, api_version)
        if self.sticky is not None:
            check_old_group(problems, "spec.sticky", self.sticky.only_new(), api_version)

    def in_namespace(self, namespace: str | None) -> Manifest:
        """``services``, and the cookie."""
        fields = super().in_namespace(namespace)
        if self.sticky is not None:
            fields["sticky"] = {"cookie": self.sticky.fields()}
        return fields


@value_object
class HighestRandomWeight(_Shared):
    """Send each client to the same destination, by its address and the weights (rendezvous hashing)."""

    field: ClassVar[str] = "highestRandomWeight"
    group: ClassVar[ApiVersion | None] = NEW_GROUP


@value_object
class Mirror:
    """A destination that gets copies of ``percent`` of the requests; nobody waits for its answers."""

    to: Destination
    percent: Annotated[int, Field(ge=0, le=100)]

    def check(self, problems: Problems) -> None:
        """Refuse a second share."""
        if isinstance(self.to, Backend) and self.to.weight is not None:
            problems.add("to.weight", "a mirror has a percentage, and no weight")

    def fields(self, namespace: str | None) -> Manifest:
        """One item of ``mirrors``."""
        return {**as_backend(self.to).fields(namespace), "percent": self.percent}


@value_object
class Mirroring(_Balancing):
    """Send requests to one destination, and copies of some to others, whose answers are dropped.

    Requests with a body of more than ``max_body_size`` bytes are not copied (-1: no limit, the default).
    """

    field: ClassVar[str] = "mirroring"
    to: Destination
    mirrors: Annotated[Items[Mirror], Field(min_length=1)]
    max_body_size: BodySize | None = None
    mirror_body: bool | None = None

    def check_in(self, problems: Problems, api_version: str) -> None:
        """Note what only the newer group has, too."""
        super().check_in(problems, api_version)
        if self.mirror_body is not None:
            check_old_group(problems, "spec", ["mirror_body"], api_version)

    def destinations(self) -> Destinations:
        """The one that answers, and the mirrors."""
        yield "to", self.to
        for index, mirror in enumerate(self.mirrors):
            yield f"mirrors[{index}].to", mirror.to

    def in_namespace(self, namespace: str | None) -> Manifest:
        """The destination, and its mirrors."""
        fields = as_backend(self.to).fields(namespace)
        fields |= present({"maxBodySize": self.max_body_size, "mirrorBody": self.mirror_body})
        fields["mirrors"] = [mirror.fields(namespace) for mirror in self.mirrors]
        return fields


@value_object
class Failover(_Balancing):
    """Send requests to one destination, and to ``fallback`` where the answer is an error of ``status``.

    Requests whose body has more than ``max_request_body_bytes`` are not sent again (-1: no limit).
    """

    field: ClassVar[str] = "failover"
    group: ClassVar[ApiVersion | None] = NEW_GROUP
    to: Destination
    fallback: Destination
    status: Annotated[Items[StatusCodes], Field(min_length=1)]
    max_request_body_bytes: BodySize | None = None

    def destinations(self) -> Destinations:
        """The two."""
        return [("to", self.to), ("fallback", self.fallback)]

    def in_namespace(self, namespace: str | None) -> Manifest:
        """The two, and what counts as an error."""
        return {
            "service": as_backend(self.to).fields(namespace),
            "fallback": as_backend(self.fallback).fields(namespace),
            "errors": present(
                {"status": list(self.status), "maxRequestBodyBytes": self.max_request_body_bytes}
            ),
        }
