"""Middlewares that decide who gets in: by password, by another service's word, or by address.

Source: https://doc.traefik.io/traefik/middlewares/http/overview/
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.config import MakesSecret, Secret
from chores_infra.constructs.parts import Part
from chores_infra.constructs.references import secret_of
from chores_infra.constructs.traefik.fields import HeaderName
from chores_infra.constructs.traefik.groups import OLD_GROUP, ApiVersion
from chores_infra.constructs.traefik.middleware import MiddlewareSpec
from chores_infra.fields import Cidr, IpAddress, Items, Matching, NonNegative, Text
from chores_infra.kubernetes_object import KubernetesObject

__all__ = [
    "BasicAuth",
    "DigestAuth",
    "ForwardAuth",
    "ForwardAuthTLS",
    "IpAllowList",
    "IpStrategy",
    "IpWhiteList",
]

AuthUrl = Annotated[
    str,
    Matching(
        r"https?://[A-Za-z0-9][^\s/@]*(?:/\S*)?",
        2048,
        "the URL of a service, such as 'https://auth.example.com'",
    ),
]
StatusCode = Annotated[int, Field(ge=100, le=599)]


@value_object
class _PasswordAuth(MiddlewareSpec):
    """What the two kinds of passwords have in common."""

    secret: Secret | MakesSecret
    realm: Text | None = None
    header_field: HeaderName | None = None
    remove_header: bool | None = None

    def secrets(self) -> Iterable[tuple[str, KubernetesObject]]:
        """The Secret with the users."""
        return [("secret", self.secret)]

    def fields(self) -> Manifest:
        """The name of the Secret, and what happens to the header."""
        return {**super().fields(), "secret": secret_of(self.secret).name}


@value_object
class BasicAuth(_PasswordAuth):
    """Ask for a name and password; the Secret has ``users``, or is of type kubernetes.io/basic-auth."""

    field: ClassVar[str] = "basicAuth"


@value_object
class DigestAuth(_PasswordAuth):
    """Ask for a name and password by digest; the Secret has ``users``."""

    field: ClassVar[str] = "digestAuth"


@value_object
class ForwardAuthTLS(Part):
    """How Traefik and the service that is asked know each other; each Secret is one of TLS."""

    ca_secret: Secret | MakesSecret | None = None
    cert_secret: Secret | MakesSecret | None = None
    insecure_skip_verify: bool | None = None

    def fields(self) -> Manifest:
        """The names of the Secrets."""
        fields: Manifest = {}
        if self.ca_secret is not None:
            fields["caSecret"] = secret_of(self.ca_secret).name
        if self.cert_secret is not None:
            fields["certSecret"] = secret_of(self.cert_secret).name
        if self.insecure_skip_verify is not None:
            fields["insecureSkipVerify"] = self.insecure_skip_verify
        return fields


@value_object
class ForwardAuth(MiddlewareSpec):
    """Ask the service at ``address``: a request goes on when it answers 2xx."""

    field: ClassVar[str] = "forwardAuth"
    only_new: ClassVar[frozenset[str]] = frozenset(
        {
            "add_auth_cookies_to_response",
            "forward_body",
            "header_field",
            "max_body_size",
            "preserve_location_header",
            "preserve_request_method",
        }
    )
    address: AuthUrl
    trust_forward_header: bool | None = None
    auth_request_headers: Items[HeaderName] | None = None
    auth_response_headers: Items[HeaderName] | None = None
    auth_response_headers_regex: Text | None = None
    add_auth_cookies_to_response: Items[Text] | None = None
    forward_body: bool | None = None
    header_field: HeaderName | None = None
    max_body_size: Annotated[int, Field(ge=-1, le=2**63 - 1)] | None = None
    preserve_location_header: bool | None = None
    preserve_request_method: bool | None = None
    tls: ForwardAuthTLS | None = None

    def secrets(self) -> Iterable[tuple[str, KubernetesObject]]:
        """The Secrets of ``tls``."""
        tls = self.tls
        named: list[tuple[str, Any]] = (
            [] if tls is None else [("ca", tls.ca_secret), ("cert", tls.cert_secret)]
        )
        return [(f"tls.{name}_secret", secret) for name, secret in named if secret is not None]


@value_object
class IpStrategy(Part):
    """Whose address counts behind proxies: the one at ``depth`` from the right of ``X-Forwarded-For``.

    Or the first from the right that is not in ``excluded_ips``.
    """

    spelling = {"excluded_ips": "excludedIPs"}  # noqa: RUF012  (a constant)
    depth: NonNegative | None = None
    excluded_ips: Items[IpAddress | Cidr] | None = None
    ipv6_subnet: Annotated[int, Field(ge=0, le=128)] | None = None

    def check(self, problems: Problems) -> None:
        """Refuse two ways to tell; Traefik would ignore the second."""
        if self.depth is not None and self.excluded_ips is not None:
            problems.add("excluded_ips", "give depth or excluded_ips, not both")


@value_object
class _IpList(MiddlewareSpec):
    """What the lists of addresses have in common."""

    source_range: Annotated[Items[IpAddress | Cidr], Field(min_length=1)]
    ip_strategy: IpStrategy | None = None

    def new_arguments(self) -> Iterable[str]:
        """Arguments of the strategy count, too."""
        yield from super().new_arguments()
        if self.ip_strategy is not None and self.ip_strategy.ipv6_subnet is not None:
            yield "ip_strategy.ipv6_subnet"


@value_object
class IpAllowList(_IpList):
    """Let in requests from these addresses and networks only. Traefik 2 has it from 2.11 on."""

    field: ClassVar[str] = "ipAllowList"
    only_new: ClassVar[frozenset[str]] = frozenset({"reject_status_code"})
    reject_status_code: StatusCode | None = None


@value_object
class IpWhiteList(_IpList):
    """What ``IpAllowList`` was called up to Traefik 2.10."""

    field: ClassVar[str] = "ipWhiteList"
    group: ClassVar[ApiVersion | None] = OLD_GROUP
