"""A document that was read: its value, where its fields stand, its comments, the keys it gives twice."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from chores_infra.rendering.field_path import FieldPath

__all__ = ["Comment", "Document", "Duplicate", "Mark", "Position", "find_comments", "split_lines"]

Mark = tuple[int, int, dict[str, "Mark"] | list["Mark"] | None]
"""Line and column of a node, and the marks of those below it."""

# Where libyaml, which counts the lines, ends one.
_LINE_END = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_HASH = re.compile(r"(?:^|(?<=[ \t\ufeff]))#")


class Position(NamedTuple):
    """A place in a file; both count from 1."""

    line: int
    column: int


class Comment(NamedTuple):
    """A comment, without its ``#`` and the spaces after it."""

    line: int
    column: int
    text: str


class Duplicate(NamedTuple):
    """A key that is given again; Kubernetes takes the last one, and says nothing."""

    path: FieldPath
    line: int
    first_line: int


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file. ``value`` is what Kubernetes would read; None for an empty document."""

    value: Any
    file: str
    line: int
    comments: tuple[Comment, ...]
    duplicates: tuple[Duplicate, ...]
    _root: Mark

    def position(self, path: FieldPath) -> Position:
        """Where a field is: its key in a mapping, its first character in a sequence.

        For a field that does not exist it is the nearest one above it, where it would have to be added.
        """
        mark: Mark = self._root
        for step in path:
            below = mark[2]
            inner: Mark | None = None
            if isinstance(below, dict) and isinstance(step, str):
                inner = below.get(step)
            elif isinstance(below, list) and isinstance(step, int) and 0 <= step < len(below):
                inner = below[step]
            if inner is None:
                break
            mark = inner
        return Position(mark[0], mark[1])


def split_lines(text: str) -> list[str]:
    """The lines of a text without their ends, as positions count them."""
    return _LINE_END.split(text)


def find_comments(text: str, scalars: Sequence[tuple[Position, Position]]) -> Iterator[Comment]:
    """The comments of a text, which the parser throws away.

    Args:
        text: the whole text.
        scalars: start and end of every scalar, in order: what looks like a comment in there is none.
    """
    starts = [start for start, _ in scalars]
    for number, line in enumerate(split_lines(text), start=1):
        for found in _HASH.finditer(line) if "#" in line else ():
            at = Position(number, found.start() + 1)
            before = bisect_right(starts, at) - 1
            if before < 0 or at >= scalars[before][1]:
                yield Comment(*at, line[found.end() :].strip())
                break
