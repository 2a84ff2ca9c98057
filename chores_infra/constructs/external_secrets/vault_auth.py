"""How the operator signs in to Vault: one class per auth method of Vault.

What each method needs is what the operator's webhook and its client ask for.

Source: https://external-secrets.io/latest/provider/hashicorp-vault/#authentication and
https://github.com/external-secrets/external-secrets, ``providers/v1/vault/validate.go``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, TypeAlias

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.cluster import ServiceAccount
from chores_infra.constructs.config import KeyRef
from chores_infra.constructs.families import Family
from chores_infra.constructs.references import check_secret_key, namespace_to_name
from chores_infra.fields import Items, Matching, Text
from chores_infra.kubernetes_object import KubernetesObject

__all__ = [
    "AppRoleAuth",
    "CertAuth",
    "JwtAuth",
    "KubernetesAuth",
    "LdapAuth",
    "MountPath",
    "References",
    "ServiceAccountAuth",
    "TokenAuth",
    "UserPassAuth",
    "VaultAuth",
    "key_reference",
    "reference",
]

MountPath = Annotated[
    str, Matching(r"[^/\s][^\s]*", 512, "the path of a mount in Vault without '/' at the start")
]
References: TypeAlias = Iterator[tuple[str, KubernetesObject]]


@value_object
class VaultAuth(Family):
    """The base of the ways in which the operator signs in to Vault."""

    def check(self, problems: Problems) -> None:
        """Refuse the bare base, and keys of ConfigMaps: what signs in is secret."""
        super().check(problems)
        for argument, value in vars(self).items():
            if isinstance(value, KeyRef):
                check_secret_key(problems, argument, value)

    def references(self) -> References:
        """The objects that it refers to, by argument."""
        for argument, value in vars(self).items():
            if isinstance(value, KeyRef):
                yield argument, value.source
            elif isinstance(value, KubernetesObject):
                yield argument, value

    def only_v1(self) -> list[str]:
        """The arguments in use that ``external-secrets.io/v1beta1`` does not have; "" for the method."""
        return []

    def spec(self, namespace: str | None) -> Manifest:
        """``auth``, for a store in that namespace."""
        raise NotImplementedError


@value_object
class ServiceAccountAuth(VaultAuth):
    """What the methods that sign in as a ServiceAccount have in common."""

    service_account: ServiceAccount | None = None
    audiences: Items[Text] | None = None

    def check(self, problems: Problems) -> None:
        """Refuse audiences of nobody."""
        super().check(problems)
        if self.audiences is not None and self.service_account is None:
            problems.add("audiences", "they are for the token of a service_account; give it as well")

    def account(self, namespace: str | None) -> Manifest | None:
        """``serviceAccountRef``, where there is one."""
        if self.service_account is None:
            return None
        account = reference(self.service_account, namespace)
        if self.audiences is not None:
            account["audiences"] = list(self.audiences)
        return account


@value_object
class KubernetesAuth(ServiceAccountAuth):
    """Sign in as a ServiceAccount of the cluster; Vault maps it to ``role``.

    Without ``service_account`` (or a Secret with its ``token``) the operator signs in as itself.
    """

    role: Text
    mount_path: MountPath = "kubernetes"
    token: KeyRef | None = None

    def check(self, problems: Problems) -> None:
        """Refuse two identities."""
        super().check(problems)
        if self.token is not None and self.service_account is not None:
            problems.add("token", "sign in as a service_account or with a token, not both")

    def spec(self, namespace: str | None) -> Manifest:
        """``auth.kubernetes``."""
        auth: Manifest = {"mountPath": self.mount_path, "role": self.role}
        account = self.account(namespace)
        if account is not None:
            auth["serviceAccountRef"] = account
        if self.token is not None:
            auth["secretRef"] = key_reference(self.token, namespace)
        return {"kubernetes": auth}


@value_object
class JwtAuth(ServiceAccountAuth):
    """Sign in with a JSON Web Token: of a ServiceAccount, or one in a key of a Secret.

    The token of a ServiceAccount is for the audience ``vault`` and for ``audiences``; it lives ten minutes,
    or ``expiration_seconds``. Without ``role`` Vault takes the default role of the method.

    >>> JwtAuth(role="shop", service_account=ServiceAccount.existing("shop")).spec("shop")["jwt"]
    {'path': 'jwt', 'role': 'shop', 'kubernetesServiceAccountToken': {'serviceAccountRef': {'name': 'shop'}}}
    """

    role: Text | None = None
    path: MountPath = "jwt"
    token: KeyRef | None = None
    # TokenRequestSpec.expirationSeconds: the API server makes no shorter ones.
    expiration_seconds: Annotated[int, Field(ge=600, le=2**32)] | None = None

    def check(self, problems: Problems) -> None:
        """Refuse no token and two, and a life span of a token that is there already."""
        super().check(problems)
        if (self.token is None) == (self.service_account is None):
            problems.add("token", "give exactly one of service_account and token")
        if self.expiration_seconds is not None and self.service_account is None:
            problems.add("expiration_seconds", "it is for the token of a service_account")

    def spec(self, namespace: str | None) -> Manifest:
        """``auth.jwt``."""
        auth: Manifest = {"path": self.path}
        if self.role is not None:
            auth["role"] = self.role
        if self.token is not None:
            auth["secretRef"] = key_reference(self.token, namespace)
        account = self.account(namespace)
        if account is not None:
            auth["kubernetesServiceAccountToken"] = {"serviceAccountRef": account}
            if self.expiration_seconds is not None:
                auth["kubernetesServiceAccountToken"]["expirationSeconds"] = self.expiration_seconds
        return {"jwt": auth}


@value_object
class AppRoleAuth(VaultAuth):
    """Sign in with an AppRole: its id (as text, or in a key of a Secret) and its secret id."""

    secret_id: KeyRef
    role_id: Text | None = None
    role_id_from: KeyRef | None = None
    path: MountPath = "approle"

    def check(self, problems: Problems) -> None:
        """Refuse no role id and two."""
        super().check(problems)
        if (self.role_id is None) == (self.role_id_from is None):
            problems.add("role_id", "give exactly one of role_id and role_id_from")

    def spec(self, namespace: str | None) -> Manifest:
        """``auth.appRole``."""
        auth: Manifest = {"path": self.path}
        if self.role_id is not None:
            auth["roleId"] = self.role_id
        if self.role_id_from is not None:
            auth["roleRef"] = key_reference(self.role_id_from, namespace)
        auth["secretRef"] = key_reference(self.secret_id, namespace)
        return {"appRole": auth}


@value_object
class _PasswordAuth(VaultAuth):
    """What the two methods with a name and a password have in common."""

    username: Text
    password: KeyRef
    path: MountPath

    def login(self, namespace: str | None) -> Manifest:
        """Who signs in, and where the password is."""
        return {
            "path": self.path,
            "username": self.username,
            "secretRef": key_reference(self.password, namespace),
        }


@value_object
class LdapAuth(_PasswordAuth):
    """Sign in as a user of an LDAP directory; the password is in a key of a Secret."""

    path: MountPath = "ldap"

    def spec(self, namespace: str | None) -> Manifest:
        """``auth.ldap``."""
        return {"ldap": self.login(namespace)}


@value_object
class UserPassAuth(_PasswordAuth):
    """Sign in as a user that Vault itself knows; the password is in a key of a Secret."""

    path: MountPath = "userpass"

    def spec(self, namespace: str | None) -> Manifest:
        """``auth.userPass``."""
        return {"userPass": self.login(namespace)}


@value_object
class CertAuth(VaultAuth):
    """Sign in with a client certificate and its private key, each in a key of a Secret.

    ``path`` (by default ``cert``) and ``role`` need ``external-secrets.io/v1``.
    """

    client_cert: KeyRef
    client_key: KeyRef
    path: MountPath | None = None
    role: Text | None = None

    def only_v1(self) -> list[str]:
        """``path`` and ``role``."""
        return [name for name in ("path", "role") if getattr(self, name) is not None]

    def spec(self, namespace: str | None) -> Manifest:
        """``auth.cert``."""
        auth: Manifest = {} if self.path is None else {"path": self.path}
        if self.role is not None:
            auth["vaultRole"] = self.role
        auth["clientCert"] = key_reference(self.client_cert, namespace)
        auth["secretRef"] = key_reference(self.client_key, namespace)
        return {"cert": auth}


@value_object
class TokenAuth(VaultAuth):
    """Sign in with a token of Vault in a key of a Secret."""

    token: KeyRef

    def spec(self, namespace: str | None) -> Manifest:
        """``auth.tokenSecretRef``."""
        return {"tokenSecretRef": key_reference(self.token, namespace)}


def reference(target: KubernetesObject, namespace: str | None) -> Manifest:
    """A reference to an object from a store in that namespace.

    In a ClusterSecretStore one without a namespace means that of whoever uses the store.
    """
    named = namespace_to_name(target, namespace)
    return {"name": target.name} if named is None else {"name": target.name, "namespace": named}


def key_reference(key: KeyRef, namespace: str | None) -> Manifest:
    """A reference to one key of a Secret or ConfigMap."""
    return {**reference(key.source, namespace), "key": key.key}
