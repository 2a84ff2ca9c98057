"""What Traefik says of TLS for many routes: versions and ciphers, and the certificates that it has.

Source: https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/tls/tlsoption/ and
https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/tls/tlsstore/
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from chores_infra.arguments import Problems, checked, value_object
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.config import MakesSecret, Secret, SecretSource
from chores_infra.constructs.parts import present, rendered
from chores_infra.constructs.references import check_same_namespace, secret_of
from chores_infra.constructs.traefik.fields import EntryPoint
from chores_infra.constructs.traefik.groups import (
    OLD_GROUP,
    ApiVersion,
    check_old_group,
)
from chores_infra.constructs.traefik.tls import Domain
from chores_infra.fields import Annotations, DnsLabel, DnsSubdomain, Items, Labels, Text
from chores_infra.kubernetes_object import KubernetesObject

__all__ = [
    "ClientAuth",
    "TLSOption",
    "TLSStore",
    "TLSVersion",
    "check_versions",
]

TLSVersion: TypeAlias = Literal["VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13"]


@value_object
class ClientAuth:
    """Whether clients show a certificate, and the Secrets with the authorities that sign them.

    The certificate of an authority is under ``tls.ca`` or ``ca.crt``.
    """

    type: Literal[
        "NoClientCert",
        "RequestClientCert",
        "RequireAnyClientCert",
        "VerifyClientCertIfGiven",
        "RequireAndVerifyClientCert",
    ]
    secrets: Items[SecretSource] = ()

    def check(self, problems: Problems) -> None:
        """Refuse to verify by nobody."""
        if "Verify" in self.type and not self.secrets:
            problems.add("secrets", f"{self.type!r} needs the authorities that sign the certificates")

    def fields(self) -> Manifest:
        """``clientAuth``."""
        names = [secret_of(secret).name for secret in self.secrets]
        return present({"secretNames": names or None, "clientAuthType": self.type})


class TLSOption(KubernetesObject):
    """Which versions and ciphers of TLS clients may use, and whether they show a certificate.

    Routes name it (``TLS(options=...)``). One that is called ``default`` is for all routes that name none;
    the cluster should have only one of that name.

    >>> from chores_infra.construct import Tree
    >>> TLSOption(Tree(), "modern", name="modern", min_version="VersionTLS13").manifest["spec"]
    {'minVersion': 'VersionTLS13'}

    Raises:
        ConstructError: versions the wrong way round, a Secret of another namespace, or what the API group
            does not have.
    """

    api_version = OLD_GROUP
    kind = "TLSOption"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        min_version: TLSVersion | None = None,
        max_version: TLSVersion | None = None,
        cipher_suites: Items[Text] | None = None,
        curve_preferences: Items[Text] | None = None,
        client_auth: ClientAuth | None = None,
        sni_strict: bool | None = None,
        alpn_protocols: Items[Text] | None = None,
        prefer_server_cipher_suites: bool | None = None,
        disable_session_tickets: bool | None = None,
        api_version: ApiVersion = "traefik.containo.us/v1alpha1",
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        check_versions(problems, "max_version", min_version, max_version)
        if disable_session_tickets is not None:
            check_old_group(problems, "", ["disable_session_tickets"], api_version)
        if client_auth is not None:
            _check_here(problems, "client_auth.secrets", client_auth.secrets, namespace_in(scope, namespace))
        problems.raise_if_any()
        self.client_auth = client_auth
        self._options: Manifest = {
            "minVersion": min_version,
            "maxVersion": max_version,
            "cipherSuites": cipher_suites,
            "curvePreferences": curve_preferences,
            "sniStrict": sni_strict,
            "alpnProtocols": alpn_protocols,
            "preferServerCipherSuites": prefer_server_cipher_suites,
            "disableSessionTickets": disable_session_tickets,
        }
        self.api_version = api_version
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``: what was said."""
        spec: Manifest = rendered(present(self._options))
        if self.client_auth is not None:
            spec["clientAuth"] = self.client_auth.fields()
        return {"spec": spec}


class TLSStore(KubernetesObject):
    """The certificates that Traefik has for all routes, and the one for hosts that it knows nothing of.

    Traefik reads the one store that is called ``default``, and the cluster should have only one.

    Raises:
        ConstructError: another name, two default certificates, or a Secret of another namespace.
    """

    api_version = OLD_GROUP
    kind = "TLSStore"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: Literal["default"] = "default",
        default_certificate: SecretSource | None = None,
        default_resolver: EntryPoint | None = None,
        default_domain: Domain | None = None,
        certificates: Items[SecretSource] = (),
        api_version: ApiVersion = "traefik.containo.us/v1alpha1",
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        here = namespace_in(scope, namespace)
        _check_here(problems, "certificates", certificates, here)
        if default_certificate is not None:
            check_same_namespace(problems, "default_certificate", default_certificate, here)
            if default_resolver is not None:
                problems.add("default_resolver", "Traefik would take default_certificate; give one of them")
        if (default_resolver is None) != (default_domain is None):
            problems.add("default_domain", "default_resolver and default_domain go together")
        problems.raise_if_any()
        self.default_certificate = default_certificate
        self.default_resolver = default_resolver
        self.default_domain = default_domain
        self.certificates = certificates
        self.api_version = api_version
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``: the default certificate, and the others."""
        spec: Manifest = {}
        if self.default_certificate is not None:
            spec["defaultCertificate"] = _certificate(self.default_certificate)
        if self.default_domain is not None:
            domain = self.default_domain.fields()
            spec["defaultGeneratedCert"] = {"resolver": self.default_resolver, "domain": domain}
        if self.certificates:
            spec["certificates"] = [_certificate(secret) for secret in self.certificates]
        return {"spec": spec}


def check_versions(problems: Problems, argument: str, lowest: str | None, highest: str | None) -> None:
    """Note a range of versions that is none."""
    if lowest is not None and highest is not None and highest < lowest:
        problems.add(argument, f"expected {lowest!r} or a later version, found {highest!r}")


def _check_here(
    problems: Problems, argument: str, secrets: Iterable[Secret | MakesSecret], namespace: str | None
) -> None:
    for index, secret in enumerate(secrets):
        check_same_namespace(problems, f"{argument}[{index}]", secret, namespace)


def _certificate(secret: Secret | MakesSecret) -> Manifest:
    return {"secretName": secret_of(secret).name}
