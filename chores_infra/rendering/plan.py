"""What writing an app would do to its places: found by reading only, and carried out by the writer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from chores_infra.rendering.places import Places

__all__ = ["Plan"]


class Plan(NamedTuple):
    """What becomes of each file; paths are relative to the infrastructure repo at ``root``."""

    root: Path
    places: Places
    written: Mapping[PurePosixPath, bytes]
    """New and changed files with their bytes."""
    unchanged: tuple[PurePosixPath, ...] = ()
    """Files that have these bytes already; they are not touched."""
    pruned: tuple[PurePosixPath, ...] = ()
    """Files of ours that the app no longer produces."""
    adopted: tuple[PurePosixPath, ...] = ()
    """Those of ``written`` that were not ours and are taken over."""
    foreign: tuple[PurePosixPath, ...] = ()
    """Other people's files in the app's folder; they stay."""
    fresh: bool = False
    """Whether the app's folder does not exist yet."""
    leftovers: tuple[PurePosixPath, ...] = ()
    """Temporary files and folders of a run that was killed; removed by the next `apply`."""

    @property
    def changes(self) -> bool:
        """Whether any file would be written or removed."""
        return bool(self.written or self.pruned)
