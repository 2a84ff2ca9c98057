r"""JSON as the events of a YAML parser, so that one composer makes values and positions of both.

JSON is no subset of what libyaml reads (tabs, surrogate pairs, ``\/``, long keys), so it has a scanner of its
own: one loop and a stack, as strict as Go's ``encoding/json``, with which Argo CD reads ``.json`` files.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, Final

from chores_infra.rendering.yaml_events import Broken, NextEvent

__all__ = ["JsonEvents"]

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"[^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*"')
_LITERAL = re.compile(r"(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null)(?![\w.+-])")
_SURROGATE = re.compile("[\ud800-\udfff]")
_EXPECTED: Final = {
    "value": "a value",
    "value or end": "a value or ']'",
    "key": "a key in double quotes",
    "key or end": "a key in double quotes or '}'",
    "colon": "':' behind the key",
    "comma or end": "',' or the bracket that closes",
    "nothing": "the end of the file: a JSON file holds one value",
}


class JsonEvents:
    """The events of a JSON text. ``next`` answers the next one, and None after the last.

    ``next`` raises `Broken` if the text is no JSON.
    """

    start = 0

    def __init__(self, text: str) -> None:
        events = _events(text)
        self.next: NextEvent = lambda: next(events, None)


def _events(text: str) -> Iterator[Any]:
    from yaml import Mark, events

    position = _SPACE.match(text).end()  # type: ignore[union-attr]  # it matches anything
    if position == len(text):
        return
    yield events.DocumentStartEvent(Mark("", position, 0, 0, None, 0))
    open_brackets: list[str] = []
    state = "value"
    while position < len(text):
        character = text[position]
        end = position + 1
        mark = Mark("", position, 0, 0, None, 0)
        if character in "{[" and state.startswith("value"):
            open_brackets.append(character)
            start = events.MappingStartEvent if character == "{" else events.SequenceStartEvent
            yield start(None, None, True, mark)  # noqa: FBT003  (PyYAML's signature)
            state = "key or end" if character == "{" else "value or end"
        elif character in "}]" and state.endswith("end") and open_brackets[-1] == "{["["}]".index(character)]:
            open_brackets.pop()
            yield (events.MappingEndEvent if character == "}" else events.SequenceEndEvent)(mark)
            state = "comma or end" if open_brackets else "nothing"
        elif character == "," and state == "comma or end":
            state = "key" if open_brackets[-1] == "{" else "value"
        elif character == ":" and state == "colon":
            state = "value"
        elif character == '"' and state.startswith(("value", "key")):
            value, end = _string(text, position)
            yield events.ScalarEvent(None, None, (False, True), value, mark, mark, '"')
            state = "colon" if state.startswith("key") else "comma or end" if open_brackets else "nothing"
        elif state.startswith("value") and (literal := _LITERAL.match(text, position)) is not None:
            end = literal.end()
            if literal[0] not in {"true", "false", "null"} and math.isinf(float(literal[0])):
                raise Broken("the number is too large", position, "value")
            yield events.ScalarEvent(None, None, (True, False), literal[0], mark, mark)
            state = "comma or end" if open_brackets else "nothing"
        else:
            raise Broken(f"found {_shown(text, position)}: expected {_EXPECTED[state]}", position)
        position = _SPACE.match(text, end).end()  # type: ignore[union-attr]  # it matches anything
    if state != "nothing":
        raise Broken(f"found the end of the file: expected {_EXPECTED[state]}", len(text))
    yield events.DocumentEndEvent(Mark("", position, 0, 0, None, 0))


def _string(text: str, position: int) -> tuple[str, int]:
    found = _STRING.match(text, position)
    if found is None:
        raise Broken(
            "found a text that does not end in its line: expected the quote that closes it", position
        )
    try:
        value: str = json.loads(found[0])
    except json.JSONDecodeError as error:
        raise Broken(f"found an invalid escape ({error.msg}): expected one of JSON", position) from None
    if _SURROGATE.search(value):
        raise Broken(
            "half of a surrogate pair, or a byte that is no UTF-8, is no character", position, "encoding"
        )
    return value, found.end()


def _shown(text: str, position: int) -> str:
    word = re.compile(r"[\w.+-]{1,20}").match(text, position)
    return repr(word[0] if word is not None else text[position])
