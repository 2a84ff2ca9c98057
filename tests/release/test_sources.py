"""What an app is made from, by the source of its modules."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chores_infra.release.sources import Sources

MODULES = {
    "sourced_shop.py": "from sourced.base import Base\n\n\nclass Shop(Base):\n    app_name = 'shop'\n",
    "sourced/__init__.py": "",
    "sourced/base.py": "from chores_infra import App\nfrom . import words\n\n\nclass Base(App):\n"
    "    def later(self):\n        import sourced_late\n",
    "sourced/words.py": "WORD = 1\n",
    "sourced_late.py": "from sourced_later import X\n",
    "sourced_later.py": "X = 1\n",
    "sourced_not.py": "import sourced_shop\n",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name, text in MODULES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("sourced")]:
        del sys.modules[name]


def shop() -> Any:
    return importlib.import_module("sourced_shop").Shop


def digest(app: Any) -> bytes | None:
    return Sources().digest(app)


@pytest.mark.parametrize("name", [name for name in MODULES if name != "sourced_not.py"])
def test_every_module_that_is_imported_counts(name: str, folder: Path) -> None:
    before = digest(shop())
    assert before is not None
    assert digest(shop()) == before
    (folder / name).write_text(f"{MODULES[name]}# changed\n")
    assert digest(shop()) != before


def test_a_module_that_is_not_imported_does_not_count(folder: Path) -> None:
    importlib.import_module("sourced_not")
    before = digest(shop())
    (folder / "sourced_not.py").write_text("X = 2\n")
    assert digest(shop()) == before


def test_who_imports_by_computed_names_imports_all(folder: Path) -> None:
    (folder / "sourced/words.py").write_text("from importlib import import_module\n")
    importlib.import_module("sourced_not")
    before = digest(shop())
    (folder / "sourced_not.py").write_text("X = 2\n")
    assert digest(shop()) != before


def test_a_file_that_was_read_counts(folder: Path) -> None:
    note = folder / "note.txt"
    note.write_text("one")
    before = Sources([str(note)]).digest(shop())
    note.write_text("two")
    assert Sources([str(note)]).digest(shop()) != before
    note.unlink()
    assert Sources([str(note)]).digest(shop()) not in {None, before}


UNKNOWN: dict[str, Callable[[Any], Any]] = {
    "made by a function": lambda base: type("Made", (base,), {"__module__": base.__module__}),
    "made from one that is": lambda base: type(
        "Shop", (type("Mixed", (base,), {}),), {"__module__": "sourced_shop"}
    ),
    "of no module": lambda base: type("Shop", (base,), {"__module__": "sourced_nowhere"}),
}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("made", UNKNOWN)
def test_what_is_not_in_a_module_by_its_name_is_unknown(made: str) -> None:
    assert digest(UNKNOWN[made](shop())) is None


def test_a_module_that_cannot_be_read_is_unknown(folder: Path) -> None:
    app = shop()
    (folder / "sourced_shop.py").write_text("class (")
    assert digest(app) is None
