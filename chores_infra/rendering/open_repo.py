"""An infrastructure repo that is open for planning and writing, for one app or a thousand of them.

The two folders that all apps share are opened and listed once, not once per app.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Final

from chores_infra.errors import FileError
from chores_infra.rendering.file_system import EntryKind, FileSystem, Folder

__all__ = ["OpenRepo", "differs_in_case", "temporary_owner"]

# No manifest ends like this, so neither Argo CD nor anything else reads what a killed run leaves behind.
_SUFFIX: Final = ".chores-infra-tmp"
_TEMPORARY = re.compile(rf"\.(?P<owner>.+)\.[0-9a-f]{{8}}{re.escape(_SUFFIX)}\Z")


def temporary_owner(name: str) -> str | None:
    """The name that a temporary was to get, or None if it is no temporary of ours.

    >>> temporary_owner(".services.yaml.0badcafe.chores-infra-tmp")
    'services.yaml'
    """
    found = _TEMPORARY.match(name)
    return found["owner"] if found else None


def differs_in_case(twin: str) -> str:
    """What is wrong with a name that is another's where case does not count."""
    return f"differs from {twin} only in its case; remove or rename one of them"


def _capitals(names: Iterable[str]) -> dict[str, str]:
    """The names that are not in lower case, by themselves in lower case."""
    return {lower: name for name in names if (lower := name.lower()) != name}


class OpenRepo:
    """The root and its shared folders, opened when they are first needed."""

    def __init__(self, root: Path, file_system: FileSystem) -> None:
        self.root = root
        self.fs = file_system
        # Two runs at once do not meet in one temporary file.
        self._token = os.urandom(4).hex()
        self._root: Folder | None = None
        self._shared: dict[PurePosixPath, Folder] = {}
        self._entries: dict[PurePosixPath, dict[str, EntryKind]] = {}
        self._leftovers: dict[PurePosixPath, dict[str, list[str]]] = {}
        # Names with capitals (ours in shared folders have none), by what they are where case does not count.
        self._capitals: dict[PurePosixPath, dict[str, str]] = {}

    def close(self) -> None:
        """Close what is open; the next use opens and lists anew."""
        for folder in (*self._shared.values(), *((self._root,) if self._root is not None else ())):
            with suppress(OSError):
                self.fs.close(folder)
        self._root = None
        self._shared.clear()
        self._entries.clear()
        self._leftovers.clear()
        self._capitals.clear()

    def temporary(self, name: str) -> str:
        """The temporary name beside `name`, the same throughout this run."""
        return f".{name}.{self._token}{_SUFFIX}"

    def at(self, path: PurePosixPath) -> Path:
        """Where `path` is, for a message."""
        return self.root / path

    @contextmanager
    def opened(self, folder: Folder, name: str) -> Iterator[Folder]:
        """A folder in a folder, closed afterwards.

        Raises:
            OSError: it cannot be opened. That it cannot be closed is no news about its files.
        """
        inner = self.fs.open_folder(folder, name)
        try:
            yield inner
        finally:
            with suppress(OSError):
                self.fs.close(inner)

    def shared(self, path: PurePosixPath) -> Folder | None:
        """A folder directly below the root, or None if it does not exist.

        Raises:
            FileError: it is no folder, cannot be opened, or another differs from it only in its case.
        """
        folder = self._shared.get(path)
        if folder is not None:
            return folder
        here = PurePosixPath()
        try:
            if self._root is None:
                self._root = self.fs.open_root(self.root)
            entries = self.fs.entries(self._root)
            kind = entries.get(path.name)
            twin = _capitals(entries).get(path.name)
            if twin is not None:
                raise FileError(self.at(path), differs_in_case(twin))
            if kind is None:
                return None
            here = path
            if kind is EntryKind.FOLDER:
                return self._open(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise FileError(self.at(here), f"cannot be opened as a folder: {error.strerror}") from None
        raise FileError(self.at(path), f"is {kind.value} where a folder belongs; move it away")

    def entries(self, path: PurePosixPath) -> dict[str, EntryKind]:
        """What is in a shared folder, as it was when it was first asked for, and with what we did since."""
        if path in self._entries:
            return self._entries[path]
        folder = self.shared(path)
        if folder is None:
            return {}
        try:
            entries = self.fs.entries(folder)
        except OSError as error:
            raise FileError(self.at(path), f"cannot be listed: {error.strerror}") from None
        leftovers = self._leftovers.setdefault(path, {})
        for name in entries:
            if (owner := temporary_owner(name)) is not None:
                leftovers.setdefault(owner, []).append(name)
        self._entries[path] = entries
        self._capitals[path] = _capitals(entries)
        return entries

    def twin(self, path: PurePosixPath) -> str | None:
        """The name beside `path`, which is in lower case, that is the same one where case does not count."""
        self.entries(path.parent)
        return self._capitals.get(path.parent, {}).get(path.name)

    def read(self, path: PurePosixPath) -> bytes | None:
        """A whole file in a shared folder or in an app's, or None if there is no such file.

        Raises:
            FileError: it cannot be read.
        """
        within_app = len(path.parts) > 2
        shared = self.shared(path.parent.parent if within_app else path.parent)
        if shared is None:
            return None
        try:
            if not within_app:
                return self.fs.read(shared, path.name, sys.maxsize)
            with self.opened(shared, path.parent.name) as folder:
                return self.fs.read(folder, path.name, sys.maxsize)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise FileError(self.at(path), f"cannot be read: {error.strerror}") from None

    def leftovers(self, path: PurePosixPath, owner: str) -> list[str]:
        """Temporaries in a shared folder that were to be called `owner`."""
        self.entries(path)
        return self._leftovers.get(path, {}).get(owner, [])

    def note(self, path: PurePosixPath) -> None:
        """A file or folder was put into a shared folder."""
        if path.parent in self._entries:
            kind = EntryKind.FILE if path.suffix else EntryKind.FOLDER
            self._entries[path.parent][path.name] = kind

    def forget(self, path: PurePosixPath) -> None:
        """A file or folder was removed from a shared folder."""
        self._entries.get(path.parent, {}).pop(path.name, None)

    def make_shared(self, path: PurePosixPath) -> list[PurePosixPath | Path]:
        """Create a folder below the root, and the root; answers what was not there, for `unmake`.

        Raises:
            OSError: it cannot be created.
        """
        made: list[PurePosixPath | Path] = []
        if self.shared(path) is not None:
            return made
        try:
            if self._root is None:
                made += self.fs.make_root(self.root)
                self._root = self.fs.open_root(self.root)
            self.fs.make_folder(self._root, path.name)
            made.append(path)
            self._open(path)
        except BaseException:
            self.unmake(made)
            raise
        return made

    def unmake(self, made: list[PurePosixPath | Path]) -> None:
        """Remove what `make_shared` created, as far as it is empty."""
        for path in [path for path in made if not isinstance(path, Path)]:
            with suppress(OSError):
                assert self._root is not None  # noqa: S101  (it was opened to create the folder in it)
                self.fs.remove_folder(self._root, path.name)
                self._entries.pop(path, None)
                folder = self._shared.pop(path, None)
                if folder is not None:
                    self.fs.close(folder)
        roots = [path for path in made if isinstance(path, Path)]
        if roots and not self._shared:
            if self._root is not None:
                with suppress(OSError):
                    self.fs.close(self._root)
                self._root = None
            self.fs.drop_root(roots)

    def _open(self, path: PurePosixPath) -> Folder:
        assert self._root is not None  # noqa: S101  (both callers opened it)
        folder = self._shared[path] = self.fs.open_folder(self._root, path.name)
        return folder
