"""What rendering an app would do to the infrastructure repository: data to show, and to carry out."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from chores_infra.environments import Environment
from chores_infra.release.hand_edits import byte_diff
from chores_infra.release.intent import Running
from chores_infra.rendering.plan import Plan
from chores_infra.rendering.writer import Writer

if TYPE_CHECKING:
    from chores_infra.checks.verdict import Verdict

__all__ = ["Difference", "FileStatus", "Status", "Synthesis"]


class Status(StrEnum):
    """What becomes of a file."""

    WRITTEN = "written"
    ADOPTED = "adopted"
    UNCHANGED = "unchanged"
    PRUNED = "pruned"


class FileStatus(NamedTuple):
    """A file of the infrastructure repository, and what becomes of it."""

    path: PurePosixPath
    status: Status


class Difference(NamedTuple):
    """A file that is not what would be written, and the unified diff from what is there to what would be."""

    path: PurePosixPath
    diff: str


class Synthesis(NamedTuple):
    """What rendering one app in one environment would do, as a plan that can be carried out.

    ``command`` is what a user runs to have it carried out. ``verdict`` is what the checks say of it.
    """

    app: str
    environment: Environment
    running: Running
    plan: Plan
    warnings: tuple[str, ...]
    writer: Writer
    command: str
    verdict: Verdict | None = None

    @property
    def files(self) -> list[FileStatus]:
        """Every file, by path."""
        plan = self.plan
        found = dict.fromkeys(plan.written, Status.WRITTEN)
        found |= dict.fromkeys(plan.adopted, Status.ADOPTED)
        found |= dict.fromkeys(plan.unchanged, Status.UNCHANGED)
        found |= dict.fromkeys(plan.pruned, Status.PRUNED)
        return [FileStatus(path, found[path]) for path in sorted(found)]

    @property
    def changes(self) -> bool:
        """Whether anything would be written or removed."""
        return self.plan.changes

    def differences(self) -> list[Difference]:
        """What would change, by path; empty when everything is as it would be written.

        Raises:
            FileError: a file cannot be read any more.
        """
        after = {**self.plan.written, **dict.fromkeys(self.plan.pruned)}
        return [
            Difference(path, byte_diff(path, self.writer.read(path), after[path])) for path in sorted(after)
        ]

    def apply(self) -> None:
        """Write and prune.

        Raises:
            FileError: an operation failed; the message says what was done.
        """
        self.writer.apply(self.plan)
