"""The infrastructure repository as a clone: the user's own, or that of a URL for as long as a command."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from chores_infra.errors import GitError, UncommittedError
from chores_infra.git import Repository, is_url
from chores_infra.git.masking import masked
from chores_infra.git.program import attempt
from chores_infra.git.remotes import cloned
from chores_infra.git.repository import Upstream
from chores_infra.release.intent import Intent
from chores_infra.rendering.places import Places

__all__ = ["Checkout", "is_bare", "open_checkout", "owned_paths", "split_url"]


class Checkout(NamedTuple):
    """An infrastructure repository in a clone.

    ``prefix`` is the way to it from the root of the clone. ``upstream`` is where commits are pushed to; None
    where they are not. ``shown`` is what messages call the infrastructure repository. ``is_own`` says that it
    is the user's, who has files checked out in it.
    """

    repository: Repository
    prefix: PurePosixPath
    branch: str
    upstream: Upstream | None
    shown: str
    is_own: bool

    def from_root(self, path: PurePosixPath) -> PurePosixPath:
        """A path of the infrastructure repository as the clone has it."""
        return self.prefix / path

    def read(self, commit: str, path: PurePosixPath) -> bytes | None:
        """A file of the infrastructure repository at a commit; None where there is none."""
        return self.repository.read(commit, self.from_root(path))

    def intent(self, commit: str, app: str) -> Intent:
        """The release intent of an app at a commit; an empty one where there is none.

        Raises:
            IntentError: it cannot be used.
        """
        file = Places(app).intent_file
        data = self.read(commit, file)
        return Intent(app) if data is None else Intent.read(data.decode("utf-8", "replace"), file)

    def refuse_uncommitted(self, paths: Sequence[PurePosixPath], base: str) -> None:
        """Refuse what is not committed in some places, unless it is what is committed at ``base``.

        Those are files that a run brought up to date that was killed before it moved the branch.

        Args:
            paths: in the infrastructure repository.
            base: a commit.

        Raises:
            UncommittedError: something is.
        """
        if not self.is_own:
            return
        root = self.repository.root
        found = [
            path
            for path in self.repository.uncommitted([self.from_root(path) for path in paths])
            if _content(root / path) != self.repository.read(base, PurePosixPath(path))
        ]
        if found:
            listed = ", ".join(found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else "")
            raise UncommittedError(
                found,
                f"{self.shown}: {listed}: changed and not committed; commit it, or take it back with "
                f"git restore --staged --worktree {found[0]}",
            )

    def refuse_unpushed(self, paths: Sequence[PurePosixPath], head: str, tip: str) -> None:
        """Refuse commits that the remote does not have and that change some places; others stay here.

        Args:
            paths: in the infrastructure repository.
            head: the commit that is checked out.
            tip: the commit of the remote's branch.

        Raises:
            UncommittedError: there are such commits.
        """
        base = self.repository.merge_base(head, tip)
        if base == head:
            return
        found = self.repository.changed(base or tip, head, [self.from_root(path) for path in paths])
        if found:
            raise UncommittedError(
                found,
                f"{self.shown}: {self.branch} has commits that its remote has not, and they change "
                f"{found[0]}; push them first: git push",
            )


def owned_paths(places: Places) -> tuple[PurePosixPath, ...]:
    """The places of an app in one environment, with its intent."""
    return places.application_file, places.folder, places.intent_file


@contextmanager
def open_checkout(where: str, *, push: bool, whole: bool = False) -> Iterator[Checkout]:
    """Open the infrastructure repository that a user names.

    Args:
        where: a folder in a clone; the URL of a repository, with ``//folder`` behind it where it is in a
            folder of that; or a bare repository on this machine. What is no clone implies ``push``.
        push: whether commits are to be pushed.
        whole: clone a URL with all of its history.

    Raises:
        GitError: there is no such repository, no branch is checked out, or there is nowhere to push to.
    """
    if is_url(where):
        url, folder = split_url(where)
        with _opened(url, folder, masked(where), whole=whole) as checkout:
            yield checkout
        return
    path = Path(where)
    if path.is_dir() and is_bare(path):
        with _opened(str(path.absolute()), PurePosixPath(), where, whole=whole) as checkout:
            yield checkout
        return
    repository, prefix = _containing(path)
    branch = repository.branch()
    if branch is None:
        raise GitError(
            f"{repository.root} has no branch checked out (its head is detached); git switch to one"
        )
    repository.head()
    upstream = repository.upstream(branch) if push else None
    yield Checkout(repository, prefix, branch, upstream, where, is_own=True)


@contextmanager
def _opened(url: str, folder: PurePosixPath, shown: str, *, whole: bool) -> Iterator[Checkout]:
    with cloned(url, whole=whole) as repository:
        branch = repository.branch()
        if branch is None:
            raise GitError(f"{shown}: its head is on no branch")
        repository.head()
        yield Checkout(repository, folder, branch, Upstream("origin", branch), shown, is_own=False)


def _containing(path: Path) -> tuple[Repository, PurePosixPath]:
    """The clone that a folder is in, which need not be there yet, and the way to it."""
    nearest = path.absolute()
    while not nearest.is_dir() and nearest != nearest.parent:
        nearest = nearest.parent
    repository = Repository(nearest)
    missing = path.absolute().relative_to(nearest)
    return repository, repository.prefix / PurePosixPath(*missing.parts)


def is_bare(folder: Path) -> bool:
    """Whether a folder is a git repository without files checked out."""
    done = attempt(folder, ["rev-parse", "--is-bare-repository"])
    return done.code == 0 and done.out.strip() == b"true"


def split_url(where: str) -> tuple[str, PurePosixPath]:
    """A URL, and the folder in its repository, behind ``//``.

    Raises:
        GitError: there can be no such folder.

    >>> split_url("https://example.com/infra.git//clusters/one")
    ('https://example.com/infra.git', PurePosixPath('clusters/one'))
    """
    found = re.fullmatch(r"(?P<url>(?:[a-z]+://)?.*?[^/:])//(?P<folder>[^/].*)", where)
    if found is None:
        return where, PurePosixPath()
    folder = PurePosixPath(found["folder"])
    if folder.is_absolute() or ".." in folder.parts or not found["folder"].isprintable():
        raise GitError(f"{masked(where)!r:.120}: expected a folder of the repository behind //")
    return found["url"], folder


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None
