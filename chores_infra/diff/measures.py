"""Values that are written differently and mean the same: quantities, durations, base64, numbers."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final

from chores_infra.kinds.quantities import amount
from chores_infra.kinds.shape import Measure

__all__ = ["duration", "same_scalar"]

_PART: Final = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?P<unit>ns|us|µs|μs|ms|s|m|h|d|w|y)")
_UNITS: Final = {
    "ns": Fraction(1, 10**9),
    "us": Fraction(1, 10**6),
    "µs": Fraction(1, 10**6),
    "μs": Fraction(1, 10**6),
    "ms": Fraction(1, 1000),
    "s": Fraction(1),
    "m": Fraction(60),
    "h": Fraction(3600),
    "d": Fraction(86_400),
    "w": Fraction(604_800),
    "y": Fraction(31_536_000),
}
"""Seconds; days, weeks and years as Prometheus counts them, where Go has none."""
_LONGEST: Final = 100


def duration(text: str) -> Fraction:
    """The seconds that a duration stands for.

    >>> duration("1h30m"), duration("90m"), duration("1.5s")
    (Fraction(5400, 1), Fraction(5400, 1), Fraction(3, 2))

    Raises:
        ValueError: it is none, or has a number without a unit.
    """
    sign, unsigned = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    if unsigned == "0":
        return Fraction(0)
    total = Fraction(0)
    position = 0
    while position < len(unsigned) <= _LONGEST:
        part = _PART.match(unsigned, position)
        if part is None:
            break
        total += Fraction(part["number"].rstrip(".")) * _UNITS[part["unit"]]
        position = part.end()
    if not unsigned or position != len(unsigned):
        raise ValueError(f"expected a duration such as 1h30m, found {text!r:.60}")
    return sign * total


def same_scalar(one: Any, other: Any, measure: Measure | None) -> bool:
    """Whether two scalars mean the same in a field that measures something, or nothing.

    >>> same_scalar("1000m", 1, "quantity"), same_scalar("60m", "1h0m0s", "duration")
    (True, True)
    >>> same_scalar("1000m", "1", None), same_scalar(1, True, None), same_scalar(1, 1.0, None)
    (False, False, True)
    """
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if one == other or measure is None:
        return bool(one == other)
    try:
        meaning = _MEANINGS[measure]
        return bool(meaning(str(one)) == meaning(str(other)))
    except ValueError:
        return False


_MEANINGS: Final[Mapping[Measure, Callable[[str], Any]]] = {
    "quantity": amount,
    "duration": duration,
    "base64": base64.b64decode,
}
