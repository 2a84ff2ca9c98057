"""The patterns of Argo CD: globs with ``{a,b}`` for include and exclude, and paths of git generators.

Argo CD matches ``directory.include`` and ``exclude`` by github.com/gobwas/glob against the path of a file
below the application's folder, with no separator: ``*`` also matches ``/``. Git generators match folders
level by level, as Go's ``path.Match`` does; ``**`` crosses levels.

Patterns are a stranger's: alternatives are counted, and a star never tries again what failed once.

Source: https://argo-cd.readthedocs.io/en/stable/user-guide/directory/#includingexcluding-files
and https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-Git/
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import product

__all__ = ["matches", "matches_folder"]

_LONGEST = 1_000
"""Characters of a pattern; a longer one matches nothing."""
_MOST = 256
"""Patterns that one with alternatives may stand for; one with more matches nothing."""


def matches(pattern: str, path: str) -> bool:
    """Whether a pattern of ``directory.include`` or ``exclude`` matches the path of a file.

    >>> matches("{catalog-info.yaml,mkdocs.yml}", "mkdocs.yml"), matches("*.yaml", "sub/a.yaml")
    (True, True)
    >>> matches("", "mkdocs.yml")
    False
    """
    return any(compiled.fullmatch(path) for compiled in _alternatives(pattern))


def matches_folder(pattern: str, path: str) -> bool:
    """Whether a path of a git generator matches a folder or file.

    >>> matches_folder("apps/*", "apps/shop"), matches_folder("apps/*", "apps/shop/base")
    (True, False)
    """
    return len(pattern) <= _LONGEST and _levels_match(pattern.split("/"), path.split("/"))


def _levels_match(pattern: Sequence[str], path: Sequence[str]) -> bool:
    """Level by level: which numbers of levels of the path the pattern up to here can have taken."""
    taken = {0}
    for level in pattern:
        if level == "**":
            taken = set(range(min(taken), len(path) + 1)) if taken else taken
        else:
            compiled = _alternatives(level)
            fits = [any(one.fullmatch(name) for one in compiled) for name in path]
            taken = {number + 1 for number in taken if number < len(path) and fits[number]}
    return len(path) in taken


@lru_cache(maxsize=1_000)
def _alternatives(pattern: str) -> tuple[re.Pattern[str], ...]:
    """The patterns that one stands for, as regular expressions; none for one that is no pattern, or empty."""
    if not pattern or len(pattern) > _LONGEST:
        return ()
    try:
        return tuple(re.compile(_translated(one), re.DOTALL) for one in _expanded(pattern))
    except (ValueError, re.error):
        return ()


def _expanded(pattern: str) -> list[str]:
    """A pattern without its braces: one for each way through the alternatives, which may be nested.

    Raises:
        ValueError: braces that do not match, or too many ways.
    """
    choices: list[list[str]] = [[""]]
    position = 0
    while position < len(pattern):
        char = pattern[position]
        if char == "{":
            end, inner = _braces(pattern, position)
            choices.append([way for part in inner for way in _expanded(part)])
            position = end
        else:
            width = 2 if char == "\\" else 1
            choices.append([pattern[position : position + width]])
            position += width
        ways = 1
        for choice in choices:
            ways *= len(choice)
        if ways > _MOST:
            raise ValueError(pattern)
    return ["".join(way) for way in product(*choices)]


def _braces(pattern: str, start: int) -> tuple[int, list[str]]:
    """Where the braces that begin here end, and what stands between their commas."""
    depth, parts, begin, position = 0, [], start + 1, start
    while position < len(pattern):
        char = pattern[position]
        if char == "\\":
            position += 1
        elif char == "{":
            depth += 1
        elif char in ",}" and depth == 1:
            parts.append(pattern[begin:position])
            begin = position + 1
        if char == "}":
            depth -= 1
            if depth == 0:
                return position + 1, parts
        position += 1
    raise ValueError(pattern)


def _translated(pattern: str) -> str:
    """A pattern without braces as a regular expression.

    What stands behind a star is looked for once: if the rest fails where it stands first, it fails anywhere.
    """
    segments: list[list[str]] = [[]]
    position = 0
    while position < len(pattern):
        char = pattern[position]
        position += 1
        if char == "*":
            segments.append([])
        elif char == "?":
            segments[-1].append(".")
        elif char == "[" and "]" in pattern[position + 1 :]:
            end = pattern.index("]", position + 1)
            inner = pattern[position:end].replace("\\", "\\\\").replace("[", "\\[")
            segments[-1].append(f"[^{inner[1:]}]" if inner[0] in "!^" else f"[{inner}]")
            position = end + 1
        elif char == "[":
            raise ValueError(pattern)
        else:
            escaped = char == "\\" and position < len(pattern)
            segments[-1].append(re.escape(pattern[position] if escaped else char))
            position += escaped
    first, *others = ["".join(segment) for segment in segments]
    if not others:
        return first
    return first + "".join(f"(?>.*?{segment})" for segment in others[:-1]) + f".*{others[-1]}"
