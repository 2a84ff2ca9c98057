"""Which commits an AppProject trusts, by the GnuPG keys that signed them.

Source: https://argo-cd.readthedocs.io/en/stable/user-guide/source-integrity-git-gpg/
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.argocd.permissions import KeyId
from chores_infra.fields import Items, Text

__all__ = ["GitPolicy"]


@value_object
class GitPolicy:
    """How commits of some repositories are verified; ``repos`` are URLs or patterns of them.

    ``head`` looks at the commit that is synced, ``strict`` at those before it, too, ``none`` at none.
    """

    repos: Annotated[Items[Text], Field(min_length=1)]
    mode: Literal["strict", "head", "none"]
    keys: Items[KeyId] = ()

    def check(self, problems: Problems) -> None:
        """Refuse to verify by nobody's key."""
        if self.mode != "none" and not self.keys:
            problems.add("keys", f"mode {self.mode!r} needs the keys that are trusted")

    def fields(self) -> Manifest:
        """One item of ``sourceIntegrity.git.policies``."""
        return {
            "repos": [{"url": url} for url in self.repos],
            "gpg": {"mode": self.mode, "keys": list(self.keys)},
        }
