"""The ExternalSecret: which keys a Secret gets, and where their values come from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal, Self, TypeAlias

from chores_infra.arguments import Problems, checked
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.config import MakesSecret, Secret
from chores_infra.constructs.external_secrets.data import DataFrom, VaultKey, store_ref
from chores_infra.constructs.external_secrets.stores import (
    ApiVersion,
    ClusterSecretStore,
    SecretStore,
    check_only_v1,
)
from chores_infra.constructs.external_secrets.template import Template
from chores_infra.constructs.references import check_same_namespace
from chores_infra.errors import ConstructError
from chores_infra.fields import Annotations, DataKey, DnsLabel, DnsSubdomain, Duration, Items, Labels, Pairs

__all__ = ["CreationPolicy", "DeletionPolicy", "ExternalSecret"]

CreationPolicy: TypeAlias = Literal["Owner", "Orphan", "Merge", "None", "CreateOrMerge"]
DeletionPolicy: TypeAlias = Literal["Delete", "Merge", "Retain"]


class ExternalSecret(MakesSecret):
    """A Secret that the operator makes and keeps up to date from a store.

    ``keys`` are the keys of the Secret, each with the place of its value. The Secret is called like the
    ExternalSecret unless ``target_name`` says otherwise; ``.secret`` refers to it, ``.key("DB_PASSWORD")``
    to one key of it. With ``data_from`` the keys are not known here, so any may be referred to.

    >>> from chores_infra.construct import Tree
    >>> secrets = ExternalSecret(
    ...     Tree(namespace="chores-tracker"),
    ...     "secrets",
    ...     name="chores-tracker-secrets",
    ...     store=SecretStore.existing("vault-backend"),
    ...     refresh_interval="1h",
    ...     keys={"SECRET_KEY": VaultKey(key="chores-tracker", property="secret-key")},
    ... )
    >>> secrets.manifest["spec"]["data"]
    [{'secretKey': 'SECRET_KEY', 'remoteRef': {'key': 'chores-tracker', 'property': 'secret-key'}}]

    Raises:
        ConstructError: illegal names or keys, no values at all, a store that is out of reach from this
            namespace, or policies that the operator refuses together.
    """

    api_version = "external-secrets.io/v1beta1"
    kind = "ExternalSecret"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        store: SecretStore | ClusterSecretStore | None = None,
        keys: Pairs[DataKey, VaultKey] | None = None,
        data_from: Items[DataFrom] = (),
        refresh_interval: Duration | None = None,
        refresh_policy: Literal["CreatedOnce", "Periodic", "OnChange"] | None = None,
        target_name: DnsSubdomain | None = None,
        creation_policy: CreationPolicy | None = None,
        deletion_policy: DeletionPolicy | None = None,
        immutable: bool | None = None,
        template: Template | None = None,
        api_version: ApiVersion = "external-secrets.io/v1beta1",
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        here = namespace_in(scope, namespace)
        keys = keys or {}
        _check_sources(problems, keys, data_from, store)
        _check_stores(problems, keys, data_from, store, here)
        _check_policies(problems, creation_policy, deletion_policy)
        if template is not None:
            _check_template(problems, template, keys, data_from, here)
        check_only_v1(problems, _only_v1(keys, data_from, creation_policy), api_version)
        problems.raise_if_any()
        self.store = store
        self.keys = dict(keys)
        self.data_from = tuple(data_from)
        self.refresh_interval = refresh_interval
        self.refresh_policy = refresh_policy
        self.target_name = target_name or name
        self.creation_policy = creation_policy
        self.deletion_policy = deletion_policy
        self.immutable = immutable
        self.template = template
        self.api_version = api_version
        self._secret: Secret | None = None
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    @classmethod
    def existing(
        cls,
        name: str,
        *,
        namespace: str | None = None,
        target_name: str | None = None,
        keys: Collection[str] | None = None,
    ) -> Self:
        """Declare an ExternalSecret of another party, to refer to its Secret: of the same name by default."""
        external = super().existing(name, namespace=namespace)
        external.target_name = target_name or name
        external.creation_policy = None
        external._secret = Secret.existing(external.target_name, namespace=namespace, keys=keys)
        return external

    @property
    def secret(self) -> Secret:
        """The Secret that the operator makes, with its keys where they can be known.

        Raises:
            ConstructError: the creation policy is ``None``: there will be no Secret.
        """
        if self.creation_policy == "None":
            raise ConstructError.of(
                self.node.path, "creation_policy", "with 'None' no Secret is made that could be referred to"
            )
        if self._secret is None:
            self._secret = Secret.existing(
                self.target_name, namespace=self.namespace, keys=self._secret_keys()
            )
        return self._secret

    def _secret_keys(self) -> frozenset[str] | None:
        if self.data_from or self.creation_policy in {"Merge", "CreateOrMerge"}:
            return None
        keys = frozenset(self.keys)
        return keys if self.template is None else self.template.keys(keys)

    def fields(self) -> Manifest:
        """``spec``: the store, the Secret to make, and its values."""
        spec: Manifest = {}
        if self.refresh_policy is not None:
            spec["refreshPolicy"] = self.refresh_policy
        if self.refresh_interval is not None:
            spec["refreshInterval"] = self.refresh_interval
        if self.store is not None:
            spec["secretStoreRef"] = store_ref(self.store)
        target: Manifest = {"name": self.target_name}
        if self.creation_policy is not None:
            target["creationPolicy"] = self.creation_policy
        if self.deletion_policy is not None:
            target["deletionPolicy"] = self.deletion_policy
        if self.immutable is not None:
            target["immutable"] = self.immutable
        if self.template is not None:
            target["template"] = self.template.fields()
        spec["target"] = target
        if self.keys:
            spec["data"] = [_data(key, value) for key, value in self.keys.items()]
        if self.data_from:
            spec["dataFrom"] = [source.fields() for source in self.data_from]
        return {"spec": spec}


def _data(key: str, value: VaultKey) -> Manifest:
    item: Manifest = {"secretKey": key, "remoteRef": value.remote_ref()}
    if value.store is not None:
        item["sourceRef"] = {"storeRef": store_ref(value.store)}
    return item


def _check_sources(
    problems: Problems,
    keys: Mapping[str, VaultKey],
    data_from: Sequence[DataFrom],
    store: SecretStore | ClusterSecretStore | None,
) -> None:
    if not keys and not data_from:
        problems.add("keys", "expected at least one key, or data_from")
    if store is not None:
        return
    storeless = [f"keys.{key}" for key, value in keys.items() if value.store is None]
    storeless += [f"data_from[{i}]" for i, source in enumerate(data_from) if source.needs_store]
    for place in storeless:
        problems.add(place, "it has no store; give the ExternalSecret one, or this value its own")


def _check_stores(
    problems: Problems,
    keys: Mapping[str, VaultKey],
    data_from: Sequence[DataFrom],
    store: SecretStore | ClusterSecretStore | None,
    namespace: str | None,
) -> None:
    stores = [("store", store)]
    stores += [(f"keys.{key}.store", value.store) for key, value in keys.items()]
    stores += [(f"data_from[{i}].store", source.store) for i, source in enumerate(data_from)]
    for place, used in stores:
        if used is None or namespace is None:
            continue
        if isinstance(used, ClusterSecretStore):
            if not used.allows(namespace):
                problems.add(
                    place,
                    f"no condition of ClusterSecretStore {used.name!r} allows namespace {namespace!r}",
                )
        elif used.namespace is not None and used.namespace != namespace:
            problems.add(
                place,
                f"SecretStore {used.name!r} lives in namespace {used.namespace!r} and serves only that one, "
                f"not {namespace!r}; use a SecretStore of that namespace, or a ClusterSecretStore",
            )


def _check_template(
    problems: Problems,
    template: Template,
    keys: Mapping[str, VaultKey],
    data_from: Sequence[DataFrom],
    namespace: str | None,
) -> None:
    for argument, source in template.references():
        check_same_namespace(problems, f"template.{argument}", source, namespace)
    if not data_from:
        for place, name in template.unknown_values(frozenset(keys)):
            known = ", ".join(keys) or "none at all"
            problems.add(f"template.data.{place}", f"there is no value {name!r} in keys; it has {known}")


# https://external-secrets.io/latest/guides/ownership-deletion-policy/
_REFUSED_TOGETHER = {
    ("Merge", "Delete"),
    ("CreateOrMerge", "Delete"),
    ("None", "Delete"),
    ("None", "Merge"),
}


def _check_policies(problems: Problems, creation: str | None, deletion: str | None) -> None:
    if (creation, deletion) in _REFUSED_TOGETHER:
        problems.add(
            "deletion_policy",
            f"the operator refuses {deletion!r} with creation_policy {creation!r}: the Secret is not its own",
        )


def _only_v1(
    keys: Mapping[str, VaultKey], data_from: Sequence[DataFrom], creation_policy: str | None
) -> Iterator[str]:
    if creation_policy == "CreateOrMerge":
        yield "creation_policy"
    for key, value in keys.items():
        if value.null_byte_policy is not None:
            yield f"keys.{key}.null_byte_policy"
    for index, source in enumerate(data_from):
        yield from (f"data_from[{index}].{argument}" for argument in source.only_v1())
