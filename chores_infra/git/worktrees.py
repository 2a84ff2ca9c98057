"""A place to make commits in, apart from what the user has checked out, edited and staged.

It is a worktree of git's, so settings, hooks and signing are those of the repository. It stands on a commit
and on no branch: a commit that is made there belongs to nothing until somebody publishes it. It lies in git's
own folder, and is removed whatever happens; one whose process was killed is removed by the next.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO, Final

from chores_infra.errors import GitError
from chores_infra.git.program import HOOKS, attempt, failure, git
from chores_infra.git.repository import Repository

__all__ = ["Worktree", "temporary_worktree"]

_FOLDER: Final = "chores-infra"
_LOCK: Final = "lock"
_TREE: Final = "tree"
_SETTINGS: Final = (
    # Files are looked at as they are committed, whatever the user's editor wants of them.
    "-c", "core.autocrlf=false",
    # Nothing goes on in the background once we have gone.
    "-c", "gc.auto=0",
    "-c", "maintenance.auto=false",
)  # fmt: skip


class Worktree:
    """A worktree at ``folder``, without files until `reset`; ``repository`` is what it belongs to."""

    def __init__(self, repository: Repository, folder: Path) -> None:
        self.repository = repository
        self.folder = folder

    def reset(self, commit: str) -> None:
        """Let the files be those of a commit; what was committed here meanwhile is gone.

        Raises:
            GitError: git failed.
        """
        git(self.folder, [*_SETTINGS, "reset", "--quiet", "--hard", commit])

    def commit(self, message: str, paths: Sequence[PurePosixPath]) -> str:
        """Commit files as they are here, or are here no more; answers the id of the commit.

        Hooks run, and it is signed, as the user has set it up. No editor is opened.

        Args:
            message: the whole message.
            paths: of the files, from the root of the repository.

        Raises:
            GitError: a hook or git refuses it, a hook changed what is committed, or nothing is changed.
        """
        names = "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
        git(self.folder, [*_SETTINGS, "update-index", "--add", "--remove", "-z", "--stdin"], names)
        tree = git(self.folder, ["write-tree"]).decode("ascii").strip()
        arguments = [*_SETTINGS, "commit", "--quiet", "--cleanup=verbatim", "--file=-"]
        done = attempt(self.folder, arguments, message.encode(), seconds=HOOKS)
        if done.code:
            raise failure(self.repository.root, arguments, done, lines=8)
        answer = git(self.folder, ["rev-parse", "HEAD", "HEAD^{tree}"])
        commit, committed = answer.decode("ascii").split()
        if committed != tree:
            raise GitError(
                f"a hook of {self.repository.root} changed what was to be committed; "
                "let hooks leave generated files alone, such as those below base-apps/ and releases/"
            )
        return commit


@contextmanager
def temporary_worktree(repository: Repository) -> Iterator[Worktree]:
    """A worktree, for as long as this is entered; without files, until somebody says those of which commit.

    Raises:
        GitError: git failed, or its folder cannot be written to.
    """
    common = repository.common_folder / _FOLDER
    _remove_abandoned(repository, common)
    place, lock = _new_place(common)
    try:
        tree = place / _TREE
        git(repository.root, ["worktree", "add", "--quiet", "--detach", "--no-checkout", str(tree)])
        yield Worktree(repository, tree)
    finally:
        _remove(repository, place)
        lock.close()


def _new_place(common: Path) -> tuple[Path, IO[bytes]]:
    """A folder that is locked; once more if another run took it for abandoned before it was."""
    for last in (False, False, True):
        place = common / os.urandom(6).hex()
        try:
            place.mkdir(parents=True)
            return place, _locked(place)
        except OSError as error:
            if last:
                raise GitError(f"{place}: cannot be written to: {error.strerror}") from None
    raise AssertionError


def _remove(repository: Repository, place: Path) -> None:
    with suppress(GitError):
        attempt(repository.root, ["worktree", "remove", "--force", "--force", str(place / _TREE)])
    shutil.rmtree(place, ignore_errors=True)
    with suppress(OSError):
        place.parent.rmdir()  # which fails while another run has its place there


def _remove_abandoned(repository: Repository, common: Path) -> None:
    """Remove the places of runs that were killed: nobody holds their lock any more."""
    try:
        places = list(common.iterdir())
    except OSError:
        return
    for place in places:
        try:
            lock = _locked(place)
        except OSError:
            continue  # somebody works there, or has just removed it
        _remove(repository, place)
        lock.close()
    attempt(repository.root, ["worktree", "prune"])


def _locked(place: Path) -> IO[bytes]:
    """A file that is locked for as long as it is open.

    Raises:
        OSError: another process has it locked.
    """
    file = (place / _LOCK).open("ab")
    try:
        import fcntl
    except ImportError:  # Windows, where a file that is open cannot be removed, which serves as well
        return file
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise
    return file
