"""What code looks at while it runs."""

from __future__ import annotations

import glob
import importlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from chores_infra.watching import watched


@pytest.mark.parametrize(
    "read",
    [
        lambda path: path.read_text(),
        lambda path: path.read_bytes(),
        lambda path: path.open("rb").close(),
        lambda path: os.close(os.open(path, os.O_RDONLY)),
        lambda path: os.close(os.open(os.fsencode(path), os.O_RDONLY)),
    ],
)
def test_files_that_are_opened_are_noticed(read: Callable[[Path], object], tmp_path: Path) -> None:
    file = tmp_path / "notes.py"  # the name says nothing about who reads it
    file.write_text("note")
    with watched() as seen:
        read(file)
    assert seen.files == {str(file)}
    assert seen


def test_a_relative_path_is_of_the_folder_it_was_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "note.txt").write_text("note")
    monkeypatch.chdir(tmp_path)
    with watched() as seen:
        Path("note.txt").read_text()
    assert seen.files == {str(tmp_path / "note.txt")}


@pytest.mark.parametrize(
    "look",
    [
        os.listdir,
        lambda path: list(path.iterdir()),
        lambda path: list(path.glob("*")),
        lambda path: glob.glob(f"{path}/*"),  # noqa: PTH207  (it has an event of its own)
        lambda path: subprocess.run([sys.executable, "-c", ""], check=True),
        lambda path: socket.getaddrinfo("127.0.0.1", 80),
    ],
)
def test_what_goes_beyond_files_is_noticed(look: Callable[[Path], object], tmp_path: Path) -> None:
    with watched() as seen:
        look(tmp_path)
    assert seen.beyond


def test_imports_and_what_is_installed_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "watched_module.py").write_text("import wave\n")
    monkeypatch.syspath_prepend(tmp_path)
    with watched() as seen:
        importlib.import_module("watched_module")
        Path(os.__file__).read_text(encoding="utf-8")
        Path(pytest.__file__).read_text(encoding="utf-8")
    assert not seen


def test_other_threads_and_what_comes_after_do_not_count(tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("note")
    with watched() as seen:
        thread = threading.Thread(target=file.read_text)
        thread.start()
        thread.join()
    file.read_text()
    assert not seen
