"""YAML text to values, with what findings need besides: lines, comments, keys that are given twice.

PyYAML's C parser (libyaml, of which Kubernetes' parser is a translation) says what is a mapping, a sequence
and a scalar; what the scalars mean is decided by `go_scalars`, because PyYAML and Kubernetes do not agree.
Reading is one loop over the parser's events: no recursion that a deep file could exhaust, and every limit is
checked before the memory is spent.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any, Final

from chores_infra.errors import YamlError
from chores_infra.rendering.document import Comment, Document, Duplicate, Mark, Position, find_comments
from chores_infra.rendering.go_scalars import key_text, resolve

__all__ = ["MAX_DEPTH", "MAX_NODES", "Comment", "Document", "Duplicate", "Position", "read"]

MAX_DEPTH: Final = 200
"""How deep a file may be nested."""

MAX_NODES: Final = 1_000_000
"""How many keys and values a file may have, counting what aliases repeat; a CRD bundle has some 100,000."""


def read(text: str, file: str = "") -> list[Document]:
    r"""The documents of a file, read as Kubernetes reads them.

    Args:
        text: the file's content.
        file: its name, for errors and findings.

    Raises:
        YamlError: the text is no YAML, or nothing that JSON can hold (a list as a key, NaN), or too deep, or
            its aliases repeat too much; with the line.

    >>> document, = read("spec:\n  replicas: 010  # octal\n")
    >>> document.value, document.position(("spec", "replicas"))
    ({'spec': {'replicas': 8}}, Position(line=2, column=3))
    """
    return list(_Reader(text, file).documents())


class _Frame:
    """A mapping or sequence that is not complete yet."""

    __slots__ = ("anchor", "column", "key", "key_mark", "line", "marks", "own", "value")

    def __init__(self, event: Any, *, mapping: bool) -> None:
        self.value: Any = {} if mapping else []
        self.marks: Any = {} if mapping else []
        self.line, self.column = event.start_mark.line + 1, event.start_mark.column + 1
        self.anchor: str | None = event.anchor
        self.key: object = _NONE
        self.key_mark = (0, 0)
        self.own: set[str] = set()


# libyaml of today lets this escape through; the one that Kubernetes' parser was made from did not.
_SLASH = re.compile(r'"(?:[^\\]|\\[^/])*\\/', re.DOTALL)
# libyaml skips it at the start of any line, Kubernetes only at the start of the text.
_INNER_BOM = re.compile("(?<=[\n\r\x85\u2028\u2029])\ufeff")
_NONE: Final = object()
_MERGE: Final = object()


class _Reader:
    """The state of reading one text."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self._nodes = 0
        self._stack: list[_Frame] = []
        self._anchors: dict[str, tuple[Any, Mark] | None] = {}
        self._duplicates: list[Duplicate] = []
        self._spans: list[tuple[Position, Position]] | None = [] if "#" in text else None
        self._slashes = "\\/" in text
        self._done: tuple[Any, Mark] = (None, (1, 1, None))

    def documents(self) -> list[Document]:
        """All documents, each with the comments up to the next."""
        found: list[tuple[int, Any, Mark, tuple[Duplicate, ...]]] = []
        line = 1
        for event in self._events():
            match type(event).__name__:
                case "ScalarEvent":
                    self._scalar(event)
                case "MappingStartEvent":
                    self._open(_Frame(event, mapping=True))
                case "SequenceStartEvent":
                    self._open(_Frame(event, mapping=False))
                case "MappingEndEvent" | "SequenceEndEvent":
                    self._close()
                case "AliasEvent":
                    self._alias(event)
                case "DocumentStartEvent":
                    line = event.start_mark.line + 1
                    self._anchors.clear()
                    self._duplicates = []
                case "DocumentEndEvent":
                    found.append((line, *self._done, tuple(self._duplicates)))
        comments = list(find_comments(self.text, self._spans or ()))
        documents: list[Document] = []
        for number, (start, value, mark, duplicates) in enumerate(found):
            end = found[number + 1][0] if number + 1 < len(found) else float("inf")
            own = tuple(c for c in comments if (start <= c.line or number == 0) and c.line < end)
            documents.append(Document(value, self.file, start, own, duplicates, mark))
        return documents

    def _events(self) -> Iterator[Any]:
        """What the parser sees, its errors as ours."""
        import yaml

        if (inner := _INNER_BOM.search(self.text)) is not None:
            line = self.text.count("\n", 0, inner.start()) + 1
            raise self._error("a byte order mark stands in the middle; remove it", line)
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            parser = loader(self.text)
            try:
                while (event := parser.get_event()) is not None:
                    yield event
            finally:
                parser.dispose()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            problem = ", ".join(filter(None, (error.context, error.problem))) or "is no YAML"
            raise self._error(problem, mark.line + 1 if mark else None) from None
        except yaml.reader.ReaderError as error:
            before = self.text.encode()[: error.position] if isinstance(error.position, int) else b""
            raise self._error(str(error.reason), before.count(b"\n") + 1) from None
        except UnicodeEncodeError as error:
            raise self._error(
                "a lone surrogate is no character", self.text.count("\n", 0, error.start) + 1
            ) from None

    def _scalar(self, event: Any) -> None:
        start, end = event.start_mark, event.end_mark
        line = start.line + 1
        if self._spans is not None:
            # A comment may stand behind the indicator of a block.
            first = Position(line + 1, 1) if event.style in ("|", ">") else Position(line, start.column + 1)
            self._spans.append((first, Position(end.line + 1, end.column + 1)))
        plain = event.implicit[0]
        text = event.value
        if text == "<<" and self._at_key() and (plain or event.tag == "tag:yaml.org,2002:merge"):
            self._count(line)
            self._stack[-1].key, self._stack[-1].key_mark = _MERGE, (line, start.column + 1)
            return
        if self._slashes and event.style == '"' and _SLASH.match(self.text, start.index, end.index):
            raise self._error("\\/ is an escape that Kubernetes refuses; write / alone", line)
        try:
            value = text if event.tag is None and not plain else resolve(text, event.tag)
        except ValueError as error:
            raise self._error(str(error), line) from None
        if isinstance(value, float) and not math.isfinite(value) and not self._at_key():
            raise self._error(f"{text} is a number that JSON does not have; quote it if it is text", line)
        self._add(value, (line, start.column + 1, None), event.anchor)

    def _at_key(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1].value, dict) and self._stack[-1].key is _NONE

    def _open(self, frame: _Frame) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise self._error(f"nested deeper than {MAX_DEPTH} levels", frame.line)
        if self._at_key():
            raise self._error("a mapping or sequence cannot be a key; quote it if it is text", frame.line)
        if frame.anchor is not None:
            self._anchors[frame.anchor] = None
        self._stack.append(frame)

    def _close(self) -> None:
        frame = self._stack.pop()
        self._add(frame.value, (frame.line, frame.column, frame.marks), frame.anchor)

    def _alias(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if event.anchor not in self._anchors:
            raise self._error(f"alias *{event.anchor} has no anchor above it", line)
        anchored = self._anchors[event.anchor]
        if anchored is None:
            raise self._error(f"anchor &{event.anchor} contains itself", line)
        value, mark = anchored
        if self._stack and self._stack[-1].key is _MERGE and not isinstance(value, dict):
            raise self._error("only a mapping can be merged, or a list of them", line)
        if isinstance(value, dict | list) and self._at_key():
            raise self._error("a mapping or sequence cannot be a key", line)
        # A copy each time: whoever changes one value must not change another.
        self._add(self._copy(value, len(self._stack), line), mark, None)

    def _copy(self, value: Any, depth: int, line: int) -> Any:
        self._count(line)
        if depth > MAX_DEPTH:
            raise self._error(f"nested deeper than {MAX_DEPTH} levels", line)
        if isinstance(value, dict):
            return {key: self._copy(inner, depth + 1, line) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._copy(inner, depth + 1, line) for inner in value]
        return value

    def _add(self, value: Any, mark: Mark, anchor: str | None) -> None:
        """Put a complete node where it belongs: into its parent, as a key, or as the document."""
        self._count(mark[0])
        if anchor is not None:
            self._anchors[anchor] = (value, mark)
        if not self._stack:
            self._done = (value, mark)
            return
        frame = self._stack[-1]
        if isinstance(frame.value, list):
            frame.value.append(value)
            frame.marks.append(mark)
        elif frame.key is _NONE:
            try:
                frame.key = key_text(value)
            except ValueError as error:
                raise self._error(str(error), mark[0]) from None
            frame.key_mark = mark[:2]
        elif frame.key is _MERGE:
            self._merge(frame, value, mark)
            frame.key = _NONE
        else:
            key = str(frame.key)
            if key in frame.value:
                self._note_duplicate(frame, key)
            frame.value[key] = value
            frame.marks[key] = (*frame.key_mark, mark[2])
            frame.own.add(key)
            frame.key = _NONE

    def _note_duplicate(self, frame: _Frame, key: str) -> None:
        """Keys that a merge brought are meant to be replaced; those of the mapping itself are not."""
        if key not in frame.own:
            return
        steps = [
            len(outer.value) if isinstance(outer.value, list) else str(outer.key)
            for outer in self._stack[:-1]
        ]
        self._duplicates.append(Duplicate((*steps, key), frame.key_mark[0], frame.marks[key][0]))

    def _merge(self, frame: _Frame, value: Any, mark: Mark) -> None:
        """Take over the entries of another mapping; of a list of them the first counts most."""
        merged = value if isinstance(value, list) else [value]
        marks = mark[2] if isinstance(value, list) else [mark]
        if not all(isinstance(one, dict) for one in merged) or not isinstance(marks, list):
            raise self._error("only a mapping can be merged, or a list of them", mark[0])
        for one, its_mark in zip(reversed(merged), reversed(marks), strict=True):
            frame.value.update(one)
            frame.marks.update(its_mark[2])

    def _count(self, line: int) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise self._error(f"more than {MAX_NODES:,} values; do aliases repeat each other?", line)

    def _error(self, message: str, line: int | None) -> YamlError:
        return YamlError(message, path=self.file, line=line)
