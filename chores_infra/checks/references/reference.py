"""A reference: a field of one object that names another."""

from __future__ import annotations

from typing import NamedTuple

from chores_infra.checks.resources import Resource
from chores_infra.rendering.field_path import FieldPath

__all__ = ["Part", "Reference", "Target"]


class Target(NamedTuple):
    """A kind that can be referred to, in any version. Of equal kinds of several groups one is enough."""

    kind: str
    groups: tuple[str, ...] = ("",)

    def __str__(self) -> str:
        return self.kind


class Part(NamedTuple):
    """What of the other object is used, a key or a port; ``path`` is where that stands."""

    path: FieldPath
    name: str | int


class Reference(NamedTuple):
    """One reference.

    Args:
        source: the object that refers.
        path: the field with the name.
        target: what kind of object is meant.
        name: its name.
        namespace: where it is; None for what lives in no namespace, and where that is not known.
        keys: keys of a ConfigMap or Secret that are used.
        ports: ports of a Service that are used, by number or name.
        optional: whether all works without it.
        guessed: whether the field only looks like a reference, so that it is one only where such objects are.
    """

    source: Resource
    path: FieldPath
    target: Target
    name: str
    namespace: str | None
    keys: tuple[Part, ...] = ()
    ports: tuple[Part, ...] = ()
    optional: bool = False
    guessed: bool = False

    def __str__(self) -> str:
        return "/".join(filter(None, (self.target.kind, self.namespace, self.name)))
