"""Where the values of an ExternalSecret come from: single keys, and the family of whole sets of keys."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from chores_infra.arguments import value_object
from chores_infra.constructs.external_secrets.stores import ClusterSecretStore, SecretStore
from chores_infra.fields import Text

__all__ = ["ConversionStrategy", "DataFrom", "DecodingStrategy", "VaultKey", "store_ref"]

ConversionStrategy: TypeAlias = Literal["Default", "Unicode"]
DecodingStrategy: TypeAlias = Literal["Auto", "Base64", "Base64URL", "None"]


@value_object
class VaultKey:
    """One value in a store: ``VaultKey(key="chores-tracker", property="database-url")``.

    ``key`` is the path of the entry below the store's own path, ``property`` the field in it (all of it, as
    JSON, without). ``store`` is where this value comes from, when not from the ExternalSecret's store.
    """

    key: Text
    property: Text | None = None
    version: Text | None = None
    conversion_strategy: ConversionStrategy | None = None
    decoding_strategy: DecodingStrategy | None = None
    metadata_policy: Literal["None", "Fetch"] | None = None
    null_byte_policy: Literal["Ignore", "Fail"] | None = None
    store: SecretStore | ClusterSecretStore | None = None

    def remote_ref(self) -> dict[str, Any]:
        """``remoteRef`` of the API."""
        ref: dict[str, Any] = {"key": self.key}
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
class DataFrom:
    """All keys of one place at once: ``Extract``, ``Find`` or ``Generator``."""

    store: SecretStore | ClusterSecretStore | None = None

    @property
    def needs_store(self) -> bool:
        """Whether it says nothing about where it comes from, so that the ExternalSecret's store must."""
        return self.store is None

    def only_in_v1(self) -> list[str]:
        """The fields in use that ``external-secrets.io/v1beta1`` does not have."""
        return []

    def fields(self) -> dict[str, Any]:
        """One item of ``dataFrom``."""
        raise NotImplementedError


def store_ref(store: SecretStore | ClusterSecretStore) -> dict[str, Any]:
    """A reference to a store; its kind is the object's."""
    return {"name": store.name, "kind": store.kind}
