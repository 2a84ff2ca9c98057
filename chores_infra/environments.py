"""Environments of an app, and how their names are told apart from production's.

Production uses the plain names. In every other environment each name that lives outside the app's own
namespace carries ``-<environment>``, so that no environment can own or prune another's objects.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Environment"]


class Environment(StrEnum):
    """Where one app runs.

    >>> Environment.STAGING.qualify("chores-db")
    'chores-db-staging'
    >>> Environment.PRODUCTION.qualify("chores-db")
    'chores-db'
    """

    PRODUCTION = "production"
    STAGING = "staging"
    DEVELOPMENT = "development"

    def qualify(self, name: str) -> str:
        """The name that production calls ``name``, as this environment has it."""
        return name if self is Environment.PRODUCTION else f"{name}-{self.value}"
