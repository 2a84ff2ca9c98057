"""Imports run one way, and heavy libraries stay behind the rooms that are about them."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "chores_infra"

# From the bottom up; a room may import those in earlier rows and itself. docs/architecture.md explains them.
ROWS = [
    {"errors", "patches"},
    {"environments"},
    {"versions", "kinds"},
    {"kindgen", "arguments"},
    {"construct", "kubernetes_object", "hosts", "fields"},
    {"constructs"},
    {"app"},
    {"apps", "app_loading", "rendering", "scaffold"},
    {"admission"},
    {"synthesis", "app_loading"},
    {"release"},
    {"configuration", "scaffold"},
    {"cli"},
]
RANK = {room: rank for rank, row in enumerate(ROWS) for room in row}


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if parts[0] not in {"__init__", "__main__"} and "types" not in parts and "templates" not in parts:
            yield parts[0], path


def imported_rooms(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("chores_infra.")}
    return found


def test_every_room_has_its_place_in_the_order() -> None:
    assert {room for room, _ in modules()} <= set(RANK)


@pytest.mark.parametrize(
    ("room", "path"), list(modules()), ids=lambda value: str(value).rpartition("infra/")[2]
)
def test_imports_run_one_way(room: str, path: Path) -> None:
    backwards = {other for other in imported_rooms(path) if RANK[other] > RANK[room]}
    assert not backwards, f"{path.name} of {room} imports {sorted(backwards)}, which stand above it"


def test_only_the_cdk8s_host_imports_cdk8s() -> None:
    importers = set()
    for room, path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {
            alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
        }
        names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        if any(name.split(".")[0] in {"cdk8s", "jsii"} for name in names):
            importers.add(room)
    assert importers <= {"hosts"}


@pytest.mark.parametrize(
    ("statement", "never"),
    [
        ("import chores_infra", {"pydantic", "yaml", "cdk8s", "jsii", "click"}),
        ("import chores_infra.rendering.yaml_text", {"pydantic", "yaml", "cdk8s", "jsii"}),
        ("import chores_infra.kinds", {"pydantic", "yaml", "cdk8s", "jsii"}),
        ("import chores_infra.apps.chores_tracker", {"cdk8s", "jsii", "yaml"}),
    ],
)
def test_an_import_pays_only_for_what_it_uses(statement: str, never: set[str]) -> None:
    program = f"{statement}\nimport sys\nprint(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not never & set(loaded.stdout.split())
