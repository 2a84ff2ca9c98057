"""HashiCorp Vault behind a store: where it is, and what of it the store shows.

Source: https://external-secrets.io/latest/provider/hashicorp-vault/
"""

from __future__ import annotations

from typing import Annotated, Literal

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.config import KeyRef
from chores_infra.constructs.external_secrets.stores import Provider
from chores_infra.constructs.external_secrets.vault_auth import (
    MountPath,
    References,
    VaultAuth,
    key_reference,
)
from chores_infra.constructs.references import check_same_namespace, check_secret_key
from chores_infra.fields import Base64, Matching, Pairs, Text

__all__ = ["Vault"]

VaultUrl = Annotated[
    str,
    Matching(
        r"https?://[A-Za-z0-9](?:[-A-Za-z0-9.]*[A-Za-z0-9])?(?::[0-9]{1,5})?(?:/[^\s?#]*)?",
        1024,
        "the URL of Vault, such as 'https://vault.example.com:8200'",
    ),
]


@value_object
class Vault(Provider):
    """A key-value engine of Vault: its server, the path of its mount, and the engine's version.

    ``namespace`` is a namespace of Vault Enterprise, ``auth_namespace`` the one to sign in to, where it is
    another one. ``check_and_set`` (with ``external-secrets.io/v1``) makes every write name the version that
    it replaces. ``ca_provider`` (a key of a ConfigMap or Secret) or
    ``ca_bundle`` (base64 of PEM) is who signed the server's certificate.

    >>> from chores_infra.constructs.cluster import ServiceAccount
    >>> from chores_infra.constructs.external_secrets import KubernetesAuth
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
    auth_namespace: Text | None = None
    check_and_set: bool | None = None

    def check(self, problems: Problems) -> None:
        """Refuse two authorities, half a certificate, and keys of ConfigMaps."""
        if self.ca_bundle is not None and self.ca_provider is not None:
            problems.add("ca_provider", "give ca_bundle or ca_provider, not both")
        if (self.tls_cert is None) != (self.tls_key is None):
            problems.add("tls_cert", "tls_cert and tls_key go together: give both or neither")
        for argument, reference in (("tls_cert", self.tls_cert), ("tls_key", self.tls_key)):
            if reference is not None:
                check_secret_key(problems, argument, reference)
        if self.check_and_set and self.version == "v1":
            problems.add("check_and_set", "version 1 of the key-value engine has no versions to check")

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

    def only_v1(self) -> list[str]:
        """``check_and_set``, and what the way of signing in has."""
        arguments = [f"auth.{argument}".removesuffix(".") for argument in self.auth.only_v1()]
        return arguments if self.check_and_set is None else ["check_and_set", *arguments]

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
            ("checkAndSet", None if self.check_and_set is None else {"required": self.check_and_set}),
        ):
            if value is not None:
                vault[field] = value
        if self.ca_provider is not None:
            vault["caProvider"] = {
                "type": self.ca_provider.source.kind,
                **key_reference(self.ca_provider, namespace),
            }
        if self.tls_cert is not None and self.tls_key is not None:
            vault["tls"] = {
                "certSecretRef": key_reference(self.tls_cert, namespace),
                "keySecretRef": key_reference(self.tls_key, namespace),
            }
        vault["auth"] = self.auth.spec(namespace)
        if self.auth_namespace is not None:
            vault["auth"]["namespace"] = self.auth_namespace
        return {"vault": vault}
