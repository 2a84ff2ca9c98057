"""Mutates the documents of a GitOps repository that are right, and counts what the schemas catch.

    CHORES_INFRA_SHARED=../shared python -m tests.kinds.mutations

Each mutation is one mistake of a family: a field renamed, a value of a wrong type, a wrong value of a closed
list, a field one level too high, a required field left out. Seeded, so that two runs are one. A mutation that
is no mistake (a label renamed is another label) is a miss, and every miss is explained by a kind of place.
"""

from __future__ import annotations

import copy
import json
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from chores_infra import kinds
from chores_infra.errors import UnknownFieldError
from chores_infra.kinds.fields import Field
from chores_infra.kinds.problem import Path as FieldPath

__all__ = ["FAMILIES", "Mutation", "documents", "explained", "mutations", "run", "table"]

FAMILIES = ("renamed field", "wrong type", "wrong enum", "wrong level", "missing required")
COUNT = 2000
SEED = 20251220

Manifest = dict[str, Any]


class Mutation(NamedTuple):
    """One mistake: what was done where, and the manifest that has it."""

    family: str
    path: FieldPath
    manifest: Manifest
    before: object


def documents(root: Path) -> list[Manifest]:
    """Return the documents of a repository that have a schema and no problem."""
    found = []
    for file in sorted(root.rglob("*.yaml")):
        try:
            parsed = list(yaml.load_all(file.read_text("utf-8"), yaml.CSafeLoader))
        except yaml.YAMLError:
            continue
        for item in parsed:
            if isinstance(item, dict):
                kind = kinds.find(str(item.get("apiVersion")), str(item.get("kind")))
                if kind is not None and not kind.validate(item, "read"):
                    found.append(json.loads(json.dumps(item, default=str)))
    return found


def places(value: Any, path: FieldPath = ()) -> Iterator[FieldPath]:
    """Yield the path of every field of a manifest."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, item in items:
        if isinstance(part, str):
            yield (*path, part)
        yield from places(item, (*path, part))


def mutations(manifests: list[Manifest], count: int, seed: int) -> Iterator[Mutation]:
    """Yield so many mutations, each family in turn; one that finds no place takes another manifest."""
    chance = random.Random(seed)
    made = 0
    while made < count:
        family = FAMILIES[made % len(FAMILIES)]
        manifest = chance.choice(manifests)
        mutation = _mutate(family, manifest, chance)
        if mutation is not None:
            made += 1
            yield mutation


def field(manifest: Manifest, path: FieldPath) -> Field | None:
    """Return what is known of a field, or None where anything goes."""
    kind = kinds.find(manifest["apiVersion"], manifest["kind"])
    assert kind is not None
    try:
        return kind.field(path)
    except UnknownFieldError:
        return None


def _mutate(family: str, manifest: Manifest, chance: random.Random) -> Mutation | None:
    fields = [path for path in places(manifest) if path not in {("apiVersion",), ("kind",)}]
    if family == "wrong enum":
        fields = [path for path in fields if (known := field(manifest, path)) and len(known.values) > 0]
    elif family == "missing required":
        fields = [path for path in fields if (known := field(manifest, path)) and known.required]
    elif family == "wrong level":
        fields = [path for path in fields if len(path) > 1 and isinstance(path[-2], str)]
    if not fields:
        return None
    path = chance.choice(fields)
    made = copy.deepcopy(manifest)
    around = _at(made, path[:-1])
    before = around[path[-1]]
    match family:
        case "renamed field":
            renamed = _misspelt(str(path[-1]), chance)
            around[renamed] = around.pop(path[-1])
        case "wrong type":
            around[path[-1]] = _other_type(before, chance)
        case "wrong enum":
            around[path[-1]] = f"{before}x"
        case "wrong level":
            above = _at(made, path[:-2])
            if path[-1] in above:
                return None
            above[path[-1]] = around.pop(path[-1])
        case _:
            del around[path[-1]]
    return Mutation(family, path, made, before)


def _at(value: Any, path: FieldPath) -> Any:
    for part in path:
        value = value[part]
    return value


def _misspelt(name: str, chance: random.Random) -> str:
    position = chance.randrange(len(name))
    return name[:position] + chance.choice("abcdefghijklmnopqrstuvwxyz") + name[position:]


def _other_type(value: object, chance: random.Random) -> object:
    others: list[object] = ["text", 7, True, ["text"], {"text": "text"}]
    return chance.choice([other for other in others if type(other) is not type(value)])


KEY = "a key of a map: its names are the user's own"
OPEN = "open content: the kind takes anything there"
EITHER = "the field takes text as well as numbers, and any text may be meant"


def explained(mutation: Mutation) -> str:
    """Say why no schema can know that a mutation is a mistake; empty text when one could."""
    around = field(mutation.manifest, mutation.path[:-1])
    known = field(mutation.manifest, mutation.path)
    if around is None or "any" in around.types or (known is not None and "any" in known.types):
        return OPEN
    if around.types == ("map",):
        return KEY
    if mutation.family == "wrong type" and known is not None and len(known.types) > 1:
        return EITHER
    return ""


def table(caught: Counter[str], made: Counter[str], missed: list[Mutation]) -> str:
    """Return what a run found as the table of ``docs/kinds.md``."""
    lines = ["| mistake | made | caught | missed, and why |", "|---|---|---|---|"]
    for family in FAMILIES:
        reasons = Counter(explained(mutation) for mutation in missed if mutation.family == family)
        why = "; ".join(f"{number}: {reason}" for reason, number in sorted(reasons.items()))
        lines.append(f"| {family} | {made[family]} | {caught[family]} | {why} |")
    return "\n".join(lines) + "\n"


def run(
    root: Path, count: int = COUNT, seed: int = SEED
) -> tuple[Counter[str], Counter[str], list[Mutation]]:
    """Return how many mutations were caught and how many made, by family, and the misses."""
    caught: Counter[str] = Counter()
    made: Counter[str] = Counter()
    missed = []
    for mutation in mutations(documents(root), count, seed):
        made[mutation.family] += 1
        if kinds.validate(mutation.manifest, "read"):
            caught[mutation.family] += 1
        else:
            missed.append(mutation)
    return caught, made, missed


if __name__ == "__main__":
    repository = Path(os.environ["CHORES_INFRA_SHARED"]) / "corpus" / "2025-12" / "base-apps"
    sys.stdout.write(table(*run(repository)))
