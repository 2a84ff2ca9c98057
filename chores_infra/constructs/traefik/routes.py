"""The IngressRoute: which requests Traefik takes, what it does with them, and where they go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field

from chores_infra.arguments import Problems, checked, value_object
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.references import check_covers
from chores_infra.constructs.traefik.backends import (
    Backend,
    Destination,
    RoutableService,
    as_backend,
    check_destination,
    port_problem,
)
from chores_infra.constructs.traefik.fields import EntryPoint, Priority
from chores_infra.constructs.traefik.groups import OLD_GROUP, ApiVersion, check_same_group, reference
from chores_infra.constructs.traefik.middleware import Middleware
from chores_infra.constructs.traefik.rules import Rule, RuleSyntax, check_rule
from chores_infra.constructs.traefik.tls import TLS
from chores_infra.fields import (
    Annotations,
    DnsLabel,
    DnsSubdomain,
    Hostname,
    Items,
    Labels,
    Pairs,
    Port,
)
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["IngressRoute", "Route"]


@value_object
class Route:
    """Requests that match a rule, the middlewares that they pass in this order, and where they go.

    ``service`` and ``port`` for one destination, ``services`` for several with weights. Among routes that
    take a request the highest ``priority`` wins; by default that is the length of the rule.
    """

    match: Rule
    service: RoutableService | None = None
    port: Port | None = None
    services: Annotated[Items[Backend], Field(min_length=1)] | None = None
    middlewares: Items[Middleware] = ()
    priority: Priority | None = None

    def check(self, problems: Problems) -> None:
        """Refuse no destination and two, and a port that the Service does not have."""
        if (self.service is None) == (self.services is None):
            problems.add("service", "give exactly one of service and services")
        elif self.service is None:
            if self.port is not None:
                problems.add("port", "it belongs to service=...; give it to each Backend")
        else:
            wrong = port_problem(self.service, self.port)
            if wrong is not None:
                problems.add("port", wrong)

    @property
    def backends(self) -> Sequence[Backend]:
        """The destinations, one or several."""
        if self.services is not None:
            return self.services
        assert self.service is not None  # noqa: S101  (check() has seen to it)
        return [Backend(service=self.service, port=self.port)]

    def fields(self, namespace: str | None, syntax: RuleSyntax) -> Manifest:
        """One item of ``spec.routes``."""
        fields: Manifest = {"match": self.match.text(syntax), "kind": "Rule"}
        if self.priority is not None:
            fields["priority"] = self.priority
        if self.middlewares:
            fields["middlewares"] = [reference(middleware, namespace) for middleware in self.middlewares]
        fields["services"] = [backend.fields(namespace) for backend in self.backends]
        return fields


class IngressRoute(KubernetesObject):
    """HTTP requests that Traefik takes at its entry points and hands to Services.

    ``routes`` maps host names to Services (their only port is meant; ``Backend`` says another), or is a list
    of ``Route`` with rules of any kind. Without ``entry_points`` the route is at all default ones.

    >>> from chores_infra.construct import Tree
    >>> from chores_infra.constructs.services import Service
    >>> service = Service.existing("chores-tracker", ports=[80])
    >>> ingress = IngressRoute(Tree(), "ingress", name="shop", routes={"chores.arigsela.com": service})
    >>> for route in ingress.manifest["spec"]["routes"]:
    ...     print(route["match"], route["services"])
    Host(`chores.arigsela.com`) [{'name': 'chores-tracker', 'port': 80}]

    Raises:
        ConstructError: a host that is no host name, a port that the Service does not declare, two routes for
            the same requests, a Secret of another namespace or for other hosts, or what the API group does
            not have.
    """

    api_version = OLD_GROUP
    kind = "IngressRoute"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        routes: Pairs[Hostname, Destination] | Items[Route],
        entry_points: Items[EntryPoint] | None = None,
        tls: TLS | None = None,
        api_version: ApiVersion = "traefik.containo.us/v1alpha1",
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        here = namespace_in(scope, namespace)
        if not routes:
            problems.add("routes", "expected at least one route")
        if isinstance(routes, Mapping):
            for host, destination in routes.items():
                check_destination(problems, f"routes.{host}", destination, api_version)
            if tls is not None and tls.secret is not None:
                check_covers(problems, "tls.secret", tls.secret, list(routes))
        else:
            _check_routes(problems, routes, api_version)
        if tls is not None:
            tls.check_in(problems, here, api_version)
        problems.raise_if_any()
        self.routes = routes
        self.entry_points = entry_points
        self.tls = tls
        self.api_version = api_version
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``: entry points, routes and TLS."""
        namespace = self.namespace
        spec: Manifest = {}
        if self.entry_points is not None:
            spec["entryPoints"] = list(self.entry_points)
        if isinstance(self.routes, Mapping):
            spec["routes"] = [
                {
                    "match": f"Host(`{host}`)",
                    "kind": "Rule",
                    "services": [as_backend(destination).fields(namespace)],
                }
                for host, destination in self.routes.items()
            ]
        else:
            syntax: RuleSyntax = "v2" if self.api_version == OLD_GROUP else "v3"
            spec["routes"] = [route.fields(namespace, syntax) for route in self.routes]
        if self.tls is not None:
            spec["tls"] = self.tls.fields(namespace)
        return {"spec": spec}


def _check_routes(problems: Problems, routes: Sequence[Route], api_version: str) -> None:
    taken: dict[frozenset[str], int] = {}
    for index, route in enumerate(routes):
        place = f"routes[{index}]"
        check_rule(problems, f"{place}.match", route.match, "HTTP")
        for alternative in route.match.alternatives():
            if alternative in taken:
                rule = " && ".join(sorted(alternative))
                problems.add(f"{place}.match", f"routes[{taken[alternative]}] takes {rule} already")
            else:
                taken[alternative] = index
        if route.services is None:
            route.backends[0].check_in(problems, place, api_version)
        for number, backend in enumerate(route.services or ()):
            backend.check_in(problems, f"{place}.services[{number}]", api_version)
        for number, middleware in enumerate(route.middlewares):
            check_same_group(problems, f"{place}.middlewares[{number}]", middleware, api_version)
