"""The events of PyYAML's C parser: libyaml, of which Kubernetes' parser is a translation.

What a text says is decided by the parser, what its scalars mean by `go_scalars`. Nothing here recurses, and
a text is parsed no further than the events are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from chores_infra.rendering.yaml_problem import Rule

__all__ = ["Broken", "NextEvent", "YamlEvents", "scalar_spans"]

NextEvent = Callable[[], Any]
"""Answers the next event, and None after the last."""


class Broken(Exception):  # noqa: N818  (an answer that travels up; the reader makes a problem or an error of it)
    """What cannot be read: what was found and what was expected, and the offset of it in the text.

    ``opened`` is the offset of what was begun in a line before, such as a quote that is not closed.
    """

    def __init__(
        self, message: str, offset: int, rule: Rule = "syntax", *, opened: int | None = None
    ) -> None:
        self.message = message
        self.offset = offset
        self.rule: Rule = rule
        self.opened = opened
        super().__init__(message)


_WAYS_OUT: Final = (
    ("mapping values are not allowed", "put a value that holds ': ' in quotes, or mend the indentation"),
    ("found character that cannot start any token", "put a value that begins with it in quotes"),
    ("did not find expected key", "expected a key at the indentation of the others, as in `key: value`"),
    ("could not find expected ':'", "expected a colon and a space after the key"),
    ("did not find expected '-' indicator", "expected another entry of the list, as in `- value`"),
    ("did not find expected ',' or ']'", "expected a comma or the bracket that closes the list"),
    ("did not find expected ',' or '}'", "expected a comma or the brace that closes the mapping"),
    ("did not find expected <document start>", "expected --- in a line of its own"),
    ("block sequence entries are not allowed", "begin the list in a line of its own"),
    ("found unknown escape character", r"write \\ for a backslash, or use single quotes"),
    ("found undefined tag handle", "put a value that begins with '!' in quotes"),
    ("did not find expected node content", "expected a value, or the bracket that closes the list"),
)
"""What the parser says, and what it would have liked to see."""

_UNCLOSED: Final = ("found unexpected end of stream", "found unexpected document indicator")
"""What the parser says at the end of a document in which a quote is open."""

# Kubernetes skips it at the start of the text only, libyaml of today at the start of any line.
_INNER_BOM = re.compile("(?<=[\n\r\x85\u2028\u2029])\ufeff")


class YamlEvents:
    """The events of a part of a text. ``next`` answers the next one, and None after the last.

    The marks of the events count from `start`. What ``next`` raises is explained by ``broken``.

    Raises:
        Broken: the part has characters that no YAML has.
    """

    def __init__(self, text: str, start: int, end: int) -> None:
        import yaml

        part = text if (start, end) == (0, len(text)) else text[start:end]
        self.start = start
        self._part = part
        if "\ufeff" in part and (inner := _INNER_BOM.search(part)) is not None:
            message = "a byte order mark stands in the middle; remove it"
            raise Broken(message, start + inner.start(), "encoding")
        self._in_c = hasattr(yaml, "CSafeLoader")
        parser = yaml.CSafeLoader if self._in_c else yaml.SafeLoader
        try:
            self.next: NextEvent = parser(part).get_event
        except (yaml.YAMLError, UnicodeEncodeError) as error:
            raise self.broken(error) from None

    def broken(self, error: Exception) -> Broken:
        """What an error of the parser says, and a way out."""
        if isinstance(error, UnicodeEncodeError):
            return _surrogate(self._part[error.start], self.start + error.start)
        if not hasattr(error, "problem_mark"):
            return self._unreadable(error)
        return self._syntax(error)

    def _unreadable(self, error: Any) -> Broken:
        at: int = error.position
        if self._in_c:  # it counts bytes
            at = len(self._part.encode()[:at].decode(errors="ignore"))
        return Broken(f"{error.reason}; remove the character", self.start + at, "encoding")

    def _syntax(self, error: Any) -> Broken:
        opened = error.context_mark
        mark = error.problem_mark or opened
        at = mark.index
        said = str(error.problem or "is no YAML")
        if self._part[at : at + 1] == "\t":
            message = "found a tab character where only spaces can indent; use spaces"
            return Broken(message, self.start + at, "tab")
        if "maximum nesting depth" in said:
            return Broken("nested deeper than the parser follows", self.start + at, "limit")
        if opened is not None and said in _UNCLOSED:  # where it ends, nothing is to be mended
            return Broken(
                "the quoted text that begins here is never closed; add the quote", self.start + opened.index
            )
        way_out = next((way for says, way in _WAYS_OUT if says in said), None)
        message = ", ".join(filter(None, (error.context, said)))
        begun = None if opened is None or opened.line >= mark.line else self.start + opened.index
        return Broken(f"{message}: {way_out}" if way_out else message, self.start + at, opened=begun)


def scalar_spans(text: str, start: int, end: int) -> tuple[list[tuple[int, int]], int]:
    """Where the scalars of a part of a text begin and end, and up to where it can be read."""
    import yaml

    spans: list[tuple[int, int]] = []
    events: YamlEvents | None = None
    try:
        events = YamlEvents(text, start, end)
        spans.extend(_scalar_spans(text, events))
    except Broken as broken:
        return spans, broken.offset
    except yaml.YAMLError as error:
        return spans, events.broken(error).offset if events is not None else start
    return spans, end


def _scalar_spans(text: str, events: YamlEvents) -> Iterator[tuple[int, int]]:
    import yaml

    while (event := events.next()) is not None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            first, last = events.start + event.start_mark.index, events.start + event.end_mark.index
            if event.style in ("|", ">"):
                # A comment may stand behind the indicator of a block.
                first = text.find("\n", first, last) + 1 or last
            yield first, last


def _surrogate(character: str, offset: int) -> Broken:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return Broken(
            f"the byte 0x{code - 0xDC00:02x} is no UTF-8; save the file as UTF-8", offset, "encoding"
        )
    return Broken("a lone surrogate is no character", offset, "encoding")
