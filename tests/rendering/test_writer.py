from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra.errors import FileError, NotOurFileError
from chores_infra.rendering.file_system import FileSystem, PathFileSystem, PosixFileSystem
from chores_infra.rendering.owned import differing, fingerprint, generated_by
from chores_infra.rendering.places import Places
from chores_infra.rendering.plan import Plan
from chores_infra.rendering.writer import Writer

SHOP, STAGING, OTHER = Places("shop"), Places("shop", "staging"), Places("other")
HEADER = generated_by("shop.app:Shop")


def texts(places: Places = SHOP, *names: str, body: str = "a: 1\n") -> dict[PurePosixPath, str]:
    """An Application's file and files with these names (or two) in the app's folder."""
    files = [places.folder / f"{name}.yaml" for name in names or ("deployments", "services")]
    return dict.fromkeys((places.application_file, *files), HEADER + body)


def snapshot(root: Path) -> dict[str, bytes | str]:
    """Everything below a folder: contents of files, targets of links."""
    return {
        str(path.relative_to(root)): str(path.readlink()) if path.is_symlink() else path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_symlink() or not path.is_dir()
    }


def times(root: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}


@pytest.fixture(params=[PosixFileSystem, PathFileSystem])
def file_system(request: pytest.FixtureRequest) -> FileSystem:
    """Both ways of reaching files: descriptors, and paths as on Windows."""
    made = request.param()
    assert isinstance(made, FileSystem)
    return made


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "infrastructure"


def plan(root: Path, places: Places, files: dict[PurePosixPath, str], *, adopt: bool = False) -> Plan:
    with Writer(root, adopt=adopt) as writer:
        return writer.plan(places, files)


def plan_removal(
    root: Path, places: Places, files: dict[PurePosixPath, str] | None = None, *, drop_intent: bool = False
) -> Plan:
    with Writer(root) as writer:
        return writer.plan_removal(places, files, drop_intent=drop_intent)


def apply(plan: Plan) -> None:
    with Writer(plan.root) as writer:
        writer.apply(plan)


def read_owned(root: Path, places: Places) -> dict[PurePosixPath, bytes]:
    with Writer(root) as writer:
        return writer.read_owned(places)


def write(
    root: Path,
    files: dict[PurePosixPath, str],
    *,
    places: Places = SHOP,
    adopt: bool = False,
    file_system: FileSystem | None = None,
) -> Plan:
    """Plan and apply."""
    with Writer(root, [places], adopt=adopt, file_system=file_system or PosixFileSystem()) as writer:
        made = writer.plan(places, files)
        writer.apply(made)
    return made


