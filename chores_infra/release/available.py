"""What can be deployed: the versions that a registry has, and what the release intent says of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from chores_infra.environments import Environment
from chores_infra.release.app_repository import Tag
from chores_infra.release.intent import Intent, Quarantine, Running
from chores_infra.release.registries.image import Image, Registry
from chores_infra.release.registries.patience import concurrently
from chores_infra.release.registries.resolving import version_of
from chores_infra.versions import TagFormat, Version

__all__ = ["Available", "available"]

_AT_ONCE: Final = 8


class Available(NamedTuple):
    """A version, or another release that an environment runs.

    Args:
        name: ``v3.1.0``; of a floating release its tag.
        tag: what the registry calls it; None where it has no such image, or was not asked.
        image: with all tags that share it.
        environments: those that run it.
        quarantine: why nothing may move to it, if so.
        commit: what its tag names in the application's own repository, where that was asked.
    """

    name: str
    tag: str | None = None
    image: Image | None = None
    environments: tuple[Environment, ...] = ()
    quarantine: Quarantine | None = None
    commit: str | None = None

    @property
    def others(self) -> tuple[str, ...]:
        """The other tags of the same image."""
        return tuple(tag for tag in self.image.tags if tag != self.tag) if self.image else ()


def available(
    registry: Registry | None,
    tag_format: TagFormat,
    intent: Intent,
    *,
    tags: Sequence[Tag] = (),
    limit: int | None = None,
) -> list[Available]:
    """The versions of a registry, the greatest first, and behind them what runs and is not there.

    Two tags of one version (``v3.0.0`` and ``3.0.0``) are one row where they are one image, else two.

    Args:
        registry: where the images are; without one the versions are those of the tags.
        tag_format: how versions are named.
        intent: what the environments run, and what is quarantined.
        tags: of the application's own repository.
        limit: how many versions at most; those that an environment runs are there in any case.

    Raises:
        RegistryError: the registry cannot be asked.
    """
    commits = {version: tag.commit for tag in tags if (version := version_of(tag.name, tag_format))}
    found = (
        list(_versions(registry.images(), tag_format))
        if registry
        else [(each, None, None) for each in commits]
    )
    found.sort(key=lambda each: (each[0], each[1] or ""), reverse=True)
    rows = [
        Available(
            str(version),
            tag,
            image,
            _environments(str(version), image, intent),
            _quarantine(str(version), intent),
            commits.get(version),
        )
        for version, tag, image in found
    ]
    shown = [row for number, row in enumerate(rows) if limit is None or number < limit or row.environments]
    shown += _elsewhere(registry, rows, intent)
    if registry is None:
        return shown
    images = concurrently(registry.dated, [row.image for row in shown if row.image], _AT_ONCE)
    dated = {image.digest: image for image in images}
    return [row._replace(image=dated[row.image.digest]) if row.image else row for row in shown]


def _versions(
    images: Iterable[Image], tag_format: TagFormat
) -> Iterator[tuple[Version, str | None, Image | None]]:
    for image in images:
        names: dict[Version, str] = {}
        for tag in image.tags:
            version = version_of(tag, tag_format)
            if version is not None and (version not in names or tag_format.version_of(tag) is not None):
                names[version] = tag
        for version, tag in names.items():
            yield version, tag, image


def _environments(name: str, image: Image | None, intent: Intent) -> tuple[Environment, ...]:
    """Those that run a version; of two images with one version, what the deployment recorded tells which."""

    def runs(running: Running | None) -> bool:
        if running is None or str(running.release) != name:
            return False
        return image is None or running.digest in {None, image.digest}

    return tuple(each for each in Environment if runs(intent.environments.get(each)))


def _elsewhere(registry: Registry | None, rows: Sequence[Available], intent: Intent) -> list[Available]:
    """What runs and is no row: a floating tag, or a version whose image is gone."""
    there = {environment for row in rows for environment in row.environments}
    missing: dict[str, tuple[Environment, ...]] = {}
    for environment in Environment:
        if environment in intent.environments and environment not in there:
            name = str(intent.environments[environment].release)
            missing[name] = (*missing.get(name, ()), environment)
    found = []
    for name, environments in missing.items():
        is_version = version_of(name, TagFormat()) is not None
        image = registry.find(name) if registry is not None and not is_version else None
        tag = name if image else None
        found.append(Available(name, tag, image, environments, _quarantine(name, intent)))
    return found


def _quarantine(name: str, intent: Intent) -> Quarantine | None:
    return next((entry for entry in intent.quarantine if str(entry.version) == name), None)
