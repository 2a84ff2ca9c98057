"""Which files of the infrastructure repository are an app's, in which environment.

An app of ours owns ``base-apps/<app>.yaml`` and ``base-apps/<app>/``, and the same with ``-<environment>``.
In a repository that people write by hand, it is the folder of that name, or whatever the Application of that
name reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from chores_infra.environments import Environment
from chores_infra.errors import ConfigurationError
from chores_infra.git import Entry, Repository
from chores_infra.rendering.places import MANIFESTS, RELEASES

__all__ = ["AppPlaces", "Place", "find_places", "intent_path", "known_names"]

_SUFFIXES: Final = (".yaml", ".yml", ".json")
_LONGEST: Final = 253
_LARGEST: Final = 1 << 20


class Place(NamedTuple):
    """A file, or a folder with all below it, from the root of the repository; and whose it is."""

    path: str
    environment: str
    is_folder: bool

    def holds(self, path: str) -> bool:
        """Whether a file is the place, or in it."""
        return path == self.path or (self.is_folder and path.startswith(f"{self.path}/"))


class AppPlaces(NamedTuple):
    """The places of an app, and the file of its intent; no text where it has none."""

    app: str
    places: tuple[Place, ...]
    intent: str

    def environment(self, path: str) -> str | None:
        """Whose a file is; None if it is nobody's."""
        return next((place.environment for place in self.places if place.holds(path)), None)

    @property
    def paths(self) -> tuple[str, ...]:
        """Everything that git is asked about."""
        return (*(place.path for place in self.places), *([self.intent] if self.intent else []))


def check_name(name: str) -> str:
    """Answer a name if it can be that of a folder or an Application.

    Raises:
        ConfigurationError: it cannot.
    """
    bad = not name.strip() or len(name) > _LONGEST or not name.isprintable() or "/" in name or "\\" in name
    if bad or name in {".", ".."}:
        raise ConfigurationError(
            f"{name!r:.100} is the name of no app; give a folder below {MANIFESTS}/ or an Application"
        )
    return name


def split_name(name: str) -> tuple[str, str | None]:
    """An app and the environment that a name is the place of: ``shop-staging`` is ``shop`` in staging.

    >>> split_name("shop-staging"), split_name("shop")
    (('shop', 'staging'), ('shop', None))
    """
    for environment in Environment:
        app = name.removesuffix(f"-{environment.value}")
        if environment is not Environment.PRODUCTION and app not in {name, ""}:
            return app, environment.value
    return name, None


def find_places(repository: Repository, commit: str, app: str) -> AppPlaces:
    """Where an app is at a commit, or was before it.

    Args:
        repository: whose prefix is the infrastructure repository.
        commit: the id of one.
        app: a name that was checked.

    Raises:
        GitError: git failed.
    """
    root = repository.prefix
    places = list(_by_name(root, app))
    own = repository.entries(commit, *(PurePosixPath(place.path) for place in places))
    if own:
        files = [entry for entry in own if any(place.path == entry.path for place in places)]
        applications = _applications(repository, files)
    else:
        applications = _applications(repository, repository.entries(commit, root), app)
    for path, sources in applications:
        environment = next((place.environment for place in places if place.path == path), "production")
        places.append(Place(path, environment, is_folder=False))
        for source in sources:
            if not any(place.path == source for place in places):
                places += _read_by(repository, commit, source, environment)
    return AppPlaces(app, tuple(dict.fromkeys(places)), intent_path(root, app))


def intent_path(root: PurePosixPath, app: str) -> str:
    """The file of an app's intent."""
    return str(root / RELEASES / f"{app}.yaml")


def known_names(repository: Repository, commit: str) -> list[str]:
    """The folders and files of manifests, for who misspelt one."""
    folder = repository.prefix / MANIFESTS
    depth = len(folder.parts)
    parts = [PurePosixPath(entry.path).parts for entry in repository.entries(commit, folder)]
    return sorted({part[depth].rpartition(".y")[0] or part[depth] for part in parts if len(part) > depth})


def _by_name(root: PurePosixPath, app: str) -> Iterator[Place]:
    for environment in Environment:
        name = str(root / MANIFESTS / environment.qualify(app))
        yield Place(name, environment.value, is_folder=True)
        for suffix in _SUFFIXES:
            yield Place(f"{name}{suffix}", environment.value, is_folder=False)


def _read_by(repository: Repository, commit: str, source: str, environment: str) -> Iterator[Place]:
    """The folder that an Application reads: from the root of the repository, or of ours in it."""
    clean = PurePosixPath(source)
    if clean.is_absolute() or ".." in clean.parts or not clean.parts:
        return
    for folder in dict.fromkeys((clean, repository.prefix / clean)):
        if repository.entries(commit, folder):
            yield Place(str(folder), environment, is_folder=True)


def _applications(
    repository: Repository, entries: Iterable[Entry], name: str | None = None
) -> list[tuple[str, list[str]]]:
    """The Applications in some files, all or those of a name: the path of the file, and what they read."""
    from chores_infra.git.objects import Missing, open_objects

    files = [e for e in entries if e.path.endswith(_SUFFIXES) and e.is_file and e.size <= _LARGEST]
    found: list[tuple[str, list[str]]] = []
    if not files:
        return found
    with open_objects(repository.root) as objects:
        contents = objects.read([file.blob for file in files])
        for file, data in zip(files, contents, strict=True):
            if not isinstance(data, Missing) and b"Application" in data and (name or "").encode() in data:
                paths = [paths for own, paths in _applications_of(data, file.path) if name in {None, own}]
                found += ((file.path, each) for each in paths)
    return found


def _applications_of(data: bytes, path: str) -> Iterator[tuple[object, list[str]]]:
    """The name of each Application of a file, and the folders that it reads."""
    from chores_infra.rendering.reader import read_source

    for document in read_source(data, path.rpartition("/")[2]).documents:
        value = document.value
        if not isinstance(value, dict) or value.get("kind") != "Application":
            continue
        metadata, spec = value.get("metadata"), value.get("spec")
        if isinstance(metadata, dict) and isinstance(spec, dict):
            several = spec.get("sources")
            sources = [spec.get("source"), *(several if isinstance(several, list) else ())]
            paths = [s["path"] for s in sources if isinstance(s, dict) and isinstance(s.get("path"), str)]
            yield metadata.get("name"), paths