class TestWriting:
    def test_into_nothing(self, root: Path, file_system: FileSystem) -> None:
        files = texts()
        made = write(root / "deeper", files, file_system=file_system)
        assert list(made.written) == list(files)
        assert made.fresh
        assert snapshot(root / "deeper") == {str(path): text.encode() for path, text in files.items()}

    def test_planning_changes_nothing(self, root: Path) -> None:
        plan(root, SHOP, texts())
        assert not root.exists()

    def test_again_touches_nothing(self, root: Path, file_system: FileSystem) -> None:
        write(root, texts(), file_system=file_system)
        before = times(root)
        made = write(root, texts(), file_system=file_system)
        assert not made.changes
        assert set(made.unchanged) == set(texts())
        assert times(root) == before

    def test_only_what_differs_is_written_and_what_is_gone_is_pruned(
        self, root: Path, file_system: FileSystem
    ) -> None:
        write(root, texts(SHOP, "deployments", "services", "ingress"), file_system=file_system)
        before = times(root)
        files = texts(SHOP, "deployments", "services", "jobs")
        files[SHOP.folder / "services.yaml"] = HEADER + "a: 2\n"
        made = write(root, files, file_system=file_system)
        assert set(made.written) == {SHOP.folder / "services.yaml", SHOP.folder / "jobs.yaml"}
        assert made.pruned == (SHOP.folder / "ingress.yaml",)
        assert snapshot(root) == {str(path): text.encode() for path, text in files.items()}
        untouched = str(root / "base-apps/shop/deployments.yaml")
        assert times(root)[untouched] == before[untouched]

    def test_neighbours_and_strangers_are_not_touched(self, root: Path, file_system: FileSystem) -> None:
        write(root, texts(OTHER), places=OTHER, file_system=file_system)
        write(root, texts(STAGING), places=STAGING, file_system=file_system)
        write(root, texts(), file_system=file_system)
        strangers = {
            "README.md": b"hello",
            "base-apps/notes.txt": b"",
            "base-apps/shop/handmade.yaml": b"a: 1\n",
            "base-apps/shop/.hidden": b"",
            "base-apps/shop/sub/ours.yaml": HEADER.encode(),
            "base-apps/sho/deployments.yaml": HEADER.encode(),
        }
        for name, data in strangers.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(data)
        before, before_times = snapshot(root), times(root)
        made = write(root, texts(SHOP, "deployments"), file_system=file_system)
        assert made.pruned == (SHOP.folder / "services.yaml",)
        assert set(made.foreign) >= {SHOP.folder / "handmade.yaml"}
        del before["base-apps/shop/services.yaml"]
        del before_times[str(root / "base-apps/shop/services.yaml")]
        assert (snapshot(root), times(root)) == (before, before_times)

    def test_many_apps_open_the_repo_once(self, root: Path, file_system: FileSystem) -> None:
        everything = [Places(f"app-{number}") for number in range(30)]
        with Writer(root, everything, file_system=file_system) as writer:
            for places in everything:
                writer.apply(writer.plan(places, texts(places)))
            again = [writer.plan(places, texts(places)).changes for places in everything]
        assert not any(again)
        assert len(snapshot(root)) == 90

    def test_the_intent_is_written_with_the_files_and_never_pruned(
        self, root: Path, file_system: FileSystem
    ) -> None:
        intent = {SHOP.intent_file: HEADER + "app: shop\n"}
        write(root, texts() | intent, file_system=file_system)
        write(root, texts(STAGING) | {SHOP.intent_file: HEADER + "app: shop # 2\n"}, places=STAGING)
        assert not write(root, texts(), file_system=file_system).changes
        assert (root / SHOP.intent_file).read_text() == HEADER + "app: shop # 2\n"

    @given(
        st.lists(
            st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["a: 1\n", "a: 2\n"]), min_size=1),
            min_size=1,
            max_size=4,
        )
    )
    def test_whatever_was_there_before_the_last_run_counts(self, runs: list[dict[str, str]]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for run in runs:
                files = {SHOP.folder / f"{name}.yaml": HEADER + body for name, body in run.items()}
                write(Path(folder), files)
                assert snapshot(Path(folder)) == {str(path): text.encode() for path, text in files.items()}

    def test_file_modes_follow_the_umask(self, root: Path) -> None:
        before = os.umask(0o027)
        try:
            write(root, texts())
        finally:
            os.umask(before)
        assert (root / SHOP.application_file).stat().st_mode & 0o777 == 0o640
        assert (root / SHOP.folder).stat().st_mode & 0o777 == 0o750

    def test_nothing_stays_open(self, root: Path) -> None:
        before = len(list(Path("/dev/fd").iterdir()))
        write(root, texts())
        write(root, texts(SHOP, "jobs"))
        read_owned(root, SHOP)
        with pytest.raises(FileError):
            plan(root, SHOP, {PurePosixPath("x"): HEADER})
        assert len(list(Path("/dev/fd").iterdir())) == before


class TestRemoving:
    def test_every_file_of_ours_goes_and_others_stay(self, root: Path, file_system: FileSystem) -> None:
        write(root, texts(OTHER), places=OTHER)
        before = snapshot(root)
        write(root, texts() | {SHOP.intent_file: HEADER})
        with Writer(root, file_system=file_system) as writer:
            made = writer.plan_removal(SHOP, drop_intent=True)
            writer.apply(made)
        assert set(made.pruned) == {*texts(), SHOP.intent_file}
        assert snapshot(root) == before
        assert not (root / SHOP.folder).exists()

    def test_a_stranger_keeps_the_folder(self, root: Path) -> None:
        write(root, texts())
        (root / SHOP.folder / "mine.yaml").write_text("a: 1\n")
        apply(plan_removal(root, SHOP))
        assert snapshot(root) == {"base-apps/shop/mine.yaml": b"a: 1\n"}

    def test_the_intent_of_other_environments_is_written(self, root: Path) -> None:
        write(root, texts(STAGING) | {SHOP.intent_file: HEADER + "both"}, places=STAGING)
        apply(plan_removal(root, STAGING, {SHOP.intent_file: HEADER + "one"}))
        assert snapshot(root) == {"releases/shop.yaml": (HEADER + "one").encode()}

    def test_of_what_is_not_there_does_nothing(self, root: Path) -> None:
        made = plan_removal(root, SHOP, drop_intent=True)
        assert not made.changes
        apply(made)
        assert not root.exists()

    def test_an_app_without_files_is_no_removal(self, root: Path) -> None:
        write(root, texts())
        with pytest.raises(FileError, match="remove it explicitly"):
            plan(root, SHOP, {})
        with pytest.raises(FileError, match="remove it explicitly"):
            plan(root, SHOP, {SHOP.intent_file: HEADER})
        with pytest.raises(FileError, match="cannot be written too"):
            plan_removal(root, SHOP, texts())


class TestNotOurs:
    def test_is_never_overwritten_and_everything_is_named_at_once(
        self, root: Path, file_system: FileSystem
    ) -> None:
        write(root, texts(), file_system=file_system)
        for name in ("shop.yaml", "shop/services.yaml"):
            (root / "base-apps" / name).write_text("handmade: true\n")
        before = snapshot(root)
        with pytest.raises(NotOurFileError) as caught:
            write(root, texts(body="a: 3\n"), file_system=file_system)
        assert "base-apps/shop.yaml: was not generated by chores_infra" in str(caught.value)
        assert "base-apps/shop/services.yaml: was not generated" in str(caught.value)
        assert "--adopt" in str(caught.value)
        assert snapshot(root) == before

    def test_is_taken_over_where_that_is_asked_for(self, root: Path) -> None:
        (root / SHOP.folder).mkdir(parents=True)
        (root / SHOP.application_file).write_text("handmade: true\n")
        (root / SHOP.folder / "other.yaml").write_text("handmade: true\n")
        made = write(root, texts(), adopt=True)
        assert made.adopted == (SHOP.application_file,)
        assert (root / SHOP.application_file).read_text() == texts()[SHOP.application_file]
        assert (root / SHOP.folder / "other.yaml").read_text() == "handmade: true\n"

    @pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"#", b"x" * 2_000_000])
    def test_whatever_it_holds(self, root: Path, content: bytes) -> None:
        (root / SHOP.folder).mkdir(parents=True)
        (root / SHOP.folder / "services.yaml").write_bytes(content)
        with pytest.raises(NotOurFileError):
            write(root, texts())

    def test_a_file_of_ours_that_windows_gave_other_line_ends_is_ours(self, root: Path) -> None:
        write(root, texts())
        file = root / SHOP.folder / "services.yaml"
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
        assert set(write(root, texts()).written) == {SHOP.folder / "services.yaml"}

    def test_a_text_of_ours_without_the_line_is_not_written(self, root: Path) -> None:
        with pytest.raises(FileError, match="no generated-by line"):
            write(root, texts() | {SHOP.folder / "a.yaml": "a: 1\n"})
        assert not root.exists()


