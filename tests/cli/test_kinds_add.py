"""``chores-infra kinds add``, as a user goes about it: definitions, types, Resource, synth, validate."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chores_infra import kinds
from chores_infra.cli.completion import kind_fields
from chores_infra.rendering.yaml_text import dump_all
from tests.custom_kinds.conftest import WIDGET

Run = Callable[..., Any]

APP = """\
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chores_infra import App, AppConfiguration, Resource, Scope, Target

if TYPE_CHECKING:
    from kinds.types.example_com_v1 import Widget


class Shop(App[AppConfiguration]):
    app_name = "shop"

    @classmethod
    def configure(cls, target: Target) -> AppConfiguration:
        return AppConfiguration(target=target)

    def __init__(self, scope: Scope, id: str, configuration: AppConfiguration) -> None:
        super().__init__(scope, id, configuration)
        widget: Widget = {
            "apiVersion": "example.com/v1",
            "kind": "Widget",
            "metadata": {"name": "one"},
            "spec": {"size": 3},
        }
        fields: dict[str, Any] = {"spec": widget["spec"]}
        Resource(self, "one", api_version="example.com/v1", kind="Widget", name="one", fields=fields)
"""

MANIFEST = """\
apiVersion: example.com/v1
kind: Widget
metadata: {name: one, namespace: shop}
spec: {size: 3, colour: red}
"""
FOUND = (
    "base/widget.yaml:4:17: error[schema]: Widget/shop/one spec.colour: unknown field; did you mean color?"
)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose app has a Widget, with the definition of its kind beside it."""
    (tmp_path / "shop.py").write_text(APP)
    (tmp_path / "chores-infra.toml").write_text('kinds = ["kinds"]\n[apps]\nshop = "shop:Shop"\n')
    (tmp_path / "widgets.yaml").write_text(dump_all([WIDGET]))
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "widget.yaml").write_text(MANIFEST)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def added(shop: Path, process: Run) -> Path:
    """The same with the kinds made."""
    (shop / "chores-infra.toml").rename(shop / "later")
    done = process(["-m", "chores_infra", "kinds", "add", "widgets.yaml"], shop)
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith('Next: kinds = ["kinds"] in chores-infra.toml, before its first table\n')
    (shop / "later").rename(shop / "chores-infra.toml")
    return shop


