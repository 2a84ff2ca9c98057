"""The source hydrator: what is rendered is committed to a branch first, and synced from there.

Source: https://argo-cd.readthedocs.io/en/stable/user-guide/source-hydrator/
"""

from __future__ import annotations

from typing import Annotated

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.argocd.sources import GitSource, GitUrl
from chores_infra.constructs.parts import present
from chores_infra.fields import Matching

__all__ = ["SourceHydrator"]

Branch = Annotated[
    str, Matching(r"[^-\s~^:?*\[\\][^\s~^:?*\[\\]*", 255, "the name of a branch, such as 'environments/live'")
]
# The pattern of the CRD: never the root of the repository, which hydration would empty.
HydratedPath = Annotated[
    str,
    Matching(
        r"[^/.\x00-\x1f][^\x00-\x1f]*|\.[^/.\x00-\x1f][^\x00-\x1f]*",
        1024,
        "a folder of the repository, such as 'shop', and not its root",
    ),
]


@value_object
class SourceHydrator:
    """Render ``dry``, commit the result to ``branch``, and sync from there; what is live can be read in git.

    ``path`` is the folder of the branch, ``repo_url`` its repository where that is not the one of ``dry``.
    With ``hydrate_to`` the result goes to that branch, and something else (a pull request) moves it on.
    """

    dry: GitSource
    branch: Branch
    path: HydratedPath
    hydrate_to: Branch | None = None
    repo_url: GitUrl | None = None

    def check(self, problems: Problems) -> None:
        """Refuse what a dry source does not have, and one branch for both."""
        if self.dry.target_revision is None:
            problems.add("dry.target_revision", "a dry source says which revision is rendered")
        for argument in ("ref", "name", "tag_prefix"):
            if getattr(self.dry, argument) is not None:
                problems.add(f"dry.{argument}", "a dry source does not have it; leave it out")
        if self.hydrate_to == self.branch:
            problems.add("hydrate_to", "it is the branch that is synced; leave it out, or give another")

    @property
    def repositories(self) -> list[str]:
        """Where it reads from and syncs from: what a project must permit."""
        return list(dict.fromkeys([self.dry.repository, self.repo_url or self.dry.repository]))

    def fields(self) -> Manifest:
        """``spec.sourceHydrator``."""
        sync = {"repoURL": self.repo_url, "targetBranch": self.branch, "path": self.path}
        fields: Manifest = {"drySource": self.dry.fields(), "syncSource": present(sync)}
        if self.hydrate_to is not None:
            fields["hydrateTo"] = {"targetBranch": self.hydrate_to}
        return fields
