"""Where the root of a repository is, told by the paths of its Applications."""

from __future__ import annotations

from pathlib import PurePath, PurePosixPath

import pytest

from chores_infra.checks.bases import Base, find_base

APPS = [PurePosixPath("base-apps/shop"), PurePosixPath("base-apps/blog")]


@pytest.mark.parametrize(
    ("root", "folders", "file", "name"),
    [
        (
            "/src/infra",
            ["base-apps", "base-apps/shop", "base-apps/blog"],
            "base-apps/shop/a.yaml",
            "base-apps/shop/a.yaml",
        ),
        ("/src/infra/base-apps", ["shop", "blog"], "shop/a.yaml", "base-apps/shop/a.yaml"),
        ("/src/infra/base-apps/shop", [], "a.yaml", "base-apps/shop/a.yaml"),
        (
            "/src",
            ["dist", "dist/base-apps/shop", "dist/base-apps/blog"],
            "dist/base-apps/shop/a.yaml",
            "base-apps/shop/a.yaml",
        ),
        ("/src/infra", ["elsewhere"], "elsewhere/a.yaml", "elsewhere/a.yaml"),
        ("/", ["base-apps/shop"], "base-apps/shop/a.yaml", "base-apps/shop/a.yaml"),
    ],
    ids=["root", "folder-in-it", "one-app", "folder-around-it", "none", "root-of-the-file-system"],
)
def test_the_paths_of_applications_tell_the_root(root: str, folders: list[str], file: str, name: str) -> None:
    base = find_base(PurePath(root), {PurePosixPath(folder) for folder in folders}, APPS)

    assert base.name(PurePosixPath(file)) == PurePosixPath(name)


def test_the_majority_counts() -> None:
    folders = {PurePosixPath(each) for each in ("base-apps/shop", "base-apps/blog", "old/base-apps/shop")}

    assert find_base(PurePath("/src"), folders, APPS) == Base()


def test_what_is_outside_the_root_is_told_apart() -> None:
    base = Base(removed=PurePosixPath("dist"))

    assert base.name(PurePosixPath("docs/a.yaml")) == PurePosixPath("../docs/a.yaml")
