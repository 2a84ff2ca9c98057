"""Loading an app: what is wrong in its author's code is said in one message, with their file and line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chores_infra.app_loading import load_app, their_mistakes
from chores_infra.errors import (
    ArgumentProblem,
    ChoresInfraError,
    ConfigurationError,
    ConstructError,
    HostError,
    ManifestError,
    VersionError,
)

APP = """\
from chores_infra.app import App


class Shop(App):
    app_name = "shop"
"""


@pytest.fixture(autouse=True)
def _imports_are_undone() -> Iterator[None]:
    path, modules = list(sys.path), set(sys.modules)
    yield
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if name.startswith("loaded_"):
            del sys.modules[name]


def write(folder: Path, text: str, name: str = "loaded_shop") -> Path:
    file = folder / f"{name}.py"
    file.write_text(text)
    return file


def test_an_app_is_found_beside_its_configuration(tmp_path: Path) -> None:
    write(tmp_path, APP)
    assert load_app("loaded_shop:Shop", tmp_path).app_name == "shop"


def test_an_app_may_be_inside_another_class(tmp_path: Path) -> None:
    write(
        tmp_path,
        APP.replace("class Shop", "class All:\n  class Shop").replace("    app_name", "      app_name"),
    )
    assert load_app("loaded_shop:All.Shop", tmp_path).reference() == "loaded_shop:All.Shop"


@pytest.mark.parametrize(
    "reference", ["shop", "apps/shop.py:Shop", "a:B:C", ":Shop", "apps.shop:", "a..b:C", "é:E"]
)
def test_a_reference_is_module_and_class(reference: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="expected module:Class"):
        load_app(reference, tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no 'Shop' in loaded_shop"),
        (
            APP.replace("class Shop", "class Shopp"),
            "there is no 'Shop' in loaded_shop; did you mean 'Shopp'?",
        ),
        ("Shop = 7", "expected a subclass of App, found a int"),
        ("class Shop: ...", "expected a subclass of App, found a class of another kind"),
        (
            "from chores_infra.app import App as Shop",
            "expected a subclass of App, found the base class itself",
        ),
        (APP.replace('app_name = "shop"', "..."), "has no app_name"),
        (APP.replace('"shop"', "7"), "has no app_name"),
        (
            APP.replace('"shop"', '"shop"\n    tag_format = "v{version}"'),
            "tag_format: expected a TagFormat, found 'v{version}'; write TagFormat('v{version}')",
        ),
        (
            APP.replace('"shop"', '"shop"\n    tag_format = None'),
            "tag_format: expected a TagFormat, found None",
        ),
        (
            APP.replace('"shop"', '"shop"\n    def configure(self, target): ...'),
            "configure: expected a class method; write @classmethod above it",
        ),
        (
            APP.replace('"shop"', '"shop"\n    layout = ["web.yaml"]'),
            "layout: expected a mapping of kinds to names of files, found ['web.yaml']",
        ),
        (APP.replace('"shop"', '"shop"\n    layout = {"Service": 7}'), "layout: expected a mapping of kinds"),
        (APP.replace('"shop"', '"My Shop"'), "app_name: 'My Shop' cannot be the name of an app"),
        ("import loaded_missing", "No module named 'loaded_missing'"),
    ],
)
def test_what_is_no_app_is_said_to_be_none(text: str, said: str, tmp_path: Path) -> None:
    write(tmp_path, text)
    with pytest.raises(ConfigurationError) as error:
        load_app("loaded_shop:Shop", tmp_path)
    assert str(error.value).startswith("loaded_shop:Shop")
    assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("import os\nprint(nme)\n", "NameError: name 'nme' is not defined", 2),
        ("def broken(:\n", "SyntaxError: invalid syntax", 1),
        ("import sys\nsys.exit(3)\n", "it ended the program with sys.exit(3)", 2),
        ("import json\n\njson.loads('{')\n", "JSONDecodeError: Expecting property name", 3),
        ("import loaded_missing\n", "ModuleNotFoundError: No module named 'loaded_missing'", 1),
        (
            "from chores_infra.versions import TagFormat\nFORMAT = TagFormat('x')\n",
            "tag format 'x': expected text",
            2,
        ),
    ],
)
def test_an_error_in_a_module_has_its_line(text: str, said: str, line: int, tmp_path: Path) -> None:
    file = write(tmp_path, text)
    with pytest.raises(ConfigurationError) as error:
        load_app("loaded_shop:Shop", tmp_path)
    assert said in str(error.value)
    assert str(error.value).endswith(f"({file}, line {line})")


@pytest.mark.parametrize("reference", ["loaded_no:Shop", "loaded_no.shop:Shop"])
def test_a_module_that_is_nowhere_is_said_to_be_nowhere(reference: str, tmp_path: Path) -> None:
    with pytest.raises(
        ConfigurationError, match=f"no module 'loaded_no' in {tmp_path}, and none is installed"
    ):
        load_app(reference, tmp_path)


def test_an_interrupt_is_no_mistake() -> None:
    with pytest.raises(KeyboardInterrupt), their_mistakes("shop"):
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    "error",
    [
        ConstructError.of("shop", "name", "expected a name"),
        ConstructError.of("shop/web", "name", "expected a name"),
        ManifestError(["shop/web (Deployment web): spec: this field is required"]),
    ],
)
def test_our_own_errors_pass_when_they_say_what_they_are_about(error: ChoresInfraError) -> None:
    with pytest.raises(type(error)) as raised, their_mistakes("shop cannot be rendered", root="shop"):
        raise error
    assert raised.value is error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (VersionError("v9 is no version"), "v9 is no version"),
        (HostError("NoneType is no scope"), "NoneType is no scope"),
        (ConstructError.of("Container", "imge", "no such argument"), "Container: imge: no such argument"),
        (ConstructError.of("shopping/web", "name", "expected a name"), "shopping/web: name: expected a name"),
    ],
)
def test_other_errors_of_ours_are_given_a_place(error: ChoresInfraError, said: str) -> None:
    with pytest.raises(ConfigurationError) as raised, their_mistakes("shop cannot be rendered", root="shop"):
        raise error  # here
    line = next(
        n for n, text in enumerate(Path(__file__).read_text().splitlines(), 1) if "error  # here" in text
    )
    assert str(raised.value) == f"shop cannot be rendered: {said} ({__file__}, line {line})"


def test_the_place_stands_at_the_first_of_several_problems() -> None:
    problems = [ArgumentProblem("name", "is required"), ArgumentProblem("image", "is required")]
    with pytest.raises(ConfigurationError) as raised, their_mistakes("shop cannot be rendered"):
        raise ConstructError("Container", problems)
    first, second = str(raised.value).splitlines()
    assert first.startswith(f"shop cannot be rendered: Container: name: is required ({__file__}, line ")
    assert second == "Container: image: is required"
