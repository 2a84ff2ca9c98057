"""The same change in many objects as one entry, and back.

An entry is about objects of one kind: one field of them (items of lists by any name), or that they were
added, removed, renamed or moved. Its variants are what happened: the values before and after, with the
effects. The variant of the most objects comes first, and the others are those that differ.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any, NamedTuple

from chores_infra.diff.model import (
    ABSENT,
    ChangeClass,
    Comparison,
    Effect,
    FieldChange,
    Path,
    ResourceChange,
    What,
    worst_first,
)

__all__ = ["Entry", "Folded", "Occurrence", "Variant", "folded", "unfolded"]


class Occurrence(NamedTuple):
    """One object to which it happened: its number among ``Folded.objects``, and where the field is in it.

    ``position`` is the number of the field among those of the object; None where the object itself is meant.
    """

    object: int
    position: int | None = None
    path: Path = ()
    before_pointer: str | None = None
    after_pointer: str | None = None


class Variant(NamedTuple):
    """What happened, the same in all ``occurrences``; the fields are those of a FieldChange."""

    what: What
    before: Any
    after: Any
    effects: tuple[Effect, ...]
    masked: bool
    default: Any
    occurrences: tuple[Occurrence, ...]

    @property
    def classes(self) -> tuple[ChangeClass, ...]:
        """The classes of its effects, the worst first."""
        return worst_first(effect.change_class for effect in self.effects)


class Entry(NamedTuple):
    """What happened to objects of one kind: to the field of that pattern, or to themselves.

    ``field`` is None for the objects themselves. The first variant is the one of the most objects.
    """

    group: str
    kind: str
    field: tuple[str, ...] | None
    variants: tuple[Variant, ...]

    @property
    def classes(self) -> tuple[ChangeClass, ...]:
        """The classes of all variants, the worst first."""
        return worst_first(each for variant in self.variants for each in variant.classes)

    @property
    def total(self) -> int:
        """How often it happened."""
        return sum(len(variant.occurrences) for variant in self.variants)


class Folded(NamedTuple):
    """A comparison by what happened: ``objects`` are its changes without their fields, in their order."""

    objects: tuple[ResourceChange, ...]
    entries: tuple[Entry, ...]
    text_only: tuple[str, ...] = ()


def folded(comparison: Comparison) -> Folded:
    """Fold a comparison; the worst entries first, then those of the most objects.

    A change of an object of which fields are told is no entry by itself, unless the object was renamed or
    moved.
    """
    groups: dict[tuple[Any, ...], dict[str, list[tuple[FieldChange | ResourceChange, Occurrence]]]] = (
        defaultdict(lambda: defaultdict(list))
    )
    for number, change in enumerate(comparison.changes):
        identity = change.identity
        if not change.fields or change.effects:
            key = (identity.group, identity.kind, None, change.what)
            groups[key][_same(change)].append((change, Occurrence(number)))
        for position, field in enumerate(change.fields):
            where = Occurrence(number, position, field.path, field.before_pointer, field.after_pointer)
            groups[identity.group, identity.kind, field.pattern, ""][_same(field)].append((field, where))
    entries = [
        Entry(group, kind, pattern, _variants(variants))
        for (group, kind, pattern, _), variants in groups.items()
    ]
    ranks = {each: rank for rank, each in enumerate(ChangeClass)}
    entries.sort(key=lambda entry: (ranks[entry.classes[0]], -entry.total))
    bare = tuple(change._replace(fields=()) for change in comparison.changes)
    return Folded(bare, tuple(entries), comparison.text_only)


def unfolded(folds: Folded) -> Comparison:
    """Undo :func:`folded`: every change of every object is there again."""
    fields: dict[int, list[tuple[int, FieldChange]]] = defaultdict(list)
    for entry in folds.entries:
        for variant in entry.variants:
            for where in variant.occurrences:
                if where.position is not None:
                    fields[where.object].append((where.position, _field(variant, where)))
    changes = tuple(
        change._replace(fields=tuple(field for _, field in sorted(fields[number], key=lambda each: each[0])))
        for number, change in enumerate(folds.objects)
    )
    return Comparison(changes, folds.text_only)


def _field(variant: Variant, where: Occurrence) -> FieldChange:
    return FieldChange(
        where.path,
        variant.what,
        variant.before,
        variant.after,
        where.before_pointer,
        where.after_pointer,
        variant.effects,
        variant.masked,
        variant.default,
    )


def _variants(
    variants: dict[str, list[tuple[FieldChange | ResourceChange, Occurrence]]],
) -> tuple[Variant, ...]:
    found = []
    for members in variants.values():
        first, places = members[0][0], tuple(where for _, where in members)
        if isinstance(first, FieldChange):
            what = (first.what, first.before, first.after, first.effects, first.masked, first.default)
            found.append(Variant(*what, places))
        else:
            nothing = (ABSENT, ABSENT, first.effects, False, ABSENT)
            found.append(Variant(first.what, *nothing, places))
    # Sorting is stable: of variants as frequent the one that was found first comes first.
    return tuple(sorted(found, key=lambda variant: -len(variant.occurrences)))


def _same(change: FieldChange | ResourceChange) -> str:
    """What changes have in common that are the same; values as JSON, in which 1 is not true and not 1.0."""
    if isinstance(change, ResourceChange):
        return json.dumps([change.what, change.effects])
    values = [_written(value) for value in (change.before, change.after, change.default)]
    return json.dumps([change.what, values, change.effects, change.masked])


def _written(value: Any) -> Any:
    return [] if value is ABSENT else [value]
