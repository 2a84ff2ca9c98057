"""When the versions of an app were tagged, and which commit of the application each of them is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from chores_infra.errors import VersionError
from chores_infra.release.app_repository import Tag
from chores_infra.release.history.images import Image
from chores_infra.versions import Version

__all__ = ["Tags"]

# A repository with several programs names each in its tags: frontend-v1.2.0, frontend/v1.2.0, frontend@1.2.0.
_NAME: Final = re.compile(r"(?:(?P<stream>.+)[-/@_])?(?P<version>v?[0-9]+\.[0-9]+\.[0-9]+(?:-.+)?)")


class Tags:
    """The tags of the application's repository, by stream and version.

    >>> from datetime import UTC, datetime
    >>> moment = datetime(2025, 7, 1, tzinfo=UTC)
    >>> tags = Tags([Tag("v1.0.0", "aaa", moment), Tag("frontend-v1.0.0", "bbb", moment)])
    >>> tags.of(Image("x/shop"), "v1.0.0").commit, tags.of(Image("x/shop-frontend"), "v1.0.0").commit
    ('aaa', 'bbb')
    """

    def __init__(self, tags: Iterable[Tag] = ()) -> None:
        self._tags: dict[tuple[str, Version], Tag] = {}
        for tag in tags:
            found = _NAME.fullmatch(tag.name)
            version = _version(found["version"]) if found else None
            if found and version is not None:
                self._tags.setdefault((found["stream"] or "", version), tag)
        self._streams = sorted({stream for stream, _ in self._tags}, key=len, reverse=True)

    def of(self, image: Image, version: str) -> Tag | None:
        """The tag of a version: of the stream that the image is named after, else of the nameless one."""
        parsed = _version(version) if self._tags else None
        if parsed is None:
            return None
        named = (s for s in self._streams if s and (image.name == s or image.name.endswith(f"-{s}")))
        return self._tags.get((next(named, ""), parsed))


def _version(text: str) -> Version | None:
    try:
        return Version.parse(text)
    except VersionError:
        return None
