from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from chores_infra.errors import FileError
from chores_infra.gitops.walking import MAX_BYTES, MAX_FOLDERS, FoundFile, walk
from chores_infra.rendering.file_system import Folder, PosixFileSystem


def write(root: Path, path: str, data: bytes = b"a: 1\n") -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(data)


def problems(root: Path) -> dict[str, str]:
    return {file.path: str(file.problem.message) for file in walk(root) if file.problem is not None}


def test_files_come_in_the_order_of_their_paths(tmp_path: Path) -> None:
    paths = [
        "a-b.yaml",
        "a.yaml",
        "a/x.yml",
        "a/y.json",
        "b/.hidden/z.yaml",
        ".github/workflows/ci.yaml",
        "B.yaml",
    ]
    for path in paths:
        write(tmp_path, path)
    found = [file.path for file in walk(tmp_path)]
    assert found == sorted(paths)


def test_only_yaml_and_json_is_read(tmp_path: Path) -> None:
    for path in ("a.yaml", "b.yml", "c.json", "Kustomization", "d.jsonnet", "e.yaml.disabled", "README.md"):
        write(tmp_path, path)
    read = {file.path for file in walk(tmp_path) if file.data is not None}
    assert read == {"a.yaml", "b.yml", "c.json", "Kustomization"}
    assert len(list(walk(tmp_path))) == 7


def test_what_is_no_part_of_the_tree_is_skipped(tmp_path: Path) -> None:
    for folder in (".git", "a/node_modules", ".venv"):
        write(tmp_path, f"{folder}/x.yaml")
    assert list(walk(tmp_path)) == []


def test_a_single_file_is_a_tree_of_one(tmp_path: Path) -> None:
    write(tmp_path, "x/a.yaml")
    assert list(walk(tmp_path / "x" / "a.yaml")) == [FoundFile("a.yaml", b"a: 1\n")]


def test_links_lead_nowhere(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write(outside, "secret.yaml")
    tree = tmp_path / "tree"
    write(tree, "a.yaml")
    (tree / "file.yaml").symlink_to(outside / "secret.yaml")
    (tree / "inside.yaml").symlink_to(tree / "a.yaml")
    (tree / "nowhere.yaml").symlink_to(tree / "nothing")
    (tree / "folder").symlink_to(outside)
    (tree / "loop").symlink_to(tree)
    (tree / "README.md").symlink_to(outside / "secret.yaml")
    message = "expected a file, found a symbolic link, which is not followed; put the file itself here"
    assert problems(tree) == dict.fromkeys(("file.yaml", "inside.yaml", "nowhere.yaml"), message)
    assert [file.path for file in walk(tree) if file.data is not None] == ["a.yaml"]


def test_nothing_is_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket.json"))
        found = problems(tmp_path)
    message = "expected a file, found neither file nor folder, which is not followed; remove it"
    assert found == dict.fromkeys(("pipe.yaml", "socket.json"), message)


def test_a_file_that_is_too_large_is_not_kept(tmp_path: Path) -> None:
    with (tmp_path / "large.yaml").open("wb") as file:
        file.truncate(100 << 20)
    write(tmp_path, "fits.yaml", b"#" * MAX_BYTES)
    (fits, large) = walk(tmp_path)
    assert fits.data is not None
    assert large.data is None
    assert large.problem is not None
    assert (large.problem.rule, large.problem.breaks) == ("limit", True)


def test_folders_without_end_end(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(MAX_FOLDERS + 5):
        folder /= "f"
    write(folder, "x.yaml")
    (found,) = walk(tmp_path)
    assert found.problem is not None
    assert found.problem.rule == "limit"


class Forbidding(PosixFileSystem):
    """A file system that refuses what has the name `forbidden`."""

    def read(self, folder: Folder, name: str, limit: int) -> bytes:
        self._look(name)
        return super().read(folder, name, limit)

    def open_folder(self, folder: Folder, name: str) -> Folder:
        self._look(name)
        return super().open_folder(folder, name)

    @staticmethod
    def _look(name: str) -> None:
        if name.startswith("forbidden"):
            raise PermissionError(13, "Permission denied", name)


def test_what_may_not_be_read_is_said(tmp_path: Path) -> None:
    for path in ("a.yaml", "forbidden.yaml", "forbidden/x.yaml", "z.yaml"):
        write(tmp_path, path)
    found = list(walk(tmp_path, Forbidding()))
    assert [file.path for file in found] == ["a.yaml", "forbidden.yaml", "forbidden", "z.yaml"]
    assert [str(file.problem) for file in found if file.problem is not None] == [
        "forbidden.yaml:1:1: cannot be read: Permission denied",
        "forbidden:1:1: cannot be read: Permission denied",
    ]


def test_names_that_are_no_text_can_be_shown(tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b"/a\xff.yaml", "wb") as file:  # noqa: PTH123  (a name that is no text)
        file.write(b"a: 1\n")
    assert list(walk(tmp_path)) == [FoundFile("a\\xff.yaml", b"a: 1\n")]


def test_a_root_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="No such file"):
        list(walk(tmp_path / "nothing"))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileError, match="expected a folder or a file"):
        list(walk(tmp_path / "pipe"))
