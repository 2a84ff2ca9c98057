"""ACME authorities such as Let's Encrypt, and how one proves to them that a name is one's own.

Source: https://cert-manager.io/docs/configuration/acme/
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.cert_manager.authorities import Authority, HttpUrl
from chores_infra.constructs.cert_manager.references import Referring
from chores_infra.constructs.config import KeyRef
from chores_infra.constructs.families import Family
from chores_infra.fields import (
    Base64,
    DnsSubdomain,
    Duration,
    Email,
    Hostname,
    Items,
    Labels,
    Text,
    WildcardHostname,
)

__all__ = ["Acme", "ExternalAccountBinding", "Solver"]

Names = Annotated[Items[WildcardHostname], Field(min_length=1)]


@value_object
class ExternalAccountBinding(Referring):
    """The account of a paid authority that the ACME account belongs to; its key is base64url in a Secret."""

    key_id: Text
    key: KeyRef


@value_object
class Solver(Referring, Family):
    """The base of how challenges are solved: ``Http01Ingress``, ``Route53``, ``Cloudflare`` and others.

    A solver is for certificates with one of ``dns_names``, for names in one of ``dns_zones``, and for
    Certificates with ``match_labels``. The most specific one is taken; one without any of them is for all.
    ``wait_instead_of_self_check`` is how long to wait, where cert-manager cannot see the answer itself.
    """

    #: What the selector and its kin are called: they stand beside the solver, not in it.
    _BESIDE: ClassVar = {"dns_names": "dnsNames", "dns_zones": "dnsZones", "match_labels": "matchLabels"}

    dns_names: Names | None = None
    dns_zones: Annotated[Items[Hostname], Field(min_length=1)] | None = None
    match_labels: Annotated[Labels, Field(min_length=1)] | None = None
    wait_instead_of_self_check: Duration | None = None

    def check(self, problems: Problems) -> None:
        """Refuse the bare base, and keys of ConfigMaps."""
        Family.check(self, problems)
        super().check(problems)

    def challenge(self, settings: Manifest) -> Manifest:
        """``http01`` or ``dns01``, with the settings of the solver."""
        raise NotImplementedError

    def fields(self) -> Manifest:
        """One item of ``solvers``."""
        settings = super().fields()
        selector = {name: settings.pop(name) for name in self._BESIDE.values() if name in settings}
        wait = settings.pop("waitInsteadOfSelfCheck", None)
        solver: Manifest = {"selector": selector} if selector else {}
        if wait is not None:
            solver["waitInsteadOfSelfCheck"] = wait
        return {**solver, **self.challenge(settings)}


@value_object
class Acme(Authority):
    """An ACME server by the URL of its directory, the account there, and ways to prove that names are ours.

    ``account_key`` is the name of the Secret that cert-manager makes for the key of the account;
    ``existing_account_key`` is the key of an account that there is already.

    >>> directory = "https://acme-v02.api.letsencrypt.org/directory"
    >>> acme = Acme(server=directory, account_key="letsencrypt", solvers=[])
    >>> acme.fields()["privateKeySecretRef"]
    {'name': 'letsencrypt'}
    """

    field: ClassVar[str] = "acme"
    gives_ca: ClassVar[bool] = False
    server: HttpUrl
    email: Email | None = None
    account_key: DnsSubdomain | None = None
    existing_account_key: KeyRef | None = None
    external_account_binding: ExternalAccountBinding | None = None
    ca_bundle: Base64 | None = None
    skip_tls_verify: bool | None = None
    preferred_chain: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    profile: Text | None = None
    enable_duration_feature: bool | None = None
    solvers: Items[Solver]

    spelling = {  # noqa: RUF012  (a constant of the class)
        "account_key": "privateKeySecretRef",
        "existing_account_key": "privateKeySecretRef",
        "skip_tls_verify": "skipTLSVerify",
    }

    def check(self, problems: Problems) -> None:
        """Refuse no key and two, and an authority that is checked and not checked."""
        super().check(problems)
        if (self.account_key is None) == (self.existing_account_key is None):
            problems.add("account_key", "give exactly one of account_key and existing_account_key")
        if self.ca_bundle is not None and self.skip_tls_verify:
            problems.add("skip_tls_verify", "with ca_bundle the server's certificate is checked; give one")

    def fields(self) -> Manifest:
        """``spec.acme``."""
        fields = super().fields()
        if self.account_key is not None:
            fields["privateKeySecretRef"] = {"name": self.account_key}
        if self.existing_account_key is not None:
            fields["disableAccountKeyGeneration"] = True
        return fields
