"""The numbers that quantities stand for.

Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

__all__ = ["amount", "ratio"]

_PARTS = re.compile(
    r"(?P<sign>[+-]?)(?:(?P<whole>[0-9]+)\.?(?P<part>[0-9]*)|\.(?P<only>[0-9]+))"
    r"(?:(?P<suffix>[KMGTPE]i|[numkMGTPE])|[eE](?P<exponent>[+-]?[0-9]+))?",
    re.ASCII,
)
_TENS = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_TWOS = {f"{suffix}i": 10 * power for power, suffix in enumerate("KMGTPE", start=1)}
#: Powers of ten beyond this are no amount of anything, and slow to compute.
_LARGEST_EXPONENT = 30


def ratio(quantity: str) -> tuple[int, int]:
    """The exact number that a quantity stands for, as numerator and denominator.

    >>> ratio("250m"), ratio("1.5Ki")
    ((250, 1000), (15360, 10))

    Raises:
        ValueError: the text is no quantity, or its exponent is out of reach.
    """
    match = _PARTS.fullmatch(quantity)
    if match is None or len(quantity) > 100:
        raise ValueError(f"expected a quantity such as '250m' or '128Mi', found {quantity!r}")
    after_point = match["only"] or match["part"] or ""
    number = int(f"{match['sign']}{match['whole'] or ''}{after_point}")
    suffix = match["suffix"] or ""
    tens = _TENS.get(suffix, 0)
    if match["exponent"] is not None:
        tens = int(match["exponent"])
        if abs(tens) > _LARGEST_EXPONENT:
            raise ValueError(f"expected an exponent of at most {_LARGEST_EXPONENT}, found {quantity!r}")
    number <<= _TWOS.get(suffix, 0)
    return number * 10 ** max(tens, 0), 10 ** (len(after_point) + max(-tens, 0))


def amount(quantity: str) -> Fraction:
    """The exact number that a quantity stands for, in the unit of its resource (cores, bytes, devices).

    >>> amount("250m"), amount("1Ki"), amount("1e3")
    (Fraction(1, 4), Fraction(1024, 1), Fraction(1000, 1))

    Raises:
        ValueError: the text is no quantity, or its exponent is out of reach.
    """
    from fractions import Fraction

    return Fraction(*ratio(quantity))
