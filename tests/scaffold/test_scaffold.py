"""The files of a new project, for every name that an app can have."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chores_infra import scaffold
from chores_infra.configuration import read_configuration
from chores_infra.errors import ConfigurationError, FileError
from chores_infra.scaffold import create_project, default_name, project_files

names = st.from_regex(r"[a-z]([a-z0-9-]{0,49}[a-z0-9])?", fullmatch=True).filter(
    lambda name: not name.endswith(("-staging", "-development"))
)

ODD = ["class", "x--y", "none", "o", "app", "scope", "configuration", "service", "http-probe"]


@given(names | st.sampled_from(ODD))
def test_every_name_gives_code_that_can_be_imported(name: str) -> None:
    files = project_files(name)
    reference = tomllib.loads(files[PurePosixPath("chores-infra.toml")])["apps"][name]
    module, _, class_name = reference.partition(":")
    assert all(part.isidentifier() for part in [*module.split("."), class_name])
    code = files[PurePosixPath(f"{module.replace('.', '/')}.py")]
    tree = ast.parse(code)
    classes = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    imported = [name.name for node in tree.body if isinstance(node, ast.ImportFrom) for name in node.names]
    assert class_name in classes
    assert len({*classes, *imported}) == len(classes) + len(imported)
    ast.parse(files[PurePosixPath(f"tests/test_{module.removeprefix('apps.')}.py")])


def test_no_placeholder_is_left() -> None:
    for path, text in project_files("shop").items():
        assert "@name@" not in text + str(path)
        assert "@module@" not in text + str(path)
        assert "@Class@" not in text + str(path)


def test_the_configuration_is_one(tmp_path: Path) -> None:
    create_project(tmp_path, "shop")
    assert read_configuration(tmp_path / "chores-infra.toml").apps == {"shop": "apps.shop:Shop"}


def test_ci_checks_that_the_manifests_are_what_the_python_says() -> None:
    workflow = yaml.safe_load(project_files("shop")[PurePosixPath(".github/workflows/check.yaml")])
    steps = [step.get("run") for step in workflow["jobs"]["check"]["steps"]]
    assert steps[-4:] == [
        "python -m pytest",
        "chores-infra synth --all --check",
        "git diff --exit-code",
        "chores-infra validate --format github",
    ]
    hooks = yaml.safe_load(project_files("shop")[PurePosixPath(".pre-commit-config.yaml")])
    assert hooks["repos"][0]["hooks"][0]["entry"] == "chores-infra synth --all --check"


@pytest.mark.parametrize(
    ("folder", "name"),
    [("shop", "shop"), ("My Shop", "my-shop"), ("a.b_c", "a-b-c"), ("x" * 80, "x" * 51), ("-a-", "a")],
)
def test_a_folder_suggests_a_name(folder: str, name: str) -> None:
    assert default_name(Path("/home") / folder) == name


@pytest.mark.parametrize("folder", ["/", "/home/é"])
def test_a_folder_may_suggest_nothing(folder: str) -> None:
    with pytest.raises(ConfigurationError, match="--name shop"):
        default_name(Path(folder))


@pytest.mark.parametrize("failing", range(10))
def test_what_fails_half_way_leaves_nothing(
    failing: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = 0
    original: Callable[..., Any] = Path.open

    def open_or_fail(path: Path, *arguments: Any, **options: Any) -> Any:
        nonlocal opened
        if arguments[:1] == ("x",):
            opened += 1
            if opened > failing:
                raise OSError(28, "No space left on device", str(path))
        return original(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", open_or_fail)
    with pytest.raises(FileError, match="No space left on device; nothing was made"):
        create_project(tmp_path / "new" / "project", "shop")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("around", [".", "fresh", "fresh/project"])
def test_a_folder_that_cannot_be_made_leaves_none_of_those_around_it(around: str, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="File name too long; nothing was made"):
        create_project(tmp_path / around / ("a" * 300), "shop")
    assert list(tmp_path.iterdir()) == []


def test_every_template_is_used() -> None:
    templates = {path.name for path in (Path(scaffold.__file__).parent / "templates").iterdir()}
    assert templates == {f"{name}.tmpl" for name in scaffold._FILES.values()}
