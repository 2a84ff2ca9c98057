"""The public door: what the package offers, is what it says and what the documentation names."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import chores_infra

ROOT = Path(__file__).parent.parent


def test_every_public_name_can_be_imported() -> None:
    assert all(getattr(chores_infra, name) is not None for name in chores_infra.__all__)


def test_the_list_is_sorted_and_complete() -> None:
    loaded_lazily = [name for names in chores_infra._MODULES.values() for name in names]
    assert list(chores_infra.__all__) == sorted(loaded_lazily)


def test_type_checkers_are_told_the_same_places() -> None:
    source = (ROOT / "chores_infra" / "__init__.py").read_text(encoding="utf-8")
    for_type_checkers = {
        alias.name: (node.module or "").removeprefix("chores_infra.")
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("chores_infra.")
        for alias in node.names
    }
    at_run_time = {name: module for module, names in chores_infra._MODULES.items() for name in names}
    assert for_type_checkers == at_run_time


def test_every_public_name_is_in_the_reference() -> None:
    reference = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", reference, re.MULTILINE)) == set(chores_infra.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(chores_infra, "Deploiment")