class TestInTheWay:
    """Links, folders and other things where a file or folder of ours belongs."""

    @pytest.mark.parametrize(
        "place", ["base-apps", "base-apps/shop", "base-apps/shop.yaml", "base-apps/shop/services.yaml"]
    )
    @pytest.mark.parametrize("target", ["outside", "missing", "loop"])
    def test_a_link_is_never_followed(
        self, root: Path, tmp_path: Path, file_system: FileSystem, place: str, target: str
    ) -> None:
        outside = tmp_path / "outside"
        outside.mkdir()
        (outside / "services.yaml").write_text(HEADER)
        link = root / place
        link.parent.mkdir(parents=True)
        destination = {"outside": outside, "missing": tmp_path / "missing", "loop": link}[target]
        if place.endswith(".yaml") and target == "outside":
            destination = outside / "services.yaml"
        link.symlink_to(destination)
        before = snapshot(tmp_path)
        with pytest.raises(FileError, match=f"{link}: is a symbolic link"):
            write(root, texts(), file_system=file_system)
        with pytest.raises(FileError, match=f"{link}: is a symbolic link"):
            write(root, texts(), file_system=file_system, adopt=True)
        assert snapshot(tmp_path) == before

    def test_a_link_among_the_files_is_not_read_or_pruned(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "ours.yaml").write_text(HEADER)
        write(root, texts())
        (root / SHOP.folder / "link.yaml").symlink_to(tmp_path / "ours.yaml")
        made = write(root, texts(body="a: 2\n"))
        assert made.foreign == (SHOP.folder / "link.yaml",)
        assert (root / SHOP.folder / "link.yaml").is_symlink()

    def test_the_root_itself_may_be_reached_through_a_link(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "real").mkdir()
        root.symlink_to(tmp_path / "real")
        write(root, texts())
        assert (tmp_path / "real" / SHOP.application_file).is_file()

    @pytest.mark.parametrize(
        ("place", "found"),
        [
            ("base-apps/shop.yaml", "a folder where a file belongs"),
            ("base-apps/shop/services.yaml", "a folder where a file belongs"),
        ],
    )
    def test_a_folder(self, root: Path, file_system: FileSystem, place: str, found: str) -> None:
        (root / place).mkdir(parents=True)
        with pytest.raises(FileError, match=f"{place}: is {found}"):
            write(root, texts(), file_system=file_system)

    @pytest.mark.parametrize("place", ["", "base-apps", "base-apps/shop", "releases"])
    def test_a_file(self, root: Path, file_system: FileSystem, place: str) -> None:
        file = root / place if place else root
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("in the way")
        with pytest.raises(FileError, match=f"{file}: .*folder"):
            write(root, texts() | {SHOP.intent_file: HEADER}, file_system=file_system)
        assert file.read_text() == "in the way"

    @pytest.mark.parametrize("place", ["base-apps/shop.yaml", "base-apps/shop/services.yaml"])
    def test_a_pipe_or_socket_does_not_hang(self, root: Path, file_system: FileSystem, place: str) -> None:
        (root / place).parent.mkdir(parents=True)
        os.mkfifo(root / place)
        with pytest.raises(FileError, match=f"{place}: is neither file nor folder"):
            write(root, texts(), file_system=file_system)
        (root / place).unlink()
        with socket.socket(socket.AF_UNIX) as listener:
            here = Path.cwd()
            os.chdir((root / place).parent)  # the name of a socket has at most 108 bytes
            try:
                listener.bind(Path(place).name)
            finally:
                os.chdir(here)
            with pytest.raises(FileError, match="neither file nor folder"):
                write(root, texts(), file_system=file_system)

    def test_a_name_that_differs_in_case_only(self, root: Path) -> None:
        write(root, texts())
        (root / SHOP.folder / "Jobs.yaml").write_text("a: 1\n")
        with pytest.raises(FileError, match=r"jobs\.yaml: differs from Jobs\.yaml only in its case"):
            write(root, texts(SHOP, "jobs"))
        with pytest.raises(FileError, match="only in its case"):
            plan(root, SHOP, texts(SHOP, "a", "A"))

    @pytest.mark.parametrize(
        ("theirs", "said"),
        [
            ("base-apps/Shop.yaml", r"base-apps/shop\.yaml: differs from Shop\.yaml only in its case"),
            ("base-apps/SHOP/a.yaml", r"base-apps/shop: differs from SHOP only in its case"),
            ("Base-Apps/a.yaml", r"base-apps: differs from Base-Apps only in its case"),
            ("releases/Shop.yaml", r"releases/shop\.yaml: differs from Shop\.yaml only in its case"),
            ("Releases/a.yaml", r"releases: differs from Releases only in its case"),
        ],
    )
    @pytest.mark.parametrize("ours_is_there", [False, True])
    def test_a_neighbour_that_differs_in_case_only(
        self, theirs: str, said: str, ours_is_there: bool, root: Path, file_system: FileSystem
    ) -> None:
        files = {**texts(), SHOP.intent_file: HEADER + "app: shop\n"}
        if ours_is_there:
            write(root, files)
        (root / theirs).parent.mkdir(parents=True, exist_ok=True)
        (root / theirs).write_text("a: 1\n")
        before = snapshot(root)
        with pytest.raises(FileError, match=said):
            write(root, {path: f"{text}b: 2\n" for path, text in files.items()}, file_system=file_system)
        assert snapshot(root) == before

    def test_a_neighbour_of_another_name_may_have_capitals(self, root: Path) -> None:
        for theirs in ("base-apps/Shops.yaml", "base-apps/Other/a.yaml", "Makefile", "releases/README.md"):
            (root / theirs).parent.mkdir(parents=True, exist_ok=True)
            (root / theirs).write_text("a: 1\n")
        write(root, {**texts(), SHOP.intent_file: HEADER + "app: shop\n"})
        assert (root / SHOP.application_file).is_file()

    def test_all_obstacles_are_named_at_once(self, root: Path) -> None:
        (root / SHOP.folder / "services.yaml").mkdir(parents=True)
        (root / SHOP.application_file).write_text("handmade")
        with pytest.raises(FileError) as caught:
            write(root, texts())
        assert not isinstance(caught.value, NotOurFileError)
        assert str(caught.value).count(f"{root}/base-apps") == 2


