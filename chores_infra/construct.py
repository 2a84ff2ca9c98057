"""The construct tree: constructs, components, the objects that become manifests, and what they hang on.

Everything an application is made of is a :class:`Construct` with an id, created inside a scope. The scope
is another construct, our own :class:`Tree`, or any cdk8s scope; what differs between the last two is
behind :class:`Host`, so no construct knows which one it is on.

>>> tree = Tree()
>>> shop = Component(tree, "shop", namespace="shop")
>>> shop.node.path
'shop'
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NotRequired, Self, TypeAlias, TypeVar

from chores_infra.arguments import ArgumentChecker, InvalidArguments, argument_types, shown
from chores_infra.errors import ConstructError
from chores_infra.patches import merge_patch, plain_copy

if TYPE_CHECKING:
    import constructs as cdk_constructs

__all__ = [
    "Component",
    "Construct",
    "Host",
    "KubernetesObject",
    "Manifest",
    "Node",
    "Scope",
    "Tree",
    "child_path",
]

Manifest: TypeAlias = dict[str, Any]
"""One Kubernetes object as a plain dict: what YAML will say, nothing else."""

if TYPE_CHECKING:
    Scope: TypeAlias = "Construct | Host | cdk_constructs.Construct"
else:
    Scope = Any


Existing = TypeVar("Existing", bound=Callable[..., Any])


def _types_of_place() -> dict[str, Any]:
    from chores_infra.fields import DnsLabel, Labels

    return {"namespace": DnsLabel | None, "labels": Labels | None}


#: What hosts and components give to the objects inside them.
_PLACE = ArgumentChecker(_types_of_place)


class Host:
    """What construct trees hang on.

    ``path`` is put before the path of every construct; ``namespace`` and ``labels`` are what the host gives
    to the objects under it (a cdk8s Chart does that; a :class:`Tree` has what it was created with).

    Raises:
        ConstructError: a namespace or label that the API server would refuse.
    """

    def __init__(
        self, *, path: str = "", namespace: str | None = None, labels: Mapping[str, str] | None = None
    ) -> None:
        try:
            _PLACE.check({"namespace": namespace, "labels": labels})
        except InvalidArguments as error:
            raise ConstructError(path or type(self).__name__, error.problems) from None
        self.path = path
        self.namespace = namespace
        self.labels: Mapping[str, str] = dict(labels or {})
        self.roots: dict[str, Construct] = {}

    def attach(self, construct: Construct) -> None:
        """Mirror a construct whose ``node`` is complete; raise to refuse it."""

    def detach(self, construct: Construct) -> None:
        """Undo :meth:`attach` for a construct that could not be completed."""

    def objects(self) -> Iterator[KubernetesObject]:
        """Every Kubernetes object under this host, depth first, in the order of creation."""
        for root in self.roots.values():
            yield from root.node.objects()


class Tree(Host):
    """Our own host: plain Python, no Node.js."""


class Node:
    """Where a construct stands: its id, its path, its parent and its children."""

    __slots__ = ("children", "construct", "handle", "host", "id", "parent", "path")

    def __init__(self, construct: Construct, scope: Scope, id: str) -> None:
        self.construct = construct
        self.id = id
        if isinstance(scope, Construct):
            self.parent: Construct | None = scope
            self.host: Host = scope.node.host
            self.path: str = f"{scope.node.path}/{id}"
        else:
            self.parent = None
            self.host = host_of(scope)
            self.path = f"{self.host.path}/{id}" if self.host.path else id
        self.children: dict[str, Construct] = {}
        #: What a foreign host keeps beside the construct; nobody else looks at it.
        self.handle: Any = None

    @property
    def siblings(self) -> dict[str, Construct]:
        """The children of the same scope, this construct among them."""
        return self.host.roots if self.parent is None else self.parent.node.children

    def ancestors(self) -> Iterator[Construct]:
        """The constructs around this one, nearest first."""
        scope = self.parent
        while scope is not None:
            yield scope
            scope = scope.node.parent

    def objects(self) -> Iterator[KubernetesObject]:
        """Every Kubernetes object at or under this construct, depth first, in the order of creation."""
        if isinstance(self.construct, KubernetesObject):
            yield self.construct
        for child in self.children.values():
            yield from child.node.objects()


class Construct:
    """A named place in a tree. ``id`` addresses it in code and in errors and never reaches the cluster.

    A constructor that fails leaves nothing behind: neither the construct nor what it created inside itself
    is in the tree, so that a program which catches the error never renders half a component.

    Raises:
        ConstructError: ``id`` is empty, contains ``/``, or is taken in this scope.
    """

    def __init__(self, scope: Scope, id: str) -> None:
        if not isinstance(id, str) or not id or "/" in id:
            raise ConstructError.of(
                child_path(scope, str(id)), "id", f"expected a non-empty text without '/', found {id!r}"
            )
        self.node = Node(self, scope, id)
        siblings = self.node.siblings
        if id in siblings:
            raise ConstructError.of(
                self.node.path,
                "id",
                f"this scope already has a {type(siblings[id]).__name__} with the id {id!r}; choose another",
            )
        self.node.host.attach(self)
        siblings[id] = self

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        # The classes of this module do nothing more once they are in the tree.
        if "__init__" in cls.__dict__ and cls.__module__ != __name__:
            setattr(cls, "__init__", _all_or_nothing(cls.__dict__["__init__"]))  # noqa: B010

    @staticmethod
    def path_in(scope: Scope, id: str) -> str:
        """The path that a construct has, or would have, in the scope: for errors before it is there."""
        return child_path(scope, id)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.node.path}>"


def _all_or_nothing(init: Callable[..., None]) -> Callable[..., None]:
    """Take a construct whose constructor fails out of the tree again."""

    @functools.wraps(init)
    def complete_init(self: Construct, *args: Any, **arguments: Any) -> None:
        try:
            init(self, *args, **arguments)
        except BaseException:
            if "node" in self.__dict__ and self.node.siblings.get(self.node.id) is self:
                del self.node.siblings[self.node.id]
                self.node.host.detach(self)
            raise

    return complete_init


class Component(Construct):
    """A construct made of constructs.

    ``namespace`` is where the objects inside it live unless they say otherwise; ``labels`` are added to
    the metadata of each of them (never to selectors, which are explicit).

    Raises:
        ConstructError: an ``id`` that is taken, or a namespace or label that the API server would refuse.
    """

    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        namespace: str | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> None:
        try:
            _PLACE.check({"namespace": namespace, "labels": labels})
        except InvalidArguments as error:
            raise ConstructError(child_path(scope, str(id)), error.problems) from None
        # Before it is put into the tree: a host may hand them on to what stands there for the component.
        self.namespace = namespace
        self.labels: Mapping[str, str] = dict(labels or {})
        super().__init__(scope, id)

    @property
    def cdk8s(self) -> cdk_constructs.Construct:
        """The cdk8s construct behind this component: the scope for foreign constructs under ours.

        Raises:
            HostError: the component does not hang on a cdk8s scope.
        """
        from chores_infra.hosts import foreign_scope

        return foreign_scope(self)


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

    def __repr__(self) -> str:
        return f"<{self.kind} {self.place}>"


def child_path(scope: Scope, id: str) -> str:
    """The path that a construct with this id has, or would have, in the scope."""
    if isinstance(scope, Construct):
        return f"{scope.node.path}/{id}"
    prefix = host_of(scope).path
    return f"{prefix}/{id}" if prefix else id


def host_of(scope: Scope) -> Host:
    """The host that a scope belongs to.

    Raises:
        HostError: the scope is nothing that constructs can hang on.
    """
    if isinstance(scope, Construct):
        return scope.node.host
    if isinstance(scope, Host):
        return scope
    from chores_infra.hosts import foreign_host

    return foreign_host(scope)


def namespace_in(scope: Scope, namespace: str | None) -> str | None:
    """The namespace of an object created in this scope: its own, the nearest component's, or the host's."""
    while namespace is None and isinstance(scope, Construct):
        if isinstance(scope, Component):
            namespace = scope.namespace
        scope = scope.node.parent or scope.node.host
    return host_of(scope).namespace if namespace is None else namespace


def inherited_labels(node: Node) -> dict[str, str]:
    """The labels of the host and of the components around, the nearest winning."""
    labels = dict(node.host.labels)
    around = [construct for construct in node.ancestors() if isinstance(construct, Component)]
    for component in reversed(around):
        labels.update(component.labels)
    return labels
