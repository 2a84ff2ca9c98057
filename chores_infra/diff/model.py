"""The difference between two sets of manifests as plain data.

::

    Comparison
    └── changes: ResourceChange       one for each object that differs
        └── fields: FieldChange       one for each field of it
            └── effects: Effect       what it does to a cluster: a class, and why

Nothing here holds the value of a secret: what must not be shown is replaced before it becomes a change, and
``masked`` says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final, Literal, NamedTuple

from chores_infra.rendering.field_path import format_path

__all__ = [
    "ABSENT",
    "ChangeClass",
    "Comparison",
    "Effect",
    "FieldChange",
    "Identity",
    "Item",
    "Located",
    "Path",
    "ResourceChange",
    "What",
    "pattern_of",
    "worst_first",
    "written",
]


class ChangeClass(StrEnum):
    """How risky a change is, the worst first. ``docs/diff.md`` says what gives each class.

    >>> ChangeClass.DATA.is_worse_than(ChangeClass.RESTART)
    True
    """

    DATA = "data"
    REPLACE = "replace"
    SECRET_CONTRACT = "secret-contract"  # noqa: S105
    ACCESS = "access"
    DELIVERY = "delivery"
    TRAFFIC = "traffic"
    RESTART = "restart"
    NONE = "none"

    def is_worse_than(self, other: ChangeClass) -> bool:
        """Whether this comes before the other in a report."""
        return _ORDER[self] < _ORDER[other]


_ORDER: Final = {each: rank for rank, each in enumerate(ChangeClass)}


def worst_first(classes: Iterable[ChangeClass]) -> tuple[ChangeClass, ...]:
    """Classes without repetition, the worst first; ``none`` alone where there is nothing else.

    >>> [str(each) for each in worst_first([ChangeClass.NONE, ChangeClass.RESTART, ChangeClass.DATA])]
    ['data', 'restart']
    """
    found = set(classes) - {ChangeClass.NONE}
    return tuple(sorted(found, key=_ORDER.__getitem__)) or (ChangeClass.NONE,)


class Effect(NamedTuple):
    """What a change does to a cluster: its class, and why it has that; a short sentence without full stop."""

    change_class: ChangeClass
    why: str


class What(StrEnum):
    """What became of an object or a field.

    Objects are added, removed, changed, renamed (another name, the same content), moved (to another file, and
    nothing else) or reordered (items of lists in another order, and nothing else). Fields are added, removed,
    changed or reordered.
    """

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RENAMED = "renamed"
    MOVED = "moved"
    REORDERED = "reordered"


class Identity(NamedTuple):
    """What makes an object this one and no other; the version of its API does not.

    A document that is no manifest (values of a chart, a kustomization) is known by its file: ``kind`` is
    empty and ``name`` the path of the file, with ``#2`` for its second document.
    """

    group: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return "/".join(filter(None, (self.kind, self.namespace, self.name)))


class Item(NamedTuple):
    """A step into a list: the keys by which its item was found, or its place where it has none.

    >>> print(Item((("name", "web"),)), Item((("port", 80), ("protocol", "TCP"))), Item((), 3))
    [web] [port=80,protocol=TCP] [3]
    """

    keys: tuple[tuple[str, Any], ...] = ()
    place: int = 0

    def __str__(self) -> str:
        if not self.keys:
            return f"[{self.place}]"
        if len(self.keys) == 1:
            return f"[{self.keys[0][1]}]"
        return f"[{','.join(f'{name}={value}' for name, value in self.keys)}]"


Path = tuple[str | Item, ...]
"""The way to a field: keys of mappings, and items of lists."""


class _Absent:
    """The value of a field that is not there; null is the same to an API server."""

    def __repr__(self) -> str:
        return "ABSENT"

    def __bool__(self) -> Literal[False]:
        return False

    def __reduce__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()


class FieldChange(NamedTuple):
    """One field that differs.

    - ``path``: the way to it, as both sides have it; items of lists by their keys where they have some.
    - ``before``, ``after``: the values as JSON has them, :data:`ABSENT` where there is none; secrets are
      replaced. Of a reordered list they are the keys of its items (or the items), in their order.
    - ``before_pointer``, ``after_pointer``: JSON Pointers (RFC 6901) into the manifest of either side; None
      where the field is absent there.
    - ``default``: what an API server fills in on the side where the field is absent, where that is known;
      otherwise :data:`ABSENT`.
    - ``effects``: what it does, the worst class first.
    - ``masked``: whether a value of it may not be shown.
    """

    path: Path
    what: What
    before: Any
    after: Any
    before_pointer: str | None
    after_pointer: str | None
    effects: tuple[Effect, ...] = ()
    masked: bool = False
    default: Any = ABSENT

    @property
    def field(self) -> str:
        """The path as people write it.

        >>> path = ("spec", "template", "spec", "containers", Item((("name", "web"),)), "image")
        >>> FieldChange(path, What.CHANGED, "a", "b", "/spec", "/spec").field
        'spec.template.spec.containers[web].image'
        """
        return written(self.path)

    @property
    def pattern(self) -> tuple[str, ...]:
        """The path with ``[]`` for every item: what fields of many objects have in common."""
        return pattern_of(self.path)

    @property
    def classes(self) -> tuple[ChangeClass, ...]:
        """The classes of its effects, the worst first."""
        return worst_first(effect.change_class for effect in self.effects)


def written(path: Path) -> str:
    """A path as people write it; keys that would be misread are quoted."""
    text = ""
    for step in path:
        if isinstance(step, Item):
            text += str(step)
        else:
            name = format_path((step,))
            text += f".{name}" if text and not name.startswith("[") else name
    return text


def pattern_of(path: Path) -> tuple[str, ...]:
    """A path with ``[]`` for every item."""
    return tuple("[]" if isinstance(step, Item) else step for step in path)


class ResourceChange(NamedTuple):
    """One object that differs.

    - ``before``, ``after``: what it is called on either side; None where it is not there.
    - ``before_file``, ``after_file``, ``before_line``, ``after_line``: where it stands; None where it is not
      there, or where that is not known. An object that changed may have moved, too.
    - ``fields``: what differs in it; empty for one that was added, removed or only moved.
    - ``effects``: what it does as a whole, beside what its fields do.
    """

    what: What
    before: Identity | None
    after: Identity | None
    before_file: str | None = None
    after_file: str | None = None
    before_line: int | None = None
    after_line: int | None = None
    fields: tuple[FieldChange, ...] = ()
    effects: tuple[Effect, ...] = ()

    @property
    def identity(self) -> Identity:
        """What it is called afterwards; of one that was removed, what it was called."""
        identity = self.after or self.before
        if identity is None:
            raise ValueError("a change is about an object on at least one side")
        return identity

    @property
    def moved(self) -> bool:
        """Whether it stands in another file than before."""
        return None not in (self.before_file, self.after_file) and self.before_file != self.after_file

    @property
    def classes(self) -> tuple[ChangeClass, ...]:
        """The classes of its own effects and of those of its fields, the worst first."""
        return worst_first(
            effect.change_class
            for effects in (self.effects, *(field.effects for field in self.fields))
            for effect in effects
        )


class Comparison(NamedTuple):
    """Everything that differs, the worst first; ``text_only`` are files that differ only as text.

    Such a file has other comments, another layout or a spelt-out default: it means the same.
    """

    changes: tuple[ResourceChange, ...]
    text_only: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything differs that means something."""
        return bool(self.changes)

    @property
    def classes(self) -> tuple[ChangeClass, ...]:
        """Every class that occurs, the worst first; empty where nothing differs."""
        return worst_first(each for change in self.changes for each in change.classes) if self.changes else ()

    def counts(self) -> dict[ChangeClass, int]:
        """How many objects have a class as their worst one; the worst class first."""
        found = dict.fromkeys(ChangeClass, 0)
        for change in self.changes:
            found[change.classes[0]] += 1
        return {each: count for each, count in found.items() if count}

    def reaches(self, change_class: ChangeClass | str) -> bool:
        """Whether anything differs that is of a class or a worse one.

        >>> Comparison(()).reaches("none")
        False
        """
        limit = ChangeClass(change_class)
        return any(not limit.is_worse_than(change.classes[0]) for change in self.changes)

    def of_class(self, *classes: ChangeClass) -> tuple[ResourceChange, ...]:
        """The changes that have one of some classes, whatever else they have."""
        return tuple(change for change in self.changes if set(classes) & set(change.classes))


class Located(NamedTuple):
    """A manifest that takes part in a comparison, and where it stands.

    ``namespace`` is the one in which it ends up, where the manifest does not say. ``document`` is the name
    of a document that is no manifest: its kind, and group and name in it, mean nothing then; ``feeds`` says
    whether manifests are rendered from it (values of a chart, a kustomization).
    """

    manifest: Mapping[str, Any]
    file: str | None = None
    line: int | None = None
    namespace: str = ""
    document: str = ""
    feeds: bool = False
