"""The dozen operations that the writer needs of an operating system, and nothing that follows a link.

A seam: tests put a class in here that fails at the tenth operation, or in the middle of a write, and see what
is left. On POSIX a folder is an open descriptor and names are looked up in it with O_NOFOLLOW, so nobody can
swap a folder for a link between two steps. Systems without `dir_fd` (Windows) look before every step.
"""

# ruff: noqa: D102  (methods that override say what FileSystem says)

from __future__ import annotations

import errno
import os
import stat
from enum import Enum
from pathlib import Path
from typing import Final, TypeAlias

__all__ = ["DEFAULT", "EntryKind", "FileSystem", "Folder", "PathFileSystem", "PosixFileSystem"]

Folder: TypeAlias = int | str
"""An open folder: a descriptor, or a path where there is no such thing. Only a FileSystem looks inside."""


class EntryKind(Enum):
    """What a name in a folder stands for; a link is a link, wherever it points."""

    FILE = "a file"
    FOLDER = "a folder"
    LINK = "a symbolic link"
    OTHER = "neither file nor folder"


class FileSystem:
    """Operations on names within one open folder; every one may raise OSError."""

    def make_root(self, path: Path) -> list[Path]:
        """Create a folder and its missing parents; answers those created, outermost first."""
        missing = [folder for folder in (path, *path.parents) if not folder.exists()]
        created: list[Path] = []
        try:
            for folder in reversed(missing):
                folder.mkdir()
                created.append(folder)
        except BaseException:
            self.drop_root(created)
            raise
        return created

    def drop_root(self, created: list[Path]) -> None:
        """Remove what `make_root` created, as far as it is empty."""
        try:
            for folder in reversed(created):
                folder.rmdir()
        except OSError:
            pass

    def open_root(self, path: Path) -> Folder:
        """Open the folder that everything is below of; it may be reached through links."""
        raise NotImplementedError

    def open_folder(self, folder: Folder, name: str) -> Folder:
        """Open a folder in a folder."""
        raise NotImplementedError

    def close(self, folder: Folder) -> None:
        """Close a folder."""
        raise NotImplementedError

    def entries(self, folder: Folder) -> dict[str, EntryKind]:
        """Everything in a folder."""
        with os.scandir(folder) as found:
            return {entry.name: _kind(entry) for entry in found}

    def read(self, folder: Folder, name: str, limit: int) -> bytes:
        """At most `limit` bytes from the start of a regular file; a pipe is not waited for, but an error."""
        raise NotImplementedError

    def status(self, folder: Folder, name: str) -> os.stat_result:
        """The status of a file or folder, or of a link itself; the name may be ``folder/file``."""
        raise NotImplementedError

    def create(self, folder: Folder, name: str, data: bytes) -> None:
        """Write a file that must not exist yet."""
        raise NotImplementedError

    def rename(self, folder: Folder, old: str, new: str) -> None:
        """Rename within a folder; a file at `new` is replaced in one step."""
        raise NotImplementedError

    def remove(self, folder: Folder, name: str) -> None:
        """Remove a file."""
        raise NotImplementedError

    def make_folder(self, folder: Folder, name: str) -> None:
        """Create a folder."""
        raise NotImplementedError

    def remove_folder(self, folder: Folder, name: str) -> None:
        """Remove an empty folder."""
        raise NotImplementedError


class PosixFileSystem(FileSystem):
    """Folders are descriptors, names are resolved in them and never through a link."""

    def open_root(self, path: Path) -> Folder:
        return os.open(path, os.O_RDONLY | os.O_DIRECTORY)

    def open_folder(self, folder: Folder, name: str) -> Folder:
        return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=_fd(folder))

    def close(self, folder: Folder) -> None:
        os.close(_fd(folder))

    def read(self, folder: Folder, name: str, limit: int) -> bytes:
        # O_NONBLOCK: a pipe that appeared under this name must not hold us up.
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        try:
            fd = os.open(name, flags, dir_fd=_fd(folder))
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise OSError(errno.ELOOP, _NOT_REGULAR, name) from None
            raise
        return _read(fd, limit)

    def status(self, folder: Folder, name: str) -> os.stat_result:
        return os.stat(name, dir_fd=_fd(folder), follow_symlinks=False)

    def create(self, folder: Folder, name: str, data: bytes) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        _write(os.open(name, flags, 0o666, dir_fd=_fd(folder)), data)

    def rename(self, folder: Folder, old: str, new: str) -> None:
        fd = _fd(folder)
        os.rename(old, new, src_dir_fd=fd, dst_dir_fd=fd)

    def remove(self, folder: Folder, name: str) -> None:
        os.unlink(name, dir_fd=_fd(folder))

    def make_folder(self, folder: Folder, name: str) -> None:
        os.mkdir(name, dir_fd=_fd(folder))

    def remove_folder(self, folder: Folder, name: str) -> None:
        os.rmdir(name, dir_fd=_fd(folder))


