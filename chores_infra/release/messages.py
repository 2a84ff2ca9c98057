"""Messages of commits: one line that says what was done, and trailers that programs read.

Trailers are those of https://git-scm.com/docs/git-interpret-trailers: ``Previous-Version``, ``Environment``,
and where they are known ``Image-Digest`` and ``App-Commit``.
"""

from __future__ import annotations

from collections.abc import Sequence

from chores_infra.environments import Environment
from chores_infra.versions import Release

__all__ = ["NO_VERSION", "Trailers", "commit_message", "in_environment"]

Trailers = Sequence[tuple[str, str]]
"""Names and values, in their order."""

NO_VERSION = "none"
"""The previous version of an app that runs for the first time."""


def commit_message(
    app: str,
    environment: Environment,
    previous: Release | None,
    release: Release,
    *,
    verb: str = "update",
    trailers: Trailers = (),
) -> str:
    """The message of a commit that moves an app to a version.

    >>> from chores_infra.versions import Version
    >>> old, new = Version(3, 0, 0), Version(3, 1, 0)
    >>> print(commit_message("chores-tracker", Environment.PRODUCTION, old, new))
    chore: update chores-tracker to v3.1.0
    <BLANKLINE>
    Previous-Version: v3.0.0
    Environment: production
    <BLANKLINE>
    """
    if previous == release:
        title = f"chore: update the configuration of {app} at {release}{in_environment(environment)}"
    else:
        title = f"chore: {verb} {app} to {release}{in_environment(environment)}"
    first = (("Previous-Version", str(previous or NO_VERSION)), ("Environment", environment.value))
    return with_trailers(title, (*first, *trailers))


def with_trailers(title: str, trailers: Trailers) -> str:
    """A message of one line, and trailers, each on one line whatever is in it."""
    lines = [f"{name}: {' '.join(value.split())}" for name, value in trailers]
    return "\n".join([title, "", *lines, ""])


def in_environment(environment: Environment) -> str:
    """`` in staging``; nothing for production."""
    return "" if environment is Environment.PRODUCTION else f" in {environment.value}"
