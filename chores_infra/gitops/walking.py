"""The files of a tree, in the order of their paths, read without following anything out of it.

Hidden folders are walked like others, because Argo CD reads them; what version control and package managers
keep for themselves is not. A link is never followed, a pipe never waited for: both are problems as data, and
so is what cannot be opened or is too large.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from chores_infra.errors import FileError
from chores_infra.rendering.file_system import DEFAULT, EntryKind, FileSystem, Folder
from chores_infra.rendering.yaml_problem import Rule, YamlProblem

__all__ = ["MAX_BYTES", "MAX_FOLDERS", "SKIPPED_FOLDERS", "FoundFile", "is_yaml_or_json", "walk"]

MAX_BYTES: Final = 16 << 20
"""How large a file may be, in bytes; the largest bundles of CRDs have a third of it."""

MAX_FOLDERS: Final = 100
"""How deep folders may be nested."""

SKIPPED_FOLDERS: Final = frozenset(
    {".git", ".hg", ".svn", ".venv", ".tox", ".terraform", "__pycache__", "node_modules"}
)
"""Folders that hold nothing of the tree itself."""

_SUFFIXES: Final = (".yaml", ".yml", ".json")
_WITHOUT_SUFFIX: Final = frozenset({"Kustomization", "Chart.lock"})


class FoundFile(NamedTuple):
    """A file by its path in the tree, with ``/``; ``data`` is None where nothing was read."""

    path: str
    data: bytes | None
    problem: YamlProblem | None = None


def is_yaml_or_json(name: str) -> bool:
    """Whether a file is read: Argo CD reads these suffixes, Kustomize a name without one."""
    return name.endswith(_SUFFIXES) or name in _WITHOUT_SUFFIX


def walk(
    root: Path, fs: FileSystem = DEFAULT, wanted: Callable[[str], bool] = is_yaml_or_json
) -> Iterator[FoundFile]:
    """Every file below a folder; or the one file that `root` is. Those are read whose names are ``wanted``.

    Raises:
        FileError: `root` is neither, or cannot be opened.
    """
    walker = _Walker(fs, wanted)
    try:
        single = root.is_file()
        folder = fs.open_root(root.parent if single else root)
    except NotADirectoryError:
        raise FileError(root, "expected a folder or a file, found something else") from None
    except OSError as error:
        raise FileError(root, _reason(error)) from None
    if not single:
        yield from walker.folder(folder, "", 0)
        return
    try:
        yield walker.file(folder, root.name, root.name)
    finally:
        fs.close(folder)


class _Walker:
    """Goes down the folders of one tree; each is open only while it is walked."""

    def __init__(self, fs: FileSystem, wanted: Callable[[str], bool]) -> None:
        self.fs = fs
        self.wanted = wanted

    def folder(self, folder: Folder, path: str, depth: int) -> Iterator[FoundFile]:
        try:
            try:
                entries = self.fs.entries(folder)
            except OSError as error:
                yield _unreadable(path.rstrip("/") or ".", _reason(error))
                return
            # In the order of whole paths, where a folder stands as `name/`.
            for name in sorted(entries, key=lambda name: name + "/" * (entries[name] is EntryKind.FOLDER)):
                inner = f"{path}{name}"
                match entries[name]:
                    case EntryKind.FILE:
                        yield self.file(folder, name, inner)
                    case EntryKind.FOLDER:
                        yield from self._inner(folder, name, inner, depth + 1)
                    case other if self.wanted(name):
                        # Argo CD follows a link to a file in the repository, and none to a folder.
                        way_out = "put the file itself here" if other is EntryKind.LINK else "remove it"
                        message = f"expected a file, found {other.value}, which is not followed; {way_out}"
                        yield _unreadable(inner, message)
        finally:
            self.fs.close(folder)

    def _inner(self, folder: Folder, name: str, path: str, depth: int) -> Iterator[FoundFile]:
        if name in SKIPPED_FOLDERS:
            return
        if depth > MAX_FOLDERS:
            yield _unreadable(path, f"folders are nested deeper than {MAX_FOLDERS} levels", "limit")
            return
        try:
            opened = self.fs.open_folder(folder, name)
        except OSError as error:
            yield _unreadable(path, _reason(error))
            return
        yield from self.folder(opened, f"{path}/", depth)

    def file(self, folder: Folder, name: str, path: str) -> FoundFile:
        if not self.wanted(name):
            return FoundFile(_shown(path), None)
        try:
            data = self.fs.read(folder, name, MAX_BYTES + 1)
        except OSError as error:
            return _unreadable(path, _reason(error))
        if len(data) > MAX_BYTES:
            return _unreadable(path, f"larger than {MAX_BYTES >> 20} MiB, so it is not read", "limit")
        return FoundFile(_shown(path), data)


def _unreadable(path: str, message: str, rule: Rule = "unreadable") -> FoundFile:
    shown = _shown(path)
    return FoundFile(shown, None, YamlProblem(rule, shown, 1, 1, message, breaks=True))


def _shown(path: str) -> str:
    """The path, without the lone surrogates that stand for bytes of no UTF-8 in names."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _reason(error: OSError) -> str:
    return f"cannot be read: {error.strerror or error}"
