"""Files of our own writer, for the checks: what they say is known, and where it stands is read when asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final, cast

from chores_infra.checks.repository import File
from chores_infra.gitops.roles import Classified, Role

if TYPE_CHECKING:
    from chores_infra.gitops.tree import TreeFile
    from chores_infra.rendering.document import Document
    from chores_infra.rendering.source import Source

__all__ = ["rendered_file"]

_MANIFEST: Final = Classified(Role.MANIFEST, "it was rendered")


def rendered_file(name: PurePosixPath, shown: str, text: str, manifests: Sequence[Mapping[str, Any]]) -> File:
    """A file of our own writer with what it was written from, as if it had been read.

    To read the YAML again would take longer than everything that is checked in it.
    """
    return File(name, shown, cast("TreeFile", _RenderedFile(str(name), text, manifests)))


class _RenderedFile:
    """Looks like a ``TreeFile``; its text is read when somebody asks where something stands."""

    def __init__(self, path: str, text: str, manifests: Sequence[Mapping[str, Any]]) -> None:
        self.path = path
        self.text = text
        self.skipped_by_argo_cd = False
        self.documents = tuple(
            (_RenderedDocument(self, number, manifest), _MANIFEST)
            for number, manifest in enumerate(manifests)
        )
        self._read: TreeFile | None = None

    @property
    def source(self) -> Source | None:
        return self.read.source

    @property
    def read(self) -> TreeFile:
        if self._read is None:
            from chores_infra.gitops.tree import tree_of

            (self._read,) = tree_of({self.path: self.text.encode()}).files
        return self._read


class _RenderedDocument:
    """Looks like a ``Document``."""

    __slots__ = ("_file", "_number", "value")

    def __init__(self, file: _RenderedFile, number: int, value: Mapping[str, Any]) -> None:
        self._file = file
        self._number = number
        self.value = value

    def __getattr__(self, name: str) -> Any:
        return getattr(self._document, name)

    @property
    def _document(self) -> Document:
        return self._file.read.documents[self._number].document
