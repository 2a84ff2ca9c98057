"""Finds CustomResourceDefinitions in files and folders, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from chores_infra.errors import DefinitionError
from chores_infra.gitops.tree import TreeFile, read_tree
from chores_infra.rendering.document import Document
from chores_infra.rendering.field_path import FieldPath

__all__ = ["DEFINITION", "Definition", "definitions_in", "read_definitions"]

DEFINITION: Final = "CustomResourceDefinition"
_API: Final = "apiextensions.k8s.io/"


class Definition(NamedTuple):
    """One definition; ``file`` is its path as it is reported, ``path`` leads to it in its document."""

    value: dict[str, Any]
    file: str
    document: Document
    path: FieldPath = ()

    @property
    def kind(self) -> object:
        """The kind that it defines, or None where it says none."""
        value: object = self.value
        for name in ("spec", "names", "kind"):
            value = value.get(name) if isinstance(value, dict) else None
        return value

    @property
    def name(self) -> str:
        """Its name: ``widgets.example.com``, once it has been checked."""
        return str(self.value["metadata"]["name"])

    def place(self, field: FieldPath = ()) -> str:
        """Where a field stands: ``crds/widgets.yaml:12``."""
        return f"{self.file}:{self.document.position((*self.path, *field)).line}"


def read_definitions(paths: Iterable[Path]) -> list[Definition]:
    """Read the definitions of files and folders, in the order of their paths.

    Other documents of a folder are passed over; of a file that is named itself, they are a mistake.

    Raises:
        FileError: a path is no folder and no file, or cannot be opened.
        DefinitionError: a file cannot be read, or there is no definition where one was promised.
    """
    found: list[Definition] = []
    problems: list[str] = []
    for path in paths:
        before = len(found)
        for file in read_tree(path).files:
            shown = path if path.is_file() else path / file.path
            found += definitions_in(file, shown.as_posix())
            problems += _unread(file, shown, named=path.is_file())
        if len(found) == before and not problems:
            problems.append(f"{path.as_posix()}: there is no {DEFINITION} in it")
    if problems:
        raise DefinitionError(problems)
    return found


def definitions_in(file: TreeFile, shown: str) -> Iterator[Definition]:
    """Yield the definitions of a file that was read, also the items of lists."""
    for document, _ in file.documents:
        value = document.value
        if _is_definition(value):
            yield Definition(value, shown, document)
        elif isinstance(value, dict) and isinstance(value.get("items"), list):
            for index, item in enumerate(value["items"]):
                if _is_definition(item):
                    yield Definition(item, shown, document, ("items", index))


def _is_definition(value: object) -> bool:
    return (
        isinstance(value, dict)
        and value.get("kind") == DEFINITION
        and str(value.get("apiVersion")).startswith(_API)
    )


def _unread(file: TreeFile, shown: Path, *, named: bool) -> Sequence[str]:
    """Say what of a file could not be read, where a definition may have been lost with it."""
    if not named and file.source is not None and DEFINITION not in file.source.text:
        return ()
    broken = [problem for problem in file.problems if problem.breaks]
    return [f"{shown.as_posix()}:{problem.line}:{problem.column}: {problem.message}" for problem in broken]
