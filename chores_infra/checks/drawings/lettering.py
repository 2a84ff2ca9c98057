"""How much room text takes in a picture, whatever machine shows it.

Pictures are laid out here and drawn elsewhere, with other fonts. Letters of one width make the room known:
those of the usual monospaced fonts are 0.55 to 0.602 of their size wide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from unicodedata import east_asian_width

__all__ = ["FONT", "printable", "shortened", "width_of", "wrapped"]

FONT: Final = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace"
_LETTER: Final = 0.62
_WIDE: Final = frozenset("WF")
# Names are cut behind what separates their words.
_WORDS: Final = re.compile(r"[^-./:_ ]*[-./:_ ]?")


def printable(text: str) -> str:
    """The text without what no picture can hold, or a program would obey."""
    return "".join(char for char in text if char.isprintable())


def shortened(text: str, most: int) -> str:
    """The text, or the beginning of it.

    Example:
        >>> shortened("chores-tracker", 10)
        'chores-tr…'
    """
    return text if len(text) <= most else f"{text[: most - 1]}…"


def width_of(text: str, size: float) -> float:
    """Pixels that a line takes in letters of ``size`` pixels.

    Example:
        >>> round(width_of("web", size=10))
        19
    """
    return _letters(text) * _LETTER * size


def wrapped(text: str, most: int) -> Sequence[str]:
    """The text in lines of at most ``most`` letters, cut between words where it can be.

    Example:
        >>> wrapped("chores-tracker-backend-secrets", 16)
        ['chores-tracker-', 'backend-secrets']
    """
    lines = [""]
    for word in _WORDS.findall(text):
        if lines[-1] and _letters(lines[-1]) + _letters(word) > most:
            lines.append("")
        for letter in word:
            if _letters(lines[-1]) + _letters(letter) > most:
                lines.append("")
            lines[-1] += letter
    return lines


def _letters(text: str) -> int:
    return len(text) + sum(east_asian_width(letter) in _WIDE for letter in text)
