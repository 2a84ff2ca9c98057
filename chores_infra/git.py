"""What a git repository holds at a revision, read through the `git` program.

Arguments are lists, and a revision is held to what revisions look like before git sees it: none can be taken
for an option or a path. Nothing is checked out, and nothing of the repository is executed. Links are not
followed: they are answered as what they are.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from chores_infra.errors import GitError

__all__ = ["Entry", "Repository", "check_revision", "git"]

_REVISION: Final = re.compile(r"[A-Za-z0-9_@](?:[A-Za-z0-9_./@^~+=#-]|\{[A-Za-z0-9_. +/-]*\})*", re.ASCII)
_LONGEST_REVISION: Final = 250
_FILE_MODES: Final = ("100644", "100755", "100664")


class Entry(NamedTuple):
    """A file at a revision: its path from the root of the repository, with ``/``, and its size in bytes.

    ``is_file`` is False for links and submodules.
    """

    path: str
    blob: str
    size: int
    is_file: bool


def check_revision(text: str) -> str:
    """Answer the text if it can be a revision: a branch, a tag, a commit, ``HEAD~1``, ``v1^{commit}``.

    Raises:
        GitError: it is none, or a range of them.

    >>> check_revision("origin/main")
    'origin/main'
    """
    if len(text) > _LONGEST_REVISION or not _REVISION.fullmatch(text) or ".." in text:
        raise GitError(
            f"{text!r:.80} is no revision: expected a branch, tag or commit, such as main, v3.0.0 or HEAD~1"
        )
    return text


def git(folder: Path, arguments: Sequence[str], data: bytes | None = None) -> bytes:
    """Run git in a folder, and answer what it printed.

    Args:
        folder: where.
        arguments: a command of git with its arguments.
        data: what it reads on standard input.

    Raises:
        GitError: git is not there, or failed; the message is what it said.
    """
    environment = os.environ | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
    command = ["git", "--literal-pathspecs", *arguments]
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, input=data or b"", capture_output=True, check=False
        )
    except FileNotFoundError:
        what = "git is not installed" if folder.is_dir() else f"there is no folder {folder}"
        raise GitError(what) from None
    except OSError as error:
        raise GitError(f"git cannot be run in {folder}: {error.strerror or error}") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = said[-1].removeprefix("fatal: ") if said else f"it ended with {done.returncode}"
        raise GitError(f"git {arguments[0]} failed in {folder}: {reason}")
    return done.stdout


class Repository:
    """The git repository that a folder is in; ``root`` is its top folder, ``prefix`` the way from there.

    Raises:
        GitError: the folder is in none.
    """

    def __init__(self, folder: Path) -> None:
        try:
            answer = git(folder, ["rev-parse", "--show-toplevel", "--show-prefix"])
        except GitError as error:
            if "not a git repository" in str(error):
                raise GitError(f"{folder} is in no git repository") from None
            raise
        root, prefix = answer.decode("utf-8", "surrogateescape").split("\n")[:2]
        self.root = Path(root)
        self.prefix = PurePosixPath(prefix)

    def commit(self, revision: str) -> str:
        """The id of the commit that a revision names.

        Raises:
            GitError: it is no revision, or there is none of that name.
        """
        name = f"{check_revision(revision)}^{{commit}}"
        try:
            answer = git(self.root, ["rev-parse", "--verify", "--quiet", "--end-of-options", name])
        except GitError:
            raise GitError(
                f"there is no revision {revision!r} in {self.root}; "
                "fetch it first if it is one of a remote, or of a clone that is too shallow"
            ) from None
        return answer.decode("ascii").split("\n")[-2]

    def entries(self, commit: str, below: PurePosixPath | None = None) -> list[Entry]:
        """The files at a commit, in the order of their paths; those of one folder, or one file.

        Args:
            commit: an id, as :meth:`commit` answers it.
            below: a path from the root of the repository.

        Raises:
            GitError: git failed.
        """
        path = [] if below is None or below == PurePosixPath() else [str(below)]
        answer = git(self.root, ["ls-tree", "-r", "-l", "-z", "--full-tree", commit, "--", *path])
        return [_entry(line) for line in answer.decode("utf-8", "surrogateescape").split("\0") if line]

    def contents(self, blobs: Sequence[str]) -> Iterator[bytes]:
        """The bytes of files, in the order that was asked for; one process reads them all.

        Raises:
            GitError: git failed, or does not have one of them.
        """
        answer = git(self.root, ["cat-file", "--batch"], "".join(f"{blob}\n" for blob in blobs).encode())
        position = 0
        for blob in blobs:
            end = answer.index(b"\n", position)
            header = answer[position:end].split(b" ")
            if len(header) != 3:
                raise GitError(f"{self.root} does not have the object {blob}; the clone is incomplete")
            size = int(header[2])
            yield answer[end + 1 : end + 1 + size]
            position = end + 1 + size + 1


def _entry(line: str) -> Entry:
    head, _, path = line.partition("\t")
    mode, _, blob, size = head.split()
    return Entry(path, blob, 0 if size == "-" else int(size), mode in _FILE_MODES)
