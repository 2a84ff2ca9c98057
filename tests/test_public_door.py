"""The public door: what the package offers, is what it says and what the documentation names."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import chores_infra
from chores_infra.kubernetes_object import KubernetesObject

ROOT = Path(__file__).parent.parent


def test_every_public_name_can_be_imported() -> None:
    assert all(getattr(chores_infra, name) is not None for name in chores_infra.__all__)


def test_the_list_is_complete() -> None:
    loaded_lazily = [name for names in chores_infra._MODULES.values() for name in names]
    assert sorted(chores_infra.__all__) == sorted(loaded_lazily)


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


def test_the_reference_has_every_public_name_with_its_place_and_what_its_docstring_says() -> None:
    reference = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| `chores_infra\.([\w.]+)` \| (.+) \|$", reference, re.MULTILINE)
    places = {name: module for module, names in chores_infra._MODULES.items() for name in names}
    assert {name: module for name, module, _ in rows} == places
    for name, _, said in rows:
        public = getattr(chores_infra, name)
        # Manifest and Scope are aliases, which have no docstring of their own.
        if public is not Any and (inspect.isclass(public) or inspect.isfunction(public)):
            assert said == (inspect.getdoc(public) or "").partition("\n")[0], name


def test_every_public_construct_has_a_page() -> None:
    public = [getattr(chores_infra, name) for name in chores_infra.__all__]
    constructs = {
        construct.__name__
        for construct in public
        if inspect.isclass(construct) and issubclass(construct, KubernetesObject)
    }
    pages = (ROOT / "docs" / "constructs").glob("*.md")
    titles = [page.read_text(encoding="utf-8").partition("\n")[0] for page in pages]
    shown = {name for title in titles for name in re.findall(r"\b[A-Z]\w+", title)}
    assert constructs - shown == {"KubernetesObject"}


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(chores_infra, "Deploiment")
