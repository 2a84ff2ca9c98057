"""Find the image of a version before it is deployed: whether it is there, and what it was built from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from chores_infra.app import App
from chores_infra.environments import Environment
from chores_infra.errors import Refused
from chores_infra.git import check_url, is_url
from chores_infra.git.remotes import remote_tags
from chores_infra.release.app_images import image_repositories, only_image_repository
from chores_infra.release.move import Image
from chores_infra.release.registries import open_registry, resolve
from chores_infra.versions import FloatingTag, Release, Version

__all__ = ["look_up", "refuse_other_image"]

_OF_A_COMMIT: Final = re.compile(r"sha-([0-9a-f]{7,40})")


def look_up(
    app: type[App[Any]],
    environment: Environment,
    release: Release,
    *,
    registry: str | None = None,
    repository: str | None = None,
    app_repo: str | None = None,
) -> Image:
    """What is known of the image of a version.

    Args:
        app: which.
        environment: where it is to run.
        release: the version.
        registry: where to ask, as `open_registry` takes it; ``none`` is nowhere.
        repository: of images; None for every one of the app that has the version as its tag.
        app_repo: the application's own git repository, a folder or a URL, whose tags tell the commits.

    Raises:
        Refused: the registry has no such version.
        RegistryError: it cannot be asked.
        GitError: the application's repository cannot be asked.
    """
    image = Image() if registry == "none" else _in_registry(app, environment, release, registry, repository)
    if app_repo is not None and isinstance(release, Version):
        commit = _tagged(app_repo, release)
        if commit is not None:
            return image._replace(commit=commit)
    return image


def refuse_other_image(image: Image, release: Release, digest: str | None) -> None:
    """Refuse a version whose image is not the one that is expected, as far as both are known.

    Raises:
        Refused: its tag was moved.
    """
    if digest is not None and image.digest is not None and image.digest != digest:
        raise Refused(
            f"the tag {image.tag} of {release} points at {image.digest} now, and what ran was {digest}: "
            "it was moved; deploy the image that was tested under a version of its own"
        )


def _in_registry(
    app: type[App[Any]],
    environment: Environment,
    release: Release,
    where: str | None,
    repository: str | None,
) -> Image:
    """The image in every repository that the app takes it from; its digest where it is one."""
    if repository is not None:
        names: tuple[str, ...] = (repository,)
    else:
        names = image_repositories(app, environment, release)
        names = names or (only_image_repository(app, environment, release),)  # which says what is wrong
    found: dict[str, Image] = {}
    for name in names:
        registry = open_registry(where, name)
        if registry is None:
            return Image()
        if isinstance(release, FloatingTag):
            there, tag = registry.find(release.name), release.name
        else:
            resolved = resolve(registry, release, app.tag_format)
            there, tag = (resolved.image, resolved.tag) if resolved else (None, "")
        if there is None:
            raise Refused(
                f"{name} has no image {app.tag_format.tag(release)} of {release}; build and push it first, "
                "choose another (chores-infra versions lists them), or do not ask: --registry none"
            )
        found[name] = Image(tag, there.digest, _commit_of(there.tags))
    tags = {image.tag for image in found.values()}
    if len(tags) > 1:
        listed = ", ".join(f"{name}:{image.tag}" for name, image in found.items())
        raise Refused(f"{release} has different tags in the repositories of {app.app_name}: {listed}")
    if len(found) == 1:
        return next(iter(found.values()))
    return Image(tags.pop())  # several images have no one digest


def _commit_of(tags: tuple[str, ...]) -> str | None:
    """The commit that a tag ``sha-<commit>`` of the same image names."""
    return next((match[1] for tag in tags if (match := _OF_A_COMMIT.fullmatch(tag))), None)


def _tagged(app_repo: str, version: Version) -> str | None:
    """The commit of the tag of a version."""
    names = [str(version), version.number]
    if is_url(app_repo):
        found = remote_tags(Path.cwd(), check_url(app_repo), names)
    else:
        found = remote_tags(Path(app_repo), ".", names)
    return next((found[name] for name in names if name in found), None)
