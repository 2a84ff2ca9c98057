"""Git through the `git` program, so that the user's credentials, hooks and signing work.

- ``Repository`` reads: what was where at a revision, the branch that is checked out, what is not committed.
- ``temporary_worktree`` makes commits without touching what the user has checked out or staged.
- ``remotes`` fetches, pushes (nothing is ever forced), clones.
- ``advance`` lets the branch that is checked out follow, once everything else has succeeded.

Arguments are lists, and names are held to what they look like before git sees them (``names``). Nothing asks
for input, everything ends within its time, and no credential is in any message.
"""

from __future__ import annotations

from chores_infra.git.names import check_branch, check_revision, check_url, is_url
from chores_infra.git.program import git
from chores_infra.git.repository import Entry, Repository

__all__ = ["Entry", "Repository", "check_branch", "check_revision", "check_url", "git", "is_url"]
