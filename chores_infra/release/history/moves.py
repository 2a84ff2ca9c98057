"""The images of an environment before and after a commit: which of them moved, and how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from chores_infra.release.history.events import Action, Move, Note
from chores_infra.release.history.images import Image, Key
from chores_infra.release.history.tags import Tags
from chores_infra.release.history.versions_run import VersionsRun, is_version, name_of

__all__ = ["Context", "moves_between"]


class Context(NamedTuple):
    """What versions are known by: the release intent's tags, and the application's tags."""

    recorded: Mapping[str, str]
    tags: Tags


def moves_between(
    before: Mapping[Key, Image], after: Mapping[Key, Image], runs: VersionsRun, context: Context
) -> tuple[list[Move], list[Note]]:
    """The images that moved, those that changed alike as one, and what is to be said of them.

    Args:
        before: what ran, by where.
        after: what runs now.
        runs: what ran in the environment before this.
        context: what versions are known by.
    """
    grouped: dict[tuple[Image | None, Image | None], list[Key]] = {}
    for key, old, new in _pairs(before, after):
        if old != new:
            grouped.setdefault((old, new), []).append(key)
    moves: list[Move] = []
    notes: list[Note] = []
    for (old, new), keys in grouped.items():
        move, said = _move(old, new, tuple(keys), runs, context)
        moves.append(move)
        notes += said
    return moves, list(dict.fromkeys(notes))


def _pairs(
    before: Mapping[Key, Image], after: Mapping[Key, Image]
) -> Iterator[tuple[Key, Image | None, Image | None]]:
    """Each container as it was and as it is. One whose object or name changed is known by its image."""
    gone = {key: image for key, image in before.items() if key not in after}
    for key, new in after.items():
        old = before.get(key)
        if old is None:
            was = _predecessor(key, new, gone)
            old = None if was is None else gone.pop(was)
        yield key, old, new
    for key, image in gone.items():
        yield key, image, None


def _predecessor(key: Key, image: Image, gone: Mapping[Key, Image]) -> Key | None:
    """Which of the containers that are gone this one was: the more of both is alike the better."""
    for same_name, same_image in ((True, True), (False, True), (True, False)):
        for each, was in gone.items():
            if (each[1] == key[1] or not same_name) and (was.name == image.name or not same_image):
                return each
    return None


def _move(
    old: Image | None, new: Image | None, keys: tuple[Key, ...], runs: VersionsRun, context: Context
) -> tuple[Move, list[Note]]:
    before = None if old is None else name_of(old, context.recorded)
    after = None if new is None else name_of(new, context.recorded)
    if old is None or new is None or before is None or after is None:
        action = Action.REMOVE if new is None else Action.DEPLOY
        return Move(action, before, after, old, new, keys), []
    retag = _retag(old, new, before, after, context)
    if retag:
        return Move(Action.RETAG, before, after, old, new, keys), retag
    action, notes = runs.judge(before, after, new, old)
    return Move(action, before, after, old, new, keys), list(notes)


def _retag(old: Image, new: Image, before: str, after: str, context: Context) -> list[Note]:
    """Why a change is one of names alone, or of the image behind a name; nothing if it is neither."""
    if before == after and (old.name == new.name or is_version(after)):
        if old.repository != new.repository:
            return [Note("repository", f"{before} comes from {new.repository}, was {old.repository}")]
        return [_renamed(old, new, before)]
    if old.digest and old.digest == new.digest:
        return [Note("same-image", f"{before} and {after} are the same image")]
    one, other = context.tags.of(old, before), context.tags.of(new, after)
    if one is None or other is None or one.commit != other.commit:
        return []
    return [Note("same-commit", f"{before} and {after} are both commit {one.commit[:12]}")]


def _renamed(old: Image, new: Image, version: str) -> Note:
    """What is new about an image of the same version, from the same repository."""
    if old.tag != new.tag:
        return Note("spelling", f"{version} is called {new.tag}, was {old.tag}")
    if old.digest and new.digest:
        return Note("moved-tag", f"the tag {new.tag} is another image now")
    return Note("digest", "the digest is pinned" if new.digest else "the digest is not pinned any more")
