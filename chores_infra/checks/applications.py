"""What Argo CD would read: the Applications of a repository, and what each of them applies.

Source: https://argo-cd.readthedocs.io/en/stable/user-guide/application_sources/
and https://argo-cd.readthedocs.io/en/stable/user-guide/directory/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any, Final

from chores_infra.checks.fields import at, items, mapping, text
from chores_infra.checks.globs import matches
from chores_infra.checks.resources import IN_CLUSTER, Resource
from chores_infra.gitops.contexts import KUSTOMIZATION_NAMES
from chores_infra.rendering.field_path import FieldPath

__all__ = ["APPLIED", "ARGOCD", "Application", "Source", "Tool", "folder_of", "same_repository"]

ARGOCD: Final = "argoproj.io"
APPLIED: Final = (".yaml", ".yml", ".json")
"""The files that Argo CD reads in a folder of plain manifests; it evaluates ``.jsonnet`` besides."""

_DEFAULT_SERVER: Final = "https://kubernetes.default.svc"


class Tool(StrEnum):
    """What makes manifests of a source."""

    DIRECTORY = "directory"
    HELM = "helm"
    KUSTOMIZE = "kustomize"
    PLUGIN = "plugin"
    VALUES = "values"
    """Nothing: the source only lends files to another (``ref``)."""


class Source:
    """One source of an Application. ``field`` is its path in the Application's manifest.

    ``folder`` is the path that it reads in its repository; None for a chart of a Helm repository.
    """

    __slots__ = ("field", "folder", "spec")

    def __init__(self, field: FieldPath, spec: Mapping[str, Any]) -> None:
        self.field = field
        self.spec = spec
        self.folder = None if text(spec.get("chart")) else folder_of(text(spec.get("path")))

    @property
    def repo_url(self) -> str:
        """The repository, as it is written."""
        return text(self.spec.get("repoURL"))

    @property
    def recurses(self) -> bool:
        """Whether it reads the folders below its own, too."""
        return at(self.spec, "directory", "recurse") is True

    def tool(self, files: set[str]) -> Tool:
        """What makes its manifests, as Argo CD finds out; ``files`` are the names in its folder."""
        if self.spec.get("ref") and not self.spec.get("path") and not self.spec.get("chart"):
            return Tool.VALUES
        if self.folder is None:
            return Tool.HELM
        for tool in (Tool.KUSTOMIZE, Tool.HELM, Tool.DIRECTORY, Tool.PLUGIN):
            if self.spec.get(tool.value) is not None:
                return tool
        if "Chart.yaml" in files:
            return Tool.HELM
        return Tool.KUSTOMIZE if files & set(KUSTOMIZATION_NAMES) else Tool.DIRECTORY

    def reads(self, file: PurePosixPath) -> bool:
        """Whether it reads a file as a plain manifest, if it is a source of plain manifests."""
        if self.folder is None or file.suffix not in APPLIED:
            return False
        if not (file.is_relative_to(self.folder) if self.recurses else file.parent == self.folder):
            return False
        below = file.relative_to(self.folder).as_posix()
        include = text(at(self.spec, "directory", "include"))
        exclude = text(at(self.spec, "directory", "exclude"))
        return not matches(exclude, below) and (not include or matches(include, below))


class Application:
    """One Application: written as such, or ``generated`` by an ApplicationSet.

    ``resource`` is what findings about it point at, and ``fields`` where its spec stands in there.
    """

    __slots__ = ("applies_foreign", "fields", "generated", "name", "resource", "sources", "spec")

    def __init__(
        self,
        resource: Resource,
        *,
        name: str,
        spec: Mapping[str, Any],
        fields: FieldPath = ("spec",),
        generated: bool = False,
    ) -> None:
        self.resource = resource
        self.name = name
        self.spec = spec
        self.fields = fields
        self.generated = generated
        self.sources = list(_sources(spec, fields))
        #: Whether it applies objects that are not in the repository: those of a chart, or of another one.
        self.applies_foreign = False

    @property
    def namespace(self) -> str | None:
        """Where its objects go when they name no namespace."""
        return text(at(self.spec, "destination", "namespace")) or None

    @property
    def cluster(self) -> str:
        """Which cluster it fills; objects of different clusters have nothing to do with each other."""
        destination = mapping(self.spec.get("destination"))
        server = text(destination.get("server")).rstrip("/")
        name = text(destination.get("name"))
        is_own = server in {"", _DEFAULT_SERVER} and name in {"", IN_CLUSTER}
        return IN_CLUSTER if is_own else name or server

    @property
    def creates_namespace(self) -> bool:
        """Whether it makes its namespace (``CreateNamespace=true``)."""
        return "CreateNamespace=true" in self.sync_options

    @property
    def sync_options(self) -> list[str]:
        """Its sync options."""
        return [text(option) for option in items(at(self.spec, "syncPolicy", "syncOptions"))]

    @property
    def prunes(self) -> bool:
        """Whether what leaves the repository leaves the cluster, without anybody being asked."""
        return at(self.spec, "syncPolicy", "automated", "prune") is True

    @property
    def heals(self) -> bool:
        """Whether what differs in the cluster is applied again, without anything new in the repository."""
        return at(self.spec, "syncPolicy", "automated", "selfHeal") is True

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<Application {self.name}>"


def folder_of(path: str) -> PurePosixPath:
    """The folder that a path of a source means: ``./base-apps/x/`` is ``base-apps/x``.

    >>> folder_of("./base-apps/x/")
    PurePosixPath('base-apps/x')
    """
    return PurePosixPath(*[part for part in path.split("/") if part not in {"", "."}])


def same_repository(url: str) -> str:
    """A repository's URL in a form that is equal for all ways to write it.

    >>> same_repository("git@github.com:shop/infra.git") == same_repository("https://github.com/shop/infra")
    True
    """
    plain = re.sub(r"^(?:[a-z+]+://)?(?:[^/@]*@)?", "", url.strip(), flags=re.IGNORECASE)
    plain = plain.replace(":", "/", 1) if "://" not in url else re.sub(r":\d+/", "/", plain, count=1)
    return plain.removesuffix("/").removesuffix(".git").lower()


def _sources(spec: Mapping[str, Any], fields: FieldPath) -> Iterator[Source]:
    several = items(spec.get("sources"))
    if several:
        for number, source in enumerate(several):
            yield Source((*fields, "sources", number), mapping(source))
    elif isinstance(spec.get("source"), dict):
        yield Source((*fields, "source"), spec["source"])
