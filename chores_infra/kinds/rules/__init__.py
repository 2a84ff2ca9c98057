"""The rules that checks may name: what the API server holds several fields of one object to.

A rule is a function that makes a check from its arguments; a check returns None or what it found, addressed
from the value that it looks at. ``generic`` has rules about any object. The others are about the objects of
one part of the API and are named with it, ``pods.mounts``: such a module is imported when a kind needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from chores_infra.kinds.rules.reading import Check

__all__ = ["rule"]


def rule(name: str) -> Callable[..., Check]:
    """Return the maker of checks that a name stands for.

    >>> rule("exactly-one")("a", "b")({"a": 1, "b": 2})
    [((), 'expected exactly one of a or b, found a and b')]
    """
    module, _, _ = name.rpartition(".")
    rules: Mapping[str, Callable[..., Check]] = import_module(f"{__name__}.{module or 'generic'}").RULES
    return rules[name]
