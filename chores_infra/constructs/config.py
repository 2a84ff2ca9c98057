"""Configuration that workloads read: ConfigMaps, Secrets, and references to single keys of them.

Source: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/
"""

from __future__ import annotations

from typing import Self

from chores_infra.arguments import InvalidArguments, checked, value_object
from chores_infra.construct import KubernetesObject, Manifest, Scope, checked_existing
from chores_infra.errors import ArgumentProblem, ConstructError
from chores_infra.fields import Annotations, DataKey, DnsLabel, DnsSubdomain, Labels, Pairs, Unordered

__all__ = ["ConfigMap", "KeyRef", "MakesSecret", "Secret"]


@value_object
class KeyRef:
    """One key of a ConfigMap or Secret; made by ``settings.key("LOG_LEVEL")``."""

    source: ConfigMap | Secret
    key: DataKey
    optional: bool | None = None


class ConfigMap(KubernetesObject):
    """Settings that are no secret, as text.

    ``data`` maps keys to text; values are strings, as in the API: ``"False"``, not ``False``.

    >>> from chores_infra.construct import Tree
    >>> settings = ConfigMap(Tree(), "settings", name="chores-tracker-config", data={"DEBUG": "False"})
    >>> settings.manifest["data"]
    {'DEBUG': 'False'}

    Raises:
        ConstructError: a name, key or value that the API server would refuse.
    """

    api_version = "v1"
    kind = "ConfigMap"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        data: Pairs[DataKey, str],
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
        immutable: bool | None = None,
    ) -> None:
        self.data: dict[str, str] = dict(data)
        self.immutable = immutable
        self.keys: frozenset[str] | None = frozenset(data)
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    @classmethod
    @checked_existing
    def existing(
        cls, name: str, *, namespace: str | None = None, keys: Unordered[DataKey] | None = None
    ) -> Self:
        """Declare a ConfigMap that another party makes. With ``keys``, references to others are refused."""
        external = cls._external(name, namespace)
        external.keys = None if keys is None else frozenset(keys)
        return external

    def key(self, key: str) -> KeyRef:
        """Refer to one key.

        Raises:
            ConstructError: the ConfigMap has no such key; the message lists those it has.
        """
        return _key_of(self, key)

    def fields(self) -> Manifest:
        """``data`` and ``immutable``."""
        fields: Manifest = {"data": dict(self.data)}
        if self.immutable is not None:
            fields["immutable"] = self.immutable
        return fields


class Secret(KubernetesObject):
    """A Secret that others refer to. It is never rendered from values: those do not belong into Git.

    ``Secret.existing("ecr-registry")`` declares one that another party makes; an ``ExternalSecret``
    offers the one it makes as ``.secret``.
    """

    api_version = "v1"
    kind = "Secret"
    keys: frozenset[str] | None

    def __init__(self) -> None:
        raise ConstructError.of(
            "Secret",
            "",
            "a Secret with values in it would end up in Git; refer to Secret.existing(name), or let an "
            "ExternalSecret make it",
        )

    @classmethod
    @checked_existing
    def existing(
        cls, name: str, *, namespace: str | None = None, keys: Unordered[DataKey] | None = None
    ) -> Self:
        """Declare a Secret that another party makes. With ``keys``, references to others are refused."""
        external = cls._external(name, namespace)
        external.keys = None if keys is None else frozenset(keys)
        return external

    def key(self, key: str) -> KeyRef:
        """Refer to one key.

        Raises:
            ConstructError: the Secret is known to have no such key; the message lists those it has.
        """
        return _key_of(self, key)


class MakesSecret(KubernetesObject):
    """A construct from which an operator makes a Secret: an ExternalSecret, later others."""

    @property
    def secret(self) -> Secret:
        """The Secret that will be there, with the keys that are known."""
        raise NotImplementedError

    def key(self, key: str) -> KeyRef:
        """Refer to one key of the Secret.

        Raises:
            ConstructError: the Secret will have no such key; the message lists those it will have.
        """
        try:
            return _key_of(self.secret, key)
        except ConstructError as error:
            raise ConstructError(self.node.path, error.problems) from None


def key_problem(source: ConfigMap | Secret | MakesSecret, key: str) -> str | None:
    """Why a key cannot be read from its source, or None; the message lists the keys that are known."""
    origin = source.secret if isinstance(source, MakesSecret) else source
    if origin.keys is None or key in origin.keys:
        return None
    known = ", ".join(sorted(origin.keys)) or "none at all"
    return f"{origin.kind} {origin.name!r} has no key {key!r}; it has {known}"


def _key_of(source: ConfigMap | Secret, key: str) -> KeyRef:
    wrong = key_problem(source, key)
    if wrong is not None:
        raise ConstructError.of(source.place, "key", wrong)
    return KeyRef(source=source, key=key)


def same_namespace(argument: str, source: KubernetesObject, namespace: str | None) -> None:
    """Hold a reference to the namespace of whoever refers: pods cannot read across namespaces.

    Raises:
        InvalidArguments: the object is known to live in another namespace.
    """
    if source.namespace is not None and namespace is not None and source.namespace != namespace:
        raise InvalidArguments(
            [
                ArgumentProblem(
                    argument,
                    f"{source.kind} {source.name!r} lives in namespace {source.namespace!r}; only objects of "
                    f"namespace {namespace!r} can be used here",
                )
            ]
        )
