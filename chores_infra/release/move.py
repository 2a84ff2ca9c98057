"""A move of an app from one version to another, as a draft of the commit that makes it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from chores_infra.environments import Environment
from chores_infra.release.intent import Running
from chores_infra.release.messages import Trailers, commit_message
from chores_infra.release.plan import Difference, Synthesis
from chores_infra.rendering.places import MANIFESTS

if TYPE_CHECKING:
    from chores_infra.diff import Comparison
    from chores_infra.diff.sources import Side

__all__ = ["Image", "Move", "manifests_of"]


class Image(NamedTuple):
    """What was found out about the image of a version; None where nobody asked, or nobody knows.

    ``tag`` is what the registry calls it, ``commit`` what it was built from.
    """

    tag: str | None = None
    digest: str | None = None
    commit: str | None = None


class Move(NamedTuple):
    """A draft: one app in one environment on its way from one version to another.

    ``before`` are the files of the app that change, as they are.
    """

    app: str
    environment: Environment
    previous: Running | None
    synthesis: Synthesis
    image: Image
    verb: str
    trailers: Trailers
    before: Mapping[PurePosixPath, bytes | None]

    @property
    def running(self) -> Running:
        """What is to run."""
        return self.synthesis.running

    @property
    def paths(self) -> tuple[PurePosixPath, ...]:
        """The files that change; none where everything is so already."""
        return tuple(sorted(self.before))

    @property
    def after(self) -> dict[PurePosixPath, bytes | None]:
        """The files that change, as they are to be; None for one that goes."""
        plan = self.synthesis.plan
        return {**plan.written, **dict.fromkeys(plan.pruned)}

    @property
    def message(self) -> str:
        """The message of the commit."""
        previous = None if self.previous is None else self.previous.release
        return commit_message(
            self.app,
            self.environment,
            previous,
            self.running.release,
            verb=self.verb,
            trailers=self.trailers,
        )

    @property
    def differences(self) -> list[Difference]:
        """The unified difference of every file that changes."""
        from chores_infra.release.hand_edits import byte_diff

        after = self.after
        return [Difference(path, byte_diff(path, self.before[path], after[path])) for path in self.paths]

    def comparison(self) -> Comparison:
        """What differs in the manifests, and how risky it is."""
        from chores_infra.diff.sources import compare_sides

        return compare_sides(manifests_of(self.before), manifests_of(self.after))

    def apply(self) -> None:
        """Write and prune.

        Raises:
            FileError: an operation failed.
        """
        with self.synthesis.writer:
            self.synthesis.apply()


def manifests_of(files: Mapping[PurePosixPath, bytes | None]) -> Side:
    """The manifests among some files, to be compared."""
    from chores_infra.diff.sources import text_side

    return text_side(
        {
            path: data.decode("utf-8", "replace")
            for path, data in files.items()
            if data is not None and path.parts[0] == MANIFESTS.name
        }
    )
