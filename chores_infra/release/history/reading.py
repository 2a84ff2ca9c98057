"""Commits to facts: what the files of an app said after each commit that changed them, newest first.

Git lists commits and hands out files while we read: nothing is kept but what the manifests say in short, and
only files that changed are looked at.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, NamedTuple, TypeAlias

from chores_infra.git import Repository
from chores_infra.git.commits import Commit, commits
from chores_infra.git.masking import masked
from chores_infra.git.objects import Missing, Objects
from chores_infra.gitops.walking import is_yaml_or_json
from chores_infra.release.history.intents import IntentReader, Recorded
from chores_infra.release.history.manifests import ManifestReader, Said, Unreadable
from chores_infra.release.history.places import AppPlaces

__all__ = ["Fact", "FactReader", "FileFact", "Source"]

_AT_ONCE: Final = 32
_MOST_KNOWN: Final = 1024
_LONGEST_SUBJECT: Final = 200
_REVERTS: Final = re.compile(r"^This reverts commit ([0-9a-f]{7,64})", re.MULTILINE)
_LINK: Final = Unreadable("it is a link or a submodule, which is not followed")

_Read: TypeAlias = Said | Recorded | Unreadable


class Source(NamedTuple):
    """The commit that a fact is from. ``reverts`` are the commits that it says it undoes."""

    id: str
    parents: tuple[str, ...]
    committed_at: int
    author: str
    subject: str
    reverts: tuple[str, ...]


class FileFact(NamedTuple):
    """What a manifest file says after a commit; None where it is gone. ``is_new`` where it had not been."""

    path: str
    environment: str
    said: Said | Unreadable | None
    is_new: bool


class Fact(NamedTuple):
    """What a commit changed of an app.

    Args:
        source: the commit.
        files: the manifests that it changed.
        intent: what the release intent says then, in a list of one; of none where it did not change.
        moved: places that became others: the old and the new path.
    """

    source: Source
    files: tuple[FileFact, ...]
    intent: tuple[Recorded | Unreadable, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()


class FactReader:
    """Reads facts of one repository; what was read last is known by the id of the file."""

    def __init__(self, repository: Repository, objects: Objects) -> None:
        self._repository = repository
        self._objects = objects
        self._manifests = ManifestReader()
        self._intents = IntentReader()
        self._known: dict[tuple[str, str], _Read] = {}

    def facts(self, start: str, places: AppPlaces) -> Iterator[tuple[Commit, Fact]]:
        """The facts of the commits from one on, newest first, each with its commit.

        Args:
            start: the id of the newest commit.
            places: where the app is.

        Raises:
            GitError: git failed.
        """
        found = commits(self._repository, start, places.paths)
        while some := list(islice(found, _AT_ONCE)):
            read = self._read(some, places.intent)
            for commit in some:
                yield commit, _fact(commit, places, read)

    def _read(self, some: Sequence[Commit], intent: str) -> Mapping[tuple[str, str], _Read]:
        """What the files of some commits say, by their ids and paths."""
        known = self._known
        if len(known) > _MOST_KNOWN:
            known.clear()
        missing: dict[tuple[str, str], None] = {}
        for commit in some:
            for change in commit.changes:
                if (
                    change.blob is not None
                    and change.is_file
                    and is_yaml_or_json(change.path.rpartition("/")[2])
                ):
                    key = (change.blob, change.path)
                    if key not in known:
                        missing[key] = None
        blobs = self._objects.read([blob for blob, _ in missing])
        for key, data in zip(missing, blobs, strict=True):
            path = key[1]
            if isinstance(data, Missing):
                known[key] = Unreadable(data.reason)
            else:
                known[key] = self._intents.read(data) if path == intent else self._manifests.read(path, data)
        return known


def _fact(commit: Commit, places: AppPlaces, read: Mapping[tuple[str, str], _Read]) -> Fact:
    files: list[FileFact] = []
    intent: tuple[Recorded | Unreadable, ...] = ()
    for change in commit.changes:
        said = None if change.blob is None else read.get((change.blob, change.path))
        if said is None and change.blob is not None:
            if change.is_file:
                continue  # no YAML
            said = _LINK
        if change.path == places.intent:
            intent = (Recorded() if said is None or isinstance(said, Said) else said,)
        elif (environment := places.environment(change.path)) is not None:
            assert not isinstance(said, Recorded)  # noqa: S101  (only the intent is one)
            files.append(FileFact(change.path, environment, said, change.is_new))
    return Fact(_source(commit), tuple(files), intent)


def _source(commit: Commit) -> Source:
    return Source(
        commit.id,
        commit.parents if len(commit.parents) > 1 else (),
        commit.committed_at,
        sys.intern(commit.author),
        masked(commit.subject[:_LONGEST_SUBJECT]),
        tuple(_REVERTS.findall(commit.message)),
    )
