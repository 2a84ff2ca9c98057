"""What the manifests of one file say: the images that run, and whether anything else is as it was.

Commits of an app mostly change a tag, and nothing else. So a text is looked up without its tags first: if it
is known like that, only the tags are put in again, and no YAML has to be read.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Final, NamedTuple

from chores_infra.gitops.classify import classify
from chores_infra.gitops.roles import Role
from chores_infra.release.history.images import Image, Key, Slot, slots
from chores_infra.release.history.values import (
    MARK,
    SETTING,
    line_pattern,
    put_in,
    put_settings_in,
    take_out,
    take_settings_out,
)
from chores_infra.rendering.document import Document
from chores_infra.rendering.reader import read_source

__all__ = ["ManifestReader", "Said", "Unreadable"]

_MOST_KNOWN: Final = 512
_COUNTS: Final = frozenset(
    {Role.MANIFEST, Role.LIST, Role.KUSTOMIZATION, Role.KUSTOMIZE_PATCH, Role.HELM_VALUES, Role.HELM_CHART}
)
_BY_NAME: Final = ("kustomization", ".argocd-source")
_VERSION_LABEL: Final = "app.kubernetes.io/version"

_LINES: Final = line_pattern("image", "newTag", "tag", "targetRevision", _VERSION_LABEL)


class Said(NamedTuple):
    """What a file says: images by where they run, and a digest of everything else of each object."""

    images: Mapping[Key, Image]
    documents: Mapping[str, bytes]


class Unreadable(NamedTuple):
    """Why nothing is known of what a file says."""

    reason: str


class _Skeleton(NamedTuple):
    """What a text says, but for the values that were taken out of it."""

    slots: tuple[tuple[Slot, tuple[str, ...]], ...]
    documents: Mapping[str, bytes]
    depending: Mapping[str, str]
    """Objects in which values stand that are no image: their text, with the marks of the values."""


class ManifestReader:
    """Reads files; what was read last is known."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, bytes], _Skeleton | Unreadable] = OrderedDict()

    def read(self, path: str, data: bytes) -> Said | Unreadable:
        """What a file says.

        Args:
            path: from the root of the repository.
            data: its bytes.
        """
        name = path.rpartition("/")[2]
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            return _whole(_read(name, data))
        if MARK in text or SETTING in text:
            return _whole(_read(name, text))
        text, values = take_out(text, _LINES)
        return _whole(self._lookup(name, text, self._read_without_settings), values)

    def _read_without_settings(self, name: str, text: str) -> _Skeleton | Unreadable:
        """What a text says, by what it says without its settings, which may be known."""
        bare, settings = take_settings_out(text)
        found = self._lookup(name, bare, _read)
        # What is wrong with a text stands in its own words.
        return _read(name, text) if isinstance(found, Unreadable) else _filled(found, settings)

    def _lookup(
        self, name: str, text: str, read: Callable[[str, str], _Skeleton | Unreadable]
    ) -> _Skeleton | Unreadable:
        key = (name, blake2b(text.encode(), digest_size=16).digest())
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = read(name, text)
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        return found


def _whole(skeleton: _Skeleton | Unreadable, values: Sequence[str] = ()) -> Said | Unreadable:
    return skeleton if isinstance(skeleton, Unreadable) else _said(skeleton, values)


def _filled(skeleton: _Skeleton, settings: Sequence[str]) -> _Skeleton:
    """What a text says, with its settings in it."""
    if not settings:
        return skeleton
    slots = tuple(
        (slot, tuple([put_settings_in(text, settings) for text in texts])) for slot, texts in skeleton.slots
    )
    digests, depending = dict(skeleton.documents), {}
    for name, text in skeleton.depending.items():
        plain = put_settings_in(text, settings)
        if MARK in plain:
            depending[name] = plain
        else:
            digests[name] = _digest(plain)
    return _Skeleton(slots, digests, depending)


def _said(skeleton: _Skeleton, values: Sequence[str]) -> Said:
    images = {
        slot.key: slot.image(tuple([put_in(text, values) for text in texts]))
        for slot, texts in skeleton.slots
    }
    if not skeleton.depending:
        return Said(images, skeleton.documents)
    depending = {name: _digest(put_in(text, values)) for name, text in skeleton.depending.items()}
    return Said(images, {**skeleton.documents, **depending})


def _read(name: str, text: str | bytes) -> _Skeleton | Unreadable:
    reading = read_source(text, name)
    broken = next((problem for problem in reading.problems if problem.breaks), None)
    if broken is not None:
        if "{{" in reading.source.text or "{%" in reading.source.text:  # a template: compared as text
            return _Skeleton((), {}, {name: reading.source.text})
        return Unreadable(f"line {broken.line}: {broken.message}")
    found: list[tuple[Slot, tuple[str, ...]]] = []
    digests: dict[str, bytes] = {}
    depending: dict[str, str] = {}
    for value in _objects(reading.documents, name):
        own = list(slots(value, name))
        found += [(slot, slot.texts()) for slot in own]
        for slot in own:
            slot.blank()
        _blank_labels(value)
        identity = _unused(_identity(value, name), digests.keys() | depending.keys())
        plain = json.dumps(value, sort_keys=True)
        if MARK in plain or SETTING in plain:
            depending[identity] = plain
        else:
            digests[identity] = _digest(plain)
    return _Skeleton(_distinct(found), digests, depending)


def _objects(documents: Sequence[Document], name: str) -> Iterator[Any]:
    """The objects that say something to a cluster, or to what makes manifests of them."""
    for document in documents:
        role = classify(document.value, name).role
        if role is Role.LIST:
            yield from document.value["items"]
        elif role in _COUNTS or (isinstance(document.value, dict) and name.lower().startswith(_BY_NAME)):
            yield document.value


def _identity(value: object, name: str) -> str:
    if isinstance(value, dict):
        metadata = value.get("metadata")
        named = metadata.get("name") if isinstance(metadata, dict) else None
        if isinstance(value.get("kind"), str) and isinstance(named, str):
            return f"{value['kind']}/{named}"
    return name


def _distinct(found: Sequence[tuple[Slot, tuple[str, ...]]]) -> tuple[tuple[Slot, tuple[str, ...]], ...]:
    """The slots, each with a key of its own, and without the manifest that they were found in."""
    taken: set[Key] = set()
    distinct = []
    for slot, texts in found:
        if not any(texts) or any("{" in text for text in texts):
            continue
        owner, container = slot.key
        key = (owner, _unused(container, {other for known, other in taken if known == owner}))
        taken.add(key)
        distinct.append((slot._replace(key=key, holder={}), texts))
    return tuple(distinct)


def _unused(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name}#{number}" in taken:
        number += 1
    return f"{name}#{number}"


def _blank_labels(value: object) -> None:
    """Take out the label that only repeats the version."""
    if isinstance(value, dict):
        if isinstance(value.get(_VERSION_LABEL), str):
            value[_VERSION_LABEL] = ""
        for inner in value.values():
            _blank_labels(inner)
    elif isinstance(value, list):
        for inner in value:
            _blank_labels(inner)


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).digest()
