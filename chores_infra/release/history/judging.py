"""Facts, one after the other, to events: what each commit did, judged by what was there before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Final

from chores_infra.release.history.events import Action, Event, History, Move, Note, Running
from chores_infra.release.history.images import Image, Key
from chores_infra.release.history.manifests import Said, Unreadable
from chores_infra.release.history.moves import Context, moves_between
from chores_infra.release.history.quarantines import IntentHistory
from chores_infra.release.history.reading import Fact, FileFact, Source
from chores_infra.release.history.tags import Tags
from chores_infra.release.history.versions_run import VersionsRun, name_of

__all__ = ["judge"]

_MOST_NAMED: Final = 4
_SKEW: Final = 60
_ORDER: Final = (Action.ROLLBACK, Action.DEPLOY, Action.RETAG)
_NOTHING: Final = Said({}, {})


def judge(
    app: str,
    facts: Iterable[Fact],
    *,
    tags: Tags | None = None,
    begins: str | None = None,
    begins_at: int | None = None,
    until: int | None = None,
) -> History:
    """The history that facts tell.

    Args:
        app: its name.
        facts: the oldest first.
        tags: of the application's repository, where it is known.
        begins: the commit before which nothing is known, if there is one.
        begins_at: when that was made.
        until: seconds since 1970 after which nothing counts.
    """
    judging = _Judging(tags or Tags())
    for fact in facts:
        if until is not None and max(fact.source.committed_at, judging.at) > until:
            break
        judging.add(fact, is_baseline=fact.source.id == begins)
    return judging.history(app)._replace(begins_at=begins_at)


class _Place:
    """One environment as it stands: its files, and what ran in it."""

    def __init__(self) -> None:
        self.files: dict[str, Said] = {}
        self.runs = VersionsRun()
        self.since: Event | None = None
        self.number_of_images = 0

    @property
    def images(self) -> dict[Key, Image]:
        return dict(chain.from_iterable(said.images.items() for said in self.files.values()))


class _Judging:
    """What is known after some facts."""

    def __init__(self, tags: Tags) -> None:
        self.at = 0
        self._tags = tags
        self._places: defaultdict[str, _Place] = defaultdict(_Place)
        self._intent = IntentHistory()
        self._events: list[Event] = []
        self._is_partial = False

    def history(self, app: str) -> History:
        running = {}
        for name, place in self._places.items():
            images = place.images
            versions = {key: name_of(image, self._intent.tags) for key, image in images.items()}
            running[name] = Running(images, versions, place.since)
        return History(
            app, tuple(self._events), running, self._intent.quarantines, is_partial=self._is_partial
        )

    def add(self, fact: Fact, *, is_baseline: bool) -> None:
        """Take what a commit changed; a baseline was there before what is known."""
        notes = self._about(fact.source)
        if self._events or not is_baseline:
            self.at = max(self.at, fact.source.committed_at)
        said, recorded = self._intent_notes(fact)
        notes += [Note("moved", f"{old} became {new}") for old, new in fact.moved]
        by_environment: dict[str, list[FileFact]] = {}
        for file in fact.files:
            by_environment.setdefault(file.environment, []).append(file)
        events = []
        for environment, files in by_environment.items():
            event = self._event(fact, environment, files, (*said, *notes))
            if event is not None and not is_baseline:
                events.append(event)
        if not events and not is_baseline and (said or recorded):
            events = [self._made(fact.source, Action.INTENT, notes=(*said, *recorded, *notes))]
        self._events += events
        self._is_partial |= is_baseline
        if is_baseline:
            for place in self._places.values():
                place.since = None

    def _about(self, source: Source) -> list[Note]:
        notes = []
        if source.committed_at < self.at - _SKEW:
            notes.append(Note("clock", "dated before what it is built on"))
        for commit in source.reverts:
            undone = next((each for each in reversed(self._events) if each.commit.startswith(commit)), None)
            what = "" if undone is None else f" ({_described(undone)})"
            notes.append(Note("reverts", f"reverts {commit[:7]}{what}"))
        return notes

    def _intent_notes(self, fact: Fact) -> tuple[list[Note], list[Note]]:
        """What the intent says anew of the quarantine, and of versions."""
        if not fact.intent:
            return [], []
        (recorded,) = fact.intent
        if isinstance(recorded, Unreadable):
            return [Note("unreadable", f"the release intent cannot be read: {recorded.reason}")], []
        versions = self._intent.changed(recorded)
        return self._intent.becomes(recorded, max(self.at, fact.source.committed_at)), versions

    def _event(
        self, fact: Fact, environment: str, files: list[FileFact], notes: tuple[Note, ...]
    ) -> Event | None:
        place = self._places[environment]
        was_empty = not place.number_of_images
        before, after, unread = _take(place.files, files)
        place.number_of_images += len(after.images) - len(before.images)
        context = Context(self._intent.tags, self._tags)
        moves, said = moves_between(before.images, after.images, place.runs, context)
        changes = [] if was_empty and after.images else _changed_objects(before.documents, after.documents)
        if not (moves or changes or unread or fact.moved or before.documents != after.documents):
            return None
        action, told = _action(moves, was_empty=was_empty, is_empty=not place.number_of_images)
        said += [*told, *self._by_hand(fact, environment, moves), *changes, *unread]
        event = self._made(fact.source, action, environment, tuple(moves), (*said, *notes))
        if moves:
            place.since = event
        for move in moves:
            self._note_runs(place, move)
        return event

    def _made(
        self,
        source: Source,
        action: Action,
        environment: str = "",
        moves: tuple[Move, ...] = (),
        notes: tuple[Note, ...] = (),
    ) -> Event:
        return Event(
            source.id,
            source.parents,
            source.committed_at,
            self.at,
            source.author,
            source.subject,
            action,
            environment,
            moves,
            tuple(dict.fromkeys(notes)),
        )

    def _note_runs(self, place: _Place, move: Move) -> None:
        if move.image_before is not None and move.before is not None:
            place.runs.left(move.image_before, move.before, self.at)
        if move.image_after is not None and move.after is not None:
            place.runs.runs(move.image_after, move.after)

    def _by_hand(self, fact: Fact, environment: str, moves: list[Move]) -> list[Note]:
        """That the manifests run what the intent does not say, and what is quarantined."""
        notes = [
            Note("quarantined-runs", f"{move.after} is in the quarantine")
            for move in moves
            if move.after is not None
            and move.action is not Action.RETAG
            and self._intent.is_quarantined(move.after)
        ]
        recorded = None if self._intent.now is None else self._intent.now.versions.get(environment)
        if recorded is None or fact.intent or not any(move.after for move in moves):
            return notes
        if recorded[0] not in {move.after for move in moves}:
            notes.append(Note("by-hand", f"by hand: the release intent says {recorded[0]}"))
        return notes


def _take(files: dict[str, Said], changed: list[FileFact]) -> tuple[Said, Said, list[Note]]:
    """Take changed files over; answers what they said, what they say, and what cannot be read.

    Of what cannot be read, what was read last goes on to count.
    """
    if len(changed) == 1 and isinstance(changed[0].said, Said):
        old, files[changed[0].path] = files.get(changed[0].path, _NOTHING), changed[0].said
        return old, changed[0].said, []
    before_images: dict[Key, Image] = {}
    after_images: dict[Key, Image] = {}
    before_documents: dict[str, bytes] = {}
    after_documents: dict[str, bytes] = {}
    unread: list[Note] = []
    for file in changed:
        old = files.get(file.path, _NOTHING)
        new = old if isinstance(file.said, Unreadable) else file.said or _NOTHING
        if isinstance(file.said, Unreadable):
            unread.append(Note("unreadable", f"{file.path} cannot be read: {file.said.reason}"))
        before_images |= old.images
        after_images |= new.images
        before_documents |= old.documents
        after_documents |= new.documents
        if file.said is None:
            files.pop(file.path, None)
        else:
            files[file.path] = new
    return Said(before_images, before_documents), Said(after_images, after_documents), unread


def _action(moves: list[Move], *, was_empty: bool, is_empty: bool) -> tuple[Action, list[Note]]:
    """What all moves are together. A container beside others that comes or goes is configuration."""
    if not moves:
        return Action.CONFIG, []
    if was_empty:
        return Action.DEPLOY, []
    if is_empty:
        return Action.REMOVE, []
    notes = []
    for move in moves:
        if move.before is None or move.after is None:
            verb = "adds" if move.before is None else "removes"
            names = ", ".join(container for _, container in move.containers)
            notes.append(Note(verb, f"{verb} {names} ({move.image.name} {move.after or move.before})"))
    actions = {move.action for move in moves if move.before is not None and move.after is not None}
    return next((action for action in _ORDER if action in actions), Action.CONFIG), notes


def _changed_objects(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[Note]:
    if before == after:
        return []
    names = {
        "changes": [name for name in after if name in before and before[name] != after[name]],
        "adds": [name for name in after if name not in before],
        "removes": [name for name in before if name not in after],
    }
    return [Note(verb, f"{verb} {_listed(found)}") for verb, found in names.items() if found]


def _listed(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _described(event: Event) -> str:
    moves = ", ".join(f"{move.before or 'nothing'} to {move.after or 'nothing'}" for move in event.moves)
    return f"{event.action} {moves}".rstrip()
