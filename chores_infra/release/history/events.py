"""What happened to an app, one commit after the other."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from chores_infra.release.history.images import Image, Key

__all__ = ["Action", "Event", "History", "Move", "Note", "Quarantined", "Running"]


class Action(StrEnum):
    """What a commit did in an environment; the first that holds of several."""

    ROLLBACK = "rollback"
    """A version went back to one that ran there before."""
    DEPLOY = "deploy"
    """A version went to any other."""
    RETAG = "re-tag"
    """The name of the image changed and not the version, or the image and not its name."""
    REMOVE = "remove"
    """No image of the app is left."""
    CONFIG = "config"
    """The manifests say something else, and run the same images."""
    INTENT = "intent"
    """Only the release intent changed: a quarantine, a recorded version."""


class Move(NamedTuple):
    """An image that changed, in one container or several.

    Args:
        action: what this is by itself.
        before: the version; None where there was no such container.
        after: the version; None where there is none any more.
        image_before: the image.
        image_after: the image.
        containers: where: the objects with the containers.
    """

    action: Action
    before: str | None
    after: str | None
    image_before: Image | None
    image_after: Image | None
    containers: tuple[Key, ...]

    @property
    def image(self) -> Image:
        """The image that it is about."""
        found = self.image_after or self.image_before
        assert found is not None  # noqa: S101  (one of both is there)
        return found


class Note(NamedTuple):
    """Something to be known about an event: what it is about, and a sentence."""

    kind: str
    text: str


class Event(NamedTuple):
    """A commit that changed what an app says in one environment; or in none, of the intent alone.

    Args:
        commit: its id.
        parents: of a merge; none for any other commit.
        committed_at: seconds since 1970, as the commit says.
        at: the same, and never before what it is built on.
        author: who made the change; of a merge, who merged.
        subject: the first line of the message.
        action: what it did.
        environment: where; empty for the intent alone.
        moves: the images that changed.
        notes: what else is to be known.
        authors: of a merge, those who made what it brought.
    """

    commit: str
    parents: tuple[str, ...]
    committed_at: int
    at: int
    author: str
    subject: str
    action: Action
    environment: str
    moves: tuple[Move, ...] = ()
    notes: tuple[Note, ...] = ()
    authors: tuple[str, ...] = ()


class Running(NamedTuple):
    """What an environment runs at some moment.

    Args:
        images: by where they run.
        versions: by where they run.
        since: the event that brought the newest of them; None where that is not known.
    """

    images: Mapping[Key, Image]
    versions: Mapping[Key, str]
    since: Event | None


class Quarantined(NamedTuple):
    """A version that was quarantined: from and until when, by the commits; ``until`` is None while it is."""

    version: str
    reason: str
    since: int
    until: int | None = None


class History(NamedTuple):
    """The history of an app.

    Args:
        app: its name.
        events: the oldest first.
        running: what each environment runs at the end.
        quarantines: in the order in which they were added.
        begins_at: seconds since 1970 before which nothing is known, in a shallow clone; else None.
        is_partial: whether the app was there before that.
    """

    app: str
    events: tuple[Event, ...]
    running: Mapping[str, Running]
    quarantines: tuple[Quarantined, ...] = ()
    begins_at: int | None = None
    is_partial: bool = False
