"""A Kubernetes object of a repository: what it is, where it stands, and who applies it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from chores_infra import kinds
from chores_infra.checks.fields import at, each, mapping, text
from chores_infra.gitops.roles import Role

if TYPE_CHECKING:
    from chores_infra.checks.applications import Application
    from chores_infra.gitops.tree import TreeDocument
    from chores_infra.kinds.checked import Checked
    from chores_infra.rendering.document import Document, Position
    from chores_infra.rendering.field_path import FieldPath

__all__ = ["IN_CLUSTER", "Resource", "resources_of"]

IN_CLUSTER: Final = "in-cluster"
"""What Argo CD calls the cluster that it runs in."""


class Resource:
    """One object.

    A manifest that two Applications apply is two of these. ``namespace`` is the one in which it ends up: its
    own, or the one of the Application; None for what lives in no namespace, and where it is not known. Of a
    kind that is not known it is what the manifest says. ``catalog`` has the kinds that are known where it is.
    ``file`` is the path that is reported; ``application`` is None where no Application reads the file.
    """

    __slots__ = (
        "_checked",
        "api_version",
        "application",
        "catalog",
        "declared_namespace",
        "document",
        "file",
        "group",
        "kind",
        "known",
        "manifest",
        "name",
        "namespace",
        "prefix",
    )

    def __init__(
        self,
        file: str,
        document: Document,
        manifest: Mapping[str, Any],
        prefix: FieldPath = (),
        application: Application | None = None,
    ) -> None:
        self.file = file
        self.document = document
        self.manifest = manifest
        self.prefix = prefix
        self.api_version = text(manifest.get("apiVersion"))
        self.kind = text(manifest.get("kind"))
        metadata = mapping(manifest.get("metadata"))
        self.name = text(metadata.get("name")) or text(metadata.get("generateName"))
        self.group = self.api_version.rpartition("/")[0]
        self.catalog = kinds.current()
        self.known = self.catalog.find(self.api_version, self.kind)
        self.declared_namespace = text(metadata.get("namespace")) or None
        self.application = application
        self._checked: Checked | None = None
        self.namespace = self.declared_namespace
        if self.known is not None:
            default = application.namespace if application is not None else None
            self.namespace = (self.declared_namespace or default) if self.known.namespaced else None

    @property
    def checked(self) -> Checked:
        """What the schema of its kind says of it, as the API server reads it."""
        if self._checked is None:
            self._checked = self.catalog.check(self.manifest, "read")
        return self._checked

    @property
    def namespaced(self) -> bool:
        """Whether it lives in a namespace; taken to be so where the kind is not known."""
        return self.known is None or self.known.namespaced

    @property
    def cluster(self) -> str:
        """The cluster it lives in; see :attr:`Application.cluster`."""
        return IN_CLUSTER if self.application is None else self.application.cluster

    @property
    def annotations(self) -> Mapping[str, Any]:
        """Its annotations."""
        return mapping(at(self.manifest, "metadata", "annotations"))

    @property
    def labels(self) -> Mapping[str, Any]:
        """Its own labels; those of its pods are elsewhere."""
        return mapping(at(self.manifest, "metadata", "labels"))

    def is_a(self, group: str, *names: str) -> bool:
        """Whether it is one of these kinds of a group, in any version."""
        return self.group == group and self.kind in names

    def at(self, *path: str | int) -> Any:
        """The field at a path, or None."""
        return at(self.manifest, *path)

    def each(self, pattern: str) -> Iterator[tuple[FieldPath, Any]]:
        """Every field that a pattern matches; see :func:`chores_infra.checks.fields.each`."""
        return each(self.manifest, pattern)

    def position(self, path: FieldPath) -> Position:
        """Where a field stands; of a missing one, where it would have to be added."""
        return self.document.position((*self.prefix, *path))

    def __str__(self) -> str:
        return "/".join(filter(None, (self.kind, self.namespace, self.name)))

    def __repr__(self) -> str:
        return f"<{self} in {self.file}>"


def resources_of(
    file: str, documents: Iterable[TreeDocument], application: Application | None = None
) -> Iterator[Resource]:
    """The objects that are meant for an API server; the items of lists one by one."""
    for document, what in documents:
        if what.role is Role.LIST:
            for path, item in each(document.value, "items[]"):
                if isinstance(item, dict):
                    yield Resource(file, document, item, path, application)
        elif what.role is Role.MANIFEST:
            yield Resource(file, document, document.value, (), application)
