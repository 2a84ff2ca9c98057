"""A whole GitOps tree: read once, every document with what it is and why."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from chores_infra.gitops.classify import classify, looks_like_a_manifest
from chores_infra.gitops.contexts import KUSTOMIZATION_NAMES, Contexts
from chores_infra.gitops.roles import Classified, Role
from chores_infra.gitops.walking import FoundFile, is_yaml_or_json, walk
from chores_infra.rendering.document import Document
from chores_infra.rendering.field_path import FieldPath
from chores_infra.rendering.reader import Reading, read_source
from chores_infra.rendering.source import Source
from chores_infra.rendering.yaml_problem import YamlProblem

__all__ = [
    "GitOpsTree",
    "Manifest",
    "TreeDocument",
    "TreeFile",
    "contexts_of",
    "no_collecting",
    "read_file",
    "read_tree",
    "tree_of",
]

SKIP_MARKER: Final = "+argocd:skip-file-rendering"
"""Argo CD reads no file that has this anywhere in it (``repository.go``, since 2.7)."""

_NOTHING: Final[Mapping[str, bytes | None]] = MappingProxyType({})


class TreeDocument(NamedTuple):
    """A document and what it is."""

    document: Document
    what: Classified


class Manifest(NamedTuple):
    """One object that is meant for an API server; ``path`` leads to it in its document if that is a list."""

    value: dict[str, Any]
    document: Document
    path: FieldPath = ()


class TreeFile(NamedTuple):
    """A file of a tree.

    ``what`` says what the file is as a whole: by its place, or because it cannot be read. It is None where
    each document speaks for itself. ``source`` is None where nothing was read.
    """

    path: str
    what: Classified | None
    source: Source | None = None
    documents: tuple[TreeDocument, ...] = ()
    problems: tuple[YamlProblem, ...] = ()

    @property
    def skipped_by_argo_cd(self) -> bool:
        """Whether the file tells Argo CD not to read it."""
        return self.source is not None and SKIP_MARKER in self.source.text


class GitOpsTree(NamedTuple):
    """The files below ``root``, in the order of their paths."""

    root: Path
    files: tuple[TreeFile, ...]

    @property
    def problems(self) -> tuple[YamlProblem, ...]:
        """Everything that is wrong with the text of the files."""
        return tuple(problem for file in self.files for problem in file.problems)

    def documents(self) -> Iterator[tuple[TreeFile, TreeDocument]]:
        """Every document with its file."""
        for file in self.files:
            for document in file.documents:
                yield file, document

    def manifests(self) -> Iterator[Manifest]:
        """Every object that is meant for an API server, the items of lists one by one."""
        for _, (document, what) in self.documents():
            if what.role is Role.MANIFEST:
                yield Manifest(document.value, document)
            elif what.role is Role.LIST:
                for index, item in enumerate(document.value["items"]):
                    if isinstance(item, dict):
                        yield Manifest(item, document, ("items", index))


def read_tree(root: Path | str, instead: Mapping[str, bytes | None] = _NOTHING) -> GitOpsTree:
    """Read a folder of any content, or a single file.

    What cannot be read is a problem of its file; nothing outside the folder is looked at. ``instead`` holds
    files, by their paths below the folder, that are taken to be other than what is there: new, or None where
    they are taken to be gone.

    Raises:
        FileError: `root` is no folder and no file, or cannot be opened.
    """
    with no_collecting():
        found = [file for file in walk(Path(root)) if file.path not in instead]
        if instead:
            new = {path: data for path, data in instead.items() if data is not None}
            found = sorted([*found, *_given(new)])
        return GitOpsTree(Path(root), _files(found))


def tree_of(files: Mapping[str, bytes]) -> GitOpsTree:
    """A tree of files that were never written, by their paths."""
    return GitOpsTree(Path(), _files(sorted(_given(files))))


def _given(files: Mapping[str, bytes]) -> list[FoundFile]:
    return [
        FoundFile(path, data if is_yaml_or_json(path.rpartition("/")[2]) else None)
        for path, data in files.items()
    ]


def _files(found: Sequence[FoundFile]) -> tuple[TreeFile, ...]:
    contexts = contexts_of(found)
    return tuple(read_file(file, contexts.of(file.path)) for file in found)


def contexts_of(found: Iterable[FoundFile]) -> Contexts:
    """The charts and kustomizations among some files; of other files the names alone are looked at."""
    found = list(found)
    contexts = Contexts(file.path for file in found)
    for file in found:
        if file.data is not None and file.path.rpartition("/")[2] in KUSTOMIZATION_NAMES:
            for document, _ in read_file(file, None).documents:
                contexts.add_kustomization(file.path, document.value)
    return contexts


@contextmanager
def no_collecting() -> Iterator[None]:
    """Collect no garbage meanwhile.

    Values of files are many objects and no cycle: looking for one takes a third of the time of reading.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def read_file(file: FoundFile, what: Classified | None) -> TreeFile:
    """A file with its documents; templates of charts are no YAML before Helm has rendered them.

    Args:
        file: a file of a tree.
        what: what it is by its place, as :meth:`Contexts.of` answers it.
    """
    if file.problem is not None:
        return TreeFile(file.path, Classified(Role.BROKEN, file.problem.message), problems=(file.problem,))
    if file.data is None:
        return TreeFile(file.path, what or Classified(Role.IGNORED, "its name has another suffix"))
    if what is not None and what.role is Role.HELM_TEMPLATE:
        text = file.data.decode("utf-8", "replace")
        return TreeFile(file.path, what, Source(file.path, text))
    reading = read_source(file.data, file.path)
    documents = tuple(
        TreeDocument(document, what or classify(document.value, file.path)) for document in reading.documents
    )
    if what is None and not documents:
        what = _without_documents(reading)
    return TreeFile(file.path, what, reading.source, documents, reading.problems)


def _without_documents(reading: Reading) -> Classified:
    """What a file is that has no document, because it is empty or no YAML."""
    broken = next((problem for problem in reading.problems if problem.breaks), None)
    if broken is None:
        return Classified(Role.EMPTY, "it has no document")
    around = "".join(reading.source.line_text(line) for line in (broken.line - 1, broken.line))
    if "{{" in around or "{%" in around:
        return Classified(Role.TEMPLATE, "it has braces where YAML has no text")
    if looks_like_a_manifest(reading.source.text):
        return Classified(Role.BROKEN, "it looks like a manifest, so Argo CD fails on it")
    return Classified(Role.BROKEN, "it does not look like a manifest, so Argo CD skips it")
