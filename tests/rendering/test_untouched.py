"""Whether files are as they were written: by content for certain, by status where that is certain."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import pytest

from chores_infra.rendering.file_system import DEFAULT, FileSystem, Folder, PathFileSystem
from chores_infra.rendering.open_repo import OpenRepo
from chores_infra.rendering.owned import fingerprint
from chores_infra.rendering.places import Places
from chores_infra.rendering.untouched import has_content, stamp

PLACES = Places("shop")
NAMES = ["a.yaml", "b.yaml"]
FILES = {
    PurePosixPath("base-apps/shop.yaml"): b"1",
    PurePosixPath("base-apps/shop/a.yaml"): b"22",
    PurePosixPath("base-apps/shop/b.yaml"): b"333",
}
RENDERED = fingerprint(FILES)


@pytest.fixture(params=[DEFAULT, PathFileSystem()], ids=["default", "paths"])
def repo(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenRepo]:
    file_system: FileSystem = request.param
    for path, data in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    opened = OpenRepo(tmp_path, file_system)
    yield opened
    opened.close()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything that is written now have been written a while ago."""
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + 10_000_000_000)


def edit_with_old_time(root: Path) -> None:
    file = root / "base-apps/shop/a.yaml"
    status = file.stat()
    file.write_bytes(b"XX")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def replace_by_same(root: Path) -> None:
    file = root / "base-apps/shop/a.yaml"
    (root / "other").write_bytes(b"XX")
    (root / "other").replace(file)


CHANGES: dict[str, Callable[[Path], object]] = {
    "edited, as long and with its old time": edit_with_old_time,
    "replaced": replace_by_same,
    "removed": lambda root: (root / "base-apps/shop/b.yaml").unlink(),
    "added": lambda root: (root / "base-apps/shop/c.yaml").touch(),
    "the Application edited": lambda root: (root / "base-apps/shop.yaml").write_bytes(b"X"),
    "the Application removed": lambda root: (root / "base-apps/shop.yaml").unlink(),
    "the folder moved": lambda root: (root / "base-apps/shop").rename(root / "base-apps/till"),
}


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_seen(change: str, repo: OpenRepo) -> None:
    before = stamp(repo, PLACES, NAMES)
    assert before is not None
    assert before == stamp(repo, PLACES, NAMES)
    assert has_content(repo, PLACES, NAMES, RENDERED)
    CHANGES[change](repo.root)
    assert stamp(repo, PLACES, NAMES) != before
    repo.close()
    assert not has_content(repo, PLACES, NAMES, RENDERED)


def test_what_was_written_a_moment_ago_has_no_stamp(repo: OpenRepo) -> None:
    assert stamp(repo, PLACES, NAMES) is None


@pytest.mark.parametrize("change", CHANGES)
def test_of_what_was_just_written_every_later_change_is_seen(change: str, repo: OpenRepo) -> None:
    before = stamp(repo, PLACES, NAMES, just_written=True)
    assert before is not None
    time.sleep(0.02)  # The clock of file systems goes in ticks of up to 10 ms.
    CHANGES[change](repo.root)
    assert stamp(repo, PLACES, NAMES, just_written=True) != before


def test_where_times_have_no_fractions_what_was_just_written_has_no_stamp(repo: OpenRepo) -> None:
    class Seconds(PathFileSystem):
        """A file system that keeps whole seconds."""

        def status(self, folder: Folder, name: str) -> os.stat_result:
            status = super().status(folder, name)
            now = int(time.time()) + 1
            extra = {"st_mtime_ns": now * 10**9, "st_ctime_ns": now * 10**9}
            return os.stat_result(tuple(status), extra)

    opened = OpenRepo(repo.root, Seconds())
    assert stamp(opened, PLACES, NAMES, just_written=True) is None
    opened.close()


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("place", ["base-apps/shop", "base-apps/shop/a.yaml", "base-apps/shop.yaml"])
def test_a_link_is_no_file_of_ours(place: str, repo: OpenRepo) -> None:
    moved = (repo.root / place).rename(repo.root / "moved")
    (repo.root / place).symlink_to(moved)
    assert stamp(repo, PLACES, NAMES) is None
    assert not has_content(repo, PLACES, NAMES, RENDERED)


@pytest.mark.usefixtures("later")
def test_without_a_repository_nothing_is_known(tmp_path: Path) -> None:
    nowhere = OpenRepo(tmp_path / "nowhere", DEFAULT)
    assert stamp(nowhere, PLACES, NAMES) is None
    assert not has_content(nowhere, PLACES, NAMES, RENDERED)
