"""The commits of a branch as they arrived on it, each with the files that it changed.

Only first parents are followed: that is what the branch was, one commit after the other, and so what whoever
deploys the branch has seen. A merge is one step, with everything that it brought.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from chores_infra.git.program import git, stream
from chores_infra.git.repository import Repository

__all__ = ["Commit", "FileChange", "authors", "commits", "renamed", "shallow_commits"]

_FIELDS: Final = ("%H %ct %at %P", "%aN", "%B")
_FORMAT: Final = "%x00" + "%x00".join(_FIELDS)
# What a user may have set would change what is printed.
_SETTINGS: Final = ("-c", "log.showSignature=false", "-c", "log.follow=false", "-c", "log.showRoot=true")
_RAW: Final = (
    "--raw",
    "--no-abbrev",
    "--no-renames",
    "--no-relative",
    "--no-color",
    "--ignore-submodules=none",
)
_REGULAR: Final = "100"
_NOTHING: Final = "000000"


class FileChange(NamedTuple):
    """A file that a commit changed. ``blob`` is the id of what it is then; None where it is there no more.

    ``is_file`` is False for a link and a submodule; ``is_new`` is True where there was nothing before.
    """

    path: str
    blob: str | None
    is_file: bool
    is_new: bool


class Commit(NamedTuple):
    """A commit. Times are seconds since 1970, UTC.

    Args:
        id: of the commit.
        parents: the ids of what it was built on; several for a merge, none for a first commit.
        committed_at: when it was made, and made again by a rebase.
        authored_at: when the change was first made.
        author: the name, as a ``.mailmap`` corrects it.
        message: the whole message.
        changes: the files that differ from the first parent.
    """

    id: str
    parents: tuple[str, ...]
    committed_at: int
    authored_at: int
    author: str
    message: str
    changes: tuple[FileChange, ...]

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.lstrip().partition("\n")[0].rstrip()


def commits(repository: Repository, start: str, paths: Sequence[str]) -> Iterator[Commit]:
    """The commits that changed something below some paths, newest first, as git finds them.

    Args:
        repository: where.
        start: the id of the newest commit.
        paths: files and folders, from the root of the repository.

    Raises:
        GitError: git failed.
    """
    command = [*_SETTINGS, "log", "--first-parent", "--diff-merges=first-parent", "-z", *_RAW]
    command += ["--encoding=UTF-8", f"--format={_FORMAT}", "--end-of-options", start, "--", *paths]
    pieces = stream(repository.root, command, b"\0")
    next(pieces, None)  # what stands before the first commit
    while fields := list(islice(pieces, len(_FIELDS))):
        # The message is followed by a NUL, and the files by an empty piece.
        yield _commit(fields, tuple(_changes(pieces)))


def _commit(fields: Sequence[bytes], changes: tuple[FileChange, ...]) -> Commit:
    commit, committed, authored, *parents = fields[0].decode("ascii").split(" ")
    author, message = fields[1].decode("utf-8", "replace"), fields[2].decode("utf-8", "replace")
    moments = int(committed or 0), int(authored or 0)
    return Commit(commit, tuple(parents) if parents[0] else (), *moments, author, message, changes)


def _changes(pieces: Iterator[bytes]) -> Iterator[FileChange]:
    for piece in pieces:
        if not piece:
            return
        path = next(pieces).decode("utf-8", "surrogateescape")
        before, after, _, blob, _ = piece.decode("ascii").lstrip("\n:").split(" ")
        gone = after == _NOTHING
        yield FileChange(path, None if gone else blob, gone or after.startswith(_REGULAR), before == _NOTHING)


def renamed(repository: Repository, commit: Commit) -> dict[str, str]:
    """The files that a commit renamed: the new paths with the old ones, in all of the repository.

    Raises:
        GitError: git failed.
    """
    if not commit.parents:
        return {}
    command = ["diff-tree", "-r", "-M", "-z", "--name-status", "--diff-filter=R", "--no-relative"]
    answer = git(repository.root, [*command, commit.parents[0], commit.id])
    pieces = iter(answer.decode("utf-8", "surrogateescape").split("\0"))
    return {new: old for _, old, new in zip(pieces, pieces, pieces, strict=False)}


def authors(repository: Repository, parents: Sequence[str], paths: Sequence[str]) -> list[str]:
    """Who made what a merge brought below some paths, newest first; without merges in between.

    Args:
        repository: where.
        parents: of the merge.
        paths: from the root of the repository.

    Raises:
        GitError: git failed.
    """
    first, *others = parents
    command = [*_SETTINGS, "log", "--no-merges", "--encoding=UTF-8", "--format=%aN", "-z"]
    command += ["--end-of-options", *others, f"^{first}", "--", *paths]
    names = git(repository.root, command).decode("utf-8", "replace").split("\0")
    return list(dict.fromkeys(name for name in names if name))


def shallow_commits(repository: Repository) -> frozenset[str]:
    """The commits whose parents are missing, because the clone has a depth.

    Raises:
        GitError: git failed.
    """
    if not repository.is_shallow:
        return frozenset()
    path = git(repository.root, ["rev-parse", "--git-path", "shallow"]).decode("utf-8", "surrogateescape")
    text = (repository.root / path.removesuffix("\n")).read_text(encoding="ascii", errors="replace")
    return frozenset(text.split())
