"""Which registry to ask, from what a user or the configuration says."""

from __future__ import annotations

from typing import Final

from chores_infra.errors import RegistryError
from chores_infra.release.registries.image import Registry
from chores_infra.release.registries.repository import ImageRepository
from chores_infra.wording import shown

__all__ = ["DEFAULT_TIMEOUT", "open_registry"]

DEFAULT_TIMEOUT: Final = 30.0
"""Seconds that one look-up may take, where nobody says otherwise."""

_FILE: Final = "file:"


def open_registry(where: str | None, repository: str, *, timeout: float = DEFAULT_TIMEOUT) -> Registry | None:
    """Open the registry of one repository of images. Nothing is asked yet.

    Args:
        where: ``ecr``; ``file:PATH`` of a saved ``aws ecr describe-images``; ``none``; or None for what the
            name of the repository says.
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
        where = "ecr" if named.ecr else f"https://{named.host}"
    if where.startswith(_FILE):
        from chores_infra.release.registries.saved import SavedImages

        return SavedImages.read(where.removeprefix(_FILE), named.path)
    if where == "ecr":
        from chores_infra.release.registries.ecr import Ecr

        return Ecr(named, timeout=timeout)
    raise RegistryError(
        f"{shown(where)} is no registry; expected ecr, a URL such as https://registry.example.com, "
        "file:PATH of a saved `aws ecr describe-images`, or none"
    )
