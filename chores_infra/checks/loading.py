"""Repositories to check: from folders and files, or from texts that were never written."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from chores_infra.checks.placing import placed
from chores_infra.checks.repository import File, Repository
from chores_infra.gitops.tree import GitOpsTree, TreeFile, read_tree, tree_of

__all__ = ["from_paths", "from_texts", "from_trees"]


def from_texts(texts: Mapping[str, str]) -> Repository:
    r"""A repository of texts by their paths: of an app that was rendered, or of an example.

    >>> repository = from_texts({"a.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"})
    >>> [str(resource) for resource in repository.resources]
    ['Namespace/shop']
    """
    tree = tree_of({name: text.encode() for name, text in texts.items()})
    return Repository(File(PurePosixPath(file.path), file.path, file) for file in tree.files)


def from_paths(paths: Sequence[Path]) -> Repository:
    """A repository of folders and files; several of them are read as parts of one.

    Where the root of the repository is, the paths of its Applications tell.

    Raises:
        FileError: a path is no folder and no file, or cannot be opened.
    """
    return from_trees([read_tree(path) for path in paths], paths)


def from_trees(trees: Sequence[GitOpsTree], paths: Sequence[Path], *, is_whole: bool = True) -> Repository:
    """A repository of trees that were read from these paths; see :func:`from_paths`."""
    root = Path(os.path.commonpath([_folder(path) for path in paths]))
    files: dict[PurePosixPath, File] = {}
    for tree, path in zip(trees, paths, strict=True):
        below = PurePosixPath(_folder(path).relative_to(root).as_posix())
        for file in tree.files:
            name = below / file.path
            files.setdefault(name, File(name, _shown(path, file), file))
    return placed(list(files.values()), root, is_whole=is_whole)


def _folder(path: Path) -> Path:
    """The folder that the files of a tree are relative to."""
    absolute = path.absolute()
    return absolute.parent if path.is_file() else absolute


def _shown(path: Path, file: TreeFile) -> str:
    """The path of a file as the person who gave ``path`` would write it."""
    return path.as_posix() if path.is_file() else (path / file.path).as_posix()
