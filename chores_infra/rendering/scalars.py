"""How one string is written in YAML so that every reader gets the same string back.

No existing writer is right: read back as Kubernetes reads (Go, YAML 1.1 with its own resolvers), all of them
lose some string that looks like something else. The rule here is stricter than any single parser needs: a
string is plain only if none of Go's, PyYAML's (C and pure), ruamel's and a YAML 1.2 parser could see anything
but that string in it; everything else is double-quoted, with whatever is invisible or ambiguous escaped.
"""

from __future__ import annotations

import re

__all__ = [
    "FORBIDDEN",
    "INDENT",
    "is_name",
    "is_plain",
    "literal_block",
    "one_line",
    "quoted",
]

INDENT = 2
"""Spaces that one level is indented by."""

FORBIDDEN = (
    "\x00-\x1f\x7f-\xa0\xad"  # C0 (with tab and CR), DEL, C1 (with NEL), NBSP, soft hyphen
    "\u061c\u1680\u180e"  # Arabic letter mark, Ogham space, Mongolian vowel separator
    "\u2000-\u200f\u2028-\u202f\u205f-\u206f"  # spaces, zero width, bidi, line and paragraph separator
    "\u3000\ufeff\ufff9-\ufffb\ufffe\uffff"  # ideographic space, byte order mark, annotations, non-characters
    "\ud800-\udfff"  # lone surrogates: no UTF-8 has them, `quoted` refuses them
    "\U000e0000-\U000e0fff"  # tags: invisible
)
"""The characters that are never written as they are, as the inside of a regular expression's class."""

_ESCAPED = re.compile(f'["\\\\{FORBIDDEN}]')
_FORBIDDEN_IN_BLOCK = re.compile(f"(?!\n)[{FORBIDDEN}]")
_SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}

# Names, kinds, groups: they begin with a letter, so only a word could be mistaken for something else.
is_name = re.compile(r"(?!(?:null|true|false|yes|no|on|off|y|n)\Z)[a-z][a-z0-9._/-]*\Z", re.IGNORECASE).match
"""The short answer for most strings of a manifest: whether they are plain at first sight."""


_PLAIN = re.compile(
    rf"""
    # What some reader takes for null, a boolean, a merge key, a number or a time.
    (?! (?: ~ | null | true | false | yes | no | on | off | y | n | << | = | [-+]?\.(?:inf|nan)
          | [-+]? 0 [box]? [0-9a-f_]+
          | [-+]? [0-9][0-9_]* (?:\.[0-9_]*)? (?:e[-+]?[0-9_]+)?
          | [-+]? \.[0-9_]+ (?:e[-+]?[0-9_]+)?
          | [-+]? [0-9][0-9_]* (?: : [0-5]?[0-9] )+ (?:\.[0-9_]*)?
          | [0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}} .*
        ) \Z )
    # Anything made of a number's characters; two dots make it a version or an address.
    (?! (?=[-+.0-9_]) [-+:_0-9a-fxo]* (?: \. [-+:_0-9a-fxo]* )? \Z )
    # What begins or ends a document, a comment, a key.
    (?! --- | \.\.\. )
    (?! .*? (?: :[ ] | [ ][#] ) )
    (?: [A-Za-z0-9_./$()\\^~+=;<] | [^\x00-\x7f] | -(?![ ]|\Z) )
    [^{FORBIDDEN}]*
    (?<! [ :] )
    \Z
    """,
    re.VERBOSE | re.IGNORECASE,
)


def is_plain(text: str) -> bool:
    """Whether `text` can stand without quotes, as a value and as a key.

    >>> [is_plain(text) for text in ("chores-tracker", "1.2.3", "3.0", "no", "a: b", "")]
    [True, True, False, False, False, False]
    """
    if is_name(text):
        return True
    if not _PLAIN.match(text):
        return False
    first = text[0]
    return first <= "\x7f" or first.isalpha()


def quoted(text: str) -> str:
    r"""The string in double quotes; what is invisible, or could end a line, is escaped.

    Raises:
        ValueError: `text` has a lone surrogate, which no encoding of YAML can carry.

    >>> print(quoted('say "yes"\tor\u2028no'))
    "say \"yes\"\tor\u2028no"
    """
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    short = _SHORT_ESCAPES.get(character)
    if short is not None:
        return short
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        raise ValueError(f"the lone surrogate U+{code:04X} is no character")
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def one_line(text: str) -> str:
    """The string on one line: plain where that is safe, else in double quotes.

    Raises:
        ValueError: `text` has a lone surrogate.
    """
    return text if is_plain(text) else quoted(text)


def literal_block(text: str, indent: str) -> str | None:
    r"""A text of several lines as a literal block, or None where a block would not carry it.

    The answer begins with the indicator (``|``, ``|-``, ``|+``) and has no newline at its end, except those
    that belong to the text. `indent` is what its lines are indented by.

    >>> literal_block("a\n b\n", "  ")
    '|\n  a\n   b'
    """
    if not text.strip(" \n") or _FORBIDDEN_IN_BLOCK.search(text):
        return None
    content = text.rstrip("\n")
    # Without the indicator the first line would set the indentation.
    indicator = f"|{INDENT}" if text[0] in " \n" else "|"
    newlines = len(text) - len(content)
    if newlines == 0:
        indicator += "-"
    elif newlines > 1:
        indicator += "+"
    lines = [f"{indent}{line}" if line else "" for line in content.split("\n")]
    return "\n".join((indicator, *lines)) + "\n" * (newlines - 1)
