"""What validating a manifest gives: its problems, and the rules that were not checked."""

from __future__ import annotations

from dataclasses import dataclass

from chores_infra.kinds.problem import Problem

__all__ = ["Checked"]


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of one validation.

    ``problems`` is what the API server would refuse. ``not_checked`` are the rules at values of the manifest
    that nothing here could evaluate, each with the reason: neither passed nor failed. They are looked at when
    the schema has nothing to say against the manifest, as rules are written for values of their schema.
    """

    problems: tuple[Problem, ...]
    not_checked: tuple[Problem, ...] = ()
