"""How Traefik connects to the pods: timeouts, the authorities it trusts, and the certificates it shows.

Source: https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/http/serverstransport/
and https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/tcp/serverstransporttcp/
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from chores_infra.arguments import Problems, checked, value_object
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.config import ConfigMap, KeySource, SecretSource
from chores_infra.constructs.parts import Part, present, rendered
from chores_infra.constructs.references import check_same_namespace, namespace_to_name, secret_of
from chores_infra.constructs.traefik.fields import WholeDuration
from chores_infra.constructs.traefik.groups import NEW_GROUP, OLD_GROUP, ApiVersion, check_old_group
from chores_infra.constructs.traefik.tls_options import TLSVersion, check_versions
from chores_infra.fields import Annotations, DnsLabel, DnsSubdomain, Hostname, Items, Labels, Text
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["ForwardingTimeouts", "ServersTransport", "ServersTransportTCP", "Spiffe", "TransportTLS"]


@value_object
class Spiffe(Part):
    """Which SPIFFE identities the pods may have: those of ``ids``, or of one trust domain."""

    ids: Items[Text] | None = None
    trust_domain: Text | None = None

    def check(self, problems: Problems) -> None:
        """Refuse both: Traefik would look at the ids only."""
        if self.ids is not None and self.trust_domain is not None:
            problems.add("trust_domain", "give ids or trust_domain, not both")


@value_object
class TransportTLS:
    """How Traefik and the pods know each other: ``root_cas`` sign their certificates, it shows its own.

    The certificate of an authority is under ``tls.ca`` or ``ca.crt``. ``server_name`` is the host name that
    Traefik asks for and finds in the certificate, ``peer_cert_uri`` a URI in it.
    """

    server_name: Hostname | None = None
    insecure_skip_verify: bool | None = None
    root_cas: Items[KeySource] = ()
    certificates: Items[SecretSource] = ()
    peer_cert_uri: Text | None = None
    spiffe: Spiffe | None = None

    def check(self, problems: Problems) -> None:
        """Refuse authorities that are not asked."""
        if self.insecure_skip_verify and self.root_cas:
            problems.add("insecure_skip_verify", "then nobody looks at root_cas; give one of them")

    def check_in(self, problems: Problems, place: str, namespace: str | None, api_version: str) -> None:
        """Note objects of other namespaces, and what the API group does not have."""
        for argument in ("root_cas", "certificates"):
            for index, source in enumerate(getattr(self, argument)):
                check_same_namespace(problems, f"{place}.{argument}[{index}]", source, namespace)
        settings = [
            f"root_cas[{index}]" for index, ca in enumerate(self.root_cas) if isinstance(ca, ConfigMap)
        ]
        check_old_group(problems, place, settings + ["spiffe"] * (self.spiffe is not None), api_version)

    def fields(self, api_version: str) -> Manifest:
        """The fields, as the API group spells them."""
        certificates = [secret_of(secret).name for secret in self.certificates]
        return present(
            {
                "serverName": self.server_name,
                "insecureSkipVerify": self.insecure_skip_verify,
                **self._authorities(api_version),
                "certificatesSecrets": certificates or None,
                "peerCertURI": self.peer_cert_uri,
                "spiffe": None if self.spiffe is None else self.spiffe.fields(),
            }
        )

    def _authorities(self, api_version: str) -> Manifest:
        if api_version == OLD_GROUP:
            names = [secret_of(ca).name for ca in self.root_cas if not isinstance(ca, ConfigMap)]
            return {"rootCAsSecrets": names or None}
        items = [
            {"configMap": ca.name} if isinstance(ca, ConfigMap) else {"secret": secret_of(ca).name}
            for ca in self.root_cas
        ]
        return {"rootCAs": items or None}


@value_object
class ForwardingTimeouts(Part):
    """How long Traefik waits for a pod: to connect, for the headers of its answer, and when nothing comes."""

    dial_timeout: WholeDuration | None = None
    response_header_timeout: WholeDuration | None = None
    idle_conn_timeout: WholeDuration | None = None
    read_idle_timeout: WholeDuration | None = None
    ping_timeout: WholeDuration | None = None


class _Transport(KubernetesObject):
    """What backends ask of both kinds."""

    def name_in(self, namespace: str | None) -> str:
        """What a backend of a route in that namespace calls it."""
        # Traefik has no field for the namespace here: the name carries it, and the provider's name behind.
        named = namespace_to_name(self, namespace)
        return self.name if named is None else f"{named}-{self.name}@kubernetescrd"


class ServersTransport(_Transport):
    """How Traefik connects to the pods behind a ``Backend(servers_transport=...)``.

    >>> from chores_infra.construct import Tree
    >>> from chores_infra.constructs.config import Secret
    >>> tls = TransportTLS(server_name="shop.example.com", root_cas=[Secret.existing("authority")])
    >>> transport = ServersTransport(Tree(), "mtls", name="mtls", tls=tls, api_version="traefik.io/v1alpha1")
    >>> transport.manifest["spec"]
    {'serverName': 'shop.example.com', 'rootCAs': [{'secret': 'authority'}]}

    Raises:
        ConstructError: versions the wrong way round, an object of another namespace, or what the API group
            does not have.
    """

    api_version = OLD_GROUP
    kind = "ServersTransport"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        tls: TransportTLS | None = None,
        min_version: TLSVersion | None = None,
        max_version: TLSVersion | None = None,
        cipher_suites: Items[Text] | None = None,
        max_idle_conns_per_host: Annotated[int, Field(ge=-1, le=2**31 - 1)] | None = None,
        forwarding_timeouts: ForwardingTimeouts | None = None,
        disable_http2: bool | None = None,
        api_version: ApiVersion = "traefik.containo.us/v1alpha1",
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        check_versions(problems, "max_version", min_version, max_version)
        newer = {"min_version": min_version, "max_version": max_version, "cipher_suites": cipher_suites}
        used = [argument for argument, value in newer.items() if value is not None]
        check_old_group(problems, "", used, api_version)
        if tls is not None:
            tls.check_in(problems, "tls", namespace_in(scope, namespace), api_version)
        problems.raise_if_any()
        self.tls = tls
        self._options: Manifest = {
            "minVersion": min_version,
            "maxVersion": max_version,
            "cipherSuites": cipher_suites,
            "maxIdleConnsPerHost": max_idle_conns_per_host,
            "forwardingTimeouts": forwarding_timeouts,
            "disableHTTP2": disable_http2,
        }
        self.api_version = api_version
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``: TLS and what was said besides."""
        tls = {} if self.tls is None else self.tls.fields(self.api_version)
        return {"spec": tls | rendered(present(self._options))}


class ServersTransportTCP(_Transport):
    """How Traefik connects to the pods behind a ``TCPBackend(servers_transport=...)``; Traefik 3 has it.

    ``proxy_protocol`` is the version of the PROXY protocol that tells pods who the client is.

    Raises:
        ConstructError: an object of another namespace.
    """

    api_version = NEW_GROUP
    kind = "ServersTransportTCP"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        tls: TransportTLS | None = None,
        dial_timeout: WholeDuration | None = None,
        dial_keep_alive: WholeDuration | None = None,
        termination_delay: WholeDuration | None = None,
        proxy_protocol: Literal[1, 2] | None = None,
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        if tls is not None:
            tls.check_in(problems, "tls", namespace_in(scope, namespace), self.api_version)
        problems.raise_if_any()
        self.tls = tls
        self._options: Manifest = {
            "dialTimeout": dial_timeout,
            "dialKeepAlive": dial_keep_alive,
            "terminationDelay": termination_delay,
            "proxyProtocol": None if proxy_protocol is None else {"version": proxy_protocol},
        }
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``: TLS and what was said besides."""
        spec: Manifest = rendered(present(self._options))
        if self.tls is not None:
            spec["tls"] = self.tls.fields(self.api_version)
        return {"spec": spec}
