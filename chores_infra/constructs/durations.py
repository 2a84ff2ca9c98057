"""How long durations are, so that they can be compared."""

from __future__ import annotations

import re

__all__ = ["seconds"]

_PART = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def seconds(duration: str) -> float:
    """The seconds of a duration as Go writes it (``time.ParseDuration``).

    >>> seconds("1h30m"), seconds("1.5s"), seconds("0")
    (5400.0, 1.5, 0)
    """
    return sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(duration))
