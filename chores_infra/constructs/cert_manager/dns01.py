"""Solvers that put the answer into DNS, one per kind of name server: they can prove wildcards too.

Source: https://cert-manager.io/docs/configuration/acme/dns01/ and what cert-manager's webhook refuses.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.cert_manager.acme import Solver
from chores_infra.constructs.cert_manager.references import Referring
from chores_infra.constructs.cluster import ServiceAccount
from chores_infra.constructs.config import KeyRef
from chores_infra.constructs.plain_values import check_plain, copied
from chores_infra.fields import Email, Hostname, Items, Matching, Pairs, Text

__all__ = [
    "AcmeDns",
    "Akamai",
    "AzureDns",
    "AzureManagedIdentity",
    "CloudDns",
    "Cloudflare",
    "DigitalOcean",
    "Dns01Webhook",
    "Rfc2136",
    "Route53",
]

Nameserver = Annotated[
    str,
    Matching(
        r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[-A-Za-z0-9.]*[A-Za-z0-9])?)(?::[0-9]{1,5})?",
        261,
        "a name server such as '192.0.2.1', '[2001:db8::1]:53' or 'ns.example.com:53'",
    ),
]


@value_object
class _Dns01(Solver):
    """What all of them have: ``cname_strategy="Follow"`` answers where a CNAME of the name leads to."""

    #: The field of ``dns01`` that it is written to.
    provider: ClassVar[str]

    cname_strategy: Literal["None", "Follow"] | None = None

    def challenge(self, settings: Manifest) -> Manifest:
        """``dns01``."""
        strategy = settings.pop("cnameStrategy", None)
        chosen: Manifest = {self.provider: settings}
        return {"dns01": chosen if strategy is None else {"cnameStrategy": strategy, **chosen}}


@value_object
class AcmeDns(_Dns01):
    """An ACME-DNS server, with its accounts (JSON) in a key of a Secret."""

    provider: ClassVar[str] = "acmeDNS"
    host: Text
    account: KeyRef


@value_object
class Akamai(_Dns01):
    """Akamai Edge DNS."""

    provider: ClassVar[str] = "akamai"
    service_consumer_domain: Text
    access_token: KeyRef
    client_secret: KeyRef
    client_token: KeyRef


@value_object
class AzureManagedIdentity(Referring):
    """The identity to use where several are assigned, by its client id or its resource id."""

    client_id: Text | None = None
    resource_id: Text | None = None
    tenant_id: Text | None = None

    def check(self, problems: Problems) -> None:
        """Refuse two names for it."""
        if self.client_id is not None and self.resource_id is not None:
            problems.add("resource_id", "give client_id or resource_id, not both")


@value_object
class AzureDns(_Dns01):
    """Azure DNS: with a managed identity, or a service principal whose secret is in a key of a Secret."""

    provider: ClassVar[str] = "azureDNS"
    subscription_id: Text
    resource_group_name: Text
    hosted_zone_name: Hostname | None = None
    environment: (
        Literal["AzurePublicCloud", "AzureChinaCloud", "AzureGermanCloud", "AzureUSGovernmentCloud"] | None
    ) = None
    zone_type: Literal["AzurePublicZone", "AzurePrivateZone"] | None = None
    client_id: Text | None = None
    client_secret: KeyRef | None = None
    tenant_id: Text | None = None
    managed_identity: AzureManagedIdentity | None = None

    def check(self, problems: Problems) -> None:
        """A service principal is all of three, and then there is no managed identity."""
        super().check(problems)
        principal = {name: getattr(self, name) for name in ("client_id", "client_secret", "tenant_id")}
        missing = [name for name, value in principal.items() if value is None]
        if len(missing) < len(principal):
            for name in missing:
                problems.add(name, "a service principal has client_id, client_secret and tenant_id")
            if self.managed_identity is not None:
                problems.add("managed_identity", "give a managed identity or a service principal, not both")


@value_object
class CloudDns(_Dns01):
    """Google Cloud DNS; without a ``service_account`` key cert-manager's own identity is used."""

    provider: ClassVar[str] = "cloudDNS"
    project: Text
    hosted_zone_name: Text | None = None
    service_account: KeyRef | None = None


