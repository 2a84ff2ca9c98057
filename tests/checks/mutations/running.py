"""Makes mistakes one at a time, and counts what the checks find at the right line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple
from unittest.mock import patch

from chores_infra.checks.context import Context
from chores_infra.checks.finding import Severity
from chores_infra.checks.loading import from_texts
from chores_infra.checks.registry import built_in_rules
from chores_infra.checks.validation import findings_of
from chores_infra.rendering import reader
from tests.checks.mutations.mutation import Mutation, mutated, places

__all__ = ["Outcome", "run"]

Finding = tuple[str, int, str, str, str, str]


class Outcome(NamedTuple):
    """One mistake, and whether it was found where it is."""

    mutation: Mutation
    found: bool
    elsewhere: tuple[str, ...]
    """What was found instead."""


def run(texts: Mapping[str, str], mutations: Iterable[Mutation]) -> Iterator[Outcome]:
    """Make each of the mistakes in turn; those that our writer cannot write are left out."""
    with _files_read_once():
        known = {_whatever_line(finding) for finding in _findings(texts)}
        for mutation in mutations:
            edited = mutated(texts, mutation)
            if edited is None or edited == texts:
                continue
            new = {finding for finding in _findings(edited) if _whatever_line(finding) not in known}
            wanted = places(edited, mutation)
            at_place = any(finding[:2] in wanted for finding in new)
            others = tuple(sorted(f"{each[0]}:{each[1]} {each[2]} {each[4]}" for each in new))
            yield Outcome(mutation, at_place, () if at_place else others)


def _whatever_line(finding: Finding) -> tuple[str, ...]:
    """A finding that only moved, because lines were added above it, is not new."""
    return (finding[0], *finding[2:])


def _findings(texts: Mapping[str, str]) -> frozenset[Finding]:
    found = findings_of(Context(from_texts(texts)), built_in_rules())
    return frozenset(
        (each.file, each.line or 0, each.rule, each.resource, each.path, each.message)
        for each in found
        if each.severity is not Severity.INFO
    )


@contextmanager
def _files_read_once() -> Iterator[None]:
    """Of a repository all files but one are as they were: reading them again takes most of the time."""
    with patch("chores_infra.gitops.tree.read_source", cache(reader.read_source)):
        yield
