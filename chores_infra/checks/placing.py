"""Give files their paths from the root of the repository, from which the paths of Applications count."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from chores_infra.checks.bases import Base, find_base
from chores_infra.checks.repository import File, Repository

__all__ = ["placed"]


def placed(files: Sequence[File], folder: Path, *, is_whole: bool = True) -> Repository:
    """The repository of files whose names are paths below a folder; see :mod:`chores_infra.checks.bases`."""
    seen = Repository(files, is_whole=is_whole)
    holding = {file.name.parent for file in files}
    folders = {parent for folder in holding for parent in (folder, *folder.parents)}
    wanted = [source.folder for each in seen.applications for source in each.sources if source.folder]
    base = find_base(folder.absolute(), folders, wanted)
    if base == Base():
        return seen
    return Repository([file._replace(name=base.name(file.name)) for file in files], is_whole=is_whole)