@value_object
class Cloudflare(_Dns01):
    """Cloudflare, with an API token; or with the global API key and the ``email`` of its owner."""

    provider: ClassVar[str] = "cloudflare"
    email: Email | None = None
    api_token: KeyRef | None = None
    api_key: KeyRef | None = None

    def check(self, problems: Problems) -> None:
        """Refuse no credential and two, and a key without its owner."""
        super().check(problems)
        if (self.api_token is None) == (self.api_key is None):
            problems.add("api_token", "give exactly one of api_token and api_key")
        if self.api_key is not None and self.email is None:
            problems.add("email", "api_key belongs to the account of an e-mail address; give it as well")


@value_object
class DigitalOcean(_Dns01):
    """DigitalOcean, with an access token."""

    provider: ClassVar[str] = "digitalocean"
    token: KeyRef


@value_object
class Rfc2136(_Dns01):
    """Any name server that takes updates, such as BIND, with a TSIG key or without one."""

    provider: ClassVar[str] = "rfc2136"
    nameserver: Nameserver
    protocol: Literal["TCP", "UDP"] | None = None
    tsig_key_name: Text | None = None
    tsig_algorithm: Literal["HMACMD5", "HMACSHA1", "HMACSHA256", "HMACSHA512"] | None = None
    tsig_secret: KeyRef | None = None

    def check(self, problems: Problems) -> None:
        """The name of a key and its secret go together."""
        super().check(problems)
        if (self.tsig_key_name is None) != (self.tsig_secret is None):
            problems.add("tsig_key_name", "tsig_key_name and tsig_secret go together: give both or neither")


@value_object
class Route53(_Dns01):
    """Route 53 of AWS: with an access key, as a ServiceAccount, or with what cert-manager's pods have.

    ``role`` is the ARN of a role to assume. With ``service_account`` cert-manager asks for a token of it.
    """

    provider: ClassVar[str] = "route53"
    region: Text | None = None
    role: Text | None = None
    hosted_zone_id: Text | None = None
    access_key_id: Text | KeyRef | None = None
    secret_access_key: KeyRef | None = None
    service_account: ServiceAccount | None = None
    audiences: Items[Text] | None = None

    def check(self, problems: Problems) -> None:
        """An access key has two parts, and is an identity of its own."""
        super().check(problems)
        if (self.access_key_id is None) != (self.secret_access_key is None):
            problems.add("access_key_id", "access_key_id and secret_access_key go together")
        if self.service_account is not None:
            if self.access_key_id is not None:
                problems.add("service_account", "give an access key or a service_account, not both")
            if self.role is None:
                problems.add("role", "a service_account signs in as a role; give its ARN")
        elif self.audiences is not None:
            problems.add("audiences", "they are for the token of a service_account; give it as well")

    def challenge(self, settings: Manifest) -> Manifest:
        """``dns01``."""
        account, audiences = settings.pop("serviceAccount", None), settings.pop("audiences", None)
        if account is not None:
            reference = {"name": account} if audiences is None else {"name": account, "audiences": audiences}
            settings["auth"] = {"kubernetes": {"serviceAccountRef": reference}}
        return super().challenge(settings)


@value_object
class Dns01Webhook(_Dns01):
    """A solver that somebody else wrote; ``config`` is what it reads."""

    provider: ClassVar[str] = "webhook"
    group_name: Text
    solver_name: Text
    config: Pairs[str, Any] | None = None

    def check(self, problems: Problems) -> None:
        """The configuration must be plain data."""
        super().check(problems)
        check_plain(problems, "config", self.config)

    def challenge(self, settings: Manifest) -> Manifest:
        """``dns01``."""
        if self.config is not None:
            settings["config"] = copied(self.config)
        return super().challenge(settings)
