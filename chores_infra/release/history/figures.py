"""How often an app is delivered, how fast, and how often that is undone.

``docs/history.md`` defines each figure, beside what DORA means by it (https://dora.dev/guides/dora-metrics/).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from chores_infra.release.history.events import Action, Event
from chores_infra.release.history.tags import Tags

__all__ = ["DAYS", "Figures", "figures"]

DAYS: Final = 90
"""Of the window, where no other is asked for."""

_DAY: Final = 86_400
_VERSIONS: Final = frozenset({Action.DEPLOY, Action.ROLLBACK, Action.REMOVE})


class Figures(NamedTuple):
    """The figures of one environment. Times are seconds; None where there is nothing to tell them from.

    Args:
        environment: where.
        since: the beginning of the window, seconds since 1970.
        until: its end.
        deployments: how many there were.
        rollbacks: how many there were.
        rolled_back: deployments that a rollback followed, before any other version came.
        restored_after: the median time from such a deployment to the rollback.
        lead_time: the median time from the tag of a version to its deployment.
        lead_times: how many deployments that is told from.
    """

    environment: str
    since: int
    until: int
    deployments: int
    rollbacks: int
    rolled_back: int
    restored_after: float | None
    lead_time: float | None
    lead_times: int

    @property
    def per_week(self) -> float:
        """Deployments in seven days; what is younger than a week is not multiplied."""
        weeks = max((self.until - self.since) / _DAY / 7, 1.0)
        return self.deployments / weeks

    @property
    def rollback_rate(self) -> float | None:
        """The share of deployments that were rolled back."""
        return self.rolled_back / self.deployments if self.deployments else None


def figures(
    events: Sequence[Event], environment: str, since: int, until: int, tags: Tags | None = None
) -> Figures:
    """The figures of an environment in a window.

    Args:
        events: all that are known, the oldest first.
        environment: where.
        since: the beginning, seconds since 1970.
        until: the end; later events are looked at only for what became of earlier ones.
        tags: of the application's repository.
    """
    own = [event for event in events if event.environment == environment and event.action in _VERSIONS]
    # An app that is younger than the window was not delivered before it was there.
    since = max(since, own[0].at) if own else since
    inside = [event for event in own if since <= event.at <= until]
    deployments = [event for event in inside if event.action is Action.DEPLOY]
    rolled_back = 0
    restored = []
    for event, later in pairwise(own):
        if event.action is Action.DEPLOY and later.action is Action.ROLLBACK:
            rolled_back += since <= event.at <= until
            if since <= later.at <= until:
                restored.append(later.at - event.at)
    lead_times = [seconds for event in deployments for seconds in _lead_times(event, tags)]
    return Figures(
        environment,
        since,
        until,
        len(deployments),
        sum(event.action is Action.ROLLBACK for event in inside),
        rolled_back,
        median(restored) if restored else None,
        median(lead_times) if lead_times else None,
        len(lead_times),
    )


def median(values: Sequence[float]) -> float:
    """The value in the middle; the module `statistics` takes longer to import than all of this.

    >>> median([3, 1, 2]), median([4, 1, 2, 3])
    (2, 2.5)
    """
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _lead_times(event: Event, tags: Tags | None) -> list[float]:
    """From the tag of a version to its first deployment; the slowest, if several images came along."""
    if tags is None or any(note.kind == "again" for note in event.notes):
        return []
    found = []
    for move in event.moves:
        tag = None if move.after is None else tags.of(move.image, move.after)
        if tag is not None:
            tagged = (tag.tagged_at or tag.committed_at).timestamp()
            # A tag that is younger than the deployment was moved, or made afterwards.
            found += [event.at - tagged] if tagged <= event.at else []
    return [max(found)] if found else []
