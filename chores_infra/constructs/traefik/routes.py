"""The IngressRoute: which requests Traefik takes, what it does with them, and where they go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from chores_infra.arguments import OneOf, Problems, checked, value_object
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.config import MakesSecret, Secret
from chores_infra.constructs.parts import Part
from chores_infra.constructs.references import check_same_namespace, secret_of
from chores_infra.constructs.services import ExternalNameService, Service
from chores_infra.constructs.traefik.backends import Backend, RoutableService, port_problem
from chores_infra.constructs.traefik.fields import CertificateName, EntryPoint, Priority
from chores_infra.constructs.traefik.groups import (
    OLD_GROUP,
    ApiVersion,
    check_old_group,
    check_same_group,
    reference,
)
from chores_infra.constructs.traefik.middleware import Middleware
from chores_infra.constructs.traefik.references import TLSOption, TLSStore, TraefikService
from chores_infra.constructs.traefik.rules import Rule, RuleSyntax
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

__all__ = ["TLS", "Domain", "IngressRoute", "Route"]


@value_object
class Domain(Part):
    """The names of a certificate to ask for: ``*.example.com`` is a wildcard."""

    main: CertificateName
    sans: Items[CertificateName] | None = None


@value_object
class TLS:
    """HTTPS at a route: with the certificate in a Secret, with one that a resolver gets, or the default one.

    ``options`` and ``store`` are Traefik's; ``domains`` are for the resolver, by default the route's hosts.
    """

    secret: Secret | MakesSecret | None = None
    cert_resolver: EntryPoint | None = None
    options: TLSOption | None = None
    store: TLSStore | None = None
    domains: Items[Domain] | None = None

    def check(self, problems: Problems) -> None:
        """Refuse two origins of the certificate."""
        if self.secret is not None and self.cert_resolver is not None:
            problems.add("cert_resolver", "the certificate is in a secret or a resolver gets it, not both")

    def fields(self, namespace: str | None) -> Manifest:
        """``spec.tls`` of a route in that namespace."""
        fields: Manifest = {}
        if self.secret is not None:
            fields["secretName"] = secret_of(self.secret).name
        if self.cert_resolver is not None:
            fields["certResolver"] = self.cert_resolver
        if self.options is not None:
            fields["options"] = reference(self.options, namespace)
        if self.store is not None:
            fields["store"] = reference(self.store, namespace)
        if self.domains is not None:
            fields["domains"] = [domain.fields() for domain in self.domains]
        return fields


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


Destination = Annotated[
    Service | ExternalNameService | TraefikService | Backend,
    OneOf("a Service, a TraefikService or a Backend"),
]


class IngressRoute(KubernetesObject):
    """HTTP requests that Traefik takes at its entry points and hands to Services.

    ``routes`` maps host names to Services (their only port is meant; ``Backend`` says another), or is a list
    of ``Route`` with rules of any kind. Without ``entry_points`` the route is at all default ones.

    >>> from chores_infra.construct import Tree
    >>> service = Service.existing("chores-tracker", ports=[80])
    >>> ingress = IngressRoute(Tree(), "ingress", name="shop", routes={"chores.arigsela.com": service})
    >>> for route in ingress.manifest["spec"]["routes"]:
    ...     print(route["match"], route["services"])
    Host(`chores.arigsela.com`) [{'name': 'chores-tracker', 'port': 80}]

    Raises:
        ConstructError: a host that is no host name, a port that the Service does not declare, two routes for
            the same requests, a Secret of another namespace, or what the API group does not have.
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
            _check_hosts(problems, routes, api_version)
        else:
            _check_routes(problems, routes, api_version)
        if tls is not None and tls.secret is not None:
            check_same_namespace(problems, "tls.secret", tls.secret, here)
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
                    "services": [_destination(destination, namespace)],
                }
                for host, destination in self.routes.items()
            ]
        else:
            syntax: RuleSyntax = "v2" if self.api_version == OLD_GROUP else "v3"
            spec["routes"] = [route.fields(namespace, syntax) for route in self.routes]
        if self.tls is not None:
            spec["tls"] = self.tls.fields(namespace)
        return {"spec": spec}


def _destination(destination: Any, namespace: str | None) -> Manifest:
    if isinstance(destination, Backend):
        return destination.fields(namespace)
    return Backend(service=destination).fields(namespace)


def _check_hosts(problems: Problems, routes: Mapping[str, Any], api_version: str) -> None:
    for host, destination in routes.items():
        if isinstance(destination, Backend):
            check_old_group(problems, f"routes.{host}", destination.only_new(), api_version)
        else:
            wrong = port_problem(destination, None)
            if wrong is not None:
                problems.add(f"routes.{host}", f"{wrong}; Backend(service=..., port=...) says it")


def _check_routes(problems: Problems, routes: Sequence[Route], api_version: str) -> None:
    taken: dict[frozenset[str], int] = {}
    for index, route in enumerate(routes):
        place = f"routes[{index}]"
        for alternative in route.match.alternatives():
            if alternative in taken:
                rule = " && ".join(sorted(alternative))
                problems.add(f"{place}.match", f"routes[{taken[alternative]}] takes {rule} already")
            else:
                taken[alternative] = index
        for number, backend in enumerate(route.services or ()):
            check_old_group(problems, f"{place}.services[{number}]", backend.only_new(), api_version)
        for number, middleware in enumerate(route.middlewares):
            check_same_group(problems, f"{place}.middlewares[{number}]", middleware, api_version)
