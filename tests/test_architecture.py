"""Imports run one way, and heavy libraries stay behind the rooms that are about them."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "chores_infra"
PAGE = PACKAGE.parent / "docs" / "architecture.md"
ROW = re.compile(r"^\| (?P<rooms>`.+?) \| .* \| (?P<imports>[^|]*) \|$", re.MULTILINE)
QUOTED = re.compile(r"`(\w+)(?:\.py|/)?`")
#: What stands in the table between the imports of a module and those of its functions.
IN_FUNCTIONS = "in functions"


@dataclass(frozen=True, slots=True)
class Room:
    """A row of the table in docs/architecture.md, for one of its rooms."""

    row: int
    at_import: frozenset[str]
    in_functions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Import:
    """That a module imports a room, when it is imported itself or later."""

    room: str
    in_function: bool


def table() -> dict[str, Room]:
    rooms: dict[str, Room] = {}
    for number, row in enumerate(ROW.finditer(PAGE.read_text(encoding="utf-8"))):
        at_import, _, in_functions = row["imports"].partition(IN_FUNCTIONS)
        assert at_import == "nothing" or QUOTED.search(at_import), row["imports"]
        for name in QUOTED.findall(row["rooms"]):
            assert name not in rooms
            rooms[name] = Room(
                number, frozenset(QUOTED.findall(at_import)), frozenset(QUOTED.findall(in_functions))
            )
    return rooms


ROOMS = table()


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if "types" not in parts and "templates" not in parts:
            yield parts[0], path


def imports(path: Path) -> set[Import]:
    """The rooms that a module imports; those for type checkers only do not count."""
    return set(_imports(ast.parse(path.read_text(encoding="utf-8")), path, in_function=False))


def _imports(node: ast.AST, path: Path, *, in_function: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            for statement in child.orelse:
                yield from _imports(ast.Module([statement], []), path, in_function=in_function)
            continue
        names = []
        if isinstance(child, ast.ImportFrom):
            assert child.level == 0, (
                f"{path}:{child.lineno}: a relative import, which this test cannot follow"
            )
            names = [f"{child.module}.{alias.name}" for alias in child.names]
        elif isinstance(child, ast.Import):
            names = [alias.name for alias in child.names]
        for name in names:
            if name.startswith("chores_infra."):
                yield Import(name.split(".")[1], in_function)
        inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        yield from _imports(child, path, in_function=in_function or inside)


def test_the_table_has_every_room_and_no_other() -> None:
    assert set(ROOMS) == {room for room, _ in modules()}


@pytest.mark.parametrize("room", ROOMS)
def test_the_table_runs_one_way(room: str) -> None:
    entry = ROOMS[room]
    assert entry.at_import | entry.in_functions <= set(ROOMS)
    not_above = {other for other in entry.at_import if ROOMS[other].row >= entry.row}
    assert not not_above, f"{room} may import {sorted(not_above)}, which do not stand above it"


@pytest.mark.parametrize(
    ("room", "path"), list(modules()), ids=lambda value: str(value).rpartition("infra/")[2]
)
def test_a_room_imports_what_the_table_says_and_nothing_else(room: str, path: Path) -> None:
    entry = ROOMS[room]
    forbidden = {
        found.room
        for found in imports(path)
        if found.room not in entry.at_import | {room}
        and not (found.in_function and found.room in entry.in_functions)
    }
    assert not forbidden, f"{path.name} of {room} imports {sorted(forbidden)}; docs/architecture.md does not"


@pytest.mark.parametrize("room", ROOMS)
def test_the_table_says_nothing_that_is_no_more(room: str) -> None:
    imported = {found.room for owner, path in modules() if owner == room for found in imports(path)}
    assert ROOMS[room].at_import | ROOMS[room].in_functions <= imported


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