class TestNames:
    @pytest.mark.parametrize(
        "path",
        [
            "../../etc/passwd.yaml",
            "/etc/passwd.yaml",
            "base-apps/shop/../other.yaml",
            "base-apps/other.yaml",
            "base-apps/shop-staging/a.yaml",
            "base-apps/shop/sub/a.yaml",
            "base-apps/shop/.a.yaml",
            "base-apps/shop/a.json",
            "base-apps/shop/a\x00.yaml",
            "base-apps/shop/aux.yaml",
            "releases/other.yaml",
            "x.yaml",
            "",
        ],
    )
    def test_nothing_is_written_outside_the_places(self, root: Path, path: str) -> None:
        with pytest.raises(FileError):
            write(root, texts() | {PurePosixPath(path): HEADER})
        assert not root.exists()

    def test_of_all_apps_are_checked_first(self, root: Path) -> None:
        with pytest.raises(FileError, match="two apps are called 'shop'"):
            Writer(root, [SHOP, STAGING, Places("shop")])
        assert not root.exists()

    def test_a_lone_surrogate_is_no_text(self, root: Path) -> None:
        with pytest.raises(FileError, match="lone surrogate"):
            write(root, texts(body="a: \ud800"))


class TestOwnedFiles:
    def test_are_read_back_and_sum_up_to_what_was_written(self, root: Path) -> None:
        files = texts()
        write(root, files)
        (root / SHOP.folder / "handmade.yaml").write_text("a: 1\n")
        found = read_owned(root, SHOP)
        assert found == {path: text.encode() for path, text in files.items()}
        assert fingerprint(found) == fingerprint(files)

    def test_show_edits_by_hand(self, root: Path) -> None:
        write(root, texts(SHOP, "a", "b", "c"))
        written = read_owned(root, SHOP)
        (root / SHOP.folder / "a.yaml").write_text(HEADER + "edited: true\n")
        (root / SHOP.folder / "b.yaml").write_text("header: gone\n")
        (root / SHOP.folder / "c.yaml").unlink()
        found = read_owned(root, SHOP)
        assert differing(written, found) == [SHOP.folder / f"{name}.yaml" for name in "abc"]

    def test_of_an_app_that_is_not_there_are_none(self, root: Path) -> None:
        assert read_owned(root, SHOP) == {}

    def test_are_not_read_through_a_link(self, root: Path, tmp_path: Path) -> None:
        (root / "base-apps").mkdir(parents=True)
        (root / SHOP.folder).symlink_to(tmp_path)
        with pytest.raises(FileError, match="symbolic link"):
            read_owned(root, SHOP)


