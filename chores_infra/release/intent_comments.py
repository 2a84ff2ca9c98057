"""What people wrote beside the entries of a release intent, carried over into its new text.

A comment belongs to the entry that it stands above or beside, or to the block at whose end it stands, and
stays with it for as long as the intent has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any, NamedTuple

from chores_infra.rendering.document import Comment, Document
from chores_infra.rendering.field_path import FieldPath
from chores_infra.rendering.reader import read
from chores_infra.rendering.source import split_lines
from chores_infra.versions import Version

__all__ = ["carry_comments"]


def carry_comments(old: str, new: str) -> str:
    r"""The new text of an intent, with the comments of the old one on every entry that it still has.

    Args:
        old: the text of an intent, as people left it.
        new: as `Intent.text` writes it.

    >>> print(carry_comments("# ours\napp: shop\nenvironments: {} # none\n", "app: shop\nenvironments: {}\n"))
    # ours
    app: shop
    environments: {}  # none
    <BLANKLINE>
    """
    before, after = _Outline(old), _Outline(new)
    inserted: dict[int, list[str]] = {}
    for comment in before.document.comments:
        text = before.lines[comment.line - 1][comment.column - 1 :].rstrip()
        where, path = before.anchor(comment)
        if where is _Where.BESIDE and path in after.entries:
            after.lines[after.entries[path].line - 1] += f"  {text}"
        elif where is not _Where.BESIDE and (place := after.place(where, path)) is not None:
            inserted.setdefault(place.line, []).append(" " * (place.column - 1) + text)
    lines: list[str] = []
    for number, line in enumerate(after.lines, start=1):
        lines += [*inserted.get(number, []), line]
    lines += inserted.get(len(after.lines) + 1, [])
    return "\n".join(lines) + "\n"


class _Where(Enum):
    """How a comment stands to an entry: on a line before it, on its line, or at the end of what is in it."""

    ABOVE = "above"
    BESIDE = "beside"
    AT_THE_END = "at the end"


class _Place(NamedTuple):
    line: int
    column: int


class _Outline:
    """The lines of a text, and where each of its entries begins, in their order."""

    def __init__(self, text: str) -> None:
        (self.document,) = read(text)
        self.lines = split_lines(self.document.source.text.removesuffix("\n"))
        found = sorted(_entries(self.document), key=lambda entry: (entry[1], len(entry[0])))
        self.entries: dict[FieldPath, _Place] = dict(found)

    def anchor(self, comment: Comment) -> tuple[_Where, FieldPath]:
        """The entry that a comment belongs to; the empty path is the whole document."""
        here = [path for path, place in self.entries.items() if place.line == comment.line]
        earlier = [path for path, place in self.entries.items() if place.line < comment.line]
        later = next((path for path, place in self.entries.items() if place.line > comment.line), None)
        if here or (earlier and not self._stands_alone(comment)):
            first = here[0] if here else earlier[-1]
            return _Where.BESIDE, [p for p in self.entries if self.entries[p] == self.entries[first]][-1]
        if later is not None and (
            not earlier
            or later[: len(earlier[-1])] == earlier[-1]
            or comment.column <= self._indentation(later) + 1
        ):
            return _Where.ABOVE, later
        block = earlier[-1] if earlier else ()
        while block and self.entries[block].column > comment.column:
            block = block[:-1]
        return _Where.AT_THE_END, block[:-1]

    def place(self, where: _Where, path: FieldPath) -> _Place | None:
        """The line before which a comment is to be put, and its column; None if there is no such entry."""
        if where is _Where.ABOVE:
            return (
                _Place(self.entries[path].line, self._indentation(path) + 1) if path in self.entries else None
            )
        order = list(self.entries)
        inside = [n for n, each in enumerate(order) if len(each) > len(path) and each[: len(path)] == path]
        if not inside:
            return None
        after = order[inside[-1] + 1 :]
        end = self.entries[after[0]].line if after else len(self.lines) + 1
        return _Place(end, self.entries[order[inside[0]]].column)

    def _stands_alone(self, comment: Comment) -> bool:
        return not self.lines[comment.line - 1][: comment.column - 1].strip()

    def _indentation(self, path: FieldPath) -> int:
        line = self.lines[self.entries[path].line - 1]
        return len(line) - len(line.lstrip(" "))


def _entries(document: Document) -> Iterator[tuple[FieldPath, _Place]]:
    """Every entry. One of the quarantine is known by its version, as others may come and go before it."""

    def below(value: Any, path: FieldPath, name: FieldPath) -> Iterator[tuple[FieldPath, _Place]]:
        steps: Any = value.items() if isinstance(value, dict) else enumerate(value)
        for step, inner in steps:
            known = step if isinstance(step, str) else str(Version.parse(inner["version"]))
            yield (*name, known), _Place(*document.position((*path, step)))
            if isinstance(inner, dict | list):
                yield from below(inner, (*path, step), (*name, known))

    return below(document.value, (), ())
