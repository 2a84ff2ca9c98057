"""Versions of an application, the tags its registry knows them by, and which may run where.

``v3.1.0`` and ``3.1.0`` are one :class:`Version`. Everything else that a registry calls a tag (``latest``,
a branch, ``sha-abc1234``, ``v3``) may point at another image tomorrow: that is a :class:`FloatingTag`, and
only development may run it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering
from typing import Final, TypeAlias

from chores_infra.environments import Environment
from chores_infra.errors import VersionError
from chores_infra.wording import shown

__all__ = [
    "TAG_PATTERN",
    "FloatingTag",
    "Release",
    "TagFormat",
    "Version",
    "is_floating",
    "is_tag",
    "parse_release",
]

# https://semver.org/#backusnaur-form-grammar-for-valid-semver-versions, without build metadata: a tag of an
# image cannot contain "+".
_NUMBER = r"(?:0|[1-9][0-9]*)"
_IDENTIFIER = rf"(?:{_NUMBER}|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)"
_VERSION = re.compile(
    rf"v?(?P<core>{_NUMBER}\.{_NUMBER}\.{_NUMBER})(?:-(?P<pre>{_IDENTIFIER}(?:\.{_IDENTIFIER})*))?"
)
#: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
TAG_PATTERN: Final = r"[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}"
_TAG = re.compile(TAG_PATTERN)
_PARTIAL = re.compile(r"v?(?P<numbers>[0-9]+(?:\.[0-9]+)?)")
_LEADING_ZERO = re.compile(r"v?0*[0-9]+\.0*[0-9]+\.0*[0-9]+")
#: Digits per number of a version: more is an accident or an attack.
_LONGEST_NUMBER = 18


@total_ordering
@dataclass(frozen=True, slots=True)
class Version:
    """A semantic version. It prints as ``v3.1.0``, and orders as https://semver.org/#spec-item-11 says.

    >>> Version.parse("3.1.0") == Version.parse("v3.1.0")
    True
    >>> Version.parse("v3.1.0-rc.1") < Version.parse("v3.1.0")
    True
    """

    major: int
    minor: int
    patch: int
    prerelease: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read ``v3.1.0``, ``3.1.0`` or ``v3.1.0-rc.1``.

        Raises:
            VersionError: the text is anything else; the message says which version would do.
        """
        match = _VERSION.fullmatch(text) if isinstance(text, str) and len(text) <= 128 else None
        if match is None:
            raise VersionError(_why_not(text))
        numbers = match["core"].split(".")
        if max(map(len, numbers)) > _LONGEST_NUMBER:
            raise VersionError(f"the numbers of version {text!r} have more than {_LONGEST_NUMBER} digits")
        pre = match["pre"]
        major, minor, patch = map(int, numbers)
        return cls(major, minor, patch, tuple(pre.split(".")) if pre else ())

    @property
    def line(self) -> tuple[int, int]:
        """The first two numbers: what patches are made for."""
        return self.major, self.minor

    @property
    def number(self) -> str:
        """The version without the ``v``: ``3.1.0``."""
        core = f"{self.major}.{self.minor}.{self.patch}"
        return f"{core}-{'.'.join(self.prerelease)}" if self.prerelease else core

    def __str__(self) -> str:
        return f"v{self.number}"

    def __lt__(self, other: Version) -> bool:
        return self._precedence < other._precedence

    @property
    def _precedence(self) -> tuple[object, ...]:
        identifiers = tuple((0, int(i), "") if i.isdigit() else (1, 0, i) for i in self.prerelease)
        # A version without a pre-release follows all of its pre-releases.
        return (self.major, self.minor, self.patch, not self.prerelease, identifiers)


@dataclass(frozen=True, slots=True)
class FloatingTag:
    """A tag that may be moved to another image: ``latest``, ``main``, ``sha-abc1234``, ``v3``."""

    name: str

    def __str__(self) -> str:
        return self.name


Release: TypeAlias = Version | FloatingTag
"""What an environment runs."""


