"""Values of a text, taken out of it and put in again, so that texts that differ in nothing else are one.

Parsing YAML is by far the most of what it costs to read a history. A value is taken out only where it is text
to every parser, and what is put in its place is so, too: what is made of the one text is made of the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

__all__ = ["MARK", "line_pattern", "put_in", "take_out"]

MARK: Final = "chores-infra.value/"
_MARKED: Final = re.compile(re.escape(MARK) + r"([0-9]+)_")
# Without quotes: with a slash or an @, a letter before a colon, or three numbers. 1.10 would be a number, and
# 12:30 as well.
_TEXT: Final = re.compile(
    r"(?:[\w.-]+[/@][\w./:@-]*|[A-Za-z][\w.-]*:[\w./:@-]*|v?[0-9]+\.[0-9]+\.[0-9]+(?:[.-][\w.-]*)?)(?<!:)",
    re.ASCII,
)


def line_pattern(*keys: str) -> re.Pattern[str]:
    """Finds the lines of a text, but for its first, that give one of these keys a value of one word."""
    names = "|".join(map(re.escape, keys))
    return re.compile(
        # It begins with a character that is always the same: that is three times as fast as ^.
        rf"(?P<kept>\n[ \t-]*(?:{names}):[ ]+)(?P<quote>[\"']?)(?P<value>\w[\w./:@-]*)(?P=quote)"
        r"(?=[ \t]*(?:[ \t]#.*)?\r?$)",
        re.MULTILINE | re.ASCII,
    )


def take_out(text: str, lines: re.Pattern[str]) -> tuple[str, list[str]]:
    r"""The text with marks in place of its values, and the values.

    Args:
        text: in which there is no mark.
        lines: a `line_pattern`.

    >>> take_out("a: b\nimage: shop:1.0.0\n", line_pattern("image", "tag"))
    ('a: b\nimage: chores-infra.value/0_\n', ['shop:1.0.0'])
    """
    values: list[str] = []

    def mark(found: re.Match[str]) -> str:
        kept, quote, value = found.group("kept", "quote", "value")
        if not quote and not _TEXT.fullmatch(value):
            return found[0]
        values.append(value)
        return f"{kept}{quote}{MARK}{len(values) - 1}_{quote}"

    return lines.sub(mark, text), values


def put_in(text: str, values: Sequence[str]) -> str:
    """The text with the values in place of their marks.

    >>> put_in("chores-infra.value/0_", ["shop:1.0.0"])
    'shop:1.0.0'
    """
    return _MARKED.sub(lambda mark: values[int(mark[1])], text) if values and MARK in text else text
