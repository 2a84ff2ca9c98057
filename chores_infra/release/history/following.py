"""Follow an app to where it was before its files were moved or renamed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from chores_infra.git import Repository, git
from chores_infra.git.commits import Commit, renamed, shallow_commits
from chores_infra.git.objects import open_objects
from chores_infra.release.history.manifests import Said
from chores_infra.release.history.places import AppPlaces, Place
from chores_infra.release.history.reading import Fact, FactReader
from chores_infra.rendering.places import MANIFESTS

__all__ = ["Followed", "follow"]

_MOST_MOVES: Final = 50


class Followed(NamedTuple):
    """What was read of an app.

    Args:
        facts: newest first.
        places: all that it had in its life.
        begins: the id of the commit before which nothing is known; None where everything is.
        begins_at: when that was made.
    """

    facts: list[Fact]
    places: tuple[str, ...]
    begins: str | None
    begins_at: int | None


def follow(repository: Repository, start: str, places: AppPlaces) -> Followed:
    """Every fact of an app, under whatever name its files had.

    Args:
        repository: where.
        start: the id of the newest commit.
        places: where the app is then.

    Raises:
        GitError: git failed.
    """
    shallow = shallow_commits(repository)
    with open_objects(repository.root) as objects:
        reader = FactReader(repository, objects)
        found, births = _walk(reader, start, places, shallow)
        known = list(places.places)
        others: list[Fact] = []
        for _ in range(_MOST_MOVES):
            if not births:
                break
            commit, new = births.pop(0)
            was = renamed(repository, commit)
            moves = list(_predecessors(repository, commit, was, new, known))
            if not moves:
                continue
            known += (place for place, _ in moves)
            before = AppPlaces(places.app, tuple(place for place, _ in moves), was.get(places.intent, ""))
            more, earlier = _walk(reader, commit.id, before, shallow)
            births += earlier
            others += _noted(more, commit.id, tuple((place.path, path) for place, path in moves))
    begins = _begins(repository, start) if shallow else None
    facts = _merged(repository, start, found, others) if others else found
    paths = tuple(place.path for place in known)
    return Followed(facts, (*paths, places.intent), *(begins or (None, None)))


def _walk(
    reader: FactReader, start: str, places: AppPlaces, shallow: frozenset[str]
) -> tuple[list[Fact], list[tuple[Commit, list[str]]]]:
    """The facts, and the commits in which files with images came to be, from nowhere in these places."""
    facts, births = [], []
    for commit, fact in reader.facts(start, places):
        facts.append(fact)
        new = [
            file.path
            for file in fact.files
            if file.is_new and isinstance(file.said, Said) and file.said.images
        ]
        gone = any(file.said is None for file in fact.files)
        if new and not gone and commit.id not in shallow:
            births.append((commit, new))
    return facts, births


def _predecessors(
    repository: Repository, commit: Commit, was: Mapping[str, str], new: list[str], known: list[Place]
) -> Iterator[tuple[Place, str]]:
    """Where files were before a commit renamed them; the whole folder, if it is gone with that."""
    whose = AppPlaces("", tuple(known), "")
    taken: set[str] = set()
    for path in new:
        old = was.get(path)
        environment = whose.environment(path)
        if old is None or environment is None or whose.environment(old) is not None:
            continue
        folder = _folder(repository, old)
        gone = folder is not None and not repository.entries(commit.id, PurePosixPath(folder))
        for place in _places(folder if gone and folder else old, environment, is_folder=gone):
            if place.path not in taken:
                taken.add(place.path)
                yield place, path


def _places(path: str, environment: str, *, is_folder: bool) -> Iterator[Place]:
    yield Place(path, environment, is_folder)
    if is_folder and PurePosixPath(path).parent.name == MANIFESTS.name:
        yield Place(f"{path}.yaml", environment, is_folder=False)


def _folder(repository: Repository, path: str) -> str | None:
    """The folder of an app that a file was in: below the manifests, else the nearest."""
    manifests = repository.prefix / MANIFESTS
    pure = PurePosixPath(path)
    if pure.is_relative_to(manifests):
        below = pure.relative_to(manifests).parts
        return str(manifests / below[0]) if len(below) > 1 else None
    return None if pure.parent == PurePosixPath() else str(pure.parent)


def _noted(facts: list[Fact], commit: str, moved: tuple[tuple[str, str], ...]) -> Iterator[Fact]:
    for fact in facts:
        yield fact._replace(moved=moved) if fact.source.id == commit else fact


def _merged(repository: Repository, start: str, found: list[Fact], others: list[Fact]) -> list[Fact]:
    """All facts in the order of the branch, those of one commit as one."""
    by_commit = {fact.source.id: fact for fact in found}
    for fact in others:
        own = by_commit.get(fact.source.id, fact._replace(files=(), moved=()))
        by_commit[fact.source.id] = own._replace(
            files=(*fact.files, *own.files),
            intent=own.intent or fact.intent,
            moved=(*own.moved, *fact.moved),
        )
    answer = git(repository.root, ["rev-list", "--first-parent", "--end-of-options", start])
    return [by_commit[each] for each in answer.decode("ascii").split() if each in by_commit]


def _begins(repository: Repository, start: str) -> tuple[str, int] | None:
    """The oldest commit of a shallow clone, and when it was made."""
    shallow = shallow_commits(repository)
    answer = git(
        repository.root,
        [
            "log",
            "--first-parent",
            "--no-show-signature",
            "--format=%H %ct",
            "--max-parents=0",
            "--end-of-options",
            start,
        ],
    )
    oldest = answer.decode("ascii").split()[-2:]
    return (oldest[0], int(oldest[1])) if oldest and oldest[0] in shallow else None
