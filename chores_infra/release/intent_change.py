"""A change of an app's release intent and of nothing else, as a draft to be published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from chores_infra.release.intent import Intent
from chores_infra.release.intent_file import read_intent_file
from chores_infra.rendering.places import Places
from chores_infra.rendering.plan import Plan
from chores_infra.rendering.writer import Writer

__all__ = ["IntentChange", "change_intent"]


class IntentChange(NamedTuple):
    """A draft: the intent as it is, as it is to be, and its text then."""

    folder: Path
    before: Intent
    after: Intent
    text: str
    message: str

    @property
    def paths(self) -> tuple[PurePosixPath, ...]:
        """The file of the intent; none where it says that already."""
        return () if self.before == self.after else (Places(self.before.app).intent_file,)

    def apply(self) -> None:
        """Write it.

        Raises:
            FileError: it cannot be written.
        """
        places = Places(self.before.app)
        with Writer(self.folder) as writer:
            writer.apply(Plan(self.folder, places, {places.intent_file: self.text.encode()}))


def change_intent(folder: Path, app: str, change: Callable[[Intent], Intent], message: str) -> IntentChange:
    """Draft a change of an app's intent.

    Args:
        folder: the infrastructure repository.
        app: the name of the app.
        change: gives the intent as it is to be.
        message: of the commit.

    Raises:
        FileError, IntentError: the intent cannot be read.
    """
    file = read_intent_file(folder, app)
    after = change(file.intent)
    return IntentChange(folder, file.intent, after, file.changed_to(after), message)
