"""What the rules of all routes have: filters on the way, and Services with their shares of the requests.

Source: https://gateway-api.sigs.k8s.io/reference/spec/#httpbackendref
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from chores_infra.arguments import OneOf, Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.gateway.filters import (
    Extension,
    HttpFilter,
    Redirect,
    Routable,
    backend_reference,
    check_filters,
    reference_problem,
)
from chores_infra.constructs.services import ExternalNameService, Service
from chores_infra.fields import DnsSubdomain, Items, Port
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["HttpBackend", "RouteRule"]


@value_object
class HttpBackend:
    """One Service of a rule, with its share of the requests: the weights of all together are the whole.

    ``port`` is a port of the Service by number or name; its only port without it.
    """

    service: Routable
    port: Port | None = None
    weight: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    filters: Annotated[Items[HttpFilter], Field(max_length=16)] = ()

    def check(self, problems: Problems) -> None:
        """Refuse a port that the Service does not have, and filters that do not go together."""
        wrong = reference_problem(self.service, self.port)
        if wrong is not None:
            problems.add("port", wrong)
        check_filters(problems, "filters", self.filters)

    def fields(self, namespace: str | None) -> Manifest:
        """One item of ``backendRefs``, of a route in that namespace."""
        fields = backend_reference(self.service, self.port, namespace)
        if self.weight is not None:
            fields["weight"] = self.weight
        if self.filters:
            fields["filters"] = [done.fields(namespace) for done in self.filters]
        return fields


@value_object
class RouteRule:
    """The base of the rules of HTTPRoutes and GRPCRoutes."""

    name: DnsSubdomain | None = None
    matches: Items[Any] = ()
    filters: Annotated[Items[HttpFilter], Field(max_length=16)] = ()
    backends: Annotated[
        Items[
            Annotated[
                Service | ExternalNameService | HttpBackend, OneOf("a Service or an HttpBackend; not a name")
            ]
        ],
        Field(max_length=16),
    ] = ()

    def check(self, problems: Problems) -> None:
        """What the CRDs refuse, and a rule that leads nowhere."""
        check_filters(problems, "filters", self.filters)
        if any(isinstance(done, Redirect) for done in self.filters):
            if self.backends:
                problems.add("backends", "a request that is redirected goes to no Service; leave them out")
        elif not self.backends and not any(isinstance(done, Extension) for done in self.filters):
            problems.add("backends", "expected at least one Service: without any all is answered by an error")
        for index, backend in enumerate(self.backends):
            if not isinstance(backend, HttpBackend):
                wrong = reference_problem(backend, None)
                if wrong is not None:
                    problems.add(f"backends[{index}]", f"{wrong}; HttpBackend(service=..., port=...) says it")

    @property
    def all_backends(self) -> list[HttpBackend]:
        """The Services, in one form."""
        return [
            backend if isinstance(backend, HttpBackend) else HttpBackend(service=backend)
            for backend in self.backends
        ]

    def all_filters(self) -> Iterator[tuple[str, HttpFilter]]:
        """The filters of the rule and of its Services, by argument."""
        yield from ((f"filters[{index}]", done) for index, done in enumerate(self.filters))
        for number, backend in enumerate(self.all_backends):
            for index, done in enumerate(backend.filters):
                yield f"backends[{number}].filters[{index}]", done

    def references(self) -> Iterator[tuple[str, KubernetesObject]]:
        """Every Service that is named, by argument."""
        for place, done in self.all_filters():
            yield from ((f"{place}.{name}", target) for name, target in done.references())
        for index, backend in enumerate(self.all_backends):
            yield f"backends[{index}].service", backend.service

    def fields(self, namespace: str | None) -> Manifest:
        """One item of ``rules``, of a route in that namespace."""
        fields: Manifest = {} if self.name is None else {"name": self.name}
        if self.matches:
            fields["matches"] = [match.fields() for match in self.matches]
        if self.filters:
            fields["filters"] = [done.fields(namespace) for done in self.filters]
        if self.backends:
            fields["backendRefs"] = [backend.fields(namespace) for backend in self.all_backends]
        return fields
