"""Which images of an app a version is the tag of: what to look up in a registry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from chores_infra.app import App, Target
from chores_infra.app_loading import their_mistakes
from chores_infra.environments import Environment
from chores_infra.errors import ConfigurationError
from chores_infra.synthesis import Engine, direct
from chores_infra.versions import Release, Version

__all__ = ["image_repositories", "only_image_repository"]

_PROBE: Final = "0.0.0-probe"
"""The tag that an app is built with here, to be found again in its manifests: no other image has it."""


def image_repositories(
    app: type[App[Any]], environment: Environment, release: Release | None = None, *, engine: Engine = direct
) -> tuple[str, ...]:
    """The repositories of those images whose tag is the app's version, in the order of the manifests.

    Images with tags of their own (a proxy beside the program, a database) are not among them.

    Args:
        app: the app.
        environment: where; each may take its images from elsewhere.
        release: what runs there, which an app may look at.
        engine: builds the app.

    Raises:
        ConstructError, ManifestError: the app cannot be built.
    """
    target = Target(environment, release or Version(0, 0, 0), _PROBE)
    with their_mistakes(f"{app.app_name} cannot be built for {environment}", root=app.app_name):
        resources = list(engine(app, target))
    found = [image for resource in resources for image in _images(resource.manifest)]
    marked = [image.partition("@")[0].removesuffix(f":{_PROBE}") for image in found if f":{_PROBE}" in image]
    return tuple(dict.fromkeys(marked))


def only_image_repository(
    app: type[App[Any]], environment: Environment, release: Release | None = None, *, engine: Engine = direct
) -> str:
    """The same for an app that has one such image.

    Raises:
        ConfigurationError: it has none, or several.
        ConstructError, ManifestError: the app cannot be built.
    """
    found = image_repositories(app, environment, release, engine=engine)
    if len(found) == 1:
        return found[0]
    if found:
        raise ConfigurationError(
            f"{app.app_name} has its version as the tag of several images; "
            f"say which with --image: {', '.join(found)}"
        )
    raise ConfigurationError(
        f"no image of {app.app_name} ({environment}) has target.tag as its tag; "
        "use it in the app, or give --image REPOSITORY"
    )


def _images(value: Any) -> Iterator[str]:
    """Every ``image`` of a manifest, wherever a pod or a custom resource has it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "image" and isinstance(inner, str):
                yield inner
            else:
                yield from _images(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _images(inner)
