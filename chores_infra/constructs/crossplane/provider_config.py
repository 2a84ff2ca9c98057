"""How the MySQL provider of Crossplane reaches a server."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from chores_infra.arguments import Problems, checked, value_object
from chores_infra.construct import Manifest, Scope
from chores_infra.constructs.config import KeyRef, MakesSecret, Secret, key_problem
from chores_infra.constructs.parts import Part
from chores_infra.constructs.references import check_secret_key, secret_of
from chores_infra.fields import Annotations, DataKey, DnsSubdomain, Labels
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["API_VERSION", "ProviderConfig", "SecretKeyMapping", "TLSConfig", "check_key", "secret_key"]

API_VERSION = "mysql.sql.crossplane.io/v1alpha1"


@value_object
class SecretKeyMapping(Part):
    """The keys of the connection Secret, where they are not called as the provider expects."""

    endpoint: DataKey | None = None
    port: DataKey | None = None
    username: DataKey | None = None
    password: DataKey | None = None


@value_object
class TLSConfig(Part):
    """Certificates of the connection to MySQL, as keys of Secrets; for ``tls="custom"``."""

    ca_cert: KeyRef | None = None
    client_cert: KeyRef | None = None
    client_key: KeyRef | None = None
    insecure_skip_verify: bool | None = None

    CERTIFICATES: ClassVar = ("ca_cert", "client_cert", "client_key")

    def check(self, problems: Problems) -> None:
        """Refuse keys of ConfigMaps, and of Secrets whose namespace is not known."""
        for name, reference in self.certificates().items():
            check_key(problems, name, reference)

    def certificates(self) -> dict[str, KeyRef]:
        """The certificates that were given, by argument."""
        given = {name: getattr(self, name) for name in self.CERTIFICATES}
        return {name: reference for name, reference in given.items() if reference is not None}

    def fields(self) -> Manifest:
        """``spec.tlsConfig``."""
        spelled = {"ca_cert": "caCert", "client_cert": "clientCert", "client_key": "clientKey"}
        fields: Manifest = {
            spelled[name]: {"secretRef": secret_key(reference)}
            for name, reference in self.certificates().items()
        }
        if self.insecure_skip_verify is not None:
            fields["insecureSkipVerify"] = self.insecure_skip_verify
        return fields


class ProviderConfig(KubernetesObject):
    """How the provider reaches one MySQL server; ``ProviderConfig.existing("mysql-provider")`` as a rule.

    ``connection_secret`` is a Secret with the keys ``endpoint``, ``port``, ``username`` and ``password``,
    or those of ``secret_key_mapping``.

    Raises:
        ConstructError: the Secret's namespace is not known, it is known to lack one of these keys, or ``tls``
            and ``tls_config`` do not go together.
    """

    api_version = API_VERSION
    kind = "ProviderConfig"
    namespaced = False

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        connection_secret: Secret | MakesSecret,
        secret_key_mapping: SecretKeyMapping | None = None,
        tls: Literal["true", "skip-verify", "preferred", "custom"] | None = None,
        tls_config: TLSConfig | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        secret = secret_of(connection_secret)
        check_namespace_known(problems, "connection_secret", secret)
        mapping: dict[str, Any] = secret_key_mapping.fields() if secret_key_mapping else {}
        for part in ("endpoint", "port", "username", "password"):
            wrong = key_problem(secret, mapping.get(part, part))
            if wrong is not None:
                problems.add(
                    "connection_secret", f"{wrong}; name the key of the {part} in secret_key_mapping"
                )
        if (tls == "custom") != (tls_config is not None):
            problems.add("tls_config", "tls='custom' and tls_config go together: give both or neither")
        problems.raise_if_any()
        self.connection_secret = secret
        self.secret_key_mapping = secret_key_mapping
        self.tls = tls
        self.tls_config = tls_config
        super().__init__(scope, id, name=name, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``: the credentials and TLS."""
        secret = self.connection_secret
        credentials: Manifest = {
            "source": "MySQLConnectionSecret",
            "connectionSecretRef": {"namespace": secret.namespace, "name": secret.name},
        }
        if self.secret_key_mapping is not None:
            credentials["secretKeyMapping"] = self.secret_key_mapping.fields()
        spec: Manifest = {"credentials": credentials}
        if self.tls is not None:
            spec["tls"] = self.tls
        if self.tls_config is not None:
            spec["tlsConfig"] = self.tls_config.fields()
        return {"spec": spec}


def check_key(problems: Problems, argument: str, reference: KeyRef) -> None:
    """Note a reference that is not to a key of a Secret in a known namespace."""
    check_secret_key(problems, argument, reference)
    if isinstance(reference.source, Secret):
        check_namespace_known(problems, argument, reference.source)


def check_namespace_known(problems: Problems, argument: str, secret: Secret) -> None:
    """Note a Secret without a namespace: what refers to it is cluster-scoped, and must name one."""
    if secret.namespace is None:
        problems.add(
            argument,
            f"the namespace of Secret {secret.name!r} is not known, and a cluster-scoped object must name "
            "it: Secret.existing(name, namespace=...), or a namespace for the component that makes it",
        )


def secret_key(reference: KeyRef) -> Manifest:
    """A reference to one key of a Secret, from an object that is in no namespace."""
    source = reference.source
    return {"name": source.name, "key": reference.key, "namespace": source.namespace}
