"""The documents that differ between two versions of a long file: those that are the same are never parsed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from chores_infra.diff.alike import Alike, simple_text
from chores_infra.diff.model import Located
from chores_infra.gitops.roles import Role
from chores_infra.gitops.tree import read_file
from chores_infra.gitops.walking import FoundFile
from chores_infra.rendering.cutting import MAX_DOCUMENTS, cut

__all__ = ["differing_documents"]

_LONG: Final = 8 << 10
"""Bytes of a file of which it is worth the while."""


class _Part(NamedTuple):
    """One document: its text without the separator, which begins at a line of the file if it has one."""

    line: int
    separated: bool
    text: str


def differing_documents(
    before: FoundFile, after: FoundFile, alike: Alike
) -> tuple[list[Located], list[Located]] | None:
    """The manifests of two versions of a file, without those whose text is the same on both sides.

    None where the files have to be read as a whole: short ones, and those that hold anything but manifests.
    """
    if min(len(before.data or b""), len(after.data or b"")) < _LONG:
        return None
    one, other = simple_text(before), simple_text(after)
    if one is None or other is None:
        return None
    left, right = [*_parts(one)], [*_parts(other)]
    if max(len(left), len(right)) > MAX_DOCUMENTS:
        return None
    same = Counter(part.text for part in left) & Counter(part.text for part in right)
    found = _read(before, _without(left, same), alike), _read(after, _without(right, same), alike)
    return None if found[0] is None or found[1] is None else (found[0], found[1])


def _parts(text: str) -> Iterator[_Part]:
    line = 1
    for start, _, end in cut(text):
        # Where a part stands in its file does not make it another one.
        body = text[start:end].removeprefix("---\n").strip("\n")
        separated = text.startswith("---", start)
        skipped = 0 if separated else text.count("\n", start, text.find(body, start, end))
        yield _Part(line + skipped, separated, f"{body}\n")
        line += text.count("\n", start, end)


def _without(parts: list[_Part], same: Counter[str]) -> Iterator[_Part]:
    rest = Counter(same)
    for part in parts:
        if rest[part.text]:
            rest[part.text] -= 1
        else:
            yield part


def _read(file: FoundFile, parts: Iterator[_Part], alike: Alike) -> list[Located] | None:
    """The manifests of some parts of a file, or None where there is something else."""
    found: list[Located] = []
    for part in parts:
        alone = FoundFile(file.path, part.text.encode())
        known = alike.derived(alone)
        if known is None:
            read = read_file(alone, None)
            if read.problems or any(what.role not in _EXPECTED for _, what in read.documents):
                return None
            known = [
                Located(document.value, file.path, document.line)
                for document, what in read.documents
                if what.role is Role.MANIFEST
            ]
            alike.add(alone, read, known)
        # The line of a document is that of its separator, or of its first value where it has none.
        found += (
            each._replace(line=part.line if part.separated else (each.line or 1) + part.line - 1)
            for each in known
        )
    return found


_EXPECTED: Final = (Role.MANIFEST, Role.EMPTY)
