"""What the name of a tag says: a version of the stream, a part of one, or nearly one.

A repository may have several streams of tags (``v1.2.0``, ``frontend-v1.2.0``, ``charts/1.2.0``), which have
nothing to do with each other. A stream is what stands around the version; the ``v`` makes no difference.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from chores_infra.errors import VersionError
from chores_infra.versions import Version
from chores_infra.wording import shown

__all__ = ["MalformedTag", "TagNames", "is_variant", "other_streams"]

_PARTIAL: Final = re.compile(r"v?(0|[1-9][0-9]{0,3})(?:\.(0|[1-9][0-9]{0,4}))?")
_BUILD: Final = re.compile(r"(?P<version>[^+]+)\+[0-9A-Za-z.-]+")
# A number with a dot behind it, or a v before it: all that people call a version begins so.
_LIKE_A_VERSION: Final = re.compile(r"[vV]{1,2}[._-]?[0-9]+(\.|-|_|$).*|[._-]?[0-9]+\..+")
_STREAM: Final = re.compile(r"(?P<prefix>.*[a-zA-Z)\]][-_/@.])v?(0|[1-9][0-9]*)\.[0-9]+\.[0-9]+.*")
#: What people call versions that are not final; anything else behind a "-" names a variant of an image.
_PRERELEASE: Final = re.compile(
    r"[0-9]+|(?:alpha|beta|rc|cr|pre|preview|prerelease|dev|snapshot|m|milestone|next|canary|nightly|a|b|c|ea)"
    r"[.-]?[0-9]*",
    re.IGNORECASE,
)
_FORMS: Final = (
    ("an upper-case V", re.compile(r"V.*")),
    ("a character between v and the number", re.compile(r"v[._-].*|[._-].*|vv.*")),
    ("a leading zero", re.compile(r"v?(?:[0-9]+\.)*0[0-9]+(?:\.[0-9]+)*(?:[-+.].*)?")),
    ("more than three numbers", re.compile(r"v?[0-9]+(?:\.[0-9]+){3,}(?:[-+.].*)?")),
    ("a pre-release without '-' before it", re.compile(r"v?[0-9]+(?:\.[0-9]+){1,2}[._]?[a-zA-Z].*")),
    ("fewer than three numbers", re.compile(r"v?[0-9]+(?:\.[0-9]+)?[-+].*")),
)
_OTHER: Final = "another form"
SHORT: Final = "fewer than three numbers"


class MalformedTag(NamedTuple):
    """A tag that is nearly a version, and what is wrong with its form."""

    tag: str
    form: str


class TagNames:
    """How one stream of tags names versions.

    Args:
        text: the form, with one ``{version}`` in it: ``{version}``, ``web-v{version}``, ``api/v{version}``.

    >>> names = TagNames("{version}")
    >>> str(names.version("v3.1.0")), names.partial("v3.1"), names.version("frontend-v3.1.0")
    ('v3.1.0', (3, 1), None)
    >>> names.malformed("v3.1.0.2").form
    'more than three numbers'
    """

    def __init__(self, text: str) -> None:
        if text.count("{version}") != 1 or len(text) > 200 or not text.isprintable():
            raise VersionError(
                f"{shown(text)} is no form of tags: expected text with one {{version}} in it, such as "
                "'{version}' or 'frontend-v{version}'"
            )
        before, self._suffix = text.split("{version}")
        self._prefix = before.removesuffix("v")
        self.text = text

    def version(self, tag: str) -> Version | None:
        """The version that a tag names; metadata of a build (``+k3s1``) does not count."""
        inner = self._inner(tag)
        if inner is None:
            return None
        build = _BUILD.fullmatch(inner)
        try:
            return Version.parse(build["version"] if build else inner)
        except VersionError:
            return None

    def has_build(self, tag: str) -> bool:
        """Whether a tag names one of several builds of its version."""
        return "+" in (self._inner(tag) or "")

    def partial(self, tag: str) -> tuple[int, ...] | None:
        """The one or two numbers of a tag that moves with each release: ``(3,)`` of ``v3``."""
        match = _PARTIAL.fullmatch(self._inner(tag) or "")
        return tuple(int(number) for number in match.groups() if number is not None) if match else None

    def is_latest(self, tag: str) -> bool:
        """Whether a tag is ``latest`` of the stream."""
        return self._inner(tag) == "latest"

    def malformed(self, tag: str) -> MalformedTag | None:
        """What is wrong with a tag that is nearly a version; None for versions and for anything else."""
        inner = self._inner(tag)
        if inner is None or not _LIKE_A_VERSION.fullmatch(inner) or self.version(tag) or self.partial(tag):
            return None
        form = next((name for name, pattern in _FORMS if pattern.fullmatch(inner)), _OTHER)
        return MalformedTag(tag, form)

    def _inner(self, tag: str) -> str | None:
        """What stands in the place of the version, with its v."""
        if len(tag) > 250 or not tag.startswith(self._prefix) or not tag.endswith(self._suffix):
            return None
        return tag[len(self._prefix) : len(tag) - len(self._suffix)] or None


def is_variant(version: Version) -> bool:
    """Whether what stands behind the ``-`` is no pre-release, but another make of the version.

    >>> [is_variant(Version.parse(text)) for text in ("3.1.0-alpine", "3.1.0-rc.1", "3.1.0-amd64")]
    [True, False, True]
    """
    return bool(version.prerelease) and not _PRERELEASE.fullmatch(version.prerelease[0])


def other_streams(tags: Iterable[str]) -> list[str]:
    """The prefixes of the streams that tags belong to, the largest first."""
    counts = Counter(match["prefix"] for tag in tags if (match := _STREAM.fullmatch(tag)))
    return [prefix for prefix, _ in counts.most_common()]
