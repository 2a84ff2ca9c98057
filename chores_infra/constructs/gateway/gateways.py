"""The Gateway: where requests come into the cluster, and the class of what serves it.

Source: https://gateway-api.sigs.k8s.io/reference/spec/#gateway
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field

from chores_infra.arguments import OneOf, Problems, checked, value_object
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.cert_manager.issuers import AnyIssuer, with_issuer
from chores_infra.constructs.cluster import Namespace
from chores_infra.constructs.config import SecretSource
from chores_infra.constructs.gateway.grants import check_grantable, grant_access, group_of
from chores_infra.constructs.gateway.listeners import (
    ClientValidation,
    Listener,
    certificate_reference,
    namespaces_allowed,
)
from chores_infra.constructs.parts import Part
from chores_infra.constructs.references import check_same_namespace, secret_of
from chores_infra.constructs.scheduling import LabelSelector
from chores_infra.errors import ConstructError
from chores_infra.fields import (
    Annotations,
    ControllerName,
    DnsLabel,
    DnsSubdomain,
    Items,
    Labels,
    Matching,
    Pairs,
    PortNumber,
    Text,
)
from chores_infra.kubernetes_object import KubernetesObject, checked_existing

__all__ = ["Gateway", "GatewayAddress", "GatewayClass", "GatewayListener"]


class GatewayClass(KubernetesObject):
    """A class of Gateways, and the controller that serves them; as a rule its installation makes it.

    ``GatewayClass.existing("cilium")`` refers to one. ``parameters`` is an object with settings.

    >>> from chores_infra.construct import Tree
    >>> made = GatewayClass(Tree(), "traefik", name="traefik", controller="traefik.io/gateway-controller")
    >>> made.manifest["spec"]
    {'controllerName': 'traefik.io/gateway-controller'}

    Raises:
        ConstructError: a name or controller that the API server would refuse.
    """

    api_version = "gateway.networking.k8s.io/v1"
    kind = "GatewayClass"
    namespaced = False

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        controller: ControllerName,
        parameters: KubernetesObject | None = None,
        description: Annotated[str, Field(max_length=64)] | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        if parameters is not None and parameters.namespaced and parameters.namespace is None:
            problems.add("parameters", "a class has no namespace of its own: say that of the parameters")
        problems.raise_if_any()
        self.controller = controller
        self.parameters = parameters
        self.description = description
        super().__init__(scope, id, name=name, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``."""
        spec: Manifest = {"controllerName": self.controller}
        if self.parameters is not None:
            spec["parametersRef"] = _parameters(self.parameters)
            if self.parameters.namespace is not None:
                spec["parametersRef"]["namespace"] = self.parameters.namespace
        if self.description is not None:
            spec["description"] = self.description
        return {"spec": spec}


@value_object
class GatewayAddress(Part):
    """An address to ask for; without ``value`` any of that type."""

    type: Annotated[
        str,
        Matching(
            r"Hostname|IPAddress|NamedAddress|[a-z0-9][-.a-z0-9]*/[A-Za-z0-9/\-._~%!$&'()*+,;=:]+",
            253,
            "'IPAddress', 'Hostname', 'NamedAddress', or a type of the controller such as 'example.com/pool'",
        ),
    ] = "IPAddress"
    value: Annotated[str, Field(min_length=1, max_length=253)] | None = None

    def check(self, problems: Problems) -> None:
        """Addresses are addresses, and hosts are hosts."""
        from ipaddress import ip_address

        if self.value is None:
            return
        if self.type == "IPAddress":
            try:
                ip_address(self.value)
            except ValueError:
                problems.add("value", f"expected an IP address such as '192.0.2.1', found {self.value!r}")
        elif self.type == "Hostname" and not _is_host(self.value):
            problems.add("value", f"expected a host name, found {self.value!r}")

    def fields(self) -> Manifest:
        """One item of ``addresses``."""
        return {"type": self.type, **({} if self.value is None else {"value": self.value})}


