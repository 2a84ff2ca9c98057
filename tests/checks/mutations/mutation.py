"""One mistake that is made in a repository, and where it should be found."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from chores_infra.errors import ChoresInfraError
from chores_infra.rendering.document import Document
from chores_infra.rendering.field_path import FieldPath
from chores_infra.rendering.reader import read_source
from chores_infra.rendering.yaml_text import dump

__all__ = [
    "Append",
    "Change",
    "Drop",
    "Mutation",
    "Remove",
    "Rename",
    "Replace",
    "Set",
    "Spot",
    "mutated",
    "places",
]


class Spot(NamedTuple):
    """A field of a document, the one with this ``number`` of those in its file that are not empty."""

    file: str
    number: int
    path: FieldPath = ()


class Set(NamedTuple):
    """A field gets another value; one that was not there is added."""

    spot: Spot
    value: Any


class Remove(NamedTuple):
    """A field goes."""

    spot: Spot


class Rename(NamedTuple):
    """A key of a mapping gets another name, and keeps its place."""

    spot: Spot
    key: str


class Drop(NamedTuple):
    """A whole document goes."""

    spot: Spot


class Append(NamedTuple):
    """A document is added to a file, or to a new one."""

    file: str
    manifest: Mapping[str, Any]


class Replace(NamedTuple):
    """The text of a line."""

    file: str
    line: int
    text: str


Change: TypeAlias = Set | Remove | Rename | Drop | Append | Replace


class Mutation(NamedTuple):
    """Changes of one repository that make one mistake; a finding must stand at one of ``expected``.

    ``expected`` are spots in the repository as it is before, or lines of text. ``silent`` says why nothing
    can know that this is a mistake, where that is so.
    """

    family: str
    what: str
    changes: tuple[Change, ...]
    expected: tuple[Spot | tuple[str, int], ...]
    silent: str = ""


def mutated(texts: Mapping[str, str], mutation: Mutation) -> dict[str, str] | None:
    """The repository with the mistake; None where our writer cannot write it."""
    found = dict(texts)
    by_file: dict[str, list[Change]] = defaultdict(list)
    for change in mutation.changes:
        match change:
            case Replace(file, line, text):
                lines = found[file].split("\n")
                lines[line - 1] = text
                found[file] = "\n".join(lines).removesuffix("\0\n")
            case Append(file, manifest):
                before = f"{found[file].rstrip()}\n---\n" if file in found else ""
                found[file] = before + dump(manifest)
            case _:
                by_file[change.spot.file].append(change)
    for file, changes in by_file.items():
        edited = _in_line(found[file], file, changes) or _written(found[file], file, changes)
        if edited is None:
            return None
        found[file] = edited
    return found


def places(texts: Mapping[str, str], mutation: Mutation) -> set[tuple[str, int]]:
    """The lines at which the mistake may be reported, in the repository that has it."""
    dropped = [change.spot for change in mutation.changes if isinstance(change, Drop)]
    found = set()
    for spot in mutation.expected:
        if not isinstance(spot, Spot):
            found.add(spot)
            continue
        gone = sum(each.file == spot.file and each.number < spot.number for each in dropped)
        documents = _documents(texts.get(spot.file, ""), spot.file)
        if spot.number - gone < len(documents):
            found.add((spot.file, documents[spot.number - gone].position(spot.path).line))
    return found


def _documents(text: str, file: str) -> Sequence[Document]:
    return [document for document in read_source(text.encode(), file).documents if document.value]


def _in_line(text: str, file: str, changes: Sequence[Change]) -> str | None:
    """One scalar that is replaced where it stands, so that the file stays as somebody wrote it."""
    if len(changes) != 1 or not isinstance(changes[0], Set) or not isinstance(changes[0].value, str):
        return None
    (spot, value) = changes[0]
    document = _documents(text, file)[spot.number]
    old = _at(document.value, spot.path[:-1]).get(spot.path[-1]) if isinstance(spot.path[-1], str) else None
    lines = text.split("\n")
    line = lines[document.position(spot.path).line - 1]
    if not isinstance(old, str) or not old or line.count(old) != 1 or "#" in line or not _plain(value):
        return None
    lines[document.position(spot.path).line - 1] = line.replace(old, value)
    edited = "\n".join(lines)
    return edited if _at(_documents(edited, file)[spot.number].value, spot.path) == value else None


def _plain(value: str) -> bool:
    return bool(value) and all(each.isalnum() or each in "-_./:@" for each in value)


def _written(text: str, file: str, changes: Sequence[Change]) -> str | None:
    """The file with its documents written anew."""
    values = [copy.deepcopy(document.value) for document in _documents(text, file)]
    gone = set()
    for change in changes:
        match change:
            case Drop(spot):
                gone.add(spot.number)
            case Set(spot, value):
                _at(values[spot.number], spot.path[:-1])[spot.path[-1]] = value
            case Remove(spot):
                del _at(values[spot.number], spot.path[:-1])[spot.path[-1]]
            case Rename(spot, key):
                around = _at(values[spot.number], spot.path[:-1])
                renamed = {key if each == spot.path[-1] else each: value for each, value in around.items()}
                around.clear()
                around.update(renamed)
    try:
        return "---\n".join(dump(value) for index, value in enumerate(values) if index not in gone)
    except ChoresInfraError:
        return None


def _at(value: Any, path: FieldPath) -> Any:
    for step in path:
        value = value[step]
    return value
