"""What all reports say alike: a version's change, who made it, what is to be noted, the figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from chores_infra.release.history.events import Event, Move, Quarantined, Running
from chores_infra.release.history.figures import Figures
from chores_infra.release.history.moments import shown_day_time, shown_duration
from chores_infra.wording import harmless

__all__ = ["HEADS", "cells", "figure_lines", "one_line", "quarantine_line", "running_lines", "version_change"]

HEADS: Final = ("DATE (UTC)", "ENVIRONMENT", "ACTION", "VERSION", "AUTHOR", "COMMIT", "NOTES")
_NOTHING: Final = "-"
_SHORT: Final = 9
_MOST_AUTHORS: Final = 3


def one_line(text: str) -> str:
    """Text of others on one line, with nothing in it that a terminal or a browser would obey."""
    return harmless(" ".join(text.split()))


def cells(event: Event) -> tuple[str, ...]:
    """A row of the table; see `HEADS`."""
    return (
        shown_day_time(event.committed_at),
        event.environment or _NOTHING,
        event.action.value,
        version_change(event),
        _authors(event),
        event.commit[:_SHORT],
        "; ".join(one_line(note) for note in _notes(event)),
    )


def version_change(event: Event) -> str:
    """``v3.0.0 → v3.1.0``; with the names of containers where there are several changes."""
    moves = [move for move in event.moves if move.before is None or move.after is None or _differs(move)]
    if not moves:
        return _NOTHING
    return ", ".join(one_line(_move(move, named=len(moves) > 1)) for move in moves)


def _differs(move: Move) -> bool:
    return move.before != move.after or move.image_before != move.image_after


def _move(move: Move, *, named: bool) -> str:
    name = f"{'+'.join(dict.fromkeys(container for _, container in move.containers))} " if named else ""
    if move.before == move.after and move.before is not None:
        return f"{name}{move.before}"
    return f"{name}{move.before or _NOTHING} → {move.after or _NOTHING}"


def _authors(event: Event) -> str:
    names = [one_line(name) for name in event.authors or (event.author,)]
    more = len(names) - _MOST_AUTHORS
    return ", ".join(names[:_MOST_AUTHORS]) + (f" +{more}" if more > 0 else "")


def _notes(event: Event) -> Iterator[str]:
    for note in event.notes:
        yield note.text
    if event.authors and event.authors != (event.author,):
        yield f"merged by {event.author}"


def running_lines(name: str, running: Running) -> Iterator[tuple[str, str]]:
    """The environment with what runs in it, and since when: versions that several containers have once."""
    versions = dict.fromkeys((running.images[key].name, version) for key, version in running.versions.items())
    since = running.since
    told = (
        f"since {shown_day_time(since.at)} UTC, {since.commit[:_SHORT]}, {_authors(since)}" if since else ""
    )
    for image, version in versions:
        yield one_line(f"{name}: {image} {version}"), one_line(told)
    if not versions:
        yield f"{name}: no image", ""


def quarantine_line(quarantined: Quarantined) -> str:
    """A version, from and until when it is quarantined, and why."""
    until = "stands" if quarantined.until is None else f"until {shown_day_time(quarantined.until)}"
    since = shown_day_time(quarantined.since)
    return one_line(f"{quarantined.version} quarantined from {since} UTC, {until}: {quarantined.reason}")


def figure_lines(found: Sequence[Figures]) -> Iterator[tuple[str, ...]]:
    """A row for each environment, the heads first."""
    heads = ("ENVIRONMENT", "FROM", "TO", "DEPLOYMENTS", "PER WEEK", "ROLLBACKS", "ROLLBACK RATE")
    yield (*heads, "TIME TO RESTORE", "LEAD TIME")
    for each in found:
        rate = _NOTHING if each.rollback_rate is None else f"{each.rollback_rate:.0%}"
        yield (
            each.environment,
            shown_day_time(each.since)[:10],
            shown_day_time(each.until)[:10],
            str(each.deployments),
            f"{each.per_week:.1f}",
            str(each.rollbacks),
            rate if each.rollback_rate is None else f"{rate} ({each.rolled_back} of {each.deployments})",
            _NOTHING if each.restored_after is None else shown_duration(each.restored_after),
            _NOTHING
            if each.lead_time is None
            else f"{shown_duration(each.lead_time)} (of {each.lead_times})",
        )
