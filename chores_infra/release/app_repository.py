"""The application's own git repository: its tags, and which commits they name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from chores_infra.git import Repository, git, is_url
from chores_infra.git.remotes import cloned

__all__ = ["Tag", "open_app_repository", "read_tags"]

_FIELDS: Final = (
    "refname:lstrip=2",
    "objecttype",
    "objectname",
    "*objecttype",
    "*objectname",
    "committerdate:unix",
    "*committerdate:unix",
    "taggerdate:unix",
    "tag",
)
_FORMAT: Final = "%00".join(f"%({field})" for field in _FIELDS) + "%00"


class Tag(NamedTuple):
    """A tag and the commit that it names now.

    Args:
        name: ``v3.1.0``.
        commit: its id.
        committed_at: when that commit was made.
        tagged_at: when the tag was made; only annotated tags say so.
        said: the name that an annotated tag gives itself.
    """

    name: str
    commit: str
    committed_at: datetime
    tagged_at: datetime | None = None
    said: str | None = None


@contextmanager
def open_app_repository(where: str) -> Iterator[Repository]:
    """Open a folder, or a URL as a clone without files.

    Raises:
        GitError: it is no repository, or cannot be cloned.
    """
    if is_url(where):
        with cloned(where, whole=True, contents=False) as repository:
            yield repository
    else:
        yield Repository(Path(where))


def read_tags(repository: Repository) -> list[Tag]:
    """Every tag that names a commit, in the order of their names. Tags of files and keys are left out.

    Raises:
        GitError: git failed.
    """
    answer = git(repository.root, ["for-each-ref", f"--format={_FORMAT}", "refs/tags"])
    # A name has no line break, and no other field has one.
    parts = answer.decode("utf-8", "replace").split("\0")
    size = len(_FIELDS)
    rows = [parts[start : start + size] for start in range(0, len(parts) - size, size)]
    return [tag for row in rows if (tag := _tag(repository, row)) is not None]


def _tag(repository: Repository, row: list[str]) -> Tag | None:
    name, kind, commit, inner_kind, inner, committed, inner_committed, tagged, said = row
    name = name.removeprefix("\n")
    if kind == "commit":
        return Tag(name, commit, _moment(committed))
    if kind != "tag":
        return None
    moment = _moment(tagged) if tagged else None
    if inner_kind == "commit":
        return Tag(name, inner, _moment(inner_committed), moment, said)
    if inner_kind != "tag":
        return None
    return _tag_of_tag(repository, name, inner, moment, said)


def _tag_of_tag(
    repository: Repository, name: str, inner: str, moment: datetime | None, said: str
) -> Tag | None:
    from chores_infra.errors import GitError

    try:
        arguments = ["log", "-1", "--no-show-signature", "--format=%H %ct", f"{inner}^{{commit}}", "--"]
        commit, committed = git(repository.root, arguments).decode("ascii").split()
    except GitError:
        return None
    return Tag(name, commit, _moment(committed), moment, said)


def _moment(seconds: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
