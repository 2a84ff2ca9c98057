"""Where the root of a repository is, seen from a folder that somebody checks.

The paths of Applications count from the root of their repository; what is checked may be that root, a folder
in it (``base-apps``), or a folder around it (an infrastructure repository inside a larger one). The paths
themselves tell which: most of them have to be there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import PurePath, PurePosixPath
from typing import Final, NamedTuple

__all__ = ["Base", "find_base"]


_HERE: Final = PurePosixPath()


class Base(NamedTuple):
    """How to turn a path below the folder that is checked into one below the root of the repository."""

    added: PurePosixPath = _HERE
    removed: PurePosixPath = _HERE

    def name(self, path: PurePosixPath) -> PurePosixPath:
        """The path in the repository; what is outside of it begins with ``..``."""
        if path.is_relative_to(self.removed):
            return self.added / path.relative_to(self.removed)
        return PurePosixPath("..", path)


def find_base(root: PurePath, folders: Collection[PurePosixPath], wanted: Iterable[PurePosixPath]) -> Base:
    """The base under which most of the wanted folders are there; the folder itself where none is.

    Args:
        root: the folder that is checked, as an absolute path.
        folders: the folders in it, relative to it.
        wanted: the folders that Applications read.

    >>> here = {PurePosixPath("shop"), PurePosixPath("blog")}
    >>> base = find_base(PurePath("/src/infra/base-apps"), here, [PurePosixPath("base-apps/shop")])
    >>> base.name(PurePosixPath("shop/services.yaml"))
    PurePosixPath('base-apps/shop/services.yaml')
    """
    wanted = set(wanted)
    if wanted <= set(folders):
        return Base()
    votes: Counter[Base] = Counter()
    by_last: dict[str, list[PurePosixPath]] = {}
    for folder in folders:
        by_last.setdefault(folder.name, []).append(folder)
    for path in wanted:
        if not path.parts:
            continue
        for folder in by_last.get(path.name, ()):
            if folder.parts[-len(path.parts) :] == path.parts:
                votes[Base(removed=PurePosixPath(*folder.parts[: -len(path.parts)]))] += 1
        for levels in range(1, min(len(path.parts), len(root.parts) - 1) + 1):
            rest = PurePosixPath(*path.parts[levels:])
            if root.parts[-levels:] == path.parts[:levels] and (rest in folders or not rest.parts):
                votes[Base(added=PurePosixPath(*path.parts[:levels]))] += 1
    own = Base()
    if not votes:
        return own
    # Between equals the folder itself, then the one that changes least.
    return max(
        votes, key=lambda base: (votes[base], base == own, -len(base.added.parts), -len(base.removed.parts))
    )
