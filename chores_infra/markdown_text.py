"""Text that came from elsewhere, within Markdown."""

from __future__ import annotations

import re
from html import escape
from typing import Final

__all__ = ["prose"]

_MARKUP: Final = re.compile(r"([\\`*_{}\[\]()#+!|~$])")
_CALLS: Final = re.compile(r"(@|https?|www\.)")


def prose(text: str) -> str:
    r"""A sentence in which nothing is markup, a mention of a person, a reference or a link.

    It can stand in a cell of a table, if it is one line.

    >>> prose("a|b by @ada, see #7")
    'a\\|b by @<!-- -->ada, see \\#7'
    """
    return _CALLS.sub(r"\1<!-- -->", _MARKUP.sub(r"\\\1", escape(text, quote=False)))
