"""Which commits are built on which, of those that somebody asks about, and where branches are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from chores_infra.git import Repository, git
from chores_infra.git.program import stream

__all__ = ["Ancestry", "Branches", "read_ancestry", "read_branches"]

_MAIN: Final = ("main", "master", "trunk", "default")
#: Where finished work of older or current lines lives, by common conventions.
_LINE: Final = re.compile(
    r"(?:.*/)?(?:releases?|rel|stable|maint(?:enance)?|hotfix(?:es)?|support|lts|backports?|prod(?:uction)?)"
    r"(?:[/._-].*)?"
    r"|v?[0-9]+(?:[._](?:[0-9]+|x))*(?:[._-](?:stable|lts|maint|release|branch|x|dev))?"
    r"|.+-(?:stable|lts)",
    re.IGNORECASE,
)


class Branches(NamedTuple):
    """The commits at the heads of branches.

    Args:
        main: what is the main line: the branch that a remote calls its default, or main, or master.
        name: what it is called; empty where none is known.
        lines: release and maintenance branches.
    """

    main: tuple[str, ...] = ()
    name: str = ""
    lines: tuple[str, ...] = ()


class Ancestry:
    """What each of the commits that were asked about is built on.

    ``reached[commit]`` has a bit for each of them; ``number[commit]`` says which.
    """

    def __init__(self, number: dict[str, int], reached: dict[str, int]) -> None:
        self._number = number
        self._reached = reached

    def contains(self, newer: str, older: str) -> bool:
        """Whether a commit is built on another, or is that one."""
        return bool(self._reached.get(newer, 0) >> self._number[older] & 1)


def read_branches(repository: Repository) -> Branches:
    """Find the main line of a repository, and its release branches.

    Raises:
        GitError: git failed.
    """
    form = "%(refname)%00%(objectname)%00%(symref)"
    answer = git(repository.root, ["for-each-ref", f"--format={form}", "refs/heads", "refs/remotes"])
    rows = [line.split("\0") for line in answer.decode("utf-8", "replace").split("\n") if line]
    heads: dict[str, list[str]] = {}
    default = ""
    for ref, commit, symbolic in rows:
        if symbolic:
            if ref.endswith("/HEAD") and (not default or ref == "refs/remotes/origin/HEAD"):
                default = _short(symbolic)
        else:
            heads.setdefault(_short(ref), []).append(commit)
    name = default if default in heads else next((each for each in _MAIN if each in heads), "")
    if not name and len(heads) == 1:
        name = next(iter(heads))
    if not name:
        name = (repository.branch() or "") if heads else ""
        name = name if name in heads else ""
    # With develop as its default branch, Git-flow has what is released on main or master.
    mains = {name, *(each for each in _MAIN if each in heads)} - {""}
    lines = [head for branch, commits in heads.items() if _LINE.fullmatch(branch) for head in commits]
    return Branches(tuple(head for each in sorted(mains) for head in heads[each]), name, tuple(lines))


def read_ancestry(repository: Repository, commits: Iterable[str]) -> Ancestry:
    """Read the graph of all commits once.

    Args:
        repository: where.
        commits: those that will be asked about.

    Raises:
        GitError: git failed.
    """
    number = {commit: index for index, commit in enumerate(dict.fromkeys(commits))}
    reached: dict[str, int] = {}
    arguments = ["rev-list", "--topo-order", "--reverse", "--parents", "--branches", "--remotes", "--tags"]
    bits: dict[bytes, int] = {}
    for line in stream(repository.root, [*arguments, "HEAD", "--"]):
        ids = line.split()
        # The same number is shared along a line without tags, so that memory goes with the number of tags.
        found = _joined([bits.get(parent, 0) for parent in ids[1:]])
        commit = ids[0].decode("ascii")
        if commit in number:
            found |= 1 << number[commit]
            reached[commit] = found
        bits[ids[0]] = found
    return Ancestry(number, reached)


def _joined(parents: Sequence[int]) -> int:
    if len(parents) == 1:
        return parents[0]
    found = 0
    for each in parents:
        found |= each
    return found


def _short(ref: str) -> str:
    """The name of a branch, without the remote that it is on."""
    if ref.startswith("refs/remotes/"):
        return ref.split("/", 3)[3] if ref.count("/") >= 3 else ""
    return ref.removeprefix("refs/heads/")
