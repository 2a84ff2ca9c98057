"""Cron schedules, as the CronJob controller reads them.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax, and the parser
behind it, https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Final, NamedTuple

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from chores_infra.fields import Matching

__all__ = ["CronSchedule", "TimeZone"]


class _Field(NamedTuple):
    noun: str
    first: int
    last: int
    #: Of the values from ``first`` on.
    names: Sequence[str] = ()


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS: Final = (
    _Field("a minute", 0, 59),
    _Field("an hour", 0, 23),
    _Field("a day of the month", 1, 31),
    _Field("a month", 1, 12, _MONTHS),
    _Field("a weekday", 0, 6, _WEEKDAYS),
)
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MACRO = re.compile(
    r"@(?:yearly|annually|monthly|weekly|daily|midnight|hourly)"
    r"|@every (?:[0-9]+(?:\.[0-9]*)?(?:ns|us|ms|s|m|h))+"
)
_PART = re.compile(r"(?P<first>[*?]|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>[0-9]+))?", re.ASCII)
_EVERY = {"*", "?"}


def _schedule(text: str) -> str:
    if text.startswith(("TZ=", "CRON_TZ=")):
        raise _expected("a schedule without a time zone, which is given as time_zone")
    if _MACRO.fullmatch(text):
        return text
    fields = text.split(" ")
    if text.startswith("@") or len(fields) != len(_FIELDS) or "" in fields:
        raise _expected(
            "a schedule of five fields such as '0 */8 * * *' (minute, hour, day of the month, month, "
            "weekday), or '@daily', or '@every 1h30m'"
        )
    _, _, days, months, _ = map(_values, fields, _FIELDS)
    restricted = fields[4] in _EVERY and fields[2] not in _EVERY
    if restricted and min(days) > max(_LONGEST_MONTHS[month - 1] for month in months):
        raise _expected(f"a date that comes: none of the months {fields[3]!r} has a day {min(days)}")
    return text


def _values(text: str, field: _Field) -> set[int]:
    """Every value that a field stands for."""
    return {value for part in text.split(",") for value in _range(part, field)}


def _range(text: str, field: _Field) -> range:
    match = _PART.fullmatch(text)
    if match is None or (match["first"] in _EVERY and match["last"] is not None):
        raise _expected(f"{field.noun}, a range such as '1-5', '*' or '*/2' instead of {text!r}")
    step = int(match["step"] or 1)
    if step == 0:
        raise _expected(f"a step of at least 1 in {text!r}")
    if match["first"] in _EVERY:
        return range(field.first, field.last + 1, step)
    first = _number(match["first"], field)
    # '5/15' is every 15 from 5 on, '5' is 5 alone.
    last = field.last if match["step"] else first
    if match["last"] is not None:
        last = _number(match["last"], field)
        if last < first:
            raise _expected(f"a range from the lower to the higher instead of {text!r}")
    return range(first, last + 1, step)


def _number(text: str, field: _Field) -> int:
    name = text.lower()
    if name in field.names:
        return field.first + field.names.index(name)
    if not (text.isdecimal() and field.first <= int(text) <= field.last):
        named = f" or '{field.names[0]}' to '{field.names[-1]}'" if field.names else ""
        raise _expected(f"{field.noun} from {field.first} to {field.last}{named} instead of {text!r}")
    return int(text)


def _expected(what: str) -> PydanticCustomError:
    return PydanticCustomError("chores_infra.text", "expected {what}", {"what": what})


CronSchedule = Annotated[str, AfterValidator(_schedule)]
"""When a CronJob starts: five fields, a macro such as ``@daily``, or ``@every 1h30m``."""

# Which zones there are is up to the data of the cluster; "Local" would be that of its machine.
TimeZone = Annotated[
    str,
    Matching(
        r"(?i:(?!local\Z))[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*",
        64,
        "a time zone such as 'Europe/Berlin' or 'Etc/UTC'",
        lookahead=True,
    ),
]
