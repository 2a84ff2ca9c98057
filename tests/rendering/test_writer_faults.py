"""The writer with a fault at every single operation: each file is old or new, and no neighbour is touched."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from chores_infra.errors import FileError
from chores_infra.rendering.file_system import EntryKind, FileSystem, Folder, PathFileSystem, PosixFileSystem
from chores_infra.rendering.places import Places
from chores_infra.rendering.writer import Writer, generated_by

SHOP = Places("shop")
HEADER = generated_by("shop.app:Shop")


class FaultyFileSystem(FileSystem):
    """Does what another one does, and fails at one operation, or from it on.

    A write fails halfway: half of the bytes are in the file, as on a disk that is full.
    """

    def __init__(
        self, inner: FileSystem, fail_at: int, error: BaseException, *, for_good: bool = False
    ) -> None:
        self._inner = inner
        self._fail_at = fail_at
        self._error = error
        self._for_good = for_good
        self.operations: list[str] = []

    def _fails(self, operation: str) -> bool:
        self.operations.append(operation)
        number = len(self.operations)
        return number == self._fail_at or (self._for_good and number > self._fail_at)

    def _do(self, operation: str, *arguments: Any) -> Any:
        if self._fails(operation):
            raise self._error
        return getattr(self._inner, operation)(*arguments)

    def make_root(self, path: Path) -> list[Path]:
        made: list[Path] = self._do("make_root", path)
        return made

    def drop_root(self, created: list[Path]) -> None:
        self._do("drop_root", created)

    def open_root(self, path: Path) -> Folder:
        folder: Folder = self._do("open_root", path)
        return folder

    def open_folder(self, folder: Folder, name: str) -> Folder:
        opened: Folder = self._do("open_folder", folder, name)
        return opened

    def close(self, folder: Folder) -> None:
        # Closed all the same, or the test would run out of descriptors; the system does so too.
        self._inner.close(folder)
        if self._fails("close"):
            raise self._error

    def entries(self, folder: Folder) -> dict[str, EntryKind]:
        entries: dict[str, EntryKind] = self._do("entries", folder)
        return entries

    def read(self, folder: Folder, name: str, limit: int) -> bytes:
        data: bytes = self._do("read", folder, name, limit)
        return data

    def create(self, folder: Folder, name: str, data: bytes) -> None:
        if self._fails("create"):
            self._inner.create(folder, name, data[: len(data) // 2])
            raise self._error
        self._inner.create(folder, name, data)

    def rename(self, folder: Folder, old: str, new: str) -> None:
        self._do("rename", folder, old, new)

    def remove(self, folder: Folder, name: str) -> None:
        self._do("remove", folder, name)

    def make_folder(self, folder: Folder, name: str) -> None:
        self._do("make_folder", folder, name)

    def remove_folder(self, folder: Folder, name: str) -> None:
        self._do("remove_folder", folder, name)


def _nothing(root: Path) -> None:
    """No repo at all."""


def _other_apps_only(root: Path) -> None:
    """A repo in which the app is new."""
    (root / "base-apps/other").mkdir(parents=True)
    for name in ("base-apps/other.yaml", "base-apps/other/services.yaml"):
        (root / name).write_text(HEADER + "a: 1\n")


def _an_older_version(root: Path) -> None:
    """A repo with the app (files changed, unchanged, gone), a stranger, and the remains of a killed run."""
    _other_apps_only(root)
    for name in ("shop.yaml", "shop/changed.yaml", "shop/gone.yaml"):
        (root / "base-apps" / name).parent.mkdir(exist_ok=True)
        (root / "base-apps" / name).write_text(HEADER + "a: 0\n")
    (root / "base-apps/shop/same.yaml").write_text(HEADER + "same: true\n")
    (root / "base-apps/shop/stranger.yaml").write_text("a: 1\n")
    (root / "base-apps/shop/.changed.yaml.0badcafe.chores-infra-tmp").write_text("half")
    (root / "base-apps/.shop.yaml.0badcafe.chores-infra-tmp").write_text("half")
    (root / "base-apps/.shop.0badcafe.chores-infra-tmp").mkdir()
    (root / "base-apps/.shop.0badcafe.chores-infra-tmp/same.yaml").write_text("half")
    (root / "releases").mkdir()
    (root / "releases/shop.yaml").write_text(HEADER + "app: old\n")


NEW = {
    SHOP.application_file: HEADER + "a: 1\n",
    SHOP.folder / "changed.yaml": HEADER + "a: 1\n",
    SHOP.folder / "same.yaml": HEADER + "same: true\n",
    SHOP.folder / "added.yaml": HEADER + "a: 1\n",
    SHOP.intent_file: HEADER + "app: shop\n",
}


def _write(root: Path, file_system: FileSystem) -> None:
    with Writer(root, [SHOP], file_system=file_system) as writer:
        writer.apply(writer.plan(SHOP, NEW))


def _remove(root: Path, file_system: FileSystem) -> None:
    with Writer(root, [SHOP], file_system=file_system) as writer:
        writer.apply(writer.plan_removal(SHOP, drop_intent=True))


def _attempt(
    run: Callable[[Path, FileSystem], None], root: Path, file_system: FileSystem
) -> BaseException | None:
    """Run, and answer with what was raised; anything but an error of ours or an interruption is a defect."""
    try:
        run(root, file_system)
    except (FileError, KeyboardInterrupt) as raised:
        return raised
    return None


@dataclass(frozen=True)
class Files:
    """A repo: the files of the app and everything else, temporaries apart."""

    app: dict[str, bytes]
    others: dict[str, tuple[bytes, int]]
    temporaries: list[str]

    @classmethod
    def of(cls, root: Path) -> Files:
        app: dict[str, bytes] = {}
        others: dict[str, tuple[bytes, int]] = {}
        temporaries: list[str] = []
        for path in root.rglob("*") if root.exists() else ():
            name = path.relative_to(root)
            if any(part.endswith(".chores-infra-tmp") for part in name.parts):
                temporaries.append(str(name))
            elif path.is_file():
                data = path.read_bytes()
                if SHOP.owns(PurePosixPath(name)) or PurePosixPath(name) == SHOP.intent_file:
                    app[str(name)] = data
                else:
                    others[str(name)] = data, path.stat().st_mtime_ns
        return cls(app, others, temporaries)


ERRORS = [
    pytest.param(lambda: OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), id="disk-full"),
    pytest.param(lambda: PermissionError(errno.EACCES, os.strerror(errno.EACCES)), id="no-permission"),
    pytest.param(KeyboardInterrupt, id="interrupted"),
]


@pytest.mark.parametrize("for_good", [False, True], ids=["once", "for-good"])
@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("inner", [PosixFileSystem, PathFileSystem])
@pytest.mark.parametrize("prepare", [_nothing, _other_apps_only, _an_older_version])
@pytest.mark.parametrize("run", [_write, _remove])
def test_a_fault_at_every_operation(
    tmp_path: Path,
    run: Callable[[Path, FileSystem], None],
    prepare: Callable[[Path], None],
    inner: type[FileSystem],
    error: Callable[[], BaseException],
    for_good: bool,
) -> None:
    done = tmp_path / "done"
    prepare(done)
    run(done, inner())
    goal = Files.of(done)
    assert goal.temporaries == []

    fail_at, finished = 0, False
    while not finished:
        fail_at += 1
        root = tmp_path / f"at-{fail_at}"
        prepare(root)
        existed = root.exists()
        before = Files.of(root)
        faulty = FaultyFileSystem(inner(), fail_at, error(), for_good=for_good)
        raised = _attempt(run, root, faulty)
        after = Files.of(root)
        if raised is None:
            # Nothing failed: the run is shorter, or the fault was in closing or tidying up.
            finished = len(faulty.operations) < fail_at
            assert after.app == goal.app
        else:
            assert isinstance(raised, FileError) != isinstance(error(), KeyboardInterrupt)
            for name in before.app.keys() | after.app.keys() | goal.app.keys():
                assert after.app.get(name) in (before.app.get(name), goal.app.get(name)), (fail_at, name)
            changed = after.app != before.app
            assert not (changed and "nothing of shop was changed" in str(raised))
            reached = set(faulty.operations[: fail_at - 1])
            renamed = bool(reached & {"rename", "remove"})
            assert renamed or not changed
            if not for_good and not before.temporaries:
                # What could be taken back was, down to the folders.
                assert after.temporaries == []
                assert renamed or root.exists() == existed
        assert after.others == before.others, fail_at

        run(root, inner())
        assert Files.of(root).app == goal.app
        assert Files.of(root).others == before.others
        assert Files.of(root).temporaries == []
        shutil.rmtree(root, ignore_errors=True)
    assert fail_at > 3


def test_the_message_says_how_far_it_got(tmp_path: Path) -> None:
    _an_older_version(tmp_path)
    operations = FaultyFileSystem(PosixFileSystem(), 0, OSError())
    _write(tmp_path, operations)
    second_rename = [n for n, name in enumerate(operations.operations, 1) if name == "rename"][1]

    root = tmp_path / "again"
    root.mkdir()
    _an_older_version(root)
    fault = OSError(errno.EACCES, os.strerror(errno.EACCES))
    with pytest.raises(FileError) as caught:
        _write(root, FaultyFileSystem(PosixFileSystem(), second_rename, fault))
    assert "cannot be put in its place: Permission denied; 1 of 5 changes are made" in str(caught.value)
    assert "run it again" in str(caught.value)


class MeetingFileSystem(PosixFileSystem):
    """Lets another run of the same app happen, from beginning to end, before one of the operations."""

    def __init__(self, at: int, other: Callable[[], None]) -> None:
        self._at = at
        self._other = other
        self.operations = 0

    def _meet(self) -> None:
        self.operations += 1
        if self.operations == self._at:
            self._other()

    def create(self, folder: Folder, name: str, data: bytes) -> None:
        self._meet()
        super().create(folder, name, data)

    def rename(self, folder: Folder, old: str, new: str) -> None:
        self._meet()
        super().rename(folder, old, new)

    def remove(self, folder: Folder, name: str) -> None:
        self._meet()
        super().remove(folder, name)

    def make_folder(self, folder: Folder, name: str) -> None:
        self._meet()
        super().make_folder(folder, name)


@pytest.mark.parametrize("prepare", [_nothing, _other_apps_only, _an_older_version])
def test_two_runs_at_once_leave_whole_files(tmp_path: Path, prepare: Callable[[Path], None]) -> None:
    others = {path: text.replace("a: 1", "a: 2") for path, text in NEW.items()}
    at, reached = 0, True
    while reached:
        at += 1
        root = tmp_path / f"at-{at}"
        prepare(root)
        before = Files.of(root)

        def other_run(root: Path = root) -> None:
            with Writer(root, [SHOP]) as writer:
                writer.apply(writer.plan(SHOP, others))

        meeting = MeetingFileSystem(at, other_run)
        raised = _attempt(_write, root, meeting)
        reached = meeting.operations >= at
        after = Files.of(root)
        for name, data in after.app.items():
            path = PurePosixPath(name)
            assert data in (before.app.get(name), NEW.get(path, "").encode(), others.get(path, "").encode())
        assert raised is None or isinstance(raised, FileError)
        assert after.others == before.others
        _write(root, PosixFileSystem())
        final = Files.of(root)
        assert final.app.items() >= {str(path): text.encode() for path, text in NEW.items()}.items()
        assert final.app.keys() - {str(path) for path in NEW} <= {"base-apps/shop/stranger.yaml"}
        assert final.temporaries == []
    assert at > 5
