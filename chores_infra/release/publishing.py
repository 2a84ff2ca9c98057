"""Commit a change of the infrastructure repository, and push it, however many others do the same at once.

::

    newest commit -> files of it in a temporary worktree -> make the change there -> commit -> publish
         ^                                                                                       |
         +------------------------- somebody else was quicker ----------------------------------+

The change is made anew from the newest commit each time, never merged as text, and nothing is forced. Until
it is published it belongs to nothing, so whatever goes wrong before leaves nothing behind.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final, Generic, NamedTuple, Protocol, TypeVar

from chores_infra.errors import ChoresInfraError, GitError, Refused
from chores_infra.git.advancing import advance
from chores_infra.git.remotes import fetch, push, remote_commit
from chores_infra.git.worktrees import Worktree, temporary_worktree
from chores_infra.release.checkout import Checkout

__all__ = ["Draft", "Published", "publish"]

_MOST_ATTEMPTS: Final = 100
_LONGEST_PAUSE: Final = 3.0
"""Seconds before the second attempt; whoever has tried more often waits less, so that nobody starves."""


class Draft(Protocol):
    """A change that is not made yet, of the infrastructure repository in some folder."""

    @property
    def message(self) -> str:
        """The message of the commit."""

    @property
    def paths(self) -> Sequence[PurePosixPath]:
        """The files that it changes, in the infrastructure repository; none if there is nothing to do."""

    def apply(self) -> None:
        """Make the change."""


D = TypeVar("D", bound=Draft)


class Published(NamedTuple, Generic[D]):
    """What was done: the draft that was carried out, or would be.

    ``commit`` is None where nothing was to be done, and for a dry run. ``base`` is the commit that the draft
    was made from, ``branch`` where the commit is, ``remote`` where it was pushed to. ``attempts`` counts how
    often it was made; ``warnings`` are about the user's clone.
    """

    draft: D
    base: str
    branch: str
    commit: str | None = None
    remote: str | None = None
    attempts: int = 1
    warnings: tuple[str, ...] = ()


def publish(
    checkout: Checkout,
    make: Callable[[Path], D],
    *,
    owned: Sequence[PurePosixPath],
    reason: str,
    new_branch: str | None = None,
    dry_run: bool = False,
) -> Published[D]:
    """Make a change of the infrastructure repository, and publish it.

    Args:
        checkout: where; what it has as upstream is where it is pushed to.
        make: makes the draft from the infrastructure repository in a folder, which is the newest; it is
            called again if another change came first. What it raises ends everything, with nothing done.
        owned: the places of the infrastructure repository that the change is about. Nothing in them may be
            uncommitted or unpushed; everything else stays as it is.
        reason: for git's reflog.
        new_branch: push there instead, for a pull request.
        dry_run: stop before anything is done.

    Raises:
        UncommittedError: something in these places is not committed, or not pushed.
        GitError: git, a hook or the remote refuses, or others were quicker too often.
        ChoresInfraError: whatever ``make`` raises, with paths as the user knows them.
    """
    target = _target(checkout, new_branch)
    head = checkout.repository.head()
    with temporary_worktree(checkout.repository) as worktree:
        base = target.tip(worktree)
        checkout.refuse_unpushed(owned, head, base)
        checkout.refuse_uncommitted(owned, base)
        for attempts in range(1, _MOST_ATTEMPTS + 1):
            worktree.reset(base)
            folder = worktree.folder / checkout.prefix
            with _shown_as(folder, checkout.shown):
                draft = make(folder)
                if dry_run:
                    return Published(draft, base, target.name, attempts=attempts)
                if not draft.paths:
                    warnings = tuple(target.follow(base, head, reason))
                    return Published(draft, base, target.name, attempts=attempts, warnings=warnings)
                draft.apply()
            commit = worktree.commit(draft.message, [checkout.from_root(path) for path in draft.paths])
            published = target.publish(worktree, commit, base)
            if published is not None:
                warnings = tuple(target.follow(published, head, reason))
                return Published(draft, base, target.name, published, target.remote, attempts, warnings)
            time.sleep(random.uniform(0, _LONGEST_PAUSE / attempts))  # noqa: S311
            base = target.tip(worktree, base)
    raise GitError(
        f"{target.name} of {checkout.shown} was changed by others {_MOST_ATTEMPTS} times while this was "
        "tried; nothing was done, try again"
    )


class _LocalBranch:
    """The branch that is checked out."""

    remote: str | None = None

    def __init__(self, checkout: Checkout) -> None:
        self.checkout = checkout
        self.name = checkout.branch

    def tip(self, _worktree: Worktree, _known: str | None = None) -> str:
        return self.checkout.repository.head()

    def publish(self, _worktree: Worktree, commit: str, base: str) -> str | None:
        done = advance(self.checkout.repository, self.name, base, commit, "chores-infra")
        return commit if done else None

    def follow(self, _commit: str, _head: str, _reason: str) -> Iterator[str]:
        return iter(())


class _RemoteBranch:
    """A branch of a remote, which the one that is checked out follows if nothing is in the way."""

    def __init__(self, checkout: Checkout) -> None:
        assert checkout.upstream is not None  # noqa: S101  (the caller has looked)
        self.checkout = checkout
        self.remote, self.name = checkout.upstream

    def tip(self, worktree: Worktree, known: str | None = None) -> str:
        return fetch(worktree.folder, self.remote, self.name, known)

    def publish(self, worktree: Worktree, commit: str, _base: str) -> str | None:
        return commit if push(worktree.folder, self.remote, commit, self.name) else None

    def follow(self, commit: str, head: str, reason: str) -> Iterator[str]:
        checkout = self.checkout
        if not checkout.is_own:
            return
        where = f"{checkout.shown}: {checkout.branch} stays where it was"
        if not checkout.repository.is_ancestor(head, commit):
            yield f"{where}, as it has commits that {self.remote} has not; git pull --rebase unites them"
            return
        try:
            if not advance(checkout.repository, checkout.branch, head, commit, reason):
                yield f"{where}, as it was moved meanwhile; git pull brings it up to date"
        except GitError as error:
            yield f"{where}: {error}"


class _NewBranch(_RemoteBranch):
    """A new branch of a remote, for a pull request."""

    def __init__(self, checkout: Checkout, name: str) -> None:
        super().__init__(checkout)
        self.base, self.name = self.name, name

    def tip(self, worktree: Worktree, known: str | None = None) -> str:
        return fetch(worktree.folder, self.remote, self.base, known)

    def publish(self, worktree: Worktree, commit: str, base: str) -> str | None:
        repository = self.checkout.repository
        there = remote_commit(worktree.folder, self.remote, f"refs/heads/{self.name}")
        if there is None:
            return super().publish(worktree, commit, base)
        there = fetch(worktree.folder, self.remote, self.name)
        if repository.changed(there, commit):
            raise Refused(
                f"{self.remote} has a branch {self.name} already, with something else in it; "
                "merge or close its pull request and delete the branch, then try again"
            )
        return there

    def follow(self, _commit: str, _head: str, _reason: str) -> Iterator[str]:
        return iter(())


def _target(checkout: Checkout, new_branch: str | None) -> _LocalBranch | _RemoteBranch:
    if checkout.upstream is None:
        return _LocalBranch(checkout)
    return _RemoteBranch(checkout) if new_branch is None else _NewBranch(checkout, new_branch)


@contextmanager
def _shown_as(folder: Path, shown: str) -> Iterator[None]:
    """Let errors name the user's infrastructure repository, and not the temporary place it is changed in."""
    try:
        yield
    except ChoresInfraError as error:
        error.args = tuple(
            arg.replace(str(folder), shown) if isinstance(arg, str) else arg for arg in error.args
        )
        raise
