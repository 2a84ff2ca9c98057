"""The file of a cache: what was rendered from what, for each app of one infrastructure repository.

It is JSON with a digest in its first line, and nothing in it is ever executed. A file that is not whole,
is not ours, or that others may write to, counts as none; what is wrong in a single entry makes that entry
none. Two runs at once replace the whole file each, so one may forget what the other learned, and nobody
reads half of it.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from chores_infra.errors import FileError

__all__ = [
    "CacheFile",
    "Entry",
    "cache_folder",
    "check_cache_folder",
    "entry_of",
    "read_cache",
    "write_cache",
]

_FORMAT: Final = "chores-infra-cache-2"
_LARGEST: Final = 1 << 28


class Entry(NamedTuple):
    """An app in one environment as it was rendered.

    ``key`` is what it was rendered from, ``rendered`` the fingerprint of its files, ``names`` those in its
    folder, ``application`` whether its Application's file is one, ``warnings`` what rendering warned of,
    ``found`` how many warnings the checks had, and ``stamp`` the status of the files when their content was
    last looked at.
    """

    key: str
    rendered: str
    names: list[str]
    application: bool
    warnings: list[str]
    found: int
    stamp: str | None


CacheFile = dict[str, Any]
"""Entries by place; those that were read are held to what one is when they are asked for (`entry_of`)."""


def cache_folder(environ: Mapping[str, str], platform: str, home: Path) -> Path:
    """Where the platform keeps caches of this program.

    >>> print(cache_folder({"XDG_CACHE_HOME": "/var/cache/me"}, "linux", Path("/home/me")).as_posix())
    /var/cache/me/chores-infra
    """
    name = "chores-infra"
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / name / "Cache"
    if platform == "darwin":
        return home / "Library" / "Caches" / name
    given = environ.get("XDG_CACHE_HOME", "")
    # https://specifications.freedesktop.org/basedir-spec: a relative path is to be ignored.
    return (Path(given) if given.startswith("/") else home / ".cache") / name


def check_cache_folder(folder: Path, repository: Path) -> None:
    """Check that a cache would not be committed with the manifests.

    Raises:
        FileError: the folder is, or is in, the infrastructure repository.
    """
    if folder.resolve().is_relative_to(repository.resolve()):
        raise FileError(folder, f"is in the infrastructure repository {repository}; keep the cache elsewhere")


def read_cache(folder: Path, repository: Path) -> CacheFile:
    """What is known of a repository; nothing where there is no file, or none to be trusted."""
    try:
        data = _read(_file(folder, repository))
        head, _, body = data.partition(b"\n")
        if head != _head(body):
            return {}
        found = json.loads(body)
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def write_cache(folder: Path, repository: Path, entries: CacheFile) -> None:
    """Replace the file, in one step.

    Raises:
        OSError: it cannot be written.
    """
    file = _file(folder, repository)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    body = json.dumps(entries, separators=(",", ":")).encode()
    temporary = file.with_name(f".{file.name}.{os.urandom(8).hex()}")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(_head(body) + b"\n" + body)
        temporary.replace(file)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def _file(folder: Path, repository: Path) -> Path:
    return folder / f"{sha256(os.fsencode(repository.resolve())).hexdigest()[:32]}.json"


def _head(body: bytes) -> bytes:
    return f"{_FORMAT} {sha256(body).hexdigest()}".encode()


def _read(file: Path) -> bytes:
    """Read a regular file that is ours, and that nobody else can write to."""
    descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(descriptor)
        ours = not hasattr(os, "getuid") or (status.st_uid == os.getuid() and not status.st_mode & 0o022)
        if not stat.S_ISREG(status.st_mode) or not ours or status.st_size > _LARGEST:
            raise ValueError(file)
        return stream.read(_LARGEST)


def entry_of(entries: CacheFile, place: str) -> Entry | None:
    """The entry of a place; None where there is none, or something else."""
    plain = entries.get(place)
    if not isinstance(plain, list) or len(plain) != len(Entry._fields):
        return None
    entry = Entry(*plain)
    texts = all(isinstance(text, str) for text in (entry.key, entry.rendered, entry.stamp or ""))
    lists = all(
        isinstance(texts, list) and all(isinstance(text, str) for text in texts)
        for texts in (entry.names, entry.warnings)
    )
    harmless = lists and not any("/" in name or name in {"", ".", ".."} for name in entry.names)
    plain_facts = isinstance(entry.application, bool) and type(entry.found) is int
    return entry if texts and harmless and plain_facts else None
