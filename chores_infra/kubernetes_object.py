"""The constructs that become manifests: one Kubernetes object each, made here or by another party."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NotRequired, Self, TypeVar

from chores_infra.arguments import ArgumentChecker, InvalidArguments, argument_types
from chores_infra.construct import Construct, Manifest, Scope, inherited_labels, namespace_in
from chores_infra.errors import ConstructError
from chores_infra.patches import merge_patch, plain_copy
from chores_infra.wording import shown

__all__ = ["KubernetesObject", "checked_existing"]

Existing = TypeVar("Existing", bound=Callable[..., Any])


def checked_existing(existing: Existing) -> Existing:
    """Validate the arguments of a class method ``existing`` against its annotations, strictly.

    The name is held to what the constructor of the class says of names.
    """
    checkers: dict[type, ArgumentChecker] = {}

    @functools.wraps(existing)
    def checked(cls: type[KubernetesObject], name: str, **arguments: Any) -> Any:
        if cls not in checkers:
            checkers[cls] = ArgumentChecker(lambda: _types_of_existing(cls, existing))
        try:
            return existing(cls, **checkers[cls].check({"name": name, **arguments}))
        except InvalidArguments as error:
            raise ConstructError(f"{cls.__name__}.existing({shown(name)})", error.problems) from None

    return checked  # type: ignore[return-value]  # same signature, by construction


def _types_of_existing(cls: type[KubernetesObject], existing: Callable[..., Any]) -> dict[str, Any]:
    from chores_infra.fields import DnsLabel, DnsSubdomain

    name = argument_types(cls.__init__).get("name", DnsSubdomain)
    namespace = NotRequired[DnsLabel | None] if cls.namespaced else NotRequired[None]
    return {**argument_types(existing), "name": name, "namespace": namespace}


class KubernetesObject(Construct):
    """A construct that renders exactly one manifest; the base of every L2 class.

    A subclass names its ``api_version`` and ``kind`` and returns what follows ``metadata`` from
    :meth:`fields`. Names are explicit and final: they are what the cluster, and other objects, know.
    """

    api_version: str
    kind: str
    #: Whether objects of this kind live in a namespace (the ``scope`` of the kind).
    namespaced: bool = True
    #: Names that it refers to and that every environment may use, because their own party says so.
    shared: frozenset[str] = frozenset()

    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: str,
        namespace: str | None = None,
        labels: Mapping[str, str] | None = None,
        annotations: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.labels: Mapping[str, str] = labels or {}
        self.annotations: Mapping[str, str] = annotations or {}
        #: The file of the app's folder that this object goes to, when the layout's choice is not wanted.
        self.file: str | None = None
        self._patches: list[Manifest] = []
        super().__init__(scope, id)
        self.namespace = namespace_in(scope, namespace) if self.namespaced else None

    @classmethod
    @checked_existing
    def existing(cls, name: str, *, namespace: str | None = None) -> Self:
        """Declare an object that another party makes, so that ours can refer to it.

        It is not rendered. Without ``namespace`` it is taken to be in the namespace of whoever refers to it.

        Raises:
            ConstructError: an illegal name, or a namespace for an object that lives in none.
        """
        return cls._external(name, namespace)

    @classmethod
    def _external(cls, name: str, namespace: str | None) -> Self:
        """The object of another party, its arguments checked."""
        external = cls.__new__(cls)
        external.name = name
        external.namespace = namespace
        external.labels = external.annotations = {}
        external._patches = []
        return external

    @property
    def is_external(self) -> bool:
        """Whether another party makes this object (it came from :meth:`existing`)."""
        return not hasattr(self, "node")

    @property
    def place(self) -> str:
        """Where it stands, for messages: its path in the tree, or what it was declared as."""
        return f"{type(self).__name__}.existing({self.name!r})" if self.is_external else self.node.path

    def fields(self) -> Manifest:
        """What follows ``metadata``: freshly made, so that the caller may keep it."""
        raise NotImplementedError

    @property
    def manifest(self) -> Manifest:
        """The manifest as it will be written, patches included. A new dict each time: for reading."""
        if self.is_external:
            raise ConstructError.of(self.place, "", "another party makes it; what it holds is not known here")
        metadata: Manifest = {"name": self.name}
        if self.namespace is not None:
            metadata["namespace"] = self.namespace
        labels = {**inherited_labels(self.node), **self.labels}
        if labels:
            metadata["labels"] = labels
        if self.annotations:
            metadata["annotations"] = dict(self.annotations)
        manifest: Manifest = {"apiVersion": self.api_version, "kind": self.kind, "metadata": metadata}
        manifest.update(self.fields())
        for patch in self._patches:
            manifest = merge_patch(manifest, patch)
        return manifest

    def patch(self, changes: Mapping[str, Any]) -> None:
        """The way out when an argument is missing: a JSON merge patch (RFC 7386) on the manifest.

        A null removes a field, a list replaces the whole list. The result is validated when it is rendered.

        Raises:
            ConstructError: the patch would change what the object is (apiVersion, kind, name, namespace),
                which references to it rely on.
        """
        if self.is_external:
            raise ConstructError.of(self.place, "patch", "another party makes it; it is not rendered here")
        if not isinstance(changes, Mapping):
            raise ConstructError.of(
                self.node.path, "patch", f"expected a mapping of fields, found {type(changes).__name__}"
            )
        metadata = changes.get("metadata", {})
        moved = [field for field in ("apiVersion", "kind") if field in changes]
        if isinstance(metadata, Mapping):
            moved += [f"metadata.{field}" for field in ("name", "namespace") if field in metadata]
        else:
            moved.append("metadata")
        if moved:
            raise ConstructError.of(
                self.node.path,
                "patch",
                f"{moved[0]} identifies the object and cannot be patched; give it to the constructor",
            )
        try:
            self._patches.append(plain_copy(changes))
        except ValueError as error:
            raise ConstructError.of(self.node.path, "patch", str(error)) from None

    def _objects(self) -> Iterator[KubernetesObject]:
        yield self
        yield from super()._objects()

    def __repr__(self) -> str:
        return f"<{self.kind} {self.place}>"
