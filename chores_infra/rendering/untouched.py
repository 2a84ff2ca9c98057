"""Whether the files of an app are as they were written, told without rendering it.

By content it is certain. By the status of files (inode, size, times) it is as certain as git's own index,
which trusts the same: a file that is written again gets another change time, which nobody can set. Times
are as coarse as the system's clock, so the status of a file that was written a moment ago proves little. By
itself it gives no stamp; one that we wrote just now gets one that counts from `SETTLED` later on.
"""

from __future__ import annotations

import stat
import time
from collections.abc import Collection
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Final

from chores_infra.errors import FileError
from chores_infra.rendering.file_system import EntryKind
from chores_infra.rendering.open_repo import OpenRepo
from chores_infra.rendering.owned import fingerprint
from chores_infra.rendering.places import MANIFESTS, Places

__all__ = ["SETTLED", "has_content", "stamp"]

#: Nanoseconds. FAT keeps times in steps of two seconds; no file system has coarser ones.
SETTLED: Final = 2_000_000_000
#: A time without a fraction of a second is one of a file system that keeps none.
_SECOND: Final = 1_000_000_000
_WHOLE: Final = 1 << 40


def stamp(
    repo: OpenRepo, places: Places, names: Collection[str], *, just_written: bool = False
) -> str | None:
    """One value for the status of an app's files: its Application's, its folder, and the files in that.

    It changes when any of them is written, replaced, renamed, added or removed. None where that would not be
    certain, or where something is no file.

    Args:
        repo: the infrastructure repository.
        places: the app's.
        names: of the files in its folder.
        just_written: we wrote them a moment ago, so they may be new. The caller sees to it that the stamp is
            used only if `SETTLED` has passed when it is kept: as in git's index, what another program writes
            in the same tick of the clock cannot be told from what we wrote.
    """
    shared = repo.shared(MANIFESTS)
    if shared is None:
        return None
    folder = places.name
    found: list[tuple[int, int, int, int] | None] = []
    oldest_doubtful = time.time_ns() - SETTLED
    for name in (f"{folder}.yaml", folder, *(f"{folder}/{name}" for name in names)):
        try:
            status = repo.fs.status(shared, name)
        except FileNotFoundError:
            found.append(None)
            continue
        except OSError:
            return None
        expected = stat.S_ISDIR if name == folder else stat.S_ISREG
        changed = max(status.st_mtime_ns, status.st_ctime_ns)
        fine = just_written and changed % _SECOND
        if not expected(status.st_mode) or (changed >= oldest_doubtful and not fine):
            return None
        found.append((status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns))
    return sha256(repr(found).encode()).hexdigest()


def has_content(repo: OpenRepo, places: Places, names: Collection[str], rendered: str) -> bool:
    """Whether the app's places hold these files, nothing else, and their fingerprint is ``rendered``."""
    shared = repo.shared(MANIFESTS)
    if shared is None:
        return False
    files: dict[PurePosixPath, bytes] = {}
    application = places.application_file
    try:
        if (data := repo.read(application)) is not None:
            files[application] = data
        if names:
            with repo.opened(shared, places.name) as folder:
                entries = repo.fs.entries(folder)
                if entries != dict.fromkeys(names, EntryKind.FILE):
                    return False
                for name in names:
                    files[places.folder / name] = repo.fs.read(folder, name, _WHOLE)
        elif places.name in repo.entries(MANIFESTS):
            return False
    except (OSError, FileError):
        return False
    return fingerprint(files) == rendered
