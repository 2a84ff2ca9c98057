"""The cdk8s CLI empties its output folder: which must not be, hold or be part of a repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from chores_infra.errors import FileError
from chores_infra.release.export import check_export_folder


@pytest.mark.parametrize(
    ("folder", "relation"),
    [
        ("dist", "is"),
        (".", "contains"),
        ("dist/base-apps", "is part of"),
        ("link", "is"),
        ("x/../dist", "is"),
    ],
)
def test_the_configured_repository_is_refused(folder: str, relation: str, tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "x").mkdir()
    (tmp_path / "link").symlink_to("dist")
    with pytest.raises(FileError, match=rf"{relation} the infrastructure repository.* cdk8s\.yaml"):
        check_export_folder(tmp_path / folder, tmp_path / "dist")


def test_any_other_repository_is_known_by_its_releases(tmp_path: Path) -> None:
    (tmp_path / "other" / "releases").mkdir(parents=True)
    with pytest.raises(FileError, match="looks like an infrastructure repository"):
        check_export_folder(tmp_path / "other", tmp_path / "dist")


def test_what_an_earlier_run_left_is_fine(tmp_path: Path) -> None:
    check_export_folder(tmp_path / "cdk8s.out", tmp_path / "dist")
    (tmp_path / "cdk8s.out" / "base-apps").mkdir(parents=True)
    check_export_folder(tmp_path / "cdk8s.out", tmp_path / "dist")
