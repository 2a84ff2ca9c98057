"""References to images, as a container runtime reads them.

Source: https://github.com/distribution/reference
"""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["DOCKER_HUB", "Image", "parse_image"]

DOCKER_HUB: Final = "docker.io"


class Image(NamedTuple):
    """The parts of a reference to an image; ``tag`` and ``digest`` are empty where it has none."""

    registry: str
    repository: str
    tag: str
    digest: str


def parse_image(text: str) -> Image:
    """The parts of a reference.

    >>> parse_image("registry.example.com:5000/team/shop:1.4.2")
    Image(registry='registry.example.com:5000', repository='team/shop', tag='1.4.2', digest='')
    >>> parse_image("nginx@sha256:abc").registry
    'docker.io'
    """
    name, _, digest = text.partition("@")
    head, slash, rest = name.partition("/")
    is_registry = bool(slash) and (any(char in head for char in ".:") or head == "localhost")
    registry, path = (head, rest) if is_registry else (DOCKER_HUB, name)
    repository, _, tag = path.partition(":")
    return Image(registry, repository, tag, digest)
