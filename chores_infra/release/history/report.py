"""What a report shows of a history: the newest events, the figures, what is to be warned of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from chores_infra.release.history.events import Event, History, Quarantined, Running
from chores_infra.release.history.figures import DAYS, Figures, figures
from chores_infra.release.history.moments import shown_day_time
from chores_infra.release.history.tags import Tags

__all__ = ["Moment", "Report", "Window", "at_moment", "report_of"]

_DAY = 86_400


class Window(NamedTuple):
    """What is asked for: an environment, or all; from when on; until when; how many events, 0 for all."""

    environment: str | None
    since: int | None
    until: int
    limit: int


class Report(NamedTuple):
    """What is shown.

    Args:
        history: all of it.
        events: those to show, the newest first.
        more: how many others there are in the window.
        running: what the environments run now.
        figures: of each environment.
        warnings: why it may not be all.
    """

    history: History
    events: tuple[Event, ...]
    more: int
    running: Mapping[str, Running]
    figures: tuple[Figures, ...]
    warnings: tuple[str, ...]


class Moment(NamedTuple):
    """What ran at a moment, in seconds since 1970; ``is_known`` is False before what a shallow clone has."""

    app: str
    at: int
    running: Mapping[str, Running]
    quarantines: tuple[Quarantined, ...]
    is_known: bool
    warnings: tuple[str, ...]


def report_of(history: History, window: Window, tags: Tags | None = None) -> Report:
    """What to show of a history."""
    running = _of(history, window.environment)
    asked = [
        event
        for event in reversed(history.events)
        if (window.since is None or window.since <= event.at)
        and event.at <= window.until
        and window.environment in {None, event.environment or window.environment}
    ]
    shown = asked[: window.limit or None]
    since = window.until - DAYS * _DAY if window.since is None else window.since
    since = max(since, history.begins_at or since)
    return Report(
        history,
        tuple(shown),
        len(asked) - len(shown),
        running,
        tuple(figures(history.events, name, since, window.until, tags) for name in running),
        _warnings(history),
    )


def at_moment(history: History, environment: str | None, at: int) -> Moment:
    """What ran at a moment.

    Args:
        history: until then, and no longer.
        environment: the only one that is asked for, or None.
        at: seconds since 1970.
    """
    is_known = history.begins_at is None or history.begins_at <= at
    running = {name: now for name, now in _of(history, environment).items() if now.images and is_known}
    standing = tuple(each for each in history.quarantines if each.until is None)
    return Moment(history.app, at, running, standing, is_known, _warnings(history, at))


def _of(history: History, environment: str | None) -> Mapping[str, Running]:
    names = sorted(history.running, key=lambda name: (name != "production", name))
    return {name: history.running[name] for name in names if environment in {None, name}}


def _warnings(history: History, at: int | None = None) -> tuple[str, ...]:
    if history.begins_at is None:
        return ()
    way_out = "git fetch --unshallow gets the rest"
    day = shown_day_time(history.begins_at)
    if at is not None and at < history.begins_at:
        return (f"the clone is too shallow: it begins at {day} UTC; {way_out}",)
    if history.is_partial:
        return (f"the clone is too shallow: what ran before {day} UTC is not known; {way_out}",)
    return ()
