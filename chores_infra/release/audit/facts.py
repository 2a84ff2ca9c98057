"""What an audit knows: tags, images, deployments. Each may be missing, and then its rules say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from chores_infra.release.app_repository import Tag
from chores_infra.release.audit.ancestry import Ancestry, Branches
from chores_infra.release.audit.deployments import Deployment
from chores_infra.release.audit.names import TagNames, is_variant
from chores_infra.release.intent import Intent
from chores_infra.release.registries.image import Image
from chores_infra.versions import Version

__all__ = ["AppRepository", "Facts", "Images", "Infrastructure", "Named"]


class Named(NamedTuple):
    """A tag that names a version. A short one (``v3.1`` without any ``v3.1.0``) is a version as well."""

    version: Version
    tag: Tag
    short: bool = False


class AppRepository:
    """The application's own repository.

    Args:
        name: what findings call it.
        names: the stream of tags that is looked at.
        tags: all that there are.
        branches: where the main line is.
        ancestry: None where the clone is too shallow to know it.
        missing: commits that what runs was built from, and that are not there.
    """

    def __init__(
        self,
        name: str,
        names: TagNames,
        tags: Sequence[Tag],
        *,
        branches: Branches = Branches(),  # noqa: B008  (immutable)
        ancestry: Ancestry | None = None,
        missing: frozenset[str] = frozenset(),
    ) -> None:
        self.name = name
        self.names = names
        self.tags = tags
        self.branches = branches
        self.ancestry = ancestry
        self.missing = missing

    @cached_property
    def versions(self) -> tuple[Named, ...]:
        """The tags that name versions, in their order; variants (``v1.0.0-cli``) are another stream."""
        whole = [
            Named(version, tag)
            for tag in self.tags
            if (version := self.names.version(tag.name)) is not None and not is_variant(version)
        ]
        there = {(named.version.major, named.version.minor) for named in whole}
        commits = {named.tag.commit for named in whole}
        short = [
            Named(Version(*numbers, 0), tag, short=True)
            for tag in self.tags
            if (numbers := self.names.partial(tag.name)) is not None
            and len(numbers) == 2
            and Version(*numbers, 0) not in {named.version for named in whole}
            and not (tag.commit in commits and numbers in there)
        ]
        return tuple(sorted([*whole, *short], key=lambda named: (named.version, named.tag.name)))

    @cached_property
    def finals(self) -> tuple[Named, ...]:
        """The versions that are no pre-releases."""
        return tuple(named for named in self.versions if not named.version.prerelease)

    def of(self, version: Version) -> Tag | None:
        """The tag of a version, or of a variant."""
        return self._by_version.get(version)

    @cached_property
    def _by_version(self) -> dict[Version, Tag]:
        variants = {version: tag for tag in self.tags if (version := self.names.version(tag.name))}
        return variants | {named.version: named.tag for named in self.versions}


class Images:
    """The images of the registry.

    Args:
        name: the repository of the images.
        names: how it names versions.
        images: each digest once.
    """

    def __init__(self, name: str, names: TagNames, images: Sequence[Image]) -> None:
        self.name = name
        self.names = names
        self.images = images

    @cached_property
    def by_tag(self) -> dict[str, Image]:
        """The image of each tag."""
        return {tag: image for image in self.images for tag in image.tags}

    @cached_property
    def versions(self) -> tuple[tuple[Version, str, Image], ...]:
        """Versions, their tags and images, in the order of the versions; without variants (``-alpine``)."""
        found = [
            (version, tag, image)
            for tag, image in self.by_tag.items()
            if (version := self.names.version(tag)) is not None and not is_variant(version)
        ]
        return tuple(sorted(found, key=lambda each: each[:2]))


class Infrastructure(NamedTuple):
    """What the infrastructure repository says.

    Args:
        file: of the release intent, as findings call it.
        text: of that file.
        intent: what it says.
        deployments: what ran when, the oldest first; empty where the history is not known.
    """

    file: str
    text: str
    intent: Intent
    deployments: Sequence[Deployment] = ()


class Facts(NamedTuple):
    """Everything that an audit looks at, and the time that it is now."""

    now: datetime
    source: AppRepository | None = None
    registry: Images | None = None
    infrastructure: Infrastructure | None = None
