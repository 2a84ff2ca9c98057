"""Packages that only those who measure install are absent by name, with how to get them."""

from __future__ import annotations

from pathlib import Path

import pytest
import tools
from measure import Absent, Case
from peers import python_libraries


def test_an_absent_package_is_named_with_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "python_package", lambda _: None)

    assert python_libraries.cases(1, tmp_path) == [
        Absent("rjsonnet", "pip install rjsonnet"),
        Absent("kubernetes", "pip install kubernetes"),
    ]


def test_an_installed_package_is_a_case_over_the_apps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "python_package", lambda _: "1.0")

    for case in python_libraries.cases(3, tmp_path):
        assert isinstance(case, Case)
        assert case.to_stdout
        _, program, apps = case.argv
        assert Path(program).is_file()
        assert apps == str(tmp_path / "apps.json")
