"""The package of a user's kinds: the same from the same definitions, and never half written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chores_infra import kinds
from chores_infra.custom_kinds.package import make_package
from chores_infra.errors import ConfigurationError, DefinitionError, FileError, NotOurFileError
from tests.custom_kinds.conftest import SPEC

Written = Callable[..., Path]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()
    }


def test_the_same_definitions_give_the_same_bytes_whatever_the_order(
    written: Written, tmp_path: Path
) -> None:
    gadget = {
        "spec/names/kind": "Gadget",
        "spec/names/plural": "gadgets",
        "metadata/name": "gadgets.example.com",
    }
    one, two = written(), written(gadget, "gadgets.yaml")
    make_package(tmp_path / "a", [one, two])
    make_package(tmp_path / "b", [two])
    make_package(tmp_path / "b", [one])
    a, b = contents(tmp_path / "a"), contents(tmp_path / "b")
    assert a.pop("__init__.py") != b.pop("__init__.py")  # it says how its types are imported
    assert a == b
    assert make_package(tmp_path / "a", [one]) == []


def test_a_definition_that_changed_replaces_the_one_before(written: Written, tmp_path: Path) -> None:
    make_package(tmp_path / "kinds", [written()])
    make_package(tmp_path / "kinds", [written({"spec/versions/0/name": "v2"})])
    assert [kind.api_version for kind in kinds.Catalog(tmp_path / "kinds" / "schemas").kinds()] == [
        "example.com/v2"
    ]
    assert not (tmp_path / "kinds" / "schemas" / "example_com_v1.json").exists()


def test_the_package_is_made_again_from_itself(written: Written, tmp_path: Path) -> None:
    make_package(tmp_path / "kinds", [written()])
    assert make_package(tmp_path / "kinds", [tmp_path / "kinds" / "crds"]) == []


def test_a_wrong_definition_beside_right_ones_writes_nothing(written: Written, tmp_path: Path) -> None:
    right, wrong = written(), written({f"{SPEC}/type": "objekt", "spec/names/kind": "Other"}, "wrong.yaml")
    with pytest.raises(DefinitionError):
        make_package(tmp_path / "kinds", [right, wrong])
    assert not (tmp_path / "kinds").exists()


def test_files_of_others_are_neither_overwritten_nor_removed(written: Written, tmp_path: Path) -> None:
    types = tmp_path / "kinds" / "types"
    types.mkdir(parents=True)
    (types / "mine.py").write_text("MINE = 1\n")
    make_package(tmp_path / "kinds", [written()])
    assert (types / "mine.py").read_text() == "MINE = 1\n"
    (types / "example_com_v1.py").write_text("MINE = 2\n")
    with pytest.raises(NotOurFileError, match=r"example_com_v1\.py: was not made by chores-infra kinds add"):
        make_package(tmp_path / "kinds", [written({"spec/scope": "Cluster"})])
    assert (types / "example_com_v1.py").read_text() == "MINE = 2\n"


def test_links_are_not_followed(written: Written, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "kinds").mkdir()
    (tmp_path / "kinds" / "schemas").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileError, match="is in the way: expected a folder"):
        make_package(tmp_path / "kinds", [written()])
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_write_that_fails_leaves_the_package_as_it_was(
    written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_package(tmp_path / "kinds", [written()])
    before = contents(tmp_path / "kinds")
    changed = written({"spec/scope": "Cluster"})
    write_text = Path.write_text

    def full(self: Path, text: str, *arguments: str) -> int:
        if "index" in self.name:
            raise OSError(28, "No space left on device", str(self))
        return write_text(self, text, *arguments)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(FileError, match="cannot be written: No space left on device"):
        make_package(tmp_path / "kinds", [changed])
    assert contents(tmp_path / "kinds") == before


def test_a_folder_that_python_cannot_import_is_refused(written: Written, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="Python cannot import a package called 'my-kinds'"):
        make_package(tmp_path / "my-kinds", [written()])
