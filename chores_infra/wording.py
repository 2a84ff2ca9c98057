"""How messages speak of what they found: short, in words that a reader of YAML or Python knows.

>>> shown("latest"), shown(None), shown([1, 2])
("'latest'", 'None', 'a list')
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["article", "harmless", "shown", "written"]

#: Longer values are cut in messages: an error must not drown in what it complains about.
SHOWN_CHARACTERS: Final = 60


def article(noun: str) -> str:
    """The noun with its indefinite article, by its sound; ``text`` and ``bytes`` have none."""
    if noun in {"text", "bytes"}:
        return noun
    return f"{'an' if noun.startswith((*'AEIOaeio', 'Http', 'Nfs')) else 'a'} {noun}"


def shown(value: object) -> str:
    """A value as an error message shows it: cut when long, and by its type when it is no plain value."""
    if value is not None and not isinstance(value, str | int | float | bool):
        return article(type(value).__name__)
    try:
        text = repr(value)
    except ValueError:  # Python refuses to write an integer of thousands of digits
        return "a very large number"
    if len(text) <= SHOWN_CHARACTERS:
        return text
    return f"{text[:SHOWN_CHARACTERS]}... ({len(value) if isinstance(value, str) else len(text)} characters)"


def written(value: object) -> str:
    """A value that stands in a file, as a message shows it: with what is inside, and cut when long."""
    if value is None:
        return "nothing"
    text = repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}..."


# Also what has no width or turns the direction of the text: https://trojansource.codes.
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def harmless(text: str) -> str:
    r"""The text with what would be obeyed, not be seen, or be shown as something else spelt out.

    >>> harmless("a\x1b[2Jb\u202e")
    'a\\u001b[2Jb\\u202e'
    """
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
