"""HashiCorp Vault behind a store: where it is, and how the operator signs in.

Source: https://external-secrets.io/latest/provider/hashicorp-vault/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, TypeAlias

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.cluster import ServiceAccount
from chores_infra.constructs.config import KeyRef
from chores_infra.constructs.external_secrets.stores import Provider
from chores_infra.constructs.families import Family
from chores_infra.constructs.references import check_same_namespace, check_secret_key, namespace_to_name
from chores_infra.fields import Items, Matching, Pairs, Text
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["AppRoleAuth", "KubernetesAuth", "TokenAuth", "Vault", "VaultAuth"]

VaultUrl = Annotated[
    str,
    Matching(
        r"https?://[A-Za-z0-9](?:[-A-Za-z0-9.]*[A-Za-z0-9])?(?::[0-9]{1,5})?(?:/[^\s?#]*)?",
        1024,
        "the URL of Vault, such as 'https://vault.example.com:8200'",
    ),
]
Base64 = Annotated[
    str, Matching(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", 2**20, "base64 text")
]
MountPath = Annotated[
    str, Matching(r"[^/\s][^\s]*", 512, "the path of a mount in Vault without '/' at the start")
]
References: TypeAlias = Iterator[tuple[str, KubernetesObject]]


@value_object
class VaultAuth(Family):
    """The base of the ways in which the operator signs in to Vault."""

    def references(self) -> References:
        """The objects that it refers to, by argument."""
        yield from ()

    def spec(self, namespace: str | None) -> Manifest:
        """``auth``, for a store in that namespace."""
        raise NotImplementedError


@value_object
class KubernetesAuth(VaultAuth):
    """Sign in as a ServiceAccount of the cluster; Vault maps it to ``role``.

    Without ``service_account`` (or a Secret with its ``token``) the operator signs in as itself.
    """

    role: Text
    mount_path: MountPath = "kubernetes"
    service_account: ServiceAccount | None = None
    audiences: Items[Text] | None = None
    token: KeyRef | None = None

    def check(self, problems: Problems) -> None:
        """Refuse two identities, a key of a ConfigMap, and audiences of nobody."""
        if self.token is not None:
            check_secret_key(problems, "token", self.token)
            if self.service_account is not None:
                problems.add("token", "sign in as a service_account or with a token, not both")
        if self.audiences is not None and self.service_account is None:
            problems.add("audiences", "they are for the token of a service_account; give it as well")

    def references(self) -> References:
        """The ServiceAccount, or the Secret."""
        if self.service_account is not None:
            yield "service_account", self.service_account
        if self.token is not None:
            yield "token", self.token.source

    def spec(self, namespace: str | None) -> Manifest:
        """``auth.kubernetes``."""
        auth: Manifest = {"mountPath": self.mount_path, "role": self.role}
        if self.service_account is not None:
            account = _reference(self.service_account, namespace)
            if self.audiences is not None:
                account["audiences"] = list(self.audiences)
            auth["serviceAccountRef"] = account
        if self.token is not None:
            auth["secretRef"] = _key(self.token, namespace)
        return {"kubernetes": auth}


@value_object
class AppRoleAuth(VaultAuth):
    """Sign in with an AppRole: its id (as text, or in a key of a Secret) and its secret id."""

    secret_id: KeyRef
    role_id: Text | None = None
    role_id_from: KeyRef | None = None
    path: MountPath = "approle"

    def check(self, problems: Problems) -> None:
        """Refuse no role id and two, and keys of ConfigMaps."""
        if (self.role_id is None) == (self.role_id_from is None):
            problems.add("role_id", "give exactly one of role_id and role_id_from")
        check_secret_key(problems, "secret_id", self.secret_id)
        if self.role_id_from is not None:
            check_secret_key(problems, "role_id_from", self.role_id_from)

    def references(self) -> References:
        """The Secrets."""
        yield "secret_id", self.secret_id.source
        if self.role_id_from is not None:
            yield "role_id_from", self.role_id_from.source

    def spec(self, namespace: str | None) -> Manifest:
        """``auth.appRole``."""
        auth: Manifest = {"path": self.path}
        if self.role_id is not None:
            auth["roleId"] = self.role_id
        if self.role_id_from is not None:
            auth["roleRef"] = _key(self.role_id_from, namespace)
        auth["secretRef"] = _key(self.secret_id, namespace)
        return {"appRole": auth}


@value_object
class TokenAuth(VaultAuth):
    """Sign in with a token of Vault in a key of a Secret."""

    token: KeyRef

    def check(self, problems: Problems) -> None:
        """Refuse a key of a ConfigMap."""
        check_secret_key(problems, "token", self.token)

    def references(self) -> References:
        """The Secret."""
        yield "token", self.token.source

    def spec(self, namespace: str | None) -> Manifest:
        """``auth.tokenSecretRef``."""
        return {"tokenSecretRef": _key(self.token, namespace)}


@value_object
class Vault(Provider):
    """A key-value engine of Vault: its server, the path of its mount, and the engine's version.

    ``namespace`` is a namespace of Vault Enterprise. ``ca_provider`` (a key of a ConfigMap or Secret) or
    ``ca_bundle`` (base64 of PEM) is who signed the server's certificate.

    >>> auth = KubernetesAuth(role="shop", service_account=ServiceAccount.existing("default"))
    >>> vault = Vault(server="http://vault.vault.svc:8200", path="k8s-secrets", auth=auth)
    >>> vault.spec("shop")["vault"]["auth"]
    {'kubernetes': {'mountPath': 'kubernetes', 'role': 'shop', 'serviceAccountRef': {'name': 'default'}}}
    """

    server: VaultUrl
    auth: VaultAuth
    path: MountPath | None = None
    version: Literal["v1", "v2"] | None = None
    namespace: Text | None = None
    ca_bundle: Base64 | None = None
    ca_provider: KeyRef | None = None
    tls_cert: KeyRef | None = None
    tls_key: KeyRef | None = None
    headers: Pairs[Text, str] | None = None
    read_your_writes: bool | None = None
    forward_inconsistent: bool | None = None

    def check(self, problems: Problems) -> None:
        """Refuse two authorities, half a certificate, and keys of ConfigMaps."""
        if self.ca_bundle is not None and self.ca_provider is not None:
            problems.add("ca_provider", "give ca_bundle or ca_provider, not both")
        if (self.tls_cert is None) != (self.tls_key is None):
            problems.add("tls_cert", "tls_cert and tls_key go together: give both or neither")
        for argument, reference in (("tls_cert", self.tls_cert), ("tls_key", self.tls_key)):
            if reference is not None:
                check_secret_key(problems, argument, reference)

    def check_in_store(self, problems: Problems, *, namespace: str | None, cluster: bool) -> None:
        """Note references into other namespaces, which only a cluster-scoped store can make."""
        if not cluster:
            for argument, target in self._references():
                check_same_namespace(problems, f"provider.{argument}", target, namespace)
        elif self.ca_provider is not None and self.ca_provider.source.namespace is None:
            problems.add(
                "provider.ca_provider",
                "a ClusterSecretStore must name its namespace: existing(..., namespace=)",
            )

    def _references(self) -> References:
        for argument, target in self.auth.references():
            yield f"auth.{argument}", target
        for argument in ("ca_provider", "tls_cert", "tls_key"):
            reference: KeyRef | None = getattr(self, argument)
            if reference is not None:
                yield argument, reference.source

    def spec(self, namespace: str | None) -> Manifest:
        """``provider.vault``."""
        vault: Manifest = {"server": self.server}
        for field, value in (
            ("path", self.path),
            ("version", self.version),
            ("namespace", self.namespace),
            ("caBundle", self.ca_bundle),
            ("headers", None if self.headers is None else dict(self.headers)),
            ("readYourWrites", self.read_your_writes),
            ("forwardInconsistent", self.forward_inconsistent),
        ):
            if value is not None:
                vault[field] = value
        if self.ca_provider is not None:
            vault["caProvider"] = {
                "type": self.ca_provider.source.kind,
                **_key(self.ca_provider, namespace),
            }
        if self.tls_cert is not None and self.tls_key is not None:
            vault["tls"] = {
                "certSecretRef": _key(self.tls_cert, namespace),
                "keySecretRef": _key(self.tls_key, namespace),
            }
        vault["auth"] = self.auth.spec(namespace)
        return {"vault": vault}


def _reference(target: KubernetesObject, namespace: str | None) -> Manifest:
    # In a ClusterSecretStore a reference without a namespace means that of whoever uses the store.
    named = namespace_to_name(target, namespace)
    return {"name": target.name} if named is None else {"name": target.name, "namespace": named}


def _key(reference: KeyRef, namespace: str | None) -> Manifest:
    return {**_reference(reference.source, namespace), "key": reference.key}