@dataclass(frozen=True, slots=True)
class TagFormat:
    """How an image repository names its versions: ``{version}`` is ``3.1.0``, ``v{version}`` is ``v3.1.0``.

    >>> TagFormat("v{version}").tag(Version.parse("3.1.0"))
    'v3.1.0'

    Raises:
        VersionError: the text has not exactly one ``{version}``, or gives tags that no registry accepts.
    """

    text: str = "{version}"

    def __post_init__(self) -> None:
        if self.text.count("{version}") != 1 or not _TAG.fullmatch(self.text.replace("{version}", "1.2.3")):
            raise VersionError(
                f"tag format {self.text!r}: expected text of letters, digits, '.', '_' and '-' with one "
                "{version} in it, such as '{version}' or 'v{version}'"
            )

    def tag(self, release: Release) -> str:
        """What the registry calls this release. A floating tag is its own name."""
        if isinstance(release, FloatingTag):
            return release.name
        return self.text.replace("{version}", release.number)

    @property
    def twin(self) -> TagFormat:
        """The same format with the ``v`` added or dropped, for registries that are not consistent."""
        before, after = self.text.split("{version}")
        return TagFormat((before[:-1] if before.endswith("v") else f"{before}v") + "{version}" + after)

    def version_of(self, tag: str) -> Version | None:
        """The version that a tag of this format (not of its twin) stands for, or None."""
        before, after = self.text.split("{version}")
        number = tag[len(before) : len(tag) - len(after)]
        if number.startswith("v") or f"{before}{number}{after}" != tag:
            return None
        try:
            return Version.parse(number)
        except VersionError:
            return None


def is_tag(text: str) -> bool:
    """Whether a registry would take the text for the tag of an image.

    >>> is_tag("3.0.0"), is_tag(".hidden")
    (True, False)
    """
    return _TAG.fullmatch(text) is not None


def is_floating(tag: str) -> bool:
    """Whether a tag of an image says nothing final about which image it is.

    A tag is final when a full version is in it (``3.0.0``, ``v3.0.0``, ``postgres-16.2.1-alpine``,
    ``2.4``-style two-part versions are not: they move with each patch release).

    >>> [is_floating(tag) for tag in ("3.0.0", "v3", "latest", "sha-abc1234", "1.25.3-alpine")]
    [False, True, True, True, False]
    """
    return re.search(r"(?:^|[^0-9.])[0-9]+\.[0-9]+\.[0-9]+(?:$|[^0-9])", f" {tag} ") is None


def parse_release(text: str, environment: Environment) -> Release:
    """Read what a user asked an environment to run.

    Raises:
        VersionError: the text is no version and no tag, or a tag that moves where only versions may run.
    """
    try:
        return Version.parse(text)
    except VersionError:
        looks_like_version = isinstance(text, str) and _LEADING_ZERO.fullmatch(text)
        may_float = environment is Environment.DEVELOPMENT and isinstance(text, str) and _TAG.fullmatch(text)
        if may_float and not looks_like_version:
            return FloatingTag(text)
        raise


def _why_not(text: object) -> str:
    """Why a text is no version, and which one would do."""
    if not isinstance(text, str):
        return f"expected a version such as v3.1.0 as text, found {type(text).__name__}"
    found = shown(text)
    if not text:
        return "the version is empty; give one such as v3.1.0"
    if partial := _PARTIAL.fullmatch(text):
        whole = partial["numbers"] + ".0" * (2 - partial["numbers"].count("."))
        return (
            f"{found} is a partial version, whose image changes with each release; "
            f"give all three numbers, such as v{whole}"
        )
    if len(text) <= 60 and _LEADING_ZERO.fullmatch(text):
        numbers = ".".join(number.lstrip("0") or "0" for number in text.lstrip("v").split("."))
        return (
            f"version {found} has a leading zero, which semantic versions do not allow; "
            f"did you mean v{numbers}?"
        )
    if re.fullmatch(r"sha-[0-9a-f]+|build-[0-9-]+|latest|main|master|develop|edge|nightly", text):
        return (
            f"{found} is a tag that does not say which version it is; give a version such as v3.1.0 "
            "(only development may run moving tags)"
        )
    return f"{found} is no version; expected three numbers such as v3.1.0 (or v3.1.0-rc.1)"
