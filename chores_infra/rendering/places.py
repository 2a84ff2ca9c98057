"""The places of the infrastructure repo that one app owns in one environment, and the names allowed there.

Names are checked before anything is written: they come from configuration and become paths on other people's
machines, where case may not count and ``aux.yaml`` may be a device.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import PurePosixPath
from typing import Final

from chores_infra.environments import Environment
from chores_infra.errors import FileError

__all__ = ["MANIFESTS", "PRODUCTION", "RELEASES", "Places", "check_file_name", "check_places"]

MANIFESTS: Final = PurePosixPath("base-apps")
"""The folder of the infrastructure repo that Argo CD reads."""

RELEASES: Final = PurePosixPath("releases")
"""The folder of the release intent."""

PRODUCTION: Final = Environment.PRODUCTION.value

_LONGEST: Final = 63
# RFC 1123 label: what the name of an Argo CD Application and of a namespace can be.
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\Z")
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\.ya?ml\Z")
# The names of other places of an app begin with the app's.
_OTHER_PLACE = re.compile(
    rf"(.+)-({'|'.join(each for each in Environment if each is not Environment.PRODUCTION)})\Z"
)
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file: reserved whatever the extension.
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Places:
    """Where one app in one environment lives, as paths relative to the infrastructure repo.

    Raises:
        FileError: the name of the app or the environment cannot be a folder, a namespace and an Application.

    >>> places = Places("chores-tracker", "staging")
    >>> print(places.application_file, places.folder, places.intent_file)
    base-apps/chores-tracker-staging.yaml base-apps/chores-tracker-staging releases/chores-tracker.yaml
    """

    app: str
    environment: str = PRODUCTION
    name: str = field(init=False, compare=False, repr=False)
    """The place: ``<app>`` for production and ``<app>-<environment>`` for any other."""

    def __post_init__(self) -> None:
        name = self.app if self.environment == PRODUCTION else f"{self.app}-{self.environment}"
        for word, label in (("app", self.app), ("environment", self.environment)):
            if not _LABEL.match(label):
                raise FileError(
                    MANIFESTS,
                    f"{label!r:.100} cannot be the name of an {word}: use at most {_LONGEST} of a-z, 0-9 and"
                    " -, with a letter or digit at both ends",
                )
        if len(name) > _LONGEST:
            raise FileError(
                MANIFESTS,
                f"{self.app!r} is too long: {name!r} would be a namespace of {len(name)} characters, and"
                f" {_LONGEST} are allowed; use at most {_LONGEST - len(name) + len(self.app)}",
            )
        if _DEVICE.match(name):
            raise FileError(MANIFESTS, _device(name))
        if other := _OTHER_PLACE.match(self.app):
            raise FileError(
                MANIFESTS,
                f"{self.app!r} is the place of app {other[1]!r} in {other[2]}; choose another name, or"
                " make it that environment of that app",
            )
        object.__setattr__(self, "name", name)

    # Made once, and only if they are asked for: of thousands of apps the names are checked, and little more.

    @cached_property
    def application_file(self) -> PurePosixPath:
        """The file of the app's Argo CD Application."""
        return MANIFESTS / f"{self.name}.yaml"

    @cached_property
    def folder(self) -> PurePosixPath:
        """The folder of every other manifest, which that Application reads."""
        return MANIFESTS / self.name

    @cached_property
    def intent_file(self) -> PurePosixPath:
        """The release intent, one for all environments of the app and therefore owned by none of them."""
        return RELEASES / f"{self.app}.yaml"

    def owns(self, path: PurePosixPath) -> bool:
        """Whether `path` is the Application's file or a file directly in the folder.

        Folders below are never owned: Argo CD does not read them unless it is told to.
        """
        return path == self.application_file or (path.parent == self.folder and path.name not in {"", ".."})


def check_file_name(path: PurePosixPath) -> None:
    """Raise FileError unless the last part of `path` can be a manifest's file on every system."""
    problem = _problem(path.name)
    if problem is not None:
        raise FileError(path, problem)


@lru_cache(maxsize=1024)
def _problem(name: str) -> str | None:
    """What is wrong with the name of a file. Most apps have the same few names."""
    if not _FILE_NAME.match(name) or ".." in name:
        return (
            f"{name!r:.120} cannot be the name of a manifest file: use at most 100 letters, digits,"
            " dashes, underscores and single dots, no folder, and .yaml or .yml at the end"
        )
    return _device(name) if _DEVICE.match(name.split(".", maxsplit=1)[0]) else None


def _device(name: str) -> str:
    return f"{name!r} is a device on Windows; choose another name"


def check_places(places: Iterable[Places]) -> None:
    """Check that no two apps own the same place: two classes may have the same name.

    Raises:
        FileError: with the name that two have.
    """
    taken: dict[str, Places] = {}
    for place in places:
        other = taken.setdefault(place.name, place)
        if other is not place:
            raise FileError(
                place.folder,
                f"two apps are called {place.app!r}; rename one of them",
            )
