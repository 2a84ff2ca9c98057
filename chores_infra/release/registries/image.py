"""An image as a registry knows it, and what can be asked of every registry."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple, Protocol

__all__ = ["DIGEST", "Image", "Registry"]

#: https://github.com/opencontainers/image-spec/blob/main/descriptor.md#registered-algorithms
DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")


class Image(NamedTuple):
    """One image of a repository. Times have a time zone.

    Args:
        digest: of its manifest, or of its index where it is made for several platforms: ``sha256:...``.
        tags: those that point at it, in the order of their names. A look-up by tag in an OCI registry knows
            of that tag alone.
        pushed_at: when it arrived in the registry. Only ECR tells.
        created_at: when it was built, by its own configuration. Some builds write a fixed time (1970, 1980).
    """

    digest: str
    tags: tuple[str, ...]
    pushed_at: datetime | None = None
    created_at: datetime | None = None


class Registry(Protocol):
    """One repository of images in a registry.

    Every method raises RegistryError, and its subclass RegistryUnavailableError where the registry gave no
    answer, in time or at all.
    """

    def find(self, tag: str) -> Image | None:
        """The image that a tag points at now; None where there is no such tag."""
        ...

    def images(self) -> Iterable[Image]:
        """Every image, in any order, with all its tags. Those without a tag may be left out."""
        ...

    def dated(self, image: Image) -> Image:
        """The image with all that the registry can tell of its times; that may cost further requests."""
        ...
