"""Read the history of an app from the infrastructure repository, wherever that is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from chores_infra.errors import ConfigurationError
from chores_infra.git import Repository, is_url
from chores_infra.git.commits import authors
from chores_infra.git.remotes import cloned
from chores_infra.gitops.tree import no_collecting
from chores_infra.release.app_repository import open_app_repository, read_tags
from chores_infra.release.history.events import History
from chores_infra.release.history.following import follow
from chores_infra.release.history.judging import judge
from chores_infra.release.history.places import check_name, find_places, known_names, split_name
from chores_infra.release.history.reading import Fact
from chores_infra.release.history.report import Report
from chores_infra.release.history.tags import Tags
from chores_infra.rendering.places import MANIFESTS

__all__ = ["Read", "open_repository", "place_of", "read_history", "read_tags_of"]


class Read(NamedTuple):
    """A history, and all places that the app had."""

    history: History
    places: tuple[str, ...]

    def with_authors(self, repository: Repository, report: Report) -> Report:
        """The report, with who made what its merges brought.

        Raises:
            GitError: git failed.
        """
        known: dict[str, tuple[str, ...]] = {}
        events = []
        for event in report.events:
            if event.parents and event.commit not in known:
                known[event.commit] = tuple(authors(repository, event.parents, self.places))
            events.append(event._replace(authors=known.get(event.commit, ())))
        return report._replace(events=tuple(events))


@contextmanager
def open_repository(where: str | Path) -> Iterator[Repository]:
    """The repository that a folder is in, or a clone of a URL with all of its history.

    Raises:
        GitError: there is none, or it cannot be cloned.
    """
    if isinstance(where, str) and is_url(where):
        with cloned(where, whole=True) as repository:
            yield repository
    else:
        yield Repository(Path(where))


def read_history(
    repository: Repository, app: str, *, tags: Tags | None = None, until: int | None = None
) -> Read:
    """What happened to an app on the branch that is checked out.

    Args:
        repository: whose prefix is the infrastructure repository.
        app: its name, that of a folder, or of an Application.
        tags: of the application's own repository.
        until: seconds since 1970 after which nothing counts.

    Raises:
        ConfigurationError: there never was such an app.
        GitError: git failed, or there is no commit yet.
    """
    head = repository.head()
    name = check_name(app)
    with no_collecting():
        found = follow(repository, head, find_places(repository, head, name))
    if not found.facts:
        from difflib import get_close_matches

        near = get_close_matches(name, known_names(repository, head), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        where = repository.root / repository.prefix / MANIFESTS
        raise ConfigurationError(
            f"{where} has no folder {name!r}, no Application of that name is in the repository, and there "
            f"never was one{hint}"
        )
    history = judge(
        name, _taken(found.facts), tags=tags, begins=found.begins, begins_at=found.begins_at, until=until
    )
    return Read(history, found.places)


def _taken(facts: list[Fact]) -> Iterator[Fact]:
    """The facts, the oldest first; none is kept once it was looked at."""
    while facts:
        yield facts.pop()


def read_tags_of(where: str) -> Tags:
    """The tags of an application's repository: a folder, or a URL.

    Raises:
        GitError: it is no repository, or cannot be cloned.
    """
    with open_app_repository(where) as repository:
        return Tags(read_tags(repository))


def place_of(app: str, environment: str | None) -> tuple[str, str | None]:
    """The app and the environment that are meant: ``shop-staging`` is ``shop`` in staging."""
    name, own = split_name(app)
    return (name, own) if own is not None and environment in {None, own} else (app, environment)
