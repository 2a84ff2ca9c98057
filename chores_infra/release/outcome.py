"""What became of one app in one environment, as plain data: all that is kept of it once it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chores_infra.environments import Environment
from chores_infra.release.plan import Difference, Status, Synthesis

if TYPE_CHECKING:
    from chores_infra.checks.finding import Finding

__all__ = ["File", "Outcome"]


class File(NamedTuple):
    """A file by its path in the infrastructure repository, and what became of it."""

    path: str
    status: Status


class Outcome(NamedTuple):
    """What was done or, for a check, what would be. ``command`` is what a user runs to have it done.

    ``found`` is how many warnings the checks have, and ``findings`` are those, where they were asked for.
    """

    app: str
    environment: Environment
    version: str
    tag: str
    files: tuple[File, ...]
    warnings: tuple[str, ...]
    differences: tuple[Difference, ...]
    command: str
    found: int = 0
    findings: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, plan: Synthesis, *, check: bool) -> Outcome:
        """The outcome of a plan; for a check with the differences.

        Raises:
            FileError: a file cannot be read any more.
        """
        return cls(
            plan.app,
            plan.environment,
            str(plan.running.release),
            plan.running.tag,
            tuple(File(str(path), status) for path, status in plan.files),
            plan.warnings,
            tuple(plan.differences()) if check else (),
            plan.command,
            *(() if plan.verdict is None else (plan.verdict.warnings, plan.verdict.findings)),
        )

    @property
    def changes(self) -> bool:
        """Whether any file was, or would be, written or removed."""
        return any(file.status is not Status.UNCHANGED for file in self.files)
