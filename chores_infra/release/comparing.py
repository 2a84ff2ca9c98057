"""What two names on a command line mean: the two sides of a comparison.

A side is a folder, a file, ``git:REF[:PATH]`` or ``app:NAME@VERSION[/ENV]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from chores_infra.app import App, Target
from chores_infra.configuration import Configuration
from chores_infra.diff.sources import Side, folder_side, revision_side, text_side
from chores_infra.environments import Environment
from chores_infra.errors import ConfigurationError
from chores_infra.git import Repository
from chores_infra.gitops.walking import FoundFile
from chores_infra.release.intent_file import read_intent_file
from chores_infra.release.rendering import render_app
from chores_infra.rendering.places import Places
from chores_infra.selection import select
from chores_infra.synthesis import direct
from chores_infra.versions import Release, parse_release

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Sides", "sides"]

_APP: Final = "app:"
_GIT: Final = "git:"
_APP_FORM: Final = re.compile(
    r"(?P<name>[^@/]+(?:[^@]*[^@/])?)@(?P<version>[^@/]+)(?:/(?P<environment>[^/]+))?"
)


class Sides(NamedTuple):
    """What is compared with what, and what is to be warned of."""

    before: Side
    after: Side
    warnings: tuple[str, ...] = ()


def sides(configuration: Configuration, repository: Path, before: str | None, after: str | None) -> Sides:
    """The sides that are meant.

    Without names it is the files on disk against what would be rendered. With one it is that against the
    files on disk; an app the other way round, since it is what would be written.

    Args:
        configuration: the apps, and where they are.
        repository: the infrastructure repository.
        before: the first name, if any.
        after: the second.

    Raises:
        ConfigurationError: a name means nothing, or there is no app.
        ChoresInfraError: what was named cannot be read or rendered.
    """
    if before is None:
        return _rendered(configuration, repository)
    names = [before, after] if after is not None else [before]
    found = [_side(configuration, repository, name) for name in names]
    if len(found) == 1:
        disk = _Found(folder_side(repository))
        found = [disk, found[0]] if found[0].places else [found[0], disk]
    one, other = found
    # Of everything else only the places of the app are what it can be compared with.
    left = one.side if one.places or not other.places else _only(one.side, other.places)
    right = other.side if other.places or not one.places else _only(other.side, one.places)
    warnings = (*one.warnings, *other.warnings, *left.unreadable, *right.unreadable)
    return Sides(left, right, tuple(dict.fromkeys(warnings)))


class _Found(NamedTuple):
    side: Side
    places: tuple[Places, ...] = ()
    warnings: tuple[str, ...] = ()


def _side(configuration: Configuration, repository: Path, name: str) -> _Found:
    if name.startswith(_APP):
        return _app(configuration, repository, name.removeprefix(_APP))
    if name.startswith(_GIT):
        return _Found(_revision(repository, name.removeprefix(_GIT)))
    if not name.strip():
        raise ConfigurationError(
            "expected a folder, a file, git:REF[:PATH] or app:NAME@VERSION[/ENV], found nothing"
        )
    return _Found(folder_side(Path(name)))


def _revision(repository: Path, text: str) -> Side:
    revision, colon, path = text.partition(":")
    if not colon:
        # The infrastructure repository may not be there any more, or not yet: what is around it tells.
        around = next(
            each for each in (repository.absolute(), *repository.absolute().parents) if each.is_dir()
        )
        git = Repository(around)
        below = repository.resolve().relative_to(git.root.resolve())
        return revision_side(git, revision, PurePosixPath(below.as_posix()))
    git = Repository(Path.cwd())
    base = git.prefix if path.startswith("./") else PurePosixPath()
    wanted = base / path
    if wanted.is_absolute() or ".." in wanted.parts:
        raise ConfigurationError(
            f"git:{text!s:.100}: expected a path from the root of the repository, or from here with ./"
        )
    return revision_side(git, revision, wanted)


def _app(configuration: Configuration, repository: Path, text: str) -> _Found:
    form = _APP_FORM.fullmatch(text)
    known = [each.value for each in Environment]
    if form is None or (form["environment"] or known[0]) not in known:
        raise ConfigurationError(
            f"app:{text!s:.100} is no version of an app; write it like app:shop@v3.1.0 or "
            f"app:shop@v3.1.0/staging (environments are {', '.join(known)})"
        )
    environment = Environment(form["environment"] or Environment.PRODUCTION)
    selection = select(configuration, [form["name"]])
    if selection.errors:
        raise selection.errors[0]
    release = parse_release(form["version"], environment)
    renders = [
        _render(
            configuration,
            selected.app,
            environment,
            release,
            _tag(repository, selected.app, environment, release),
        )
        for selected in selection.apps
    ]
    return _joined(renders)


def _tag(repository: Path, app: type[App[Any]], environment: Environment, release: Release) -> str:
    """What the registry calls a release: as recorded, if it is what runs."""
    recorded = read_intent_file(repository, app.app_name).intent.environments.get(environment)
    if recorded is not None and recorded.release == release:
        return recorded.tag
    return app.tag_format.tag(release)


def _render(
    configuration: Configuration, app: type[App[Any]], environment: Environment, release: Release, tag: str
) -> _Found:
    target = Target(environment, release, tag)
    rendered = render_app(app, target, direct, configuration.releases())
    places = Places(app.app_name, environment.value)
    return _Found(text_side(rendered.files), (places,), rendered.warnings)


def _joined(found: Iterable[_Found]) -> _Found:
    files: dict[str, FoundFile] = {}
    places: list[Places] = []
    warnings: list[str] = []
    for each in found:
        files.update(each.side.files)
        places += each.places
        warnings += each.warnings
    return _Found(Side(files), tuple(places), tuple(warnings))


def _rendered(configuration: Configuration, repository: Path) -> Sides:
    """The files of all apps on disk, and what their recorded versions render."""
    selection = select(configuration, all_apps=True)
    if selection.errors:
        raise selection.errors[0]
    found = []
    for selected in selection.apps:
        intent = read_intent_file(repository, selected.name).intent
        for environment, running in intent.environments.items():
            found.append(_render(configuration, selected.app, environment, running.release, running.tag))
    if not found:
        raise ConfigurationError(
            f"no app has a version recorded in {repository}; "
            "render one with chores-infra synth APP --version V, or name what to compare"
        )
    rendered = _joined(found)
    disk = _only(folder_side(repository), rendered.places)
    return Sides(disk, rendered.side, (*rendered.warnings, *disk.unreadable))


def _only(side: Side, places: Iterable[Places]) -> Side:
    owned = {str(each.application_file): None for each in places} | {
        str(each.folder): None for each in places
    }
    wanted: Callable[[PurePosixPath], bool] = lambda path: str(path) in owned or str(path.parent) in owned  # noqa: E731
    return side.only(wanted)
