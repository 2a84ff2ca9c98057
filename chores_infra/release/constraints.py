"""Which versions a constraint allows, in the words of npm and Flux: ``^3``, ``~3.1``, ``>=3 <4``, ``3.x``.

Parts with a space or comma between them must all hold, those with ``||`` any. As
https://github.com/npm/node-semver#prerelease-tags says, a pre-release is allowed only by a part that names
one of the same three numbers.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from chores_infra.errors import VersionError
from chores_infra.versions import Version
from chores_infra.wording import shown

__all__ = ["Constraint"]

_PART: Final = re.compile(
    r"(?P<sign>\^|~|>=|<=|>|<|=)?\s*v?(?P<numbers>\*|[xX]|\d{1,18}(?:\.(?:\d{1,18}|[xX*])){0,2})"
    r"(?P<pre>-[0-9A-Za-z.-]+)?",
    re.ASCII,
)
_LONGEST: Final = 200
_NONE: Final = Version(0, 0, 0, ("0",))
"""Before every version."""


class _Bounds(NamedTuple):
    """From one version, which is allowed, to another, which is not; None is no end."""

    low: Version
    high: Version | None
    prereleases_of: tuple[int, int, int] | None

    def allows(self, version: Version) -> bool:
        return self.low <= version and (self.high is None or version < self.high)


class Constraint:
    """A constraint that was read; ``text`` is how it was written.

    >>> constraint = Constraint("^3.1")
    >>> [constraint.allows(Version.parse(text)) for text in ("3.0.9", "3.1.0", "4.0.0", "3.2.0-rc.1")]
    [False, True, False, False]

    Raises:
        VersionError: the text is none.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._any = [_all_of(part, text) for part in text.split("||")] if len(text) <= _LONGEST else []
        if not self._any:
            raise _no_constraint(text)

    def allows(self, version: Version) -> bool:
        """Whether a version may be chosen."""
        return any(_allows(bounds, version) for bounds in self._any)

    def __str__(self) -> str:
        return self.text


def _allows(all_of: list[_Bounds], version: Version) -> bool:
    if version.prerelease:
        core = (version.major, version.minor, version.patch)
        if not any(bounds.prereleases_of == core for bounds in all_of):
            return False
    return all(bounds.allows(version) for bounds in all_of)


def _all_of(text: str, whole: str) -> list[_Bounds]:
    found: list[_Bounds] = []
    rest = text.replace(",", " ").strip()
    while rest:
        part = _PART.match(rest)
        if part is None or (part.end() < len(rest) and not rest[part.end()].isspace()):
            raise _no_constraint(whole)
        found.append(_bounds(part, whole))
        rest = rest[part.end() :].strip()
    if not found:
        raise _no_constraint(whole)
    return found


def _bounds(part: re.Match[str], whole: str) -> _Bounds:
    numbers = part["numbers"].split(".")
    given = [int(number) for number in numbers if number.isdigit()]
    if not all(number.isdigit() for number in numbers[: len(given)]):
        raise _no_constraint(whole)
    sign = part["sign"] or "="
    if not given:
        if sign in {"<", ">"}:
            raise _no_constraint(whole)
        return _Bounds(_NONE, None, None)
    major, minor, patch = (*given, 0, 0)[:3]
    try:
        low = Version.parse(f"{major}.{minor}.{patch}{part['pre'] or ''}")
    except VersionError:
        raise _no_constraint(whole) from None
    if part["pre"] and len(given) < 3:
        raise _no_constraint(whole)
    core = (major, minor, patch) if part["pre"] else None
    # The first version behind what was given: behind 3.1.4 that is what follows it, behind 3.1 it is 3.2.0.
    behind = _behind(given, low)
    if sign == "^":
        # The left-most number that is not 0 stays as it is.
        fixed = next((place for place, number in enumerate(given) if number), len(given) - 1)
        return _Bounds(low, _next(given[: fixed + 1]), core)
    if sign == "~":
        return _Bounds(low, _next(given[:2]), core)
    if sign == "=":
        return _Bounds(low, behind, core)
    if sign in {">=", ">"}:
        return _Bounds(low if sign == ">=" else behind, None, core)
    return _Bounds(_NONE, low if sign == "<" else behind, core)


def _behind(given: list[int], low: Version) -> Version:
    if len(given) < 3:
        return _next(given)
    if low.prerelease:
        return Version(low.major, low.minor, low.patch, (*low.prerelease, "0"))
    return Version(low.major, low.minor, low.patch + 1, ("0",))


def _next(numbers: list[int]) -> Version:
    """The first of what comes after every version that begins with these numbers."""
    major, minor, patch = (*numbers[:-1], numbers[-1] + 1, 0, 0)[:3]
    return Version(major, minor, patch, ("0",))


def _no_constraint(text: str) -> VersionError:
    return VersionError(
        f"{shown(text)} is no constraint; expected one such as ^3, ~3.1, 3.x, '>=3.0.0 <4' or '^3 || ^4'"
    )
