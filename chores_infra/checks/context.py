"""What rules look at: a repository, and the questions about it that are answered once for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from chores_infra.checks.repository import Repository
from chores_infra.checks.resolution import Resolver
from chores_infra.checks.selection import Pods
from chores_infra.kinds import CATALOG, Catalog

__all__ = ["Context"]


class Context:
    """What a run of the checks is about.

    Args:
        repository: what is checked.
        externals: patterns ``Kind/namespace/name`` of objects that other parties make.
        releases: of operators and of Kubernetes (``kubernetes``), where they are not the defaults.
        catalog: the kinds that are known; what the package ships if not given.
    """

    def __init__(
        self,
        repository: Repository,
        *,
        externals: Sequence[str] = (),
        releases: Mapping[str, str] | None = None,
        catalog: Catalog = CATALOG,
    ) -> None:
        self.repository = repository
        self.externals = tuple(externals)
        self.catalog = catalog
        self.releases: Mapping[str, str] = releases or {}

    @cached_property
    def resolver(self) -> Resolver:
        """What every reference leads to."""
        return Resolver(self.repository, self.externals)

    @cached_property
    def pods(self) -> Pods:
        """The pods of the repository."""
        return Pods(self.repository)
