"""Venafi (CyberArk Certificate Manager) as an authority.

Source: https://cert-manager.io/docs/configuration/venafi/
"""

from __future__ import annotations

from typing import ClassVar

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.cert_manager.authorities import Authority, HttpUrl
from chores_infra.constructs.cert_manager.references import Referring
from chores_infra.constructs.config import KeyRef, SecretSource
from chores_infra.constructs.families import Family
from chores_infra.fields import Base64, Text

__all__ = ["Venafi", "VenafiCloud", "VenafiNgts", "VenafiServer", "VenafiTpp"]


@value_object
class VenafiServer(Referring, Family):
    """The base of where Venafi runs."""

    #: The field of ``venafi`` that it is written to.
    field: ClassVar[str]

    def check(self, problems: Problems) -> None:
        """Refuse the bare base, and keys of ConfigMaps."""
        Family.check(self, problems)
        super().check(problems)

    def fields(self) -> Manifest:
        """The settings; credentials are a whole Secret, which is named in a mapping of its own."""
        fields = super().fields()
        if "credentialsRef" in fields:
            fields["credentialsRef"] = {"name": fields["credentialsRef"]}
        return fields


@value_object
class VenafiCloud(VenafiServer):
    """The service in the cloud, with an API token in a key of a Secret."""

    field: ClassVar[str] = "cloud"
    url: HttpUrl | None = None
    api_token: KeyRef


@value_object
class VenafiTpp(VenafiServer):
    """A server of one's own; the Secret has ``access-token``, or ``username`` and ``password``.

    ``ca_bundle`` is who signed the server's certificate: base64 of PEM, or a key of a Secret.
    """

    field: ClassVar[str] = "tpp"
    url: HttpUrl
    credentials: SecretSource
    ca_bundle: Base64 | KeyRef | None = None

    spelling = {"credentials": "credentialsRef"}  # noqa: RUF012  (a constant of the class)


@value_object
class VenafiNgts(VenafiServer):
    """Next-generation trust security: a tenant service group, and a Secret with client id and secret."""

    field: ClassVar[str] = "ngts"
    tsg_id: Text
    credentials: SecretSource
    url: HttpUrl | None = None
    token_endpoint: HttpUrl | None = None

    spelling = {"credentials": "credentialsRef"}  # noqa: RUF012  (a constant of the class)


@value_object
class Venafi(Authority):
    """Venafi, with the zone (policy folder, or application and template) that it issues in."""

    field: ClassVar[str] = "venafi"
    zone: Text
    server: VenafiServer

    def fields(self) -> Manifest:
        """``spec.venafi``."""
        return {"zone": self.zone, self.server.field: self.server.fields()}
