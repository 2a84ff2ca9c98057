"""Names that reach git's command line: none can be taken for an option, a path or another command."""

from __future__ import annotations

import re
from typing import Final

from chores_infra.errors import GitError
from chores_infra.git.masking import masked

__all__ = ["check_branch", "check_revision", "check_url", "is_url"]

_REVISION: Final = re.compile(r"[A-Za-z0-9_@](?:[A-Za-z0-9_./@^~+=#-]|\{[A-Za-z0-9_. +/-]*\})*", re.ASCII)
_LONGEST_REVISION: Final = 250
# https://git-scm.com/docs/git-check-ref-format, and narrower: nothing that a shell or a URL would change.
_BRANCH: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+=#-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.+=#-]*)*", re.ASCII)
_HOST: Final = r"(?:[A-Za-z0-9][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])"
_WITH_SCHEME: Final = re.compile(
    rf"(?:https?|ssh|git|codecommit)://(?:[^\s/@'\"]+@)?{_HOST}(?::[0-9]+)?(?:/\S*)?|file:///\S+"
)
_LIKE_SCP: Final = re.compile(rf"[A-Za-z0-9_][A-Za-z0-9_.-]*@{_HOST}:[^\s:-]\S*")
_LONGEST_URL: Final = 2_000


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


def check_branch(text: str) -> str:
    """Answer the text if it can be the name of a branch, without ``refs/heads/``.

    Raises:
        GitError: it cannot.

    >>> check_branch("deploy/shop-v3.1.0")
    'deploy/shop-v3.1.0'
    """
    bad_end = any(part.endswith((".lock", ".")) for part in text.split("/"))
    if len(text) > _LONGEST_REVISION or not _BRANCH.fullmatch(text) or ".." in text or bad_end:
        raise GitError(
            f"{text!r:.80} cannot be a branch: use letters, digits, '.', '_', '-' and '/' between them"
        )
    return text


def is_url(text: str) -> bool:
    """Whether a text is meant as the URL of a repository, and not as a path.

    >>> [is_url(text) for text in ("https://example.com/x.git", "git@example.com:x.git", "../infra", "C:/x")]
    [True, True, False, False]
    """
    return "://" in text or "::" in text or re.match(r"[^/\\:]+@[^/\\:]+:", text) is not None


def check_url(text: str) -> str:
    """Answer the text if it is the URL of a repository.

    Raises:
        GitError: it is none, or names a program to be run (``ext::``).

    >>> check_url("ssh://git@example.com/infra.git")
    'ssh://git@example.com/infra.git'
    """
    known = _WITH_SCHEME.fullmatch(text) or _LIKE_SCP.fullmatch(text)
    if len(text) > _LONGEST_URL or known is None or not text.isprintable():
        raise GitError(
            f"{masked(text)!r:.120} is no URL of a repository: expected one such as "
            "https://example.com/team/infra.git or git@example.com:team/infra.git"
        )
    return text
