"""The PKI engine of HashiCorp Vault as an authority, and how cert-manager signs in to it.

Source: https://cert-manager.io/docs/configuration/vault/
"""

from __future__ import annotations

from typing import ClassVar

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.cert_manager.authorities import Authority, HttpUrl
from chores_infra.constructs.cert_manager.references import Referring
from chores_infra.constructs.cluster import ServiceAccount
from chores_infra.constructs.config import KeyRef, SecretSource
from chores_infra.constructs.families import Family
from chores_infra.fields import Base64, Items, Text

__all__ = [
    "Vault",
    "VaultAppRole",
    "VaultAuth",
    "VaultAws",
    "VaultClientCertificate",
    "VaultKubernetes",
    "VaultToken",
]


@value_object
class VaultAuth(Referring, Family):
    """The base of the ways in which cert-manager signs in to Vault."""

    #: The field of ``auth`` that it is written to.
    field: ClassVar[str]

    def check(self, problems: Problems) -> None:
        """Refuse the bare base, and keys of ConfigMaps."""
        Family.check(self, problems)
        super().check(problems)

    def auth(self) -> Manifest:
        """``auth``."""
        return {self.field: self.fields()}


@value_object
class VaultToken(VaultAuth):
    """With a token of Vault in a key of a Secret."""

    token: KeyRef

    def auth(self) -> Manifest:
        """``auth``: the token stands in it by itself."""
        return self.fields()


@value_object
class VaultAppRole(VaultAuth):
    """With an AppRole: its id, and its secret id in a key of a Secret."""

    field: ClassVar[str] = "appRole"
    path: Text = "approle"
    role_id: Text
    secret_id: KeyRef

    spelling = {"role_id": "roleId", "secret_id": "secretRef"}  # noqa: RUF012  (a constant of the class)

    def fields(self) -> Manifest:
        """The path is required, so it is written in any case."""
        return {"path": self.path, **super().fields()}


@value_object
class VaultClientCertificate(VaultAuth):
    """With a certificate in a Secret of type ``kubernetes.io/tls``; ``name`` is the role in Vault."""

    field: ClassVar[str] = "clientCertificate"
    mount_path: Text | None = None
    secret: SecretSource | None = None
    name: Text | None = None

    spelling = {"secret": "secretName"}  # noqa: RUF012  (a constant of the class)


class _AsServiceAccount(Referring):
    """Signing in as a ServiceAccount: cert-manager asks for a token of it, for these audiences."""

    def _account(self, fields: Manifest) -> Manifest:
        account, audiences = fields.pop("serviceAccount", None), fields.pop("audiences", None)
        if account is not None:
            reference: Manifest = {"name": account}
            fields["serviceAccountRef"] = (
                reference if audiences is None else {**reference, "audiences": audiences}
            )
        return fields


@value_object
class VaultKubernetes(_AsServiceAccount, VaultAuth):
    """As a ServiceAccount of the cluster, or with the token of one in a Secret.

    ``mount_path`` is the whole path, ``/v1/auth/kubernetes`` by default.
    """

    field: ClassVar[str] = "kubernetes"
    role: Text
    mount_path: Text | None = None
    service_account: ServiceAccount | None = None
    audiences: Items[Text] | None = None
    token: KeyRef | None = None

    spelling = {"token": "secretRef"}  # noqa: RUF012  (a constant of the class)

    def check(self, problems: Problems) -> None:
        """Refuse no identity and two, and audiences of nobody."""
        super().check(problems)
        if (self.service_account is None) == (self.token is None):
            problems.add("service_account", "give exactly one of service_account and token")
        if self.audiences is not None and self.service_account is None:
            problems.add("audiences", "they are for the token of a service_account; give it as well")

    def fields(self) -> Manifest:
        """``auth.kubernetes``."""
        return self._account(super().fields())


@value_object
class VaultAws(_AsServiceAccount, VaultAuth):
    """As an IAM role: that of cert-manager's own pods, or ``iam_role_arn`` through a ServiceAccount."""

    field: ClassVar[str] = "aws"
    role: Text
    mount_path: Text | None = None
    region: Text | None = None
    iam_role_arn: Text | None = None
    vault_header_value: Text | None = None
    service_account: ServiceAccount | None = None
    audiences: Items[Text] | None = None

    def check(self, problems: Problems) -> None:
        """Refuse audiences of nobody."""
        super().check(problems)
        if self.audiences is not None and self.service_account is None:
            problems.add("audiences", "they are for the token of a service_account; give it as well")

    def fields(self) -> Manifest:
        """``auth.aws``."""
        return self._account(super().fields())


@value_object
class Vault(Authority):
    """The PKI engine of Vault: ``path`` is where it signs, such as ``pki_int/sign/shop``.

    ``ca_bundle`` is who signed the server's own certificate: base64 of PEM, or a key of a Secret.
    ``namespace`` is a namespace of Vault Enterprise.
    """

    field: ClassVar[str] = "vault"
    server: HttpUrl
    server_name: Text | None = None
    path: Text
    namespace: Text | None = None
    auth: VaultAuth
    ca_bundle: Base64 | KeyRef | None = None
    client_cert: KeyRef | None = None
    client_key: KeyRef | None = None

    def check(self, problems: Problems) -> None:
        """Refuse half a certificate."""
        super().check(problems)
        if (self.client_cert is None) != (self.client_key is None):
            problems.add("client_cert", "client_cert and client_key go together: give both or neither")

    def fields(self) -> Manifest:
        """``spec.vault``."""
        return {**super().fields(), "auth": self.auth.auth()}
