"""How messages speak of what they found: short, in words that a reader of YAML or Python knows.

>>> shown("latest"), shown(None), shown([1, 2])
("'latest'", 'None', 'a list')
"""

from __future__ import annotations

from typing import Final

__all__ = ["article", "shown", "written"]

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
