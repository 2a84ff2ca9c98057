"""What code reads and starts while it runs, as Python's own audit events tell.

https://docs.python.org/3/library/audit_events.html. Modules that are imported, Python's own library,
installed packages and this one are not counted: they are known in other ways.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

__all__ = ["IMPORTS", "Seen", "is_library", "watched"]

_LIBRARY: Final = f"{Path(os.__file__).parent}{os.sep}"
_PACKAGE: Final = f"{Path(__file__).parent}{os.sep}"
_INSTALLED: Final = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")
#: What looks beyond the files that it opens by name.
_BEYOND: Final = frozenset(
    (
        "glob.glob",
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.listdir",
        "os.posix_spawn",
        "os.scandir",
        "os.system",
        "pathlib.Path.glob",
        "pathlib.Path.rglob",
        "socket.connect",
        "socket.getaddrinfo",
        "subprocess.Popen",
    )
)


@dataclass(slots=True)
class Seen:
    """The files that were opened, and whether anything else was looked at: folders, programs, the network."""

    files: set[str] = field(default_factory=set)
    beyond: bool = False

    def __bool__(self) -> bool:
        return self.beyond or bool(self.files)


#: What modules looked at when they were imported, which happens once in a process.
IMPORTS: Final = Seen()

_here = threading.local()


@contextmanager
def watched(seen: Seen | None = None) -> Iterator[Seen]:
    """Note what the code inside looks at, in this thread; ``seen`` is what it is added to."""
    _install()
    outer, seen = getattr(_here, "seen", None), Seen() if seen is None else seen
    _here.seen = seen
    try:
        yield seen
    finally:
        _here.seen = outer


def is_library(file: str) -> bool:
    """Whether a file is Python's own, of an installed package, or of this one."""
    return file.startswith((_LIBRARY, _PACKAGE)) or any(part in file for part in _INSTALLED)


@cache
def _install() -> None:
    sys.addaudithook(_noticed)


def _noticed(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "open" and event not in _BEYOND:
        return
    seen: Seen | None = getattr(_here, "seen", None)
    # Modules are found and read by the import system, which is no function of theirs.
    if seen is None or sys._getframe(1).f_code.co_filename.startswith("<frozen importlib"):
        return
    if event == "open":
        _note_file(seen, arguments[0])
    else:
        seen.beyond = True


def _note_file(seen: Seen, path: object) -> None:
    if isinstance(path, str | bytes | os.PathLike):  # else a descriptor, opened by something else
        file = os.path.abspath(os.fsdecode(path))  # noqa: PTH100  (links stay)
        if not is_library(file):
            seen.files.add(file)
