"""Which registry to ask, from what a user or the configuration says."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from chores_infra.errors import RegistryError
from chores_infra.release.registries.image import Registry
from chores_infra.release.registries.repository import DOCKER_HUB, ImageRepository
from chores_infra.wording import shown

__all__ = ["DEFAULT_TIMEOUT", "open_registry"]

DEFAULT_TIMEOUT: Final = 30.0
"""Seconds that one look-up may take, where nobody says otherwise."""

_FILE: Final = "file:"


def open_registry(where: str | None, repository: str, *, timeout: float = DEFAULT_TIMEOUT) -> Registry | None:
    """Open the registry of one repository of images. Nothing is asked yet.

    Args:
        where: ``ecr``; ``https://registry.example.com``, with a path where the repository is called
            otherwise there; ``file:PATH`` of a saved ``aws ecr describe-images``; ``none``; or None for what
            the name of the repository says.
        repository: as manifests name it, ``852893458518.dkr.ecr.us-east-2.amazonaws.com/chores-tracker``.
        timeout: seconds until a look-up is given up as RegistryUnavailableError; a list of all images may
            take as many for each of its requests.

    Returns:
        The registry; None for ``none``.

    Raises:
        RegistryError: there is no such registry, or what is needed to ask it is not there.
    """
    if where == "none":
        return None
    named = ImageRepository.parse(repository)
    if where is None:
        where = "ecr" if named.ecr else _address(named.host)
    if where.startswith(_FILE):
        from chores_infra.release.registries.saved import SavedImages

        return SavedImages.read(where.removeprefix(_FILE), named.path)
    if where == "ecr":
        from chores_infra.release.registries.ecr import Ecr

        return Ecr(named, timeout=timeout)
    if where.startswith(("https://", "http://")):
        return _by_url(where, named, timeout)
    raise RegistryError(
        f"{shown(where)} is no registry; expected ecr, a URL such as https://registry.example.com, "
        "file:PATH of a saved `aws ecr describe-images`, or none"
    )


def _by_url(url: str, named: ImageRepository, timeout: float) -> Registry:
    from chores_infra.release.registries.oci import OciRegistry

    parts = urlsplit(url)
    if "@" in parts.netloc:
        raise RegistryError(
            "the URL of a registry takes no user and password, which every user of the machine could read; "
            "log in: docker login"
        )
    path = parts.path.strip("/")
    if parts.query or parts.fragment:
        raise RegistryError(f"{shown(url)} is no URL of a registry; expected one without '?' and '#'")
    repository = ImageRepository.at(parts.netloc, path or named.path)
    base = f"{parts.scheme}://{repository.host}" if repository.host != DOCKER_HUB else _address(DOCKER_HUB)
    return OciRegistry(base, repository.path, timeout=timeout, environment=dict(os.environ), home=Path.home())


def _address(host: str) -> str:
    """Where the registry of a host is asked. This machine's own has no TLS, as Docker assumes too."""
    if host == DOCKER_HUB:
        return "https://registry-1.docker.io"
    near = re.fullmatch(r"(localhost|127\.[0-9.]+|\[::1\])(:[0-9]+)?", host)
    return f"{'http' if near else 'https'}://{host}"
