"""Which mistakes are made in which repositories, and the table of what was found."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from tests.checks.mutations import delivery, references, schema, selectors, text
from tests.checks.mutations.ground import Ground
from tests.checks.mutations.mutation import Mutation
from tests.checks.mutations.running import Outcome, run
from tests.checks.mutations.synthetic import synthetic

__all__ = ["FEWEST", "MOST", "Chosen", "chosen", "outcomes", "repositories", "table", "texts_of"]

FEWEST: Final = 20
"""So many mistakes of each family, at least; those of fewer sites are made at all of them."""
MOST: Final = 24
"""So many at most, a third of them in the synthetic repository."""
SEED: Final = 20251220
TREES: Final = ("2025-12", "mistakes/30-trailing-newline/after")

Chosen: TypeAlias = Sequence[tuple[Mapping[str, str], Sequence[Mutation]]]

_AREAS: Final[tuple[Callable[[Ground], Iterator[Mutation]], ...]] = (
    references.reference_mistakes,
    references.key_mistakes,
    references.port_mistakes,
    selectors.selector_mistakes,
    selectors.pod_port_mistakes,
    schema.schema_mistakes,
    schema.value_mistakes,
    schema.identity_mistakes,
    schema.peer_mistakes,
    delivery.application_mistakes,
    delivery.namespace_mistakes,
    delivery.claim_mistakes,
    delivery.entity_mistakes,
    delivery.grant_mistakes,
    delivery.image_mistakes,
    text.text_mistakes,
)


def texts_of(root: Path) -> dict[str, str]:
    """The files of a tree by their paths in it."""
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def chosen(repositories: Sequence[Mapping[str, str]], most: int) -> Chosen:
    """The mistakes to make: so many of each family, from each repository in turn while it has some."""
    grounds = [Ground(texts, SEED) for texts in repositories]
    offered = [_by_family(ground) for ground in grounds]
    families = sorted({family for each in offered for family in each})
    picked: list[list[Mutation]] = [[] for _ in grounds]
    for family in families:
        left = most
        while left and any(each[family] for each in offered):
            for number, each in enumerate(offered):
                if each[family] and left:
                    picked[number].append(each[family].pop())
                    left -= 1
    return [(ground.texts, mutations) for ground, mutations in zip(grounds, picked, strict=True)]


def repositories(corpus: Path) -> list[Mapping[str, str]]:
    """Those that the table is about: the synthetic one, and two real ones that differ most."""
    return [synthetic(), *(texts_of(corpus / tree) for tree in TREES)]


def outcomes(given: Chosen) -> list[Outcome]:
    """Make all of them."""
    return [outcome for texts, mutations in given for outcome in run(texts, mutations)]


def table(found: Sequence[Outcome]) -> str:
    """The figures by family: a mistake that nothing in the repository tells is not counted as made."""
    made = Counter(each.mutation.family for each in found)
    caught = Counter(each.mutation.family for each in found if each.found)
    lines = ["| mistake | made | found at its line |", "|---|---|---|"]
    lines += [f"| {family} | {made[family]} | {caught[family]} |" for family in sorted(made)]
    lines += [f"| all | {sum(made.values())} | {sum(caught.values())} |"]
    return "\n".join(lines) + "\n"


def _by_family(ground: Ground) -> dict[str, list[Mutation]]:
    found: dict[str, list[Mutation]] = defaultdict(list)
    for area in _AREAS:
        for mutation in area(ground):
            if not mutation.silent:
                found[mutation.family].append(mutation)
    for family, mutations in found.items():
        random.Random(f"{SEED} {family}").shuffle(mutations)
    return found
