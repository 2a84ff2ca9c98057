"""From what a user calls a version to the image that the registry has for it."""

from __future__ import annotations

from typing import NamedTuple

from chores_infra.errors import VersionError
from chores_infra.release.registries.image import Image, Registry
from chores_infra.versions import FloatingTag, Release, TagFormat, Version, is_tag
from chores_infra.wording import shown

__all__ = ["Found", "resolve", "version_of"]


class Found(NamedTuple):
    """A version, what the registry calls it, and its image."""

    version: Version
    tag: str
    image: Image


def resolve(registry: Registry, wanted: Release | str, tag_format: TagFormat) -> Found | None:
    """Find a version in a registry, by its own name or by any tag that shares its image.

    A version is looked up as the tag format says, then with the ``v`` added or dropped. Any other tag, such
    as ``sha-abc1234``, stands for the newest version with the same digest; a pre-release counts only where no
    full version has it.

    Args:
        registry: where to look.
        wanted: ``v3.1.0``, a Version, or a tag.
        tag_format: how the repository names its versions.

    Returns:
        What was found; None where the registry has no such tag.

    Raises:
        VersionError: the text is no tag, or the tag is there and no version shares its image.
        RegistryError: the registry cannot be asked.
    """
    version = _as_version(wanted, tag_format)
    if version is not None:
        for form in (tag_format, tag_format.twin):
            tag = form.tag(version)
            image = registry.find(tag)
            if image is not None:
                return Found(version, tag, image)
        return None
    tag = str(wanted)
    if not is_tag(tag):
        raise VersionError(f"{shown(tag)} is no version and no tag; give one such as v3.1.0 or sha-abc1234")
    image = registry.find(tag)
    return None if image is None else _sharing(registry, tag, image, tag_format)


def version_of(tag: str, tag_format: TagFormat) -> Version | None:
    """The version that a tag of this format or its twin stands for, or None.

    >>> str(version_of("v3.0.0", TagFormat("{version}")))
    'v3.0.0'
    """
    version = tag_format.version_of(tag)
    return tag_format.twin.version_of(tag) if version is None else version


def _as_version(wanted: Release | str, tag_format: TagFormat) -> Version | None:
    if isinstance(wanted, Version):
        return wanted
    text = wanted.name if isinstance(wanted, FloatingTag) else wanted
    try:
        return Version.parse(text)
    except VersionError:
        return version_of(text, tag_format)


def _sharing(registry: Registry, tag: str, image: Image, tag_format: TagFormat) -> Found:
    same = [each for each in registry.images() if each.digest == image.digest]
    tags = sorted({name for each in same for name in each.tags} | {tag})
    versions = [(version, name) for name in tags if (version := version_of(name, tag_format)) is not None]
    if not versions:
        others = [name for name in tags if name != tag]
        beside = f"; it shares its image with {', '.join(others[:5])}" if others else ""
        raise VersionError(
            f"no version has the image of tag {shown(tag)} ({image.digest[:19]}){beside}; "
            "give the version to run, such as v3.1.0"
        )
    # Two names of one version are told apart by the format, which comes first.
    best = max(versions, key=lambda each: (not each[0].prerelease, each[0], _is_of(each[1], tag_format)))
    known = next((each for each in same if each.pushed_at or each.created_at), image)
    return Found(best[0], best[1], known._replace(tags=tuple(tags)))


def _is_of(tag: str, tag_format: TagFormat) -> bool:
    return tag_format.version_of(tag) is not None
