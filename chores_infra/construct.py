"""The construct tree: constructs, components, and what they hang on.

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
from typing import TYPE_CHECKING, Any, TypeAlias

from chores_infra.arguments import ArgumentChecker, InvalidArguments
from chores_infra.errors import ConstructError

if TYPE_CHECKING:
    import constructs as cdk_constructs

    from chores_infra.kubernetes_object import KubernetesObject

__all__ = [
    "Component",
    "Construct",
    "Host",
    "Manifest",
    "Node",
    "Scope",
    "Tree",
    "child_path",
    "host_of",
    "inherited_labels",
    "namespace_in",
]

Manifest: TypeAlias = dict[str, Any]
"""One Kubernetes object as a plain dict: what YAML will say, nothing else."""

if TYPE_CHECKING:
    Scope: TypeAlias = "Construct | Host | cdk_constructs.Construct"
else:
    Scope = Any


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
            yield from root._objects()


class Tree(Host):
    """Our own host: plain Python, no Node.js."""


class Node:
    """Where a construct stands: its id, its path, its parent and its children."""

    __slots__ = ("children", "handle", "host", "id", "parent", "path")

    def __init__(self, scope: Scope, id: str) -> None:
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
        self.node = Node(scope, id)
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
        # Ours of this level do nothing more once they are in the tree.
        if "__init__" in cls.__dict__ and cls.__name__ not in {"Component", "KubernetesObject"}:
            setattr(cls, "__init__", _all_or_nothing(cls.__dict__["__init__"]))  # noqa: B010

    @staticmethod
    def path_in(scope: Scope, id: str) -> str:
        """The path that a construct has, or would have, in the scope: for errors before it is there."""
        return child_path(scope, id)

    def _objects(self) -> Iterator[KubernetesObject]:
        """Every Kubernetes object at or under this construct, depth first, in the order of creation."""
        for child in self.node.children.values():
            yield from child._objects()

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
