"""What a git repository holds, read only: nothing is checked out, and nothing of it is executed.

Links are not followed: they are answered as what they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from chores_infra.errors import GitError
from chores_infra.git.names import check_branch, check_revision
from chores_infra.git.program import attempt, git, stream

__all__ = ["Entry", "Repository", "Upstream"]

_FILE_MODES: Final = ("100644", "100755", "100664")


class Entry(NamedTuple):
    """A file at a revision: its path from the root of the repository, with ``/``, and its size in bytes.

    ``is_file`` is False for links and submodules.
    """

    path: str
    blob: str
    size: int
    is_file: bool


class Upstream(NamedTuple):
    """Where a branch is pushed to: the name of a remote, and of the branch there."""

    remote: str
    branch: str


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
            if "must be run in a work tree" not in str(error):
                raise
            # A bare one is its own root, and has no folders to be in.
            answer = git(folder, ["rev-parse", "--absolute-git-dir"]) + b"\n"
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

    def head(self) -> str:
        """The id of the commit that is checked out.

        Raises:
            GitError: there is no commit yet.
        """
        done = attempt(self.root, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])
        if done.code:
            raise GitError(f"{self.root} has no commit yet; make a first one")
        return done.out.decode("ascii").strip()

    def branch(self) -> str | None:
        """The name of the branch that is checked out; None for a detached head.

        Raises:
            GitError: it has a name that no command should be given.
        """
        done = attempt(self.root, ["symbolic-ref", "--quiet", "HEAD"])
        if done.code:
            return None
        return check_branch(done.out.decode("utf-8", "replace").strip().removeprefix("refs/heads/"))

    def upstream(self, branch: str) -> Upstream:
        """Where a branch is pushed to: what git's settings say, else the same name at the only remote.

        Raises:
            GitError: there is no remote, or it is one of several.
        """
        remote = self.setting(f"branch.{branch}.remote")
        merge = self.setting(f"branch.{branch}.merge")
        if remote is None or remote == ".":
            remotes = git(self.root, ["remote"]).decode("utf-8", "replace").split()
            if not remotes:
                raise GitError(
                    f"{self.root} has no remote to push to; add one with git remote add origin URL"
                )
            if len(remotes) > 1 and "origin" not in remotes:
                raise GitError(
                    f"{self.root} has several remotes ({', '.join(remotes)}) and {branch} follows none; "
                    f"choose one with git branch --set-upstream-to"
                )
            return Upstream(check_branch(remotes[0] if len(remotes) == 1 else "origin"), branch)
        name = branch if merge is None else merge.removeprefix("refs/heads/")
        return Upstream(check_branch(remote), check_branch(name))

    def setting(self, key: str) -> str | None:
        """One of git's settings as it holds here, or None."""
        done = attempt(self.root, ["config", "--get", key])
        return None if done.code else done.out.decode("utf-8", "replace").removesuffix("\n")

    @property
    def is_shallow(self) -> bool:
        """Whether older commits are missing, because it was cloned with a depth."""
        return git(self.root, ["rev-parse", "--is-shallow-repository"]).strip() == b"true"

    @property
    def common_folder(self) -> Path:
        """The folder of the repository itself, ``.git``, which its worktrees share."""
        answer = git(self.root, ["rev-parse", "--git-common-dir"])
        return self.root / answer.decode("utf-8", "surrogateescape").removesuffix("\n")

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether a commit is among those that another is built on, or that one itself."""
        return self.merge_base(older, newer) == older

    def merge_base(self, one: str, other: str) -> str | None:
        """The newest commit that two commits are both built on; None where none is known."""
        done = attempt(self.root, ["merge-base", one, other])
        return None if done.code else done.out.decode("ascii").strip()

    def uncommitted(self, paths: Sequence[PurePosixPath]) -> list[str]:
        """Which files below these paths are changed, added, staged or removed, and not committed.

        Args:
            paths: from the root of the repository.

        Raises:
            GitError: git failed.
        """
        arguments = ["status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--"]
        answer = git(self.root, [*arguments, *map(str, paths)])
        entries = answer.decode("utf-8", "surrogateescape").split("\0")
        return sorted({entry[3:] for entry in entries if entry})

    def changed(self, one: str, other: str, paths: Sequence[PurePosixPath] = ()) -> list[str]:
        """The files that two commits have differently, all or those below some paths.

        Raises:
            GitError: git failed.
        """
        arguments = ["diff-tree", "-r", "-z", "--name-only", "--no-renames", one, other, "--"]
        answer = git(self.root, [*arguments, *map(str, paths)])
        return sorted(path for path in answer.decode("utf-8", "surrogateescape").split("\0") if path)

    def read(self, commit: str, path: PurePosixPath) -> bytes | None:
        """One file at a commit, or None if there is no such file.

        Raises:
            GitError: git failed.
        """
        entries = [entry for entry in self.entries(commit, path) if entry.path == str(path)]
        if not entries or not entries[0].is_file:
            return None
        (content,) = self.contents([entries[0].blob])
        return content

    def log(
        self, arguments: Sequence[str], revision: str, paths: Sequence[PurePosixPath] = ()
    ) -> Iterator[str]:
        """What ``git log -z`` says, a piece for each commit, as it comes.

        Args:
            arguments: options of ``git log``; ours alone, never a user's.
            revision: where it begins.
            paths: only commits that changed something below them.

        Raises:
            GitError: git failed.

        Example::

            for entry in repository.log(["--format=%H %cI"], "main", [PurePosixPath("releases")]):
                commit, moment = entry.split()
        """
        start = self.commit(revision)
        command = ["log", "-z", *arguments, "--end-of-options", start, "--", *map(str, paths)]
        for piece in stream(self.root, command, b"\0"):
            yield piece.decode("utf-8", "replace")

    def entries(self, commit: str, *below: PurePosixPath) -> list[Entry]:
        """The files at a commit, in the order of their paths; all, or those of some folders and files.

        Args:
            commit: an id, as :meth:`commit` answers it.
            below: paths from the root of the repository.

        Raises:
            GitError: git failed.
        """
        paths = [] if PurePosixPath() in below else list(map(str, below))
        answer = git(self.root, ["ls-tree", "-r", "-l", "-z", "--full-tree", commit, "--", *paths])
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
