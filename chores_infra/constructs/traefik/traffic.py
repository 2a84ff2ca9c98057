"""Middlewares that limit, repeat, buffer and answer requests, and those that join or extend others.

Source: https://doc.traefik.io/traefik/middlewares/http/overview/
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.parts import Part
from chores_infra.constructs.plain_values import check_plain, copied
from chores_infra.constructs.traefik.access import IpStrategy
from chores_infra.constructs.traefik.backends import Backend
from chores_infra.constructs.traefik.fields import HeaderName, StatusCodes, WholeDuration
from chores_infra.constructs.traefik.groups import reference
from chores_infra.constructs.traefik.middleware import Middleware, MiddlewareSpec
from chores_infra.fields import Items, NonNegative, Pairs, Positive, Text, UrlPath

__all__ = [
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
]

Amount = Annotated[int, Field(ge=0, le=2**63 - 1)]


@value_object
class SourceCriterion(Part):
    """What counts as one client: an address, the value of a header, or the host that is asked for."""

    ip_strategy: IpStrategy | None = None
    request_header_name: HeaderName | None = None
    request_host: bool | None = None

    def check(self, problems: Problems) -> None:
        """Refuse none and several: Traefik takes exactly one."""
        if len(vars(self)) != 1:
            problems.add("", "give exactly one of ip_strategy, request_header_name and request_host")


@value_object
class _Limited(MiddlewareSpec):
    """What limits per client have in common."""

    source_criterion: SourceCriterion | None = None

    def new_arguments(self) -> Iterable[str]:
        """Arguments of the strategy count, too."""
        yield from super().new_arguments()
        strategy = self.source_criterion and self.source_criterion.ip_strategy
        if strategy and strategy.ipv6_subnet is not None:
            yield "source_criterion.ip_strategy.ipv6_subnet"


@value_object
class RateLimit(_Limited):
    """At most ``average`` requests per ``period`` (a second) and client, ``burst`` at once."""

    field: ClassVar[str] = "rateLimit"
    average: Amount
    burst: Amount | None = None
    period: WholeDuration | None = None


@value_object
class InFlightReq(_Limited):
    """At most ``amount`` requests at the same time."""

    field: ClassVar[str] = "inFlightReq"
    amount: Positive


@value_object
class Retry(MiddlewareSpec):
    """Try again when the pod does not answer, up to ``attempts`` times in all."""

    field: ClassVar[str] = "retry"
    attempts: Positive
    initial_interval: WholeDuration | None = None


@value_object
class CircuitBreaker(MiddlewareSpec):
    """Stop asking a service that fails: ``expression="NetworkErrorRatio() > 0.30"``."""

    field: ClassVar[str] = "circuitBreaker"
    only_new: ClassVar[frozenset[str]] = frozenset({"response_code"})
    expression: Text
    check_period: WholeDuration | None = None
    fallback_duration: WholeDuration | None = None
    recovery_duration: WholeDuration | None = None
    response_code: Annotated[int, Field(ge=100, le=599)] | None = None


@value_object
class Buffering(MiddlewareSpec):
    """Read requests and responses whole before they go on, up to so many bytes (0: no limit)."""

    field: ClassVar[str] = "buffering"
    max_request_body_bytes: Amount | None = None
    mem_request_body_bytes: Amount | None = None
    max_response_body_bytes: Amount | None = None
    mem_response_body_bytes: Amount | None = None
    retry_expression: Text | None = None


@value_object
class Compress(MiddlewareSpec):
    """Compress responses, except those of some types, or only those of some types."""

    field: ClassVar[str] = "compress"
    only_new: ClassVar[frozenset[str]] = frozenset(
        {"included_content_types", "default_encoding", "encodings"}
    )
    excluded_content_types: Items[Text] | None = None
    included_content_types: Items[Text] | None = None
    min_response_body_bytes: NonNegative | None = None
    default_encoding: Literal["gzip", "br", "zstd"] | None = None
    encodings: Items[Literal["gzip", "br", "zstd"]] | None = None

    def check(self, problems: Problems) -> None:
        """Refuse two lists: Traefik takes one."""
        if self.excluded_content_types is not None and self.included_content_types is not None:
            problems.add("included_content_types", "give excluded or included content types, not both")


@value_object
class Errors(MiddlewareSpec):
    """Show a page of another service instead of an error: ``query="/{status}.html"``."""

    field: ClassVar[str] = "errors"
    status: Annotated[Items[StatusCodes], Field(min_length=1)]
    service: Backend
    query: UrlPath | None = None

    def new_arguments(self) -> Iterable[str]:
        """Arguments of the service count, too."""
        return [f"service.{argument}" for argument in self.service.only_new()]

    def in_namespace(self, namespace: str | None) -> Manifest:
        """The states, the page and the service."""
        fields: Manifest = {"status": list(self.status)}
        if self.query is not None:
            fields["query"] = self.query
        fields["service"] = self.service.fields(namespace)
        return fields


@value_object
class Chain(MiddlewareSpec):
    """Several middlewares, one after the other, under one name."""

    field: ClassVar[str] = "chain"
    chained: Annotated[Items[Middleware], Field(min_length=1)]

    def middlewares(self) -> Iterable[tuple[str, Middleware]]:
        """The middlewares, by argument."""
        return [(f"chained[{index}]", middleware) for index, middleware in enumerate(self.chained)]

    def in_namespace(self, namespace: str | None) -> Manifest:
        """References to them."""
        return {"middlewares": [reference(middleware, namespace) for middleware in self.chained]}


@value_object
class Plugin(MiddlewareSpec):
    """A middleware that is a plugin of Traefik, with the settings that it takes."""

    field: ClassVar[str] = "plugin"
    name: Text
    settings: Pairs[str, Any] = {}  # noqa: RUF012  (validated copies; nobody writes to it)

    def check(self, problems: Problems) -> None:
        """Refuse settings that YAML cannot carry."""
        check_plain(problems, "settings", self.settings)

    def fields(self) -> Manifest:
        """The settings under the plugin's name."""
        return {self.name: copied(self.settings)}
