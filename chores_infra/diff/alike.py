"""Files that are alike but for words on some lines are parsed once.

A fleet has thousands of files of one form. The form of a file is its text without the simple scalars that
end a line (``name: shop``, ``- "8080"``). A file of a known form holds what the first one of that form
holds, with other words at the same places: such a word is replaced for another, and nothing else can have
changed what it means, because a word has no character that YAML reads as anything but a part of it. What is
not that simple (words in texts of several lines, anchors, tags, words that are no text and no integer) has
to be the same, or the file is parsed.
"""

from __future__ import annotations

import marshal
import re
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from chores_infra.diff.model import Located
from chores_infra.gitops.classify import classify
from chores_infra.gitops.roles import Role
from chores_infra.gitops.tree import TreeFile
from chores_infra.gitops.walking import FoundFile
from chores_infra.rendering.field_path import FieldPath
from chores_infra.rendering.go_scalars import resolve

__all__ = ["Alike", "simple_text"]

_WORD: Final = re.compile(
    r"""^([ ]*(?:-[ ])*(?:[A-Za-z0-9_./-]+:[ ])?)(?<=[ ])"""
    r"""([A-Za-z0-9_/](?:[A-Za-z0-9_./@+-]|:(?=[A-Za-z0-9_./@+-]))*|"[A-Za-z0-9_./@:,+ -]*")$""",
    re.MULTILINE | re.ASCII,
)
"""A scalar that ends its line, behind a key or a dash."""

_NOT_SIMPLE: Final = re.compile(r"[&*!%\t\r\x00-\x08\x0b-\x1f\x7f]")
"""Beside what is not ASCII."""
_MOST: Final = 2_000
"""Forms that are kept."""


class _Word(NamedTuple):
    """Where a word of a form goes: a field of one of its manifests; without a path it belongs to the form."""

    text: str
    manifest: int
    path: FieldPath | None


class _Form(NamedTuple):
    """What the first file of a form holds; ``values`` are the manifests, to be copied."""

    words: tuple[_Word, ...]
    manifests: tuple[Located, ...]
    values: bytes


class Alike:
    """The forms of files that were read."""

    def __init__(self) -> None:
        self._forms: dict[tuple[str, ...], _Form] = {}

    def derived(self, file: FoundFile) -> list[Located] | None:
        """What a file holds that has a known form; None where it has to be parsed."""
        text = simple_text(file)
        if text is None:
            return None
        key, words = _taken_apart(text)
        form = self._forms.get(key)
        if form is None:
            return None
        values: list[Any] = marshal.loads(form.values)  # noqa: S302  (it is our own, a moment ago)
        for word, new in zip(form.words, words, strict=True):
            if word.text == new:
                continue
            value = None if word.path is None else _value(new)
            if value is None or word.path is None:
                return None
            _put(values[word.manifest], word.path, value)
        if any(classify(value, file.path).role is not Role.MANIFEST for value in values):
            return None
        return [
            located._replace(manifest=value, file=file.path)
            for located, value in zip(form.manifests, values, strict=True)
        ]

    def add(self, file: FoundFile, read: TreeFile, manifests: Iterable[Located]) -> None:
        """Remember the form of a file that was parsed, if all that it holds are manifests."""
        text = simple_text(file)
        manifests = tuple(manifests)
        if text is None or read.problems or len(self._forms) >= _MOST:
            return
        if not manifests or any(what.role is not Role.MANIFEST for _, what in read.documents):
            return
        places: dict[int, tuple[int, FieldPath]] = {}
        for number, (document, _) in enumerate(read.documents):
            places |= {offset: (number, path) for offset, path in document.scalars().items()}
        words = []
        for found in _WORD.finditer(text):
            number, path = places.get(found.start(2), (0, None))
            is_word = path is not None and _same(_at(manifests[number].manifest, path), _value(found[2]))
            words.append(_Word(found[2], number, path if is_word else None))
        values = marshal.dumps([located.manifest for located in manifests])
        self._forms[_taken_apart(text)[0]] = _Form(tuple(words), manifests, values)


def simple_text(file: FoundFile) -> str | None:
    """The text of a file, unless it has something that makes words mean more than they say."""
    if file.data is None or not file.path.endswith((".yaml", ".yml")) or not file.data.isascii():
        return None
    text = file.data.decode("ascii")
    return None if _NOT_SIMPLE.search(text) else text


def _taken_apart(text: str) -> tuple[tuple[str, ...], list[str]]:
    """The form of a text, and its words."""
    parts = _WORD.split(text)
    words = parts[2::3]
    del parts[2::3]
    return tuple(parts), words


def _value(word: str) -> str | int | None:
    """What a word means; None for what is no text and no integer."""
    if word.startswith('"'):
        return word[1:-1]
    value = resolve(word, None)
    return value if isinstance(value, str) or type(value) is int else None


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _at(value: Any, path: FieldPath) -> Any:
    for step in path:
        value = value[step]
    return value


def _put(value: Any, path: FieldPath, new: Any) -> None:
    for step in path[:-1]:
        value = value[step]
    value[path[-1]] = new
