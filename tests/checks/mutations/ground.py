"""A repository that mistakes are made in: where everything stands, and how people misspell."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

from chores_infra.checks.context import Context
from chores_infra.checks.loading import from_texts
from chores_infra.checks.resources import Resource
from chores_infra.rendering.field_path import FieldPath
from tests.checks.mutations.mutation import Change, Drop, Mutation, Remove, Rename, Set, Spot

__all__ = ["Ground"]


class Ground:
    """The texts of a repository, what the checks know of it, and seeded chance."""

    def __init__(self, texts: Mapping[str, str], seed: int) -> None:
        self.texts = texts
        self.context = Context(from_texts(texts))
        self.chance = random.Random(seed)
        self._index = {
            document: number
            for file in self.context.repository.files
            for number, document in enumerate(each.document for each in file.documents if each.document.value)
        }

    @property
    def resources(self) -> Iterator[Resource]:
        """Every object once, though two Applications apply it."""
        seen = set()
        for resource in self.context.repository.resources:
            key = (resource.document, resource.prefix)
            if key not in seen:
                seen.add(key)
                yield resource

    def spot(self, resource: Resource, path: FieldPath = ()) -> Spot:
        """Where a field of an object stands."""
        return Spot(resource.file, self._index[resource.document], (*resource.prefix, *path))

    def set(self, family: str, resource: Resource, path: FieldPath, value: Any, *also: Spot) -> Mutation:
        """Another value, which is wrong at its own line, or at ``also``."""
        spot = self.spot(resource, path)
        what = f"{resource} {'.'.join(map(str, path))}: {value!r}"
        return Mutation(family, what, (Set(spot, value),), (spot, *also))

    def remove(self, family: str, resource: Resource, path: FieldPath, *also: Spot) -> Mutation:
        """A field that is not there any more, which is said at what it was in."""
        spot = self.spot(resource, path)
        what = f"{resource} without {'.'.join(map(str, path))}"
        return Mutation(family, what, (Remove(spot),), (spot, *also))

    def rename(self, family: str, resource: Resource, path: FieldPath, key: str, *also: Spot) -> Mutation:
        """Another key, which stands at its own line."""
        spot = self.spot(resource, path)
        what = f"{resource} {'.'.join(map(str, path))} is called {key}"
        renamed = spot._replace(path=(*spot.path[:-1], key))
        return Mutation(family, what, (Rename(spot, key),), (renamed, *also))

    def drop(self, family: str, resource: Resource, *expected: Spot) -> Mutation:
        """A document that is not there any more."""
        change: Change = Drop(self.spot(resource))
        return Mutation(family, f"no {resource}", (change,), expected)

    def misspelt(self, name: str) -> str:
        """Another name: mostly one that a slip of the fingers makes, at times a wholly other one."""
        middle = self.chance.randrange(1, max(len(name) - 1, 2))
        return self.chance.choice(
            (
                f"{name}-gone",
                f"old-{name}",
                name[:middle] + "x" + name[middle:],
                name[:middle] + name[middle + 1 :] if len(name) > 4 else f"{name}2",
                "quite-another",
            )
        )

    def slip(self, word: str) -> str:
        """A word with one letter too many, as fields and kinds are misspelt."""
        middle = self.chance.randrange(1, len(word))
        return word[:middle] + self.chance.choice("abcdefghijklmnopqrstuvwxyz") + word[middle:]
