"""Let the branch that is checked out follow to a newer commit, as a fast-forward does.

What is edited, staged or untracked stays as it is. If that cannot be, nothing is done.
"""

from __future__ import annotations

from chores_infra.git.program import attempt, git
from chores_infra.git.repository import Repository

__all__ = ["advance"]


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
    git(root, ["read-tree", "-m", "-u", old, new])
    moved = attempt(root, ["update-ref", "-m", reason, f"refs/heads/{branch}", new, old])
    if moved.code:
        attempt(root, ["read-tree", "-m", "-u", new, old])
    return not moved.code
