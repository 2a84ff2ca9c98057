"""Plain scalars that became something else than a person who wrote them may have meant."""

from __future__ import annotations

import re
from typing import Final, Literal

__all__ = ["MEANINGS", "SurpriseKind", "surprise"]

SurpriseKind = Literal[
    "boolean-word", "octal", "number-base", "underscores", "exponent", "decimals", "precision", "base-sixty"
]

MEANINGS: Final[dict[SurpriseKind, str]] = {
    "boolean-word": "a word that YAML takes for a boolean",
    "octal": "a number that YAML takes for an octal one",
    "number-base": "a number in base 2 or 16",
    "underscores": "a number whose underscores are dropped",
    "exponent": "a number with an exponent",
    "decimals": "a number that loses the zeros at its end",
    "precision": "a number that is too long to be kept exactly",
    "base-sixty": "text to Kubernetes, a number in base 60 to other YAML readers",
}
"""What each kind of surprise is, for messages."""

# First match, because it is what most scalars are.
_EXPECTED = re.compile(
    r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{0,14}[1-9])?\Z|(?:true|false|null|~|)\Z", re.IGNORECASE
)
_KINDS: Final[tuple[tuple[SurpriseKind, re.Pattern[str]], ...]] = (
    ("boolean-word", re.compile(r"(?i:y|yes|n|no|on|off)\Z")),
    ("octal", re.compile(r"[-+]?0[oO]?[0-7_]+\Z")),
    ("number-base", re.compile(r"[-+]?0[xXbB]")),
    ("underscores", re.compile(r"[^_]*_")),
    ("exponent", re.compile(r"[^eE]*[eE]")),
    ("precision", re.compile(r"[-+]?(?:[0-9]{20}|[0-9]+\.[0-9]{16})")),
    ("decimals", re.compile(r"[-+0-9]*\.(?:[0-9]*0)?\Z")),
)
_BASE_SIXTY = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?\Z")


def surprise(text: str, value: object) -> SurpriseKind | None:
    """Why the value of a plain scalar may not be what was meant; None where nobody would be surprised.

    >>> [surprise(*pair) for pair in (("no", False), ("0755", 493), ("8080.0", 8080.0), ("3", 3), ("a", "a"))]
    ['boolean-word', 'octal', 'decimals', None, None]
    """
    if isinstance(value, str):
        return "base-sixty" if _BASE_SIXTY.match(text) else None
    if _EXPECTED.match(text):
        return None
    return next((kind for kind, pattern in _KINDS if pattern.match(text)), None)
