"""Values of a text, taken out of it and put in again, so that texts that differ in nothing else are one.

Parsing YAML is by far the most of what it costs to read a history. A value is taken out only where it is text
to every parser, and what is put in its place is so, too: what is made of the one text is made of the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

__all__ = ["MARK", "SETTING", "line_pattern", "put_in", "put_settings_in", "take_out", "take_settings_out"]

MARK: Final = "chores-infra.value/"
SETTING: Final = "chores-infra.setting/"

_MARKED: Final = re.compile(re.escape(MARK) + r"([0-9]+)_")
# Without quotes: with a slash or an @, a letter before a colon, or three numbers. 1.10 would be a number, and
# 12:30 as well.
_TEXT: Final = re.compile(
    r"(?:[\w.-]+[/@][\w./:@-]*|[A-Za-z][\w.-]*:[\w./:@-]*|v?[0-9]+\.[0-9]+\.[0-9]+(?:[.-][\w.-]*)?)(?<!:)",
    re.ASCII,
)
_END: Final = r"(?=[ \t]*(?:[ \t]#.*)?\r?$)"

# Whole numbers, which JSON writes as they are, and what stands in quotes; but not what decides what it is.
_SETTING: Final = re.compile(
    r"(?P<kept>\n[ \t-]*(?!(?:apiVersion|kind|name|chart|repoURL|image):)[A-Za-z][\w./-]*:[ ]+)"
    r"(?:(?P<number>0|[1-9][0-9]{0,15})|(?P<quote>[\"'])(?P<value>\w[\w./:@ -]*)(?P=quote))" + _END,
    re.MULTILINE | re.ASCII,
)
_SET: Final = re.compile(rf'"{re.escape(SETTING)}n([0-9]+)_"|{re.escape(SETTING)}[nt]([0-9]+)_')


def line_pattern(*keys: str) -> re.Pattern[str]:
    """Finds the lines of a text, but for its first, that give one of these keys a value of one word."""
    names = "|".join(map(re.escape, keys))
    return re.compile(
        # It begins with a character that is always the same: that is three times as fast as ^.
        rf"(?P<kept>\n[ \t-]*(?:{names}):[ ]+)(?P<quote>[\"']?)(?P<value>\w[\w./:@-]*)(?P=quote){_END}",
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
    if not values or MARK not in text:
        return text
    if text[: len(MARK)] == MARK and text[len(MARK) : -1].isdecimal():  # a mark and no more, as mostly
        return values[int(text[len(MARK) : -1])]
    return _MARKED.sub(lambda mark: values[int(mark[1])], text)


def take_settings_out(text: str) -> tuple[str, list[str]]:
    r"""The same for whole numbers, and for texts in quotes, whatever their keys.

    >>> take_settings_out("spec:\n  replicas: 3\n")
    ('spec:\n  replicas: chores-infra.setting/n0_\n', ['3'])
    """
    values: list[str] = []

    def mark(found: re.Match[str]) -> str:
        kept, number, quote, value = found.group("kept", "number", "quote", "value")
        if MARK in found[0]:
            return found[0]
        values.append(number or value)
        kind = "n" if number else "t"
        return f"{kept}{quote or ''}{SETTING}{kind}{len(values) - 1}_{quote or ''}"

    return _SETTING.sub(mark, text), values


def put_settings_in(text: str, values: Sequence[str]) -> str:
    """A text, or a value as JSON, with the settings in place of their marks.

    >>> put_settings_in('{"replicas": "chores-infra.setting/n0_"}', ["3"])
    '{"replicas": 3}'
    """
    return _SET.sub(lambda mark: values[int(mark[1] or mark[2])], text) if SETTING in text else text