class TestNoPermissionAndNoSpace:
    """With a real operating system; faults at every single step are in test_writer_faults."""

    @pytest.fixture
    def repo_of_nobody(self) -> Iterator[Path]:
        """A repo, with us as somebody who is not root: to root no folder is read-only."""
        folder = Path(tempfile.mkdtemp())
        was_root = os.geteuid() == 0
        if was_root:
            shutil.chown(folder, 65534, 65534)
            os.seteuid(65534)
        try:
            yield folder / "repo"
        finally:
            if was_root:
                os.seteuid(0)
            for path in folder.rglob("*"):
                if path.is_dir():
                    path.chmod(0o755)
            shutil.rmtree(folder)

    @pytest.mark.parametrize("read_only", ["", "base-apps", "base-apps/shop"])
    def test_a_read_only_folder(self, repo_of_nobody: Path, read_only: str) -> None:
        write(repo_of_nobody, texts())
        if read_only != "base-apps/shop":
            shutil.rmtree(repo_of_nobody / "base-apps" / "shop")
        if not read_only:
            shutil.rmtree(repo_of_nobody / "base-apps")
        before = snapshot(repo_of_nobody)
        folder = repo_of_nobody / read_only
        folder.chmod(0o555)
        with pytest.raises(FileError, match="Permission denied; nothing of shop was changed"):
            write(repo_of_nobody, texts(body="a: 2\n"))
        folder.chmod(0o755)
        assert snapshot(repo_of_nobody) == before
        write(repo_of_nobody, texts(body="a: 2\n"))

    def test_an_unreadable_file(self, repo_of_nobody: Path) -> None:
        write(repo_of_nobody, texts())
        (repo_of_nobody / SHOP.application_file).chmod(0)
        with pytest.raises(FileError, match=r"shop\.yaml: cannot be read: Permission denied"):
            write(repo_of_nobody, texts())

    def test_a_limit_on_the_size_of_files_is_as_good_as_a_full_disk(self, root: Path) -> None:
        write(root, texts(OTHER), places=OTHER)
        write(root, texts(body="a: 1\n"))
        before, before_times = snapshot(root), times(root)
        program = (
            "import resource, sys\n"
            "from pathlib import Path, PurePosixPath\n"
            "from chores_infra.errors import FileError\n"
            "from chores_infra.rendering.places import Places\n"
            "from chores_infra.rendering.writer import Writer, generated_by\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
            "shop = Places('shop')\n"
            "header = generated_by('shop.app:Shop')\n"
            "files = {shop.application_file: header, shop.folder / 'a.yaml': header + 'a' * 100_000}\n"
            "try:\n"
            "    with Writer(Path(sys.argv[1])) as writer:\n"
            "        writer.apply(writer.plan(shop, files))\n"
            "except FileError as error:\n"
            "    print(error)\n"
            "    sys.exit(error.exit_code)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", program, str(root)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stderr) == (2, "")
        assert "a.yaml: cannot be written: File too large; nothing of shop was changed" in done.stdout
        assert (snapshot(root), times(root)) == (before, before_times)
