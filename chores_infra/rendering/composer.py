"""The events of a parser to plain values, with the offset of every key and value beside them.

One loop over the events: no recursion that a deep file could exhaust, and every limit is checked before the
memory is spent. The loop is written out because reading a large repository spends its time here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from chores_infra.rendering.field_path import FieldPath
from chores_infra.rendering.go_scalars import key_text, resolve
from chores_infra.rendering.surprises import SurpriseKind, surprise
from chores_infra.rendering.yaml_events import Broken, NextEvent

__all__ = ["MAX_DEPTH", "MAX_NODES", "Branch", "Composed", "Composer", "Place", "offset_of"]

MAX_DEPTH: Final = 200
"""How deep a file may be nested."""

MAX_NODES: Final = 1_000_000
"""How many keys and values a file may have, counting what aliases repeat; a CRD bundle has some 100,000."""


class Branch(NamedTuple):
    """Where a mapping or sequence stands, and what is in it: by key (with its own offset) or by index."""

    offset: int
    below: dict[str, tuple[int, Place]] | list[Place]


Place = int | Branch
"""The offset of a scalar, or of a mapping or sequence with what is in it."""


def offset_of(place: Place) -> int:
    """The offset of a node, whatever it is."""
    return place.offset if isinstance(place, Branch) else place


class Composed(NamedTuple):
    """One document; offsets count from the beginning of the file."""

    value: Any
    place: Place
    duplicates: tuple[tuple[FieldPath, int, int], ...]
    """Path, offset and first offset of each key that is given again."""
    surprises: tuple[tuple[FieldPath, int, str, Any, SurpriseKind], ...]
    """Path, offset, text and value of each plain scalar that may be meant otherwise."""


_NONE: Final = object()
_MERGE: Final = object()
_MERGE_TAG: Final = "tag:yaml.org,2002:merge"
# What no word, number or merge key of YAML begins with; most plain scalars do.
_LIKE_TEXT: Final = frozenset("abcdeghijklmpqrsuvwxzABCDEGHIJKLMPQRSUVWXZ/$_({")
_LIKE_NUMBERS: Final = frozenset("+-0123456789")
# libyaml of today lets this escape through; the one that Kubernetes' parser was made from did not.
# Possessive, so that a long scalar does not fill the memory with places to go back to.
_SLASH = re.compile(r'"(?:[^\\]++|\\[^/])*+\\/', re.DOTALL)


class Composer:
    r"""Composes the documents of one text, part by part; the limits are those of the whole text.

    Args:
        text: the whole text, which the events' marks count in.
        slashes: whether the escape ``\/`` is allowed, as it is in JSON.
    """

    def __init__(self, text: str, *, slashes: bool = False) -> None:
        self.text = text
        self._count = 0
        self._look_for_slashes = not slashes and "\\/" in text
        self._start = 0
        self._anchors: dict[str, tuple[Any, Place] | None] = {}
        self._duplicates: list[tuple[FieldPath, int, int]] = []
        self._surprises: list[tuple[FieldPath, int, str, Any, SurpriseKind]] = []

    def compose(self, next_event: NextEvent, start: int) -> Iterator[Composed]:  # noqa: PLR0912, PLR0915
        """The documents that the events make up; the marks of the events count from `start`.

        Raises:
            Broken: what they make up is nothing that JSON can hold, too deep or too much.
        """
        from yaml import events

        scalar, alias = events.ScalarEvent, events.AliasEvent
        mapping_start, sequence_start = events.MappingStartEvent, events.SequenceStartEvent
        ends = (events.MappingEndEvent, events.SequenceEndEvent)
        self._start = start

        # The container that is open, and what is known of it; those around it are on the stack.
        stack: list[tuple[Any, Any, int, Any, int, str | None, set[str] | None]] = []
        container: Any = None
        below: Any = None
        key: Any = _NONE
        key_at = opened = 0
        name: str | None = None
        merged: set[str] | None = None
        value: Any = None
        place: Any = 0

        while (event := next_event()) is not None:
            kind = type(event)
            if kind is scalar:
                at_key = key is _NONE and type(container) is dict
                place = at = start + event.start_mark.index
                text = value = event.value
                tag = event.tag
                plain = event.implicit[0]
                if plain and tag is None and text and text[0] in _LIKE_TEXT:
                    pass
                elif plain or tag is not None:
                    if text == "<<" and at_key and (plain or tag == _MERGE_TAG):
                        self._spend(1, at)
                        key, key_at = _MERGE, at
                        continue
                    try:
                        value = resolve(text, tag)
                    except ValueError as error:
                        raise Broken(str(error), at, "value") from None
                    if (
                        tag is None
                        and (type(value) is not str or text[0] in _LIKE_NUMBERS)
                        and (odd := surprise(text, value)) is not None
                    ):
                        path = _path(stack, container, _known_key(value, text) if at_key else key)
                        self._surprises.append((path, at, text, value, odd))
                elif self._look_for_slashes and event.style == '"':
                    self._refuse_slash(event)
                if type(value) is float and not at_key and not math.isfinite(value):
                    raise Broken(
                        f"{text} is a number that JSON does not have; quote it if it is text", at, "value"
                    )
                anchor = event.anchor
            elif kind in ends:
                value, place, anchor = container, Branch(opened, below), name
                container, below, opened, key, key_at, name, merged = stack.pop()
            elif kind is mapping_start or kind is sequence_start:
                at = start + event.start_mark.index
                if len(stack) >= MAX_DEPTH:
                    raise Broken(f"nested deeper than {MAX_DEPTH} levels", at, "limit")
                if key is _NONE and type(container) is dict:
                    raise Broken("a mapping or sequence cannot be a key; quote it if it is text", at, "value")
                stack.append((container, below, opened, key, key_at, name, merged))
                container, below = ({}, {}) if kind is mapping_start else ([], [])
                opened, key, name, merged = at, _NONE, event.anchor, None
                if name is not None:
                    self._anchors[name] = None
                continue
            elif kind is alias:
                at = start + event.start_mark.index
                value, place = self._alias(event.anchor, at, len(stack))
                anchor = None
                if key is _NONE and type(container) is dict and type(value) in (dict, list):
                    raise Broken("a mapping or sequence cannot be a key", at, "value")
                if key is _MERGE and type(value) is not dict:
                    raise Broken("only a mapping can be merged, or a list of them", at, "value")
            elif kind is events.DocumentStartEvent:
                self._anchors.clear()
                self._duplicates, self._surprises = [], []
                continue
            elif kind is events.DocumentEndEvent:
                yield Composed(value, place, tuple(self._duplicates), tuple(self._surprises))
                continue
            else:
                continue

            # A node is complete: it goes into its parent, or is a key, or the document.
            self._count += 1
            if self._count > MAX_NODES:
                self._spend(0, offset_of(place))
            if anchor is not None:
                self._anchors[anchor] = (value, place)
            if type(container) is list:
                container.append(value)
                below.append(place)
            elif container is not None:
                if key is _NONE:
                    key_at = place
                    try:
                        key = value if type(value) is str else key_text(value)
                    except ValueError as error:
                        raise Broken(str(error), key_at, "value") from None
                    continue
                if key is _MERGE:
                    merged = self._merge(container, below, value, place, merged)
                else:
                    if key in container:
                        if merged is not None and key in merged:
                            merged.discard(key)
                        else:
                            path = _path(stack, container, key)
                            self._duplicates.append((path, key_at, below[key][0]))
                    container[key] = value
                    below[key] = (key_at, place)
                key = _NONE

    def _refuse_slash(self, event: Any) -> None:
        first, last = self._start + event.start_mark.index, self._start + event.end_mark.index
        if (found := _SLASH.match(self.text, first, last)) is not None:
            raise Broken("\\/ is an escape that Kubernetes refuses; write / alone", found.end() - 2, "value")

    def _alias(self, name: str, at: int, depth: int) -> tuple[Any, Place]:
        if name not in self._anchors:
            raise Broken(f"alias *{name} has no anchor above it", at, "value")
        anchored = self._anchors[name]
        if anchored is None:
            raise Broken(f"anchor &{name} contains itself", at, "value")
        value, place = anchored
        # The value stands here, what is in it where the anchor is.
        here = Branch(at, place.below) if isinstance(place, Branch) else at
        # A copy each time: whoever changes one value must not change another.
        return self._copy(value, depth, at), here

    def _copy(self, value: Any, depth: int, at: int) -> Any:
        self._spend(1, at)
        if depth > MAX_DEPTH:
            raise Broken(f"nested deeper than {MAX_DEPTH} levels", at, "limit")
        if isinstance(value, dict):
            return {key: self._copy(inner, depth + 1, at) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._copy(inner, depth + 1, at) for inner in value]
        return value

    def _merge(
        self,
        container: dict[str, Any],
        below: dict[str, Any],
        value: Any,
        place: Place,
        merged: set[str] | None,
    ) -> set[str]:
        """Take over the entries of another mapping; of a list of them the first counts most.

        Answers the keys that are there only by merging: those are meant to be replaced.
        """
        sources = value if isinstance(value, list) else [value]
        places: Any = place.below if isinstance(value, list) and isinstance(place, Branch) else [place]
        if not all(isinstance(one, dict) for one in sources) or not isinstance(places, list):
            raise Broken("only a mapping can be merged, or a list of them", offset_of(place), "value")
        taken = set() if merged is None else merged
        for one, its_place in zip(reversed(sources), reversed(places), strict=True):
            taken.update(key for key in one if key not in container)
            container.update(one)
            below.update(its_place.below)
        return taken

    def _spend(self, nodes: int, at: int) -> None:
        self._count += nodes
        if self._count > MAX_NODES:
            raise Broken(f"more than {MAX_NODES:,} values; do aliases repeat each other?", at, "limit")


def _path(stack: list[Any], container: Any, key: Any) -> FieldPath:
    """The path of what is about to be added to the open container."""
    open_containers = [(outer[0], outer[3]) for outer in stack[1:]]
    if container is not None:
        open_containers.append((container, key))
    return tuple(len(one) if type(one) is list else _step(key) for one, key in open_containers)


def _known_key(value: Any, text: str) -> str:
    try:
        return key_text(value)
    except ValueError:
        return text  # refused in a moment


def _step(key: Any) -> str:
    return "<<" if key is _MERGE else str(key)
