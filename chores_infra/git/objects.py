"""Files of a repository by their ids, read one after the other from one process, as they are asked for."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, NamedTuple

from chores_infra.errors import GitError
from chores_infra.git.program import started

__all__ = ["LARGEST", "Missing", "Objects", "open_objects"]

LARGEST: Final = 16 << 20
"""Bytes of a file that is read; of a larger one nothing is kept."""

# The ids of one round fit into a pipe (4,096 bytes at the least), so that git never waits for us to read
# while we wait for it to read.
_ROUND: Final = 64
_PIECE: Final = 1 << 16


class Missing(NamedTuple):
    """Why there is nothing to read."""

    reason: str


class Objects:
    """What a running ``git cat-file --batch`` answers."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None  # noqa: S101  (both are pipes)
        assert process.stdout is not None  # noqa: S101
        self._folder = folder
        self._input: IO[bytes] = process.stdin
        self._output: IO[bytes] = process.stdout

    def read(self, blobs: Sequence[str]) -> Iterator[bytes | Missing]:
        """The bytes of files, in the order of their ids. All are to be taken before more are asked for.

        Args:
            blobs: their ids, as git prints them.

        Raises:
            GitError: git ended.
        """
        for first in range(0, len(blobs), _ROUND):
            some = blobs[first : first + _ROUND]
            try:
                self._input.write("".join(f"{blob}\n" for blob in some).encode("ascii"))
                self._input.flush()
            except OSError:
                raise self._ended() from None
            for _ in some:
                yield self._one()

    def _one(self) -> bytes | Missing:
        header = self._output.readline()
        if not header.endswith(b"\n"):
            raise self._ended()
        parts = header.split()
        if len(parts) != 3:
            return Missing("it is not in this clone")
        size = int(parts[2])
        if size > LARGEST:
            self._skip(size + 1)
            return Missing(f"it is larger than {LARGEST >> 20} MiB")
        data = self._output.read(size + 1)
        if len(data) <= size:
            raise self._ended()
        return data[:size]

    def _skip(self, size: int) -> None:
        while size:
            piece = self._output.read(min(size, _PIECE))
            if not piece:
                raise self._ended()
            size -= len(piece)

    def _ended(self) -> GitError:
        return GitError(f"git cat-file ended before it had answered, in {self._folder}")


@contextmanager
def open_objects(folder: Path) -> Iterator[Objects]:
    """Read files of the repository in a folder, for as long as this is entered.

    Raises:
        GitError: git is not there.
    """
    with started(folder, ["cat-file", "--batch"], subprocess.DEVNULL) as process:
        try:
            yield Objects(folder, process)
        finally:
            if process.stdin is not None:
                process.stdin.close()
            if process.stdout is not None:
                process.stdout.close()
