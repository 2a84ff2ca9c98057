"""Let the branch that is checked out follow to a newer commit, as a fast-forward does.

What is edited, staged or untracked stays as it is. If that cannot be, nothing is done.
"""

from __future__ import annotations

import time
from typing import Final

from chores_infra.git.program import attempt, failure
from chores_infra.git.repository import Repository

__all__ = ["advance"]

_LOCK: Final = "index.lock"
_TRIES: Final = 40
_PAUSE: Final = 0.1  # seconds, while another git works in the same clone


def advance(repository: Repository, branch: str, old: str, new: str, reason: str) -> bool:
    """Move the branch that is checked out, and the files with it; answers False if it is another by now.

    Args:
        repository: where it is checked out.
        branch: its name.
        old: the commit that it is.
        new: a commit that is built on it.
        reason: for the reflog.

    Raises:
        GitError: files that would change are edited, or git is at work there; nothing was done.
    """
    root = repository.root
    if repository.branch() != branch or repository.head() != old:
        return False
    attempt(root, ["update-index", "-q", "--refresh"])
    # Files first: whoever is killed in between has them staged, and nothing that says they were undone.
    _bring(repository, old, new)
    moved = attempt(root, ["update-ref", "-m", reason, f"refs/heads/{branch}", new, old])
    if moved.code:
        attempt(root, ["read-tree", "-m", "-u", new, old])
    return not moved.code


def _bring(repository: Repository, old: str, new: str) -> None:
    """Bring files and index from one commit to another.

    Raises:
        GitError: files that would change are edited, or git is at work there for seconds.
    """
    arguments = ["read-tree", "-m", "-u", old, new]
    for last in (*[False] * _TRIES, True):
        done = attempt(repository.root, arguments)
        if not done.code:
            return
        if last or _LOCK not in done.err:
            raise failure(repository.root, arguments, done)
        time.sleep(_PAUSE)
