"""Which versions ran in an environment, and so whether a change goes forward or back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from chores_infra.errors import VersionError
from chores_infra.release.history.events import Action, Note
from chores_infra.release.history.images import Image
from chores_infra.versions import Version

__all__ = ["VersionsRun", "is_version", "name_of"]

_NO_TAG = "(no tag)"
_SHOWN_OF_A_DIGEST = 19


class _Run(NamedTuple):
    number: int
    left_at: int | None


class VersionsRun:
    """The versions of each image that ran in one environment, in the order in which they came first."""

    def __init__(self) -> None:
        self._runs: dict[tuple[str, str], _Run] = {}

    def runs(self, image: Image, version: str) -> None:
        """Note that a version runs from now on."""
        self._runs.setdefault((image.name, version), _Run(len(self._runs), None))

    def left(self, image: Image, version: str, at: int) -> None:
        """Note that a version does not run any more."""
        key = (image.name, version)
        self._runs[key] = _Run(self._runs[key].number if key in self._runs else len(self._runs), at)

    def judge(self, before: str, after: str, image: Image, was: Image) -> tuple[Action, tuple[Note, ...]]:
        """What it is to go from a version to another, and what is to be said of it.

        Args:
            before: the version that ran.
            after: the version that runs now.
            image: of the new version.
            was: the image that ran.
        """
        old, new = _parsed(before), _parsed(after)
        lower = old is not None and new is not None and new < old
        ran = self._runs.get((image.name, after))
        if ran is None:
            if not lower:
                return Action.DEPLOY, ()
            return Action.DEPLOY, (
                Note("lower", f"{after} is older than {before}, and had not run here before"),
            )
        comparable = old is not None and new is not None
        here = self._runs.get((was.name, before))
        back = lower if comparable else here is None or ran.number < here.number
        if back:
            return Action.ROLLBACK, ()
        return Action.DEPLOY, (Note("again", f"{after} ran here before"),)


def name_of(image: Image, recorded: Mapping[str, str]) -> str:
    """What a version is called: ``v3.1.0`` for every tag that is a version.

    Args:
        image: what runs.
        recorded: versions by their tags, as the release intent has them.

    >>> name_of(Image("shop", "3.1.0"), {}), name_of(Image("shop", "rel-7"), {"rel-7": "v7.0.0"})
    ('v3.1.0', 'v7.0.0')
    """
    version = _version_name(image.tag)
    if version is not None:
        return version
    if image.tag:
        return recorded.get(image.tag, image.tag)
    return image.digest[:_SHOWN_OF_A_DIGEST] or _NO_TAG


def is_version(text: str) -> bool:
    """Whether a name is that of a version, and no tag that may move."""
    return _parsed(text) is not None


@lru_cache(maxsize=1024)
def _version_name(tag: str) -> str | None:
    version = _parsed(tag)
    return None if version is None else str(version)


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Version | None:
    number = text.removeprefix("v")
    return None if number.startswith("v") else _of_number(number)


@lru_cache(maxsize=1024)
def _of_number(text: str) -> Version | None:
    try:
        return Version.parse(text)
    except VersionError:
        return None
