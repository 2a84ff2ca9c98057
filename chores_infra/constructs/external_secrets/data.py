"""Where the values of an ExternalSecret come from: single keys, or everything in one place.

Source: https://external-secrets.io/latest/guides/all-keys-one-secret/ (extract),
https://external-secrets.io/latest/guides/getallsecrets/ (find),
https://external-secrets.io/latest/guides/generator/ and
https://external-secrets.io/latest/guides/datafrom-rewrite/
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.external_secrets.stores import ClusterSecretStore, SecretStore
from chores_infra.constructs.families import Family
from chores_infra.fields import DnsSubdomain, Items, Pairs, Text

__all__ = [
    "DataFrom",
    "Extract",
    "Find",
    "Generator",
    "Rewrite",
    "RewriteRegexp",
    "RewriteTransform",
    "VaultKey",
    "store_ref",
]

ConversionStrategy: TypeAlias = Literal["Default", "Unicode"]
DecodingStrategy: TypeAlias = Literal["Auto", "Base64", "Base64URL", "None"]
GeneratorKind: TypeAlias = Literal[
    "ACRAccessToken",
    "BeyondtrustWorkloadCredentialsDynamicSecret",
    "CloudsmithAccessToken",
    "ClusterGenerator",
    "ECRAuthorizationToken",
    "Fake",
    "GCRAccessToken",
    "GithubAccessToken",
    "GitlabDeployToken",
    "Grafana",
    "MFA",
    "Password",
    "QuayAccessToken",
    "SSHKey",
    "STSSessionToken",
    "UUID",
    "VaultDynamicSecret",
    "Webhook",
]
#: Generators that came after v1beta1.
ONLY_V1_GENERATORS = frozenset(
    {
        "BeyondtrustWorkloadCredentialsDynamicSecret",
        "CloudsmithAccessToken",
        "GitlabDeployToken",
        "MFA",
        "SSHKey",
    }
)
NullBytePolicy: TypeAlias = Literal["Ignore", "Fail"]
AnyStore: TypeAlias = SecretStore | ClusterSecretStore


@value_object
class _RemoteRef:
    """One entry of a store, and how its content is read."""

    key: Text
    property: Text | None = None
    version: Text | None = None
    conversion_strategy: ConversionStrategy | None = None
    decoding_strategy: DecodingStrategy | None = None
    metadata_policy: Literal["None", "Fetch"] | None = None
    null_byte_policy: NullBytePolicy | None = None

    def remote_ref(self) -> Manifest:
        """``remoteRef``, or ``extract``, of the API."""
        ref: Manifest = {"key": self.key}
        for field, value in (
            ("property", self.property),
            ("version", self.version),
            ("conversionStrategy", self.conversion_strategy),
            ("decodingStrategy", self.decoding_strategy),
            ("metadataPolicy", self.metadata_policy),
            ("nullBytePolicy", self.null_byte_policy),
        ):
            if value is not None:
                ref[field] = value
        return ref


@value_object
class VaultKey(_RemoteRef):
    """One value in a store: ``VaultKey(key="chores-tracker", property="database-url")``.

    ``key`` is the path of the entry below the store's own path, ``property`` the field in it (all of it, as
    JSON, without). ``store`` is where this value comes from, when not from the ExternalSecret's store.
    """

    store: AnyStore | None = None


@value_object
class Rewrite(Family):
    """The base of the ways in which keys are renamed: ``RewriteRegexp``, ``RewriteTransform``."""

    def fields(self) -> Manifest:
        """One item of ``rewrite``."""
        raise NotImplementedError


@value_object
class RewriteRegexp(Rewrite):
    """Rename keys by a regular expression: ``source="db-(.*)"``, ``target="$1"``."""

    source: Text
    target: str

    def fields(self) -> Manifest:
        """``regexp``."""
        return {"regexp": {"source": self.source, "target": self.target}}


@value_object
class RewriteTransform(Rewrite):
    """Rename keys by a template: ``template="{{ .value | upper }}"``."""

    template: Text

    def fields(self) -> Manifest:
        """``transform``."""
        return {"transform": {"template": self.template}}


@value_object
class DataFrom(Family):
    """The base of what gives a Secret many keys at once: ``Extract``, ``Find`` or ``Generator``.

    ``rewrite`` renames the keys, one step after the other.
    """

    store: AnyStore | None = None
    rewrite: Items[Rewrite] = ()

    @property
    def needs_store(self) -> bool:
        """Whether it does not say where it comes from, so that the ExternalSecret's store must."""
        return self.store is None

    def only_v1(self) -> list[str]:
        """The arguments in use that ``external-secrets.io/v1beta1`` does not have."""
        return ["null_byte_policy"] if vars(self).get("null_byte_policy") is not None else []

    def source(self) -> Manifest:
        """What tells the members apart: ``extract``, ``find`` or ``sourceRef``."""
        raise NotImplementedError

    def fields(self) -> Manifest:
        """One item of ``dataFrom``."""
        fields = self.source()
        if self.rewrite:
            fields["rewrite"] = [step.fields() for step in self.rewrite]
        if self.store is not None:
            fields["sourceRef"] = {"storeRef": store_ref(self.store)}
        return fields


@value_object
class Extract(_RemoteRef, DataFrom):
    """Every field of one entry as a key: ``Extract(key="chores-tracker")``."""

    def source(self) -> Manifest:
        """``extract``."""
        return {"extract": self.remote_ref()}


@value_object
class Find(DataFrom):
    """Every entry whose name matches a regular expression, or that has these tags, below ``path``."""

    name_regexp: Text | None = None
    tags: Pairs[Text, str] | None = None
    path: Text | None = None
    conversion_strategy: ConversionStrategy | None = None
    decoding_strategy: DecodingStrategy | None = None
    null_byte_policy: NullBytePolicy | None = None

    def check(self, problems: Problems) -> None:
        """Refuse a search for nothing."""
        if self.name_regexp is None and self.tags is None and self.path is None:
            problems.add("", "say what to find: name_regexp, tags or path")

    def source(self) -> Manifest:
        """``find``."""
        find: Manifest = {} if self.name_regexp is None else {"name": {"regexp": self.name_regexp}}
        for field, value in (
            ("tags", None if self.tags is None else dict(self.tags)),
            ("path", self.path),
            ("conversionStrategy", self.conversion_strategy),
            ("decodingStrategy", self.decoding_strategy),
            ("nullBytePolicy", self.null_byte_policy),
        ):
            if value is not None:
                find[field] = value
        return {"find": find}


@value_object
class Generator(DataFrom):
    """Values that a generator makes, such as ``Generator(kind="ECRAuthorizationToken", name="ecr")``."""

    kind: GeneratorKind
    name: DnsSubdomain
    api_version: Text = "generators.external-secrets.io/v1alpha1"

    @property
    def needs_store(self) -> bool:
        """It does not: the generator is the source."""
        return False

    def only_v1(self) -> list[str]:
        """The kind, where it is newer."""
        return ["kind"] if self.kind in ONLY_V1_GENERATORS else []

    def check(self, problems: Problems) -> None:
        """Refuse a store beside the generator."""
        if self.store is not None:
            problems.add("store", "values come from a generator or from a store, not both")

    def source(self) -> Manifest:
        """``sourceRef.generatorRef``."""
        generator = {"apiVersion": self.api_version, "kind": self.kind, "name": self.name}
        return {"sourceRef": {"generatorRef": generator}}


def store_ref(store: AnyStore) -> Manifest:
    """A reference to a store; its kind is the object's."""
    return {"name": store.name, "kind": store.kind}
