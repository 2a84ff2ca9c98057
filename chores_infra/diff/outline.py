"""A comparison in the order in which it is told: what happened to many objects once, the rest by object."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from chores_infra.diff.folding import Entry, Occurrence, folded
from chores_infra.diff.model import (
    ChangeClass,
    Comparison,
    Effect,
    FieldChange,
    Identity,
    ResourceChange,
    worst_first,
)

__all__ = ["Outline", "Part", "outline"]

_MANY: Final = 3
"""From so many objects on a change is told once."""


class Part(NamedTuple):
    """One object with what is not told elsewhere: fields, and what it does as a whole."""

    change: ResourceChange
    fields: tuple[FieldChange, ...]
    effects: tuple[Effect, ...]

    @property
    def reasons(self) -> tuple[Effect, ...]:
        """What it and its fields do, each once; the worst first."""
        found = dict.fromkeys((*self.effects, *(effect for field in self.fields for effect in field.effects)))
        ranks = {each: rank for rank, each in enumerate(ChangeClass)}
        return tuple(sorted(found, key=lambda effect: ranks[effect.change_class]))

    @property
    def classes(self) -> tuple[ChangeClass, ...]:
        """The classes of what is told here, the worst first."""
        return worst_first(effect.change_class for effect in self.reasons)


class Outline(NamedTuple):
    """``alike`` happened to many objects, ``parts`` is the rest; occurrences count ``objects``."""

    alike: tuple[Entry, ...]
    parts: tuple[Part, ...]
    objects: tuple[ResourceChange, ...]

    def identities(self, occurrences: Sequence[Occurrence]) -> list[Identity]:
        """The objects of some occurrences, each once."""
        return list(dict.fromkeys(self.objects[where.object].identity for where in occurrences))


def outline(comparison: Comparison) -> Outline:
    """Put a comparison into the order in which it is told; nothing is left out, and nothing told twice."""
    folds = folded(comparison)
    alike = tuple(entry for entry in folds.entries if _is_told_once(entry))
    told = {
        (where.object, where.position)
        for entry in alike
        for variant in entry.variants
        for where in variant.occurrences
    }
    return Outline(alike, tuple(_parts(comparison, told)), folds.objects)


def _is_told_once(entry: Entry) -> bool:
    return entry.total >= _MANY and len(entry.variants[0].occurrences) > 1


def _parts(comparison: Comparison, told: set[tuple[int, int | None]]) -> Iterator[Part]:
    for number, change in enumerate(comparison.changes):
        fields = tuple(
            field for position, field in enumerate(change.fields) if (number, position) not in told
        )
        own = (number, None) not in told and (bool(change.effects) or not change.fields)
        if fields or own:
            yield Part(change, fields, change.effects if own else ())