class PathFileSystem(FileSystem):
    """Folders are paths, looked at before each step: for systems without `dir_fd`, such as Windows.

    Somebody who swaps a folder for a link in the moment between look and step is not noticed.
    """

    def open_root(self, path: Path) -> Folder:
        if not stat.S_ISDIR(path.stat().st_mode):
            raise NotADirectoryError(20, "Not a directory", str(path))
        return str(path)

    def open_folder(self, folder: Folder, name: str) -> Folder:
        path = self._path(folder, name)
        status = os.lstat(path)
        if not stat.S_ISDIR(status.st_mode) or _is_junction(status):
            raise NotADirectoryError(20, "Not a directory, or a link to one", path)
        return path

    def close(self, folder: Folder) -> None:
        """Nothing is open."""

    def read(self, folder: Folder, name: str, limit: int) -> bytes:
        path = self._path(folder, name)
        if not stat.S_ISREG(os.lstat(path).st_mode):
            raise OSError(errno.ELOOP, _NOT_REGULAR, path)
        return _read(os.open(path, os.O_RDONLY | _BINARY), limit)

    def status(self, folder: Folder, name: str) -> os.stat_result:
        return os.lstat(self._path(folder, name))

    def create(self, folder: Folder, name: str, data: bytes) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY
        _write(os.open(self._path(folder, name), flags, 0o666), data)

    def rename(self, folder: Folder, old: str, new: str) -> None:
        Path(self._path(folder, old)).replace(self._path(folder, new))

    def remove(self, folder: Folder, name: str) -> None:
        Path(self._path(folder, name)).unlink()

    def make_folder(self, folder: Folder, name: str) -> None:
        Path(self._path(folder, name)).mkdir()

    def remove_folder(self, folder: Folder, name: str) -> None:
        Path(self._path(folder, name)).rmdir()

    @staticmethod
    def _path(folder: Folder, name: str) -> str:
        return f"{folder}{os.sep}{name}"


_CHUNK: Final = 1 << 20  # os.read allocates what it is asked for, however small the file
_NOT_REGULAR: Final = "Not a regular file"
_BINARY: Final[int] = getattr(os, "O_BINARY", 0)

DEFAULT: Final[FileSystem] = (
    PosixFileSystem() if os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW") else PathFileSystem()
)


def _kind(entry: os.DirEntry[str]) -> EntryKind:
    if entry.is_file(follow_symlinks=False):
        return EntryKind.FILE
    if entry.is_symlink() or (os.name == "nt" and _is_junction(entry.stat(follow_symlinks=False))):
        return EntryKind.LINK
    return EntryKind.FOLDER if entry.is_dir(follow_symlinks=False) else EntryKind.OTHER


def _is_junction(status: os.stat_result) -> bool:
    """Whether Windows would lead elsewhere from here; other systems have no such attribute."""
    tag: object = getattr(status, "st_reparse_tag", None)
    return bool(tag)


def _fd(folder: Folder) -> int:
    assert isinstance(folder, int)  # noqa: S101  (made by this class)
    return folder


def _read(fd: int, limit: int) -> bytes:
    try:
        mode = os.fstat(fd).st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):  # of a folder, the system itself says what it is
            raise OSError(errno.EINVAL, _NOT_REGULAR)
        data = os.read(fd, min(limit, _CHUNK))
        while data and len(data) < limit and (more := os.read(fd, min(limit - len(data), _CHUNK))):
            data += more
        return data
    finally:
        os.close(fd)


def _write(fd: int, data: bytes) -> None:
    try:
        written = os.write(fd, data)
        while written < len(data):
            written += os.write(fd, data[written:])
    finally:
        os.close(fd)
