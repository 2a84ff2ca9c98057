"""Families of value objects: an argument takes any member, ``spec: MiddlewareSpec`` a ``StripPrefix``."""

from __future__ import annotations

from typing import Any

from chores_infra.arguments import Problems

__all__ = ["Family"]


class Family:
    """Marks the common base of a family, which is no value itself: a direct subclass is refused."""

    def check(self, problems: Problems) -> None:
        """Refuse the bare base."""
        cls = type(self)
        if Family in cls.__bases__:
            # Members of modules that nobody imported are not known yet.
            members = ", ".join(sorted(name for name in _names(cls) if not name.startswith("_")))
            kinds = f"its kinds, such as {members}" if members else "its kinds"
            problems.add("", f"{cls.__name__} says nothing by itself; give one of {kinds}")


def _names(cls: type[Any]) -> set[str]:
    names: set[str] = set()
    for member in cls.__subclasses__():
        names |= {member.__name__} | _names(member)
    return names
