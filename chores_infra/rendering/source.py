"""The text of a file, and what is looked up in it only when somebody asks: lines, columns, comments.

Reading keeps one number per node, its offset in the text. Lines are counted when the first finding wants
one, and comments are searched when the first suppression is looked for, so a tree without findings pays for
neither.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from chores_infra.rendering.cutting import Part
from chores_infra.rendering.yaml_events import scalar_spans

__all__ = ["Comment", "Position", "Source", "split_lines"]

# What editors and Git end a line at; YAML 1.1 would count NEL, LS and PS too.
_LINE_END = re.compile(r"\r\n?|\n")
_HASH = re.compile(r"(?:^|(?<=[ \t\ufeff\r\n\x85\u2028\u2029]))#", re.MULTILINE)
_TO_LINE_END = re.compile(r"[^\r\n\x85\u2028\u2029]*")
_BYTES = re.compile("[\udc80-\udcff]")


class Position(NamedTuple):
    """A place in a file; both count from 1, columns in characters."""

    line: int
    column: int


class Comment(NamedTuple):
    """A comment, without its ``#`` and the spaces after it."""

    line: int
    column: int
    text: str
    alone: bool = True
    """Whether nothing else stands in its line."""


def split_lines(text: str) -> list[str]:
    """The lines of a text without their ends, as positions count them."""
    return _LINE_END.split(text)


class Source:
    """A file's name and text, and the parts of it that a YAML parser reads at once.

    Bytes that are no UTF-8 stand in the text as lone surrogates (``surrogateescape``); `line_text` shows them
    as a replacement character.
    """

    def __init__(self, file: str, text: str, parts: tuple[Part, ...] = ()) -> None:
        self.file = file
        self.text = text
        self.parts = parts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Source) and (self.file, self.text) == (other.file, other.text)

    def __hash__(self) -> int:
        return hash((self.file, self.text))

    def position(self, offset: int) -> Position:
        """Line and column of a character."""
        starts = self._line_starts
        line = bisect_right(starts, offset)
        return Position(line, offset - starts[line - 1] + 1)

    def line_text(self, line: int) -> str:
        """One line as it can be shown, without its end; empty beyond the last."""
        starts = self._line_starts
        if not 1 <= line <= len(starts):
            return ""
        end = starts[line] if line < len(starts) else len(self.text)
        return _BYTES.sub("\ufffd", self.text[starts[line - 1] : end].rstrip("\r\n"))

    @cached_property
    def comments(self) -> tuple[Comment, ...]:
        """Every comment of the file; what follows a syntax error in its document is not searched."""
        return tuple(self._find_comments())

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(end.end() for end in _LINE_END.finditer(self.text))]

    def _find_comments(self) -> Iterator[Comment]:
        text = self.text
        for start, body, end in self.parts if "#" in text else ():
            spans, readable = scalar_spans(text, body, end)
            before = searched = 0
            for found in _HASH.finditer(text, start, readable):
                at = found.start()
                while before < len(spans) and spans[before][1] <= at:
                    before += 1
                if at < searched or (before < len(spans) and spans[before][0] <= at):
                    continue
                line, column = self.position(at)
                searched = _line_end(text, at)
                alone = not text[at - column + 1 : at].strip(" \t")
                yield Comment(line, column, text[at + 1 : searched].strip(), alone)


def _line_end(text: str, offset: int) -> int:
    found = _TO_LINE_END.match(text, offset)
    return offset if found is None else found.end()
