"""Configuration that workloads read: ConfigMaps, Secrets, and references to single keys of them.

Source: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/
"""

from __future__ import annotations

from base64 import b64encode
from typing import Annotated, Self, TypeAlias, cast

from chores_infra.arguments import OneOf, Problems, checked, value_object
from chores_infra.construct import Manifest, Scope
from chores_infra.errors import ConstructError
from chores_infra.fields import Annotations, DataKey, DnsLabel, DnsSubdomain, Labels, Pairs, Unordered
from chores_infra.kubernetes_object import KubernetesObject, checked_existing

__all__ = ["ConfigMap", "KeyRef", "KeySource", "MakesSecret", "Secret", "SecretSource", "key_problem"]

#: All values of a ConfigMap together, in bytes: MaxSecretSize of the API server.
_LARGEST_CONTENT = 2**20


@value_object
class KeyRef:
    """One key of a ConfigMap or Secret; made by ``settings.key("LOG_LEVEL")``."""

    source: Annotated[ConfigMap | Secret, OneOf("a ConfigMap or Secret, not its name")]
    key: DataKey
    optional: bool | None = None

    def check(self, problems: Problems) -> None:
        """Hold the key to those that the source is known to have."""
        wrong = None if self.optional else key_problem(self.source, self.key)
        if wrong is not None:
            problems.add("key", wrong)


class _Keyed(KubernetesObject):
    """What ConfigMaps and Secrets have in common: keys, each of which can be referred to."""

    api_version = "v1"
    #: The keys; None where they are not known.
    keys: frozenset[str] | None

    @classmethod
    @checked_existing
    def existing(
        cls, name: str, *, namespace: str | None = None, keys: Unordered[DataKey] | None = None
    ) -> Self:
        """Declare one that another party makes. With ``keys``, references to others are refused."""
        external = cls._external(name, namespace)
        external.keys = None if keys is None else frozenset(keys)
        return external

    def key(self, key: str, *, optional: bool | None = None) -> KeyRef:
        """Refer to one key. With ``optional=True`` the pod starts without it too.

        Raises:
            ConstructError: it is known to have no such key; the message lists those it has.
        """
        return _key_of(self, key, optional=optional)


class ConfigMap(_Keyed):
    """Settings that are no secret, as text.

    ``data`` maps keys to text; values are strings, as in the API: ``"False"``, not ``False``. What is no
    text goes into ``binary_data``, as bytes. All values together have at most 1 MiB.

    >>> from chores_infra.construct import Tree
    >>> settings = ConfigMap(Tree(), "settings", name="chores-tracker-config", data={"DEBUG": "False"})
    >>> settings.manifest["data"]
    {'DEBUG': 'False'}

    Raises:
        ConstructError: a name, key or value that the API server would refuse.
    """

    kind = "ConfigMap"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        data: Pairs[DataKey, str],
        binary_data: Pairs[DataKey, bytes] | None = None,
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
        immutable: bool | None = None,
    ) -> None:
        problems = Problems()
        binary = binary_data or {}
        for key in [key for key in binary if key in data]:
            problems.add(f"binary_data.{key}", "data has this key too; a key has one value")
        size = sum(len(text.encode()) for text in data.values()) + sum(map(len, binary.values()))
        if size > _LARGEST_CONTENT:
            problems.add("data", f"expected at most {_LARGEST_CONTENT} bytes in all values, found {size}")
        problems.raise_if_any()
        self.data: dict[str, str] = dict(data)
        self.binary_data: dict[str, bytes] = dict(binary)
        self.immutable = immutable
        self.keys = frozenset({*data, *binary})
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``data``, ``binaryData`` and ``immutable``."""
        fields: Manifest = {"data": dict(self.data)}
        if self.binary_data:
            fields["binaryData"] = {key: b64encode(value).decode() for key, value in self.binary_data.items()}
        if self.immutable is not None:
            fields["immutable"] = self.immutable
        return fields


class Secret(_Keyed):
    """A Secret that others refer to. It is never rendered from values: those do not belong into Git.

    ``Secret.existing("ecr-registry")`` declares one that another party makes; an ``ExternalSecret``
    offers the one it makes as ``.secret``.
    """

    kind = "Secret"

    def __init__(self, *_arguments: object, **_values: object) -> None:
        raise ConstructError.of(
            "Secret",
            "",
            "a Secret with values in it would end up in Git; refer to Secret.existing(name), or let an "
            "ExternalSecret make it",
        )


class MakesSecret(KubernetesObject):
    """A construct from which an operator makes a Secret: an ExternalSecret, later others."""

    @property
    def secret(self) -> Secret:
        """The Secret that will be there, with the keys that are known."""
        raise NotImplementedError

    def covers(self, host: str) -> bool:  # noqa: ARG002  (for Certificates, which know)
        """Whether the certificate in the Secret is for this host; True where that cannot be known."""
        return True

    def key(self, key: str, *, optional: bool | None = None) -> KeyRef:
        """Refer to one key of the Secret. With ``optional=True`` the pod starts without it too.

        Raises:
            ConstructError: the Secret will have no such key; the message lists those it will have.
        """
        try:
            return _key_of(self.secret, key, optional=optional)
        except ConstructError as error:
            raise ConstructError(self.place, error.problems) from None


SecretSource: TypeAlias = Annotated[
    Secret | MakesSecret, OneOf("a Secret, or what makes one such as an ExternalSecret; not its name")
]
KeySource: TypeAlias = Annotated[
    ConfigMap | Secret | MakesSecret,
    OneOf("a ConfigMap, a Secret, or what makes one such as an ExternalSecret; not its name"),
]


def key_problem(source: _Keyed | MakesSecret, key: str) -> str | None:
    """Why a key cannot be read from its source, or None; the message lists the keys that are known."""
    origin = source.secret if isinstance(source, MakesSecret) else source
    if origin.keys is None or key in origin.keys:
        return None
    known = ", ".join(sorted(origin.keys)) or "none at all"
    return f"{origin.kind} {origin.name!r} has no key {key!r}; it has {known}"


def _key_of(source: _Keyed, key: str, *, optional: bool | None) -> KeyRef:
    wrong = None if optional else key_problem(source, key)
    if wrong is not None:
        raise ConstructError.of(source.place, "key", wrong)
    keyed = cast("ConfigMap | Secret", source)  # there are no others
    return (
        KeyRef(source=keyed, key=key)
        if optional is None
        else KeyRef(source=keyed, key=key, optional=optional)
    )
