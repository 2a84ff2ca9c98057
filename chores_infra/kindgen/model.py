"""The intermediate types between API definitions and the two writers.

Every value is immutable and compares by content, which is what merges equal subschemas.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

__all__ = [
    "Anything",
    "Api",
    "Check",
    "Choice",
    "Default",
    "Field",
    "KindDef",
    "Listing",
    "Mapping_",
    "OpenObject",
    "Patch",
    "Ref",
    "Scalar",
    "Struct",
    "Type",
    "children",
]

Json = None | bool | int | float | str | tuple["Json", ...]
"""A frozen JSON value; objects are tuples of (key, value) pairs behind the mark ``"{}"``."""

Check = tuple[Json, ...]
"""A rule that schemas cannot hold, as ``chores_infra.kinds.checks`` reads it: its name and arguments."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A string, integer, number or boolean with what bounds it; ``format`` names one of the overlay."""

    json_type: Literal["string", "integer", "number", "boolean"]
    format: str = ""
    enum: tuple[str | int | bool, ...] = ()
    pattern: str = ""
    min_length: int | None = None
    max_length: int | None = None
    ge: float | int | None = None
    le: float | int | None = None
    gt: float | int | None = None
    lt: float | int | None = None
    multiple_of: float | int | None = None
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class Anything:
    """Any JSON value."""


@dataclass(frozen=True, slots=True)
class OpenObject:
    """An object with any fields."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list. ``checks`` hold what makes its items unique.

    ``kind`` and ``keys`` say how server-side apply merges it: as a whole, as a set, or by keys of its items.
    """

    items: Type
    min_items: int | None = None
    max_items: int | None = None
    checks: tuple[Check, ...] = ()
    kind: Literal["atomic", "set", "map"] = "atomic"
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping_:  # noqa: N801  (typing has the plain name)
    """An object with free keys and values of one type."""

    values: Type
    keys: Scalar = Scalar("string")
    min_properties: int | None = None
    max_properties: int | None = None
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several types that differ in their JSON type."""

    options: tuple[Type, ...]


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """A struct by module and name."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(frozen=True, slots=True)
class Default:
    """What the server fills in for an absent field: JSON text, or what the field ``copy_of`` beside it has.

    It is filled in if every condition of ``when`` holds: ``(field, "is", (values, ...))``,
    ``(field, "given")``, ``(field, "absent")`` or ``(field, "like", pattern)``, about fields beside it.
    """

    json: str = ""
    copy_of: str = ""
    when: tuple[tuple[Json, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Patch:
    """How a strategic merge patch treats a field: ``merge``, ``replace``, ``retainKeys``; lists by a key."""

    strategy: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a struct. Of several ``defaults`` the first whose conditions hold counts."""

    name: str
    type: Type
    required: bool = False
    defaults: tuple[Default, ...] = ()
    patch: Patch | None = None
    immutable: bool = False


@dataclass(frozen=True, slots=True)
class Struct:
    """An object with known fields; unknown ones are refused unless it is ``open``.

    ``checks`` are rules about the whole object; those of ``triggered`` are run only where their field stands.
    """

    fields: tuple[Field, ...]
    open: bool = False
    checks: tuple[Check, ...] = ()
    unchecked: tuple[str, ...] = ()
    triggered: tuple[tuple[str, Check], ...] = ()


Type = Scalar | Anything | OpenObject | Listing | Mapping_ | Choice | Ref


@dataclass(frozen=True, slots=True)
class KindDef:
    """One kind: where it is served, the struct of its manifests, and the release that it was read from."""

    group: str
    version: str
    kind: str
    plural: str
    scope: Literal["Namespaced", "Cluster"]
    ref: Ref
    source: str = ""

    @property
    def api_version(self) -> str:
        """What a manifest says."""
        return f"{self.group}/{self.version}" if self.group else self.version


@dataclass(slots=True)
class Api:
    """Everything that is written: the kinds and every struct that they reach."""

    kinds: list[KindDef] = field(default_factory=list)
    structs: dict[Ref, Struct] = field(default_factory=dict)
    public: set[Ref] = field(default_factory=set)

    def reachable(self) -> Api:
        """Return a copy without the structs that no kind needs."""
        wanted: set[Ref] = set()
        stack = [kind.ref for kind in self.kinds]
        while stack:
            ref = stack.pop()
            if ref not in wanted:
                wanted.add(ref)
                stack.extend(reference for item in self.structs[ref].fields for reference in refs(item.type))
        structs = {ref: self.structs[ref] for ref in sorted(wanted)}
        return Api(
            sorted(self.kinds, key=lambda kind: (kind.api_version, kind.kind)), structs, self.public & wanted
        )


def children(type_: Type) -> tuple[Type, ...]:
    """Return the types directly below one."""
    if isinstance(type_, Listing):
        return (type_.items,)
    if isinstance(type_, Mapping_):
        return (type_.keys, type_.values)
    if isinstance(type_, Choice):
        return type_.options
    return ()


def walk(type_: Type) -> Iterator[Type]:
    """Yield a type and everything inside it, not following references."""
    yield type_
    for child in children(type_):
        yield from walk(child)


def refs(type_: Type) -> Iterator[Ref]:
    """Yield the structs that a type names."""
    for inner in walk(type_):
        if isinstance(inner, Ref):
            yield inner
