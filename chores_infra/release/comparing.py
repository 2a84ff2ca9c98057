"""What two names on a command line mean: the two sides of a comparison.

A side is a folder, a file, ``git:REF[:PATH]`` or ``app:NAME@VERSION[/ENV]``.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from chores_infra.configuration import Configuration
from chores_infra.diff.sources import Side, folder_side, revision_side
from chores_infra.errors import ConfigurationError

__all__ = ["Sides", "sides"]

_APP: Final = "app:"
_GIT: Final = "git:"


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
        from chores_infra.release.preview import recorded_side

        one, other = folder_side(repository), recorded_side(configuration, repository)
    elif after is None:
        one, other = folder_side(repository), _side(configuration, repository, before)
        if not before.startswith(_APP):
            one, other = other, one
    else:
        one, other = (_side(configuration, repository, name) for name in (before, after))
    # Of everything else only the places of an app are what it can be compared with.
    left, right = one.within(other.scope), other.within(one.scope)
    return Sides(left, right, tuple(dict.fromkeys((*left.warnings, *right.warnings))))


def _side(configuration: Configuration, repository: Path, name: str) -> Side:
    if name.startswith(_APP):
        from chores_infra.release.preview import version_side

        return version_side(configuration, repository, name.removeprefix(_APP))
    if name.startswith(_GIT):
        return _revision(repository, name.removeprefix(_GIT))
    if not name.strip():
        raise ConfigurationError(
            "expected a folder, a file, git:REF[:PATH] or app:NAME@VERSION[/ENV], found nothing"
        )
    return folder_side(Path(name))


def _revision(repository: Path, text: str) -> Side:
    from chores_infra.git import Repository

    revision, colon, path = text.partition(":")
    if not colon:
        # The infrastructure repository may not be there any more, or not yet: what is around it tells.
        absolute = repository.resolve()
        git = Repository(next(each for each in (absolute, *absolute.parents) if each.is_dir()))
        below = absolute.relative_to(git.root.resolve())
        return revision_side(git, revision, PurePosixPath(below.as_posix()))
    git = Repository(Path.cwd())
    wanted = (git.prefix if path.startswith("./") else PurePosixPath()) / path
    if wanted.is_absolute() or ".." in wanted.parts:
        raise ConfigurationError(
            f"git:{text!s:.100}: expected a path from the root of the repository, or from here with ./"
        )
    return revision_side(git, revision, wanted)
