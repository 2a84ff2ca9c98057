"""A document that was read: its value, where its fields stand, its comments, the keys it gives twice."""

from __future__ import annotations

import re
from typing import Any, Final, Literal, NamedTuple

from chores_infra.rendering.composer import Branch, Composed, Place, offset_of
from chores_infra.rendering.field_path import FieldPath
from chores_infra.rendering.source import Comment, Position, Source
from chores_infra.rendering.surprises import SurpriseKind

__all__ = ["Comment", "Document", "Duplicate", "Position", "Style", "Surprise"]

Style = Literal["plain", "single-quoted", "double-quoted", "literal", "folded", "alias", "flow", "block"]
"""How a value is written; ``flow`` and ``block`` are mappings and sequences."""

_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*[ \t]+)+(?=[^\s#])")
_STYLES: Final[dict[str, Style]] = {
    "'": "single-quoted",
    '"': "double-quoted",
    "|": "literal",
    ">": "folded",
    "*": "alias",
}


class Duplicate(NamedTuple):
    """A key that is given again; Kubernetes takes the last one, and says nothing."""

    path: FieldPath
    at: Position
    first: Position


class Surprise(NamedTuple):
    """A plain scalar that became something else than may have been meant; `text` is what stands there."""

    path: FieldPath
    at: Position
    text: str
    value: Any
    kind: SurpriseKind


class Document:
    """One document of a file. ``value`` is what Kubernetes would read; None for an empty document.

    Args:
        source: the file that it stands in.
        composed: its value and the offsets of everything in it.
        start: the offset of its first character, which may be that of the ``---`` before it.
        end: the offset of the next document, up to which its comments reach.
        head: the offset from which on comments are its own: for the first document the beginning of the file.
    """

    __slots__ = ("_composed", "_end", "_head", "_start", "source", "value")

    def __init__(self, source: Source, composed: Composed, start: int, end: int, head: int) -> None:
        self.source = source
        self.value = composed.value
        self._composed = composed
        self._start = start
        self._end = end
        self._head = head

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Document)
            and (self.source, self._start) == (other.source, other._start)
            and self._composed == other._composed
        )

    def __hash__(self) -> int:
        return hash((self.source, self._start))

    def __repr__(self) -> str:
        return f"Document({self.file}:{self.line})"

    @property
    def file(self) -> str:
        """The name of the file."""
        return self.source.file

    @property
    def line(self) -> int:
        """The line of its ``---``, or of its first value where it has none."""
        first = (
            self._start
            if self.source.text.startswith("---", self._start)
            else offset_of(self._composed.place)
        )
        return self.source.position(first).line

    @property
    def duplicates(self) -> tuple[Duplicate, ...]:
        """The keys that are given more than once in one mapping."""
        position = self.source.position
        return tuple(
            Duplicate(path, position(at), position(first)) for path, at, first in self._composed.duplicates
        )

    @property
    def surprises(self) -> tuple[Surprise, ...]:
        """The plain scalars that may have been meant otherwise: ``no``, ``0755``, ``1e3``, ``8080.0``.

        Whether one is a mistake depends on the field: ``defaultMode: 0755`` is what it says.
        """
        position = self.source.position
        return tuple(Surprise(path, position(at), *rest) for path, at, *rest in self._composed.surprises)

    @property
    def comments(self) -> tuple[Comment, ...]:
        """All comments from its start to the next document; those at the head of a file are the first's."""
        first = self.source.position(self._head).line
        end = self.source.position(self._end)
        return tuple(
            comment for comment in self.source.comments if first <= comment.line and comment[:2] < end
        )

    def comments_at(self, line: int) -> tuple[Comment, ...]:
        """The comment at the end of a line, and those directly above it in lines of their own."""
        own = self.comments
        found = [comment for comment in own if comment.line == line]
        for comment in reversed(own):
            if comment.alone and comment.line == line - 1:
                found.insert(0, comment)
                line = comment.line
        return tuple(found)

    def scalars(self) -> dict[int, FieldPath]:
        """The path of every scalar by the offset in the file at which it stands; what aliases repeat is once.

        >>> from chores_infra.rendering.reader import read
        >>> read("a: [1, 2]")[0].scalars()
        {4: ('a', 0), 7: ('a', 1)}
        """
        found: dict[int, FieldPath] = {}
        waiting: list[tuple[Place, FieldPath]] = [(self._composed.place, ())]
        while waiting:
            place, path = waiting.pop()
            if not isinstance(place, Branch):
                found[place] = path
            elif isinstance(place.below, dict):
                waiting += ((inner, (*path, key)) for key, (_, inner) in reversed(place.below.items()))
            else:
                waiting += ((inner, (*path, index)) for index, inner in reversed([*enumerate(place.below)]))
        return found

    def position(self, path: FieldPath) -> Position:
        """Where a field is: its key in a mapping, its first character in a sequence.

        For a field that does not exist it is the nearest one above it, where it would have to be added.
        """
        return self.source.position(self._find(path)[0])

    def value_position(self, path: FieldPath) -> Position:
        """Where the value of a field begins, behind its anchor and tag; as `position` if there is none.

        What is inside of an alias, and what was merged, stands where its anchor is.
        """
        return self.source.position(self._content(path))

    def style(self, path: FieldPath) -> Style:
        """How the value of a field is written."""
        _, place = self._find(path)
        content = self._content(path)
        first = self.source.text[content : content + 1]
        if isinstance(place, Branch) and first != "*":
            return "flow" if first in ("{", "[") else "block"
        return _STYLES.get(first, "plain")

    def _content(self, path: FieldPath) -> int:
        offset = offset_of(self._find(path)[1])
        properties = _PROPERTIES.match(self.source.text, offset)
        return offset if properties is None else properties.end()

    def _find(self, path: FieldPath) -> tuple[int, Place]:
        """The offset of the field, and the place of its value."""
        place = self._composed.place
        at = offset_of(place)
        for step in path:
            below = place.below if isinstance(place, Branch) else None
            if isinstance(below, dict) and isinstance(step, str) and step in below:
                at, place = below[step]
            elif isinstance(below, list) and isinstance(step, int) and 0 <= step < len(below):
                place = below[step]
                at = offset_of(place)
            else:
                break
        return at, place
