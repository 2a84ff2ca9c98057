"""What is committed is what the generator makes, byte for byte.

Regenerate with ``python -m chores_infra.kindgen --crds ../shared/crds``.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from chores_infra import kinds
from chores_infra.kindgen.__main__ import main

KINDS = Path(kinds.__file__).parent


@pytest.fixture(scope="module")
def regenerated(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("kinds")
    assert main(["--crds", str(shared / "crds"), "--out", str(out)]) == 0
    return out


@pytest.mark.parametrize("folder", ["schemas", "types"])
def test_regenerating_changes_nothing(regenerated: Path, folder: str) -> None:
    made = {file.name: file.read_bytes() for file in (regenerated / folder).iterdir()}
    committed = {file.name: file.read_bytes() for file in (KINDS / folder).iterdir() if file.is_file()}
    assert sorted(made) == sorted(committed)
    assert [name for name, data in made.items() if committed[name] != data] == []


def test_a_second_run_touches_no_file(
    regenerated: Path, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--crds", str(shared / "crds"), "--out", str(regenerated)]) == 0
    assert capsys.readouterr().out.endswith(" 0 files changed\n")


def test_every_generated_file_says_so() -> None:
    for file in [*(KINDS / "schemas").glob("*.json"), *(KINDS / "types").glob("*.py")]:
        assert "python -m chores_infra.kindgen" in "".join(file.read_text("utf-8").splitlines()[:2]), (
            file.name
        )


def test_kinds_are_public_and_nested_types_of_custom_resources_private() -> None:
    module = ast.parse((KINDS / "types" / "argoproj_io_v1alpha1.py").read_text("utf-8"))
    names = [node.name for node in module.body if isinstance(node, ast.ClassDef)]
    assert {name for name in names if not name.startswith("_")} == {
        "AnalysisRun",
        "AnalysisTemplate",
        "Application",
        "ApplicationSet",
        "AppProject",
        "ClusterAnalysisTemplate",
        "Experiment",
        "Rollout",
    }


def test_the_generated_schemas_are_small() -> None:
    size = sum(file.stat().st_size for file in (KINDS / "schemas").iterdir())
    assert size < 3_500_000
