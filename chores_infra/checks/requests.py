"""Which requests a route takes, in a form that tells whether one takes all that another would.

What a route takes is a list of alternatives, each a set of conditions that must all hold. Of hosts and paths
the meaning is known; anything else (a header, a regular expression, which is never evaluated here) is only
the same or not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

__all__ = ["EVERYTHING", "Alternative", "Condition", "implies", "includes"]


class Condition(NamedTuple):
    """One thing that must be true of a request.

    A path is compared ``exact``, as a ``prefix`` of text, or by whole ``segments``.
    """

    subject: str
    how: Literal["exact", "prefix", "segments", "other"]
    value: str


Alternative = frozenset[Condition]

EVERYTHING: Final[Alternative] = frozenset()
"""No condition: every request."""


def includes(wide: Alternative, narrow: Iterable[Condition]) -> bool:
    """Whether every request of one alternative is one of another, too.

    >>> api = Condition("path", "exact", "/api/users")
    >>> includes(frozenset({Condition("path", "prefix", "/api")}), [api])
    True
    >>> includes(frozenset({Condition("path", "segments", "/ap")}), [api])
    False
    """
    return all(any(implies(own, condition) for own in narrow) for condition in wide)


def implies(narrow: Condition, wide: Condition) -> bool:
    """Whether what one condition lets through, another does for certain."""
    if narrow == wide:
        return True
    if narrow.subject != wide.subject or "other" in (narrow.how, wide.how):
        return False
    if wide.how == "prefix":
        return narrow.value.startswith(wide.value)
    below = wide.value.rstrip("/")
    whole = narrow.how != "prefix" and narrow.value.rstrip("/") == below
    return wide.how == "segments" and (whole or narrow.value.startswith(f"{below}/"))
