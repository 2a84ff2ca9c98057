"""The name of an image's repository, taken apart: which registry it is in, and what it is called there."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from chores_infra.errors import RegistryError
from chores_infra.wording import shown

__all__ = ["DOCKER_HUB", "EcrPlace", "ImageRepository"]

DOCKER_HUB: Final = "docker.io"
# https://github.com/distribution/reference/blob/main/regexp.go
_HOST: Final = re.compile(r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?")
_PART: Final = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_PATH: Final = re.compile(rf"{_PART}(?:/{_PART})*")
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
_ECR: Final = re.compile(
    r"(?P<account>[0-9]{12})\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z]{2}(?:-[a-z]+)+-[0-9])"
    r"\.(?:amazonaws\.com(?:\.cn)?|on\.aws)"
)


class EcrPlace(NamedTuple):
    """Which ECR: the account (twelve digits) and the region, ``us-east-2``."""

    account: str
    region: str


class ImageRepository(NamedTuple):
    """The repository of an image: ``host`` with its port, and the ``path`` that the registry knows it by.

    >>> ImageRepository.parse("registry.example.com:5000/team/shop")
    ImageRepository(host='registry.example.com:5000', path='team/shop')
    >>> ImageRepository.parse("nginx")
    ImageRepository(host='docker.io', path='library/nginx')
    """

    host: str
    path: str

    @classmethod
    def parse(cls, text: str) -> ImageRepository:
        """Read a repository as manifests write it, without tag and digest.

        Raises:
            RegistryError: the text is no such name.
        """
        first, slash, rest = text.partition("/")
        # https://github.com/distribution/reference/blob/main/normalize.go: what looks like a host is one.
        has_host = slash and ("." in first or ":" in first or first == "localhost")
        host, path = (first, rest) if has_host else (DOCKER_HUB, text)
        if host == DOCKER_HUB and "/" not in path:
            path = f"library/{path}"
        return cls.at(host, path)

    @classmethod
    def at(cls, host: str, path: str) -> ImageRepository:
        """The repository of a registry.

        Raises:
            RegistryError: the host or the path cannot be one.
        """
        if len(path) > 255 or not _HOST.fullmatch(host) or not _PATH.fullmatch(path):
            raise RegistryError(
                f"{shown(f'{host}/{path}')} is no repository of images; expected one such as "
                "'registry.example.com/team/shop', without tag and digest"
            )
        return cls(host, path)

    @property
    def ecr(self) -> EcrPlace | None:
        """The account and region, where the host is an ECR."""
        match = _ECR.fullmatch(self.host)
        return EcrPlace(match["account"], match["region"]) if match else None

    def __str__(self) -> str:
        return f"{self.host}/{self.path}"