def mypy(folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "shop.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.splitlines()


def test_a_typed_manifest_is_right_for_mypy_and_for_synth(added: Path, process: Run) -> None:
    assert mypy(added) == []

    done = process(["-m", "chores_infra", "synth", "--version", "v1.0.0"], added)

    assert (done.code, done.err) == (0, "")  # the kind is known, so nothing is warned of
    assert "kind: Widget" in "".join(file.read_text() for file in (added / "dist").rglob("*.yaml"))


def test_a_misspelt_field_is_found_by_mypy_and_by_synth(added: Path, process: Run) -> None:
    app = added / "shop.py"
    app.write_text(app.read_text().replace('"spec": {"size": 3}', '"spec": {"size": 3, "colour": "red"}'))

    assert 'Extra key "colour" for TypedDict' in "".join(mypy(added))
    done = process(["-m", "chores_infra", "synth", "--version", "v1.0.0"], added)
    assert done.code == 2
    assert "shop/one (Widget one): spec.colour: unknown field; did you mean color?" in done.err


def test_the_kinds_are_known_where_several_processes_render(added: Path, process: Run) -> None:
    app = added / "shop.py"
    app.write_text(
        app.read_text().replace('{"size": 3}', '{"size": 99}')
        + '\n\nclass Other(Shop):\n    app_name = "other"\n'
    )
    with (added / "chores-infra.toml").open("a") as file:
        file.write('other = "shop:Other"\n')
    done = process(["-m", "chores_infra", "synth", "--all", "--version", "v1.0.0", "--jobs", "2"], added)
    assert done.code == 2
    assert done.err.count("spec.size: expected an integer from 1 to 10, found 99") == 2


def test_an_app_is_rendered_again_when_the_definition_of_its_kind_has_changed(
    added: Path, process: Run
) -> None:
    synth = ["-m", "chores_infra", "synth", "--version", "v1.0.0"]
    assert process(synth, added).code == 0
    (added / "widgets.yaml").write_text(dump_all([WIDGET]).replace("maximum: 10", "maximum: 2"))
    assert process(["-m", "chores_infra", "kinds", "add", "widgets.yaml"], added).code == 0
    done = process(synth, added)
    assert done.code == 2
    assert "spec.size: expected an integer from 1 to 2, found 3" in done.err


def test_validate_knows_the_kinds_of_the_configuration(added: Path, run: Run) -> None:
    done = run("validate", "base")
    assert done.code == 1
    assert FOUND in done.out


@pytest.mark.usefixtures("shop")
def test_validate_knows_the_kinds_of_crds(run: Run, shop: Path) -> None:
    (shop / "chores-infra.toml").unlink()
    assert run("validate", "base").code == 0
    done = run("validate", "base", "--crds", "widgets.yaml")
    assert done.code == 1
    assert FOUND in done.out
    assert run("validate", "base").code == 0  # and not any longer than it was asked to


def test_a_misspelt_kind_of_ones_own_is_found(run: Run, shop: Path) -> None:
    (shop / "chores-infra.toml").unlink()
    (shop / "base" / "widget.yaml").write_text(MANIFEST.replace("kind: Widget", "kind: Wigdet"))
    done = run("validate", "base", "--crds", "widgets.yaml")
    assert 'warning[unknown-kind]: Wigdet/shop/one kind: unknown kind "Wigdet"' in done.out
    assert "did you mean Widget?" in done.out


def test_validate_knows_the_kinds_that_the_repository_defines(run: Run, shop: Path) -> None:
    (shop / "chores-infra.toml").unlink()
    (shop / "base" / "widgets.yaml").write_text(dump_all([WIDGET]))
    done = run("validate", "base")
    assert done.code == 1
    assert FOUND in done.out
    assert kinds.find("example.com/v1", "Widget") is None


def test_a_wrong_definition_in_the_repository_is_a_finding(run: Run, shop: Path) -> None:
    (shop / "chores-infra.toml").unlink()
    (shop / "base" / "widgets.yaml").write_text(
        dump_all([WIDGET]).replace("scope: Namespaced", "scope: Galaxy")
    )
    done = run("validate", "base")
    assert done.code == 1
    assert "spec.scope: expected one of Cluster, Namespaced" in done.out


def test_rules_in_cel_see_fields_whose_names_are_escaped(run: Run, shop: Path) -> None:
    (shop / "chores-infra.toml").unlink()
    (shop / "base" / "widget.yaml").write_text(MANIFEST.replace("colour: red", "max-size: 2"))
    done = run("validate", "base", "--crds", "widgets.yaml")
    assert "Widget/shop/one spec: size is at most max-size" in done.out


def test_the_kinds_are_listed_shown_and_completed(added: Path, run: Run) -> None:
    assert "example.com/v1  Widget" in run("kinds", "list", "widget").out
    out = run("kinds", "show", "Widget.spec.color").out
    assert out.startswith("example.com/v1 Widget.spec.color  (crds/widgets.example.com.yaml)\n")
    assert "  values     red, green\n" in out
    assert kind_fields("Widget.spec.c") == ["Widget.spec.color"]


def test_adding_twice_changes_nothing(added: Path, run: Run) -> None:
    assert run("kinds", "add", "widgets.yaml").out == "kinds is up to date\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Missing argument"),
        (["nothing.yaml"], "nothing.yaml"),
        (["base"], "base: there is no CustomResourceDefinition in it"),
        ([""], "expected a path, found nothing"),
        (["widgets.yaml", "--into", "my-kinds"], "Python cannot import a package called 'my-kinds'"),
        (["widgets.yaml", "--into", "widgets.yaml"], "Python cannot import a package called 'widgets.yaml'"),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("shop")
def test_what_cannot_be_added_is_exit_2_and_writes_nothing(
    arguments: list[str], says: str, shop: Path, run: Run, snapshot: Callable[[Path], dict[str, bytes]]
) -> None:
    (shop / "chores-infra.toml").unlink()
    before = snapshot(shop)
    done = run("kinds", "add", *arguments)
    assert done.code == 2
    assert says in done.err
    assert "Traceback" not in done.err
    assert snapshot(shop) == before


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ('"kinds"', "kinds: expected a list of folders, found 'kinds'"),
        (
            '["nowhere"]',
            "kinds: 'nowhere' holds no kinds; make them: chores-infra kinds add FILE --into nowhere",
        ),
    ],
)
def test_a_configuration_that_names_no_kinds_is_an_error(value: str, says: str, shop: Path, run: Run) -> None:
    (shop / "chores-infra.toml").write_text(f"kinds = {value}\n")
    done = run("kinds", "list")
    assert done.code == 2
    assert says in done.err
