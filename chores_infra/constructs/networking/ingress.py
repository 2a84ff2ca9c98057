"""The Ingress: which requests from outside go to which Services, by host and path.

Source: https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/ and the validation
of the API server, ``pkg/apis/networking/validation``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from chores_infra.arguments import OneOf, Problems, checked, value_object
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.cert_manager.issuers import AnyIssuer, with_issuer
from chores_infra.constructs.config import MakesSecret, Secret, SecretSource
from chores_infra.constructs.networking.ingress_class import IngressClass
from chores_infra.constructs.references import check_covers, check_same_namespace, secret_of
from chores_infra.constructs.services import ExternalNameService, Service
from chores_infra.fields import (
    Annotations,
    DnsLabel,
    DnsSubdomain,
    Items,
    Labels,
    Pairs,
    Port,
    UrlPath,
    WildcardHostname,
)
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["Ingress", "IngressBackend", "IngressPath", "IngressTLS"]

#: What the API server keeps out of paths of types Prefix and Exact.
_NOT_IN_PATHS = ("//", "/./", "/../", "%2f", "%2F")
#: The key of ``routes`` for requests to whatever host.
_EVERY_HOST = "*"


@value_object
class IngressBackend:
    """Where requests go: a Service and a port of it, or an object that the controller knows.

    ``port`` is a port of the Service by number or name; its only port without it.
    """

    service: Service | ExternalNameService | None = None
    port: Port | None = None
    resource: KubernetesObject | None = None

    def check(self, problems: Problems) -> None:
        """Refuse no destination and two, and a port that the Service does not have."""
        if (self.service is None) == (self.resource is None):
            problems.add("service", "give exactly one of service and resource")
        elif self.service is None:
            if self.port is not None:
                problems.add("port", "it belongs to service=...; another object has none")
        else:
            wrong = self.service.port_problem(self.port)
            if wrong is not None:
                problems.add("port", wrong)

    @property
    def target(self) -> KubernetesObject:
        """The Service or the other object."""
        target = self.service or self.resource
        assert target is not None  # noqa: S101  (check() has seen to it)
        return target

    def backend(self) -> Manifest:
        """``backend`` of a path, and ``defaultBackend``."""
        if self.service is None:
            group, _, _ = self.target.api_version.rpartition("/")
            reference = {"kind": self.target.kind, "name": self.target.name}
            return {"resource": {"apiGroup": group, **reference} if group else reference}
        port = self.service.port_of(self.port)
        written = {"number": port} if isinstance(port, int) else {"name": port}
        return {"service": {"name": self.service.name, "port": written}}


@value_object
class IngressPath(IngressBackend):
    """Requests to some paths of a host, and where they go.

    ``Prefix`` compares whole parts of the path: ``/api`` takes ``/api`` and ``/api/users``, not ``/apis``.
    """

    path: UrlPath = "/"
    type: Literal["Prefix", "Exact", "ImplementationSpecific"] = "Prefix"

    def check(self, problems: Problems) -> None:
        """Besides the destination: what the API server refuses in paths."""
        super().check(problems)
        if self.type == "ImplementationSpecific":
            return
        wrong = [part for part in _NOT_IN_PATHS if part in self.path]
        wrong += [f"{end} at the end" for end in ("/..", "/.") if self.path.endswith(end)]
        if wrong:
            problems.add("path", f"expected a path without {wrong[0]}, found {self.path!r}")

    def fields(self) -> Manifest:
        """One item of ``paths``."""
        return {"path": self.path, "pathType": self.type, "backend": self.backend()}


@value_object
class IngressTLS:
    """HTTPS at some hosts: with the certificate in a Secret, or with the controller's own without one.

    Without ``hosts`` all of the Ingress are meant that the certificate is for. ``new_secret`` is the name of
    the Secret that cert-manager makes where the Ingress has an ``issuer``.
    """

    secret: SecretSource | None = None
    new_secret: DnsSubdomain | None = None
    hosts: Annotated[Items[WildcardHostname], Field(min_length=1)] | None = None

    def check(self, problems: Problems) -> None:
        """Refuse two origins of the certificate."""
        if self.secret is not None and self.new_secret is not None:
            problems.add("new_secret", "the certificate is in a secret or cert-manager makes one, not both")


IngressHost = Annotated[WildcardHostname | Literal["*"], OneOf("a host name, '*.' and a host name, or '*'")]
Destination = Annotated[
    Service | ExternalNameService | IngressBackend, OneOf("a Service or an IngressBackend; not a name")
]
Destinations: TypeAlias = Annotated[
    Service | ExternalNameService | IngressBackend | Items[IngressPath],
    OneOf("a Service, an IngressBackend, or a list of IngressPath; not a name"),
]
TLSEntry = Annotated[
    Secret | MakesSecret | IngressTLS, OneOf("a Certificate, a Secret or an IngressTLS; not a name")
]


class Ingress(KubernetesObject):
    """HTTP requests from outside, and the Services that they go to by host and path.

    ``routes`` maps each host to a Service, for all paths, or to a list of ``IngressPath``. The host
    ``"*.example.com"`` is for all one part below, ``"*"`` for any. ``tls`` takes Certificates and Secrets,
    each for the hosts that it covers; with an ``issuer`` cert-manager makes the Secrets, from this Ingress.

    >>> from chores_infra.construct import Tree
    >>> web = Service.existing("web", ports=[80])
    >>> ingress = Ingress(Tree(), "ingress", name="shop", routes={"shop.example.com": web})
    >>> ingress.manifest["spec"]["rules"][0]["http"]["paths"]
    [{'path': '/', 'pathType': 'Prefix', 'backend': {'service': {'name': 'web', 'port': {'number': 80}}}}]

    Raises:
        ConstructError: a host or path twice, a port that the Service does not declare, an object of another
            namespace, a certificate that is not for the host, and whatever the API server would refuse.
    """

    api_version = "networking.k8s.io/v1"
    kind = "Ingress"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        ingress_class: IngressClass | None = None,
        routes: Pairs[IngressHost, Destinations] | None = None,
        default_backend: Destination | None = None,
        tls: Items[TLSEntry] = (),
        issuer: AnyIssuer | None = None,
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        here = namespace_in(scope, namespace)
        if not routes and default_backend is None:
            problems.add("routes", "expected at least one route, or a default_backend")
        self.ingress_class = ingress_class
        self.routes: dict[str, Sequence[IngressPath]] = {}
        for host, destinations in (routes or {}).items():
            self.routes[host] = _paths(problems, f"routes.{host}", destinations)
            _check_host(problems, f"routes.{host}", host, self.routes[host])
        self.default_backend = None
        if default_backend is not None:
            self.default_backend = _backend(problems, "default_backend", default_backend)
        for place, backend in self._backends():
            check_same_namespace(problems, place, backend.target, here)
        hosts = [host for host in self.routes if host != _EVERY_HOST]
        self.tls = [
            _tls(problems, f"tls[{index}]", entry, hosts, namespace=here, issuer=issuer)
            for index, entry in enumerate(tls)
        ]
        annotations = with_issuer(problems, annotations, issuer, here)
        makes = any(isinstance(entry, IngressTLS) and entry.new_secret is not None for entry in tls)
        if issuer is not None and not makes:
            problems.add("issuer", "say which Secret it makes: tls=[IngressTLS(new_secret=...)]")
        problems.raise_if_any()
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def _backends(self) -> Iterator[tuple[str, IngressBackend]]:
        for host, paths in self.routes.items():
            yield from ((f"routes.{host}", path) for path in paths)
        if self.default_backend is not None:
            yield "default_backend", self.default_backend

    def fields(self) -> Manifest:
        """``spec``."""
        spec: Manifest = {}
        if self.ingress_class is not None:
            spec["ingressClassName"] = self.ingress_class.name
        if self.default_backend is not None:
            spec["defaultBackend"] = self.default_backend.backend()
        if self.tls:
            spec["tls"] = [dict(entry) for entry in self.tls]
        if self.routes:
            spec["rules"] = [_rule(host, paths) for host, paths in self.routes.items()]
        return {"spec": spec}


def _rule(host: str, paths: Sequence[IngressPath]) -> Manifest:
    rule: Manifest = {} if host == _EVERY_HOST else {"host": host}
    return {**rule, "http": {"paths": [path.fields() for path in paths]}}


def _paths(problems: Problems, place: str, destinations: Destinations) -> Sequence[IngressPath]:
    if isinstance(destinations, Service | ExternalNameService | IngressBackend):
        backend = _backend(problems, place, destinations)
        return [backend if isinstance(backend, IngressPath) else IngressPath(**vars(backend))]
    if not destinations:
        problems.add(place, "expected at least one path")
    return destinations


def _backend(problems: Problems, place: str, destination: Destination) -> IngressBackend:
    if isinstance(destination, IngressBackend):
        return destination
    wrong = destination.port_problem(None)
    if wrong is not None:
        problems.add(place, f"{wrong}; IngressBackend(service=..., port=...) says it")
    return IngressBackend(service=destination)


def _check_host(problems: Problems, place: str, host: str, paths: Sequence[IngressPath]) -> None:
    if host.replace(".", "").isdigit():
        problems.add(place, "expected a host name, found an IP address; '*' is for requests to any host")
    keys = ((f"{place}[{index}]", (path.type, path.path)) for index, path in enumerate(paths))
    problems.add_repeats((where, f"{path} ({kind})") for where, (kind, path) in keys)


def _tls(
    problems: Problems,
    place: str,
    entry: Secret | MakesSecret | IngressTLS,
    hosts: Sequence[str],
    *,
    namespace: str | None,
    issuer: AnyIssuer | None,
) -> Manifest:
    """One item of ``tls``, and what is wrong with it."""
    tls = entry if isinstance(entry, IngressTLS) else IngressTLS(secret=entry)
    secret = tls.secret
    certificate = secret if isinstance(secret, MakesSecret) else None
    covered = [host for host in hosts if certificate is None or certificate.covers(host)]
    if secret is not None:
        check_same_namespace(problems, place, secret, namespace)
    if tls.new_secret is not None and issuer is None:
        problems.add(f"{place}.new_secret", "nobody makes it: give the Ingress an issuer as well")
    if tls.hosts is None and secret is not None:
        check_covers(problems, place, secret, hosts)
    for index, host in enumerate(tls.hosts or ()):
        if certificate is not None and not certificate.covers(host):
            problems.add(
                f"{place}.hosts[{index}]", f"{certificate.kind} {certificate.name!r} is not for {host}"
            )
    written = tls.hosts or covered
    fields: Manifest = {"hosts": list(written)} if written else {}
    name = tls.new_secret if secret is None else secret_of(secret).name
    return fields if name is None else {**fields, "secretName": name}
