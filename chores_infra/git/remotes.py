"""Talk to the repositories of others: fetch, push, clone, ask. Nothing is ever forced."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from chores_infra.errors import GitError
from chores_infra.git.masking import masked
from chores_infra.git.names import check_branch, check_url
from chores_infra.git.program import HOOKS, NETWORK, attempt, failure, git
from chores_infra.git.repository import Repository

__all__ = ["cloned", "fetch", "push", "remote_commit", "remote_tags"]

# What git and servers say when another push was quicker: git-push(1), and in git's source
# builtin/receive-pack.c and refs/files-backend.c.
_MOVED: Final = re.compile(
    r"fetch first|non-fast-forward|stale info|incorrect old value|cannot lock ref|failed to update ref|"
    r"reference already exists|remote ref is at|unable to create '[^']*\.lock'|failed to lock",
    re.IGNORECASE,
)
_REF: Final = "refs/heads/"


def fetch(folder: Path, remote: str, branch: str, known: str | None = None) -> str:
    """Get what a branch of a remote is now; answers its commit. No branch or remote-tracking branch is moved.

    Args:
        folder: a worktree, or a clone that nobody else fetches in.
        remote: its name, or a URL.
        branch: without ``refs/heads/``.
        known: a commit of it that is here, though no branch has it: what is older is not sent again.

    Raises:
        GitError: there is no such branch, or the remote does not answer or refuses.
    """
    source = f"{_REF}{check_branch(branch)}"
    # No housekeeping in the background, which would outlast us.
    arguments = [
        "-c",
        "maintenance.auto=false",
        "-c",
        "gc.auto=0",
        "fetch",
        "--quiet",
        "--no-tags",
        "--refmap=",
    ]
    arguments += ["--no-recurse-submodules"] + ([] if known is None else [f"--negotiation-tip={known}"])
    arguments += ["--end-of-options", remote, source]
    done = attempt(folder, arguments, seconds=NETWORK)
    if done.code:
        if "couldn't find remote ref" in done.err:
            raise GitError(f"{masked(remote)} has no branch {branch}; push it first")
        raise failure(folder, arguments, done)
    return git(folder, ["rev-parse", "--verify", "FETCH_HEAD^{commit}"]).decode("ascii").strip()


def push(folder: Path, remote: str, commit: str, branch: str) -> bool:
    """Let a branch of a remote be a commit that is built on it, or make that branch.

    Answers False where the branch is not what the commit is built on any more.

    Raises:
        GitError: the remote does not answer, or refuses: a hook, a protected branch, no permission.
    """
    target = f"{commit}:{_REF}{check_branch(branch)}"
    arguments = ["push", "--porcelain", "--no-follow-tags", "--end-of-options", remote, target]
    done = attempt(folder, arguments, seconds=HOOKS)
    if not done.code:
        return True
    answers = [line for line in done.out.decode("utf-8", "replace").splitlines() if line.startswith("!\t")]
    if any(_MOVED.search(answer) for answer in answers):
        return False
    reasons = [answer.rpartition("\t")[2] for answer in answers]
    done = done._replace(err="\n".join([*_told(done.err), *reasons]))
    raise failure(folder, arguments, done, lines=8)


def _told(text: str) -> list[str]:
    """What the server, hooks and git said, without git's remark that there was something."""
    lines = [line.strip() for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("error: failed to push some refs")]


@contextmanager
def cloned(url: str, *, whole: bool = False, contents: bool = True) -> Iterator[Repository]:
    """A clone of a repository at a temporary place, with no files checked out.

    Args:
        url: or the path of a repository on this machine.
        whole: with all of its history, branches and tags, not only the newest commit.
        contents: with its files; without them a whole clone is a small fraction, where the server lets us
            choose.

    Raises:
        GitError: it is no URL, or cannot be cloned.
    """
    # Of a path git would ignore the depth.
    source = Path(url).as_uri() if Path(url).is_absolute() else check_url(url)
    with tempfile.TemporaryDirectory(prefix="chores-infra-", ignore_cleanup_errors=True) as folder:
        place = Path(folder) / "clone"
        extent = [] if whole else ["--depth=1", "--no-tags"]
        if not contents:
            extent.append("--filter=tree:0")
        arguments = ["clone", "--quiet", "--no-checkout", *extent, "--end-of-options"]
        done = attempt(Path(folder), [*arguments, source, str(place)], seconds=NETWORK)
        if done.code:
            reason = str(failure(place, arguments, done)).rpartition(f"{place}: ")[2]
            raise GitError(f"{masked(url)} cannot be cloned: {reason}")
        yield Repository(place)


def remote_commit(folder: Path, remote: str, ref: str) -> str | None:
    """The commit that a ref of a remote is, such as ``refs/heads/main``; None if it has no such ref.

    Raises:
        GitError: it does not answer or refuses.
    """
    return _refs(folder, remote, [ref]).get(ref)


def remote_tags(folder: Path, remote: str, names: list[str]) -> dict[str, str]:
    """The commits of those of these tags that a remote has; what an annotated tag points at, not the tag.

    Raises:
        GitError: it does not answer or refuses.
    """
    refs = [f"refs/tags/{check_branch(name)}" for name in names]
    found = _refs(folder, remote, [*refs, *(f"{ref}^{{}}" for ref in refs)])
    commits = {
        name: found.get(f"{ref}^{{}}") or found.get(ref) for name, ref in zip(names, refs, strict=True)
    }
    return {name: commit for name, commit in commits.items() if commit is not None}


def _refs(folder: Path, remote: str, refs: list[str]) -> dict[str, str]:
    arguments = ["ls-remote", "--quiet", "--end-of-options", remote, *refs]
    lines = git(folder, arguments, seconds=NETWORK).decode("utf-8", "replace").splitlines()
    return {name: commit for commit, _, name in (line.partition("\t") for line in lines) if name in refs}