@value_object
class GatewayListener:
    """One listener of a Gateway, as a route's parent; made by ``gateway.listener("https")``."""

    gateway: Gateway
    name: DnsSubdomain


ListenerSets = Annotated[
    Literal["None", "Same", "All"] | LabelSelector | Items[Namespace],
    OneOf("'None', 'Same', 'All', a LabelSelector or a list of Namespaces"),
]


class Gateway(KubernetesObject):
    """Where requests come into the cluster: ports, hosts and certificates, and whose routes are served.

    Routes refer to it, or to one of its listeners: ``gateway.listener("https")``. A certificate in another
    namespace gets the ReferenceGrant that it needs (``grant_references=False``: another party makes it). With
    an ``issuer`` cert-manager makes the Secrets that listeners name.

    ``client_certificate`` is shown to pods that ask for one; ``client_validation`` is asked of clients, at
    the ports in ``client_validation_per_port`` another one.

    >>> from chores_infra.construct import Tree
    >>> gateway = Gateway(
    ...     Tree(namespace="edge"),
    ...     "gateway",
    ...     name="public",
    ...     gateway_class=GatewayClass.existing("traefik"),
    ...     listeners=[Listener(name="http", port=80, routes_from="All")],
    ... )
    >>> gateway.manifest["spec"]["listeners"]
    [{'name': 'http', 'port': 80, 'protocol': 'HTTP', 'allowedRoutes': {'namespaces': {'from': 'All'}}}]

    Raises:
        ConstructError: a listener that is there twice, TLS where there is none or without a certificate, a
            certificate for other hosts, and whatever the API server would refuse.
    """

    api_version = "gateway.networking.k8s.io/v1"
    kind = "Gateway"
    #: None: another party's, of which they are not known.
    listeners: Sequence[Listener] | None

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        gateway_class: GatewayClass,
        listeners: Annotated[Items[Listener], Field(min_length=1, max_length=64)],
        addresses: Annotated[Items[GatewayAddress], Field(max_length=16)] | None = None,
        infrastructure_labels: Annotated[Labels, Field(max_length=8)] | None = None,
        infrastructure_annotations: Annotated[Pairs[Text, str], Field(max_length=8)] | None = None,
        parameters: KubernetesObject | None = None,
        client_certificate: SecretSource | None = None,
        client_validation: ClientValidation | None = None,
        client_validation_per_port: Pairs[PortNumber, ClientValidation] | None = None,
        listener_sets_from: ListenerSets | None = None,
        issuer: AnyIssuer | None = None,
        grant_references: bool = True,
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        here = namespace_in(scope, namespace)
        _check_listeners(problems, listeners)
        entries = enumerate(addresses or ())
        problems.add_repeats((f"addresses[{i}].value", (a.type, a.value)) for i, a in entries if a.value)
        if parameters is not None:
            check_same_namespace(problems, "parameters", parameters, here)
        if client_validation_per_port and client_validation is None:
            problems.add("client_validation", "give the one for all other ports as well")
        annotations = with_issuer(problems, annotations, issuer, here)
        self.gateway_class = gateway_class
        self.listeners = list(listeners)
        self.addresses = addresses or ()
        self.infrastructure = {
            "labels": infrastructure_labels,
            "annotations": infrastructure_annotations,
            "parametersRef": None if parameters is None else _parameters(parameters),
        }
        self.client_certificate = None if client_certificate is None else secret_of(client_certificate)
        self.client_validation = client_validation
        self.client_validation_per_port = dict(client_validation_per_port or {})
        self.listener_sets_from = listener_sets_from
        for argument, target in self._references():
            check_grantable(problems, argument, target, here)
        problems.raise_if_any()
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)
        if grant_references:
            grant_access(self, (target for _, target in self._references()))

    @classmethod
    @checked_existing
    def existing(
        cls, name: str, *, namespace: str | None = None, listeners: Items[Listener] | None = None
    ) -> Self:
        """Declare a Gateway that another party makes. With ``listeners``, routes are held to them."""
        external = cls._external(name, namespace)
        external.listeners = listeners
        return external

    def listener(self, name: str) -> GatewayListener:
        """Refer to one listener, for the parents of a route.

        Raises:
            ConstructError: the Gateway is known to have no such listener; the message lists those it has.
        """
        known = None if self.listeners is None else [listener.name for listener in self.listeners]
        if known is not None and name not in known:
            raise ConstructError.of(
                self.place, "listener", f"there is no listener {name!r}; it has {', '.join(known)}"
            )
        return GatewayListener(gateway=self, name=name)

    def _references(self) -> Iterator[tuple[str, KubernetesObject]]:
        """What may live in another namespace, if that grants it."""
        for index, listener in enumerate(self.listeners or ()):
            for number, secret in enumerate(listener.secrets):
                yield f"listeners[{index}].certificates[{number}]", secret
        if self.client_certificate is not None:
            yield "client_certificate", self.client_certificate
        validations = {"client_validation": self.client_validation} | {
            f"client_validation_per_port.{port}": validation
            for port, validation in self.client_validation_per_port.items()
        }
        for place, validation in validations.items():
            if validation is not None:
                for index, source in enumerate(validation.sources):
                    yield f"{place}.ca_certificates[{index}]", source

    def fields(self) -> Manifest:
        """``spec``."""
        spec: Manifest = {
            "gatewayClassName": self.gateway_class.name,
            "listeners": [listener.fields(self.namespace) for listener in self.listeners or ()],
        }
        if self.addresses:
            spec["addresses"] = [address.fields() for address in self.addresses]
        infrastructure = {name: dict(value) for name, value in self.infrastructure.items() if value}
        if infrastructure:
            spec["infrastructure"] = infrastructure
        if self.listener_sets_from is not None:
            spec["allowedListeners"] = {"namespaces": namespaces_allowed(self.listener_sets_from)}
        tls = self._tls()
        if tls:
            spec["tls"] = tls
        return {"spec": spec}

    def _tls(self) -> Manifest:
        tls: Manifest = {}
        if self.client_certificate is not None:
            reference = certificate_reference(self.client_certificate, self.namespace)
            tls["backend"] = {"clientCertificateRef": reference}
        if self.client_validation is not None:
            frontend: Manifest = {"default": {"validation": self.client_validation.fields(self.namespace)}}
            if self.client_validation_per_port:
                frontend["perPort"] = [
                    {"port": port, "tls": {"validation": validation.fields(self.namespace)}}
                    for port, validation in self.client_validation_per_port.items()
                ]
            tls["frontend"] = frontend
        return tls


def _check_listeners(problems: Problems, listeners: Sequence[Listener]) -> None:
    entries = list(enumerate(listeners))
    problems.add_repeats((f"listeners[{i}].name", listener.name) for i, listener in entries)
    taken: dict[tuple[int, str, str | None], int] = {}
    for index, listener in entries:
        if listener.lacks_certificate:
            problems.add(
                f"listeners[{index}].certificates",
                f"{listener.protocol} that ends here needs a certificate: give one",
            )
        first = taken.setdefault((listener.port, listener.protocol, listener.hostname), index)
        if first != index:
            where = "every host" if listener.hostname is None else listener.hostname
            problems.add(
                f"listeners[{index}].port",
                f"listeners[{first}] takes {listener.protocol} at port {listener.port} for {where} already",
            )


def _parameters(parameters: KubernetesObject) -> Manifest:
    return {"group": group_of(parameters), "kind": parameters.kind, "name": parameters.name}


def _is_host(text: str) -> bool:
    import re

    label = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
    return re.fullmatch(rf"(\*\.)?{label}(\.{label})*", text) is not None
