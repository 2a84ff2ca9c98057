"""Problems as they are found, before they become one error."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from chores_infra.errors import ArgumentProblem

__all__ = ["InvalidArguments", "Problems"]


class InvalidArguments(Exception):  # noqa: N818  (caught by `checked`, which makes a ConstructError of it)
    """Problems found inside a constructor, which does not know its path yet."""

    def __init__(self, problems: list[ArgumentProblem]) -> None:
        self.problems = problems
        super().__init__("; ".join(map(str, problems)))


class Problems:
    """Collects what is wrong with the arguments of one construct, to report it all at once."""

    __slots__ = ("found",)

    def __init__(self) -> None:
        self.found: list[ArgumentProblem] = []

    def add(self, argument: str, message: str) -> None:
        """Note that an argument (``containers[0].readiness.port``) is wrong, and what would be right."""
        self.found.append(ArgumentProblem(argument, message))

    def add_repeats(self, keys: Iterable[tuple[str, Hashable]]) -> None:
        """Note each argument whose key an earlier one has: the API server merges lists by keys."""
        first: dict[Hashable, str] = {}
        for argument, key in keys:
            if first.setdefault(key, argument) != argument:
                self.add(argument, f"{key!r} is there already, as {first[key]}")

    def raise_if_any(self) -> None:
        """Raise InvalidArguments when anything was noted."""
        if self.found:
            raise InvalidArguments(self.found)
