"""Moments as people write them, and as reports show them: always UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

__all__ = ["parse_moment", "shown_day_time", "shown_duration", "utc"]

_DAY: Final = re.compile(r"\d{4}-?\d\d-?\d\d|\d{4}-?W\d\d-?\d", re.ASCII)
_EXPECTED: Final = "expected ISO 8601, such as 2025-07-01, 2025-07-01T10:00Z or 2025-07-01T12:00+02:00"
_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"))


def parse_moment(text: str, *, end_of_day: bool = False) -> int:
    """Seconds since 1970 for a date or a moment in ISO 8601; without an offset it is UTC.

    Args:
        text: what was given.
        end_of_day: a date alone is its last second, not its first.

    Raises:
        ValueError: it is no moment; the message says what is one.

    >>> parse_moment("2025-07-01T12:00+02:00") == parse_moment("2025-07-01 10:00")
    True
    >>> parse_moment("2025-07-01", end_of_day=True) - parse_moment("2025-07-01")
    86399
    """
    text = text.strip()
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        if end_of_day and _DAY.fullmatch(text):
            moment += timedelta(days=1, seconds=-1)
        return int(moment.timestamp())
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r:.60} is no date: {_EXPECTED}") from error


def utc(seconds: int) -> str:
    """A moment for programs.

    >>> utc(0)
    '1970-01-01T00:00:00Z'
    """
    return f"{_moment(seconds):%Y-%m-%dT%H:%M:%SZ}"


def shown_day_time(seconds: int) -> str:
    """A moment for people, to the minute.

    >>> shown_day_time(90)
    '1970-01-01 00:01'
    """
    return f"{_moment(seconds):%Y-%m-%d %H:%M}"


def shown_duration(seconds: float) -> str:
    """How long something took, in its largest unit.

    >>> [shown_duration(seconds) for seconds in (20, 90, 7_200, 200_000)]
    ['20 s', '1.5 min', '2 h', '2.3 d']
    """
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{seconds / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{seconds:.0f} s"


def _moment(seconds: int) -> datetime:
    """What a commit says may be beyond all calendars."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC) if seconds < 0 else datetime(9999, 12, 31, tzinfo=UTC)
