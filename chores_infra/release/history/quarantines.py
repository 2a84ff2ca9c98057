"""What the release intent said over time: versions that were recorded, quarantined and lifted."""

from __future__ import annotations

from chores_infra.release.history.events import Note, Quarantined
from chores_infra.release.history.intents import Recorded
from chores_infra.release.history.versions_run import is_version

__all__ = ["IntentHistory"]


class IntentHistory:
    """The intent as it stands, and all quarantines that there were."""

    def __init__(self) -> None:
        self.now: Recorded | None = None
        self.tags: dict[str, str] = {}
        self._standing: dict[str, Quarantined] = {}
        self._lifted: list[Quarantined] = []

    @property
    def quarantines(self) -> tuple[Quarantined, ...]:
        """In the order in which they were added."""
        return tuple(sorted((*self._lifted, *self._standing.values()), key=lambda each: each.since))

    def is_quarantined(self, version: str) -> bool:
        """Whether a version stands in the quarantine now."""
        return version in self._standing

    def becomes(self, recorded: Recorded, at: int) -> list[Note]:
        """Take a newer intent; answers what is new in it.

        Args:
            recorded: what it says.
            at: when, in seconds since 1970.
        """
        before, self.now = self.now or Recorded(), recorded
        for version, tag in recorded.versions.values():
            if not is_version(tag):
                self.tags[tag] = version
        notes = []
        for version, reason in recorded.quarantine.items():
            if version not in before.quarantine:
                self._standing[version] = Quarantined(version, reason.reason, at)
                notes.append(Note("quarantined", f"{version} is quarantined: {reason.reason}"))
        for version in before.quarantine:
            if version not in recorded.quarantine:
                self._lifted.append(self._standing.pop(version)._replace(until=at))
                notes.append(Note("lifted", f"{version} is quarantined no more"))
        return notes

    def changed(self, recorded: Recorded) -> list[Note]:
        """What a newer intent records that this one does not, where no manifest changed along with it."""
        before = {} if self.now is None else self.now.versions
        return [
            Note("recorded", f"{environment} is to run {version}, the manifests are as they were")
            for environment, (version, _) in recorded.versions.items()
            if environment not in before or before[environment][0] != version
        ]
