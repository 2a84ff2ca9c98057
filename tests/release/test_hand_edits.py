"""Edits by hand: each kind is noticed and shown, none is lost unless that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from chores_infra.app import App, AppConfiguration, Target
from chores_infra.construct import Scope
from chores_infra.constructs.config import ConfigMap
from chores_infra.environments import Environment
from chores_infra.errors import HandEditsError, NotOurFileError
from chores_infra.release.synth import Synthesizer

MANIFEST = "base-apps/shop/configmaps.yaml"
INTENT = "releases/shop.yaml"


@pytest.fixture
def rendered(shop: type[App[Any]], repository: Path) -> Path:
    """A repository in which shop v1.0.0 was rendered."""
    with Synthesizer(repository) as synthesizer:
        synthesizer.plan(shop, release="v1.0.0").apply()
    return repository


def run(app: type[App[Any]], repository: Path, release: str | None = None, **options: Any) -> None:
    with Synthesizer(repository, **options) as synthesizer:
        synthesizer.plan(app, release=release).apply()


def change(repository: Path) -> None:
    file = repository / MANIFEST
    file.write_text(file.read_text().replace("HI: hello", "HI: goodbye"))


def delete(repository: Path) -> None:
    (repository / MANIFEST).unlink()


def add(repository: Path) -> None:
    (repository / "base-apps/shop/copy.yaml").write_bytes((repository / MANIFEST).read_bytes())


@pytest.mark.parametrize(
    ("edit", "file", "shown"),
    [
        (change, MANIFEST, "-  HI: hello\n+  HI: goodbye"),
        (delete, MANIFEST, f"--- a/{MANIFEST}\n+++ /dev/null\n"),
        (add, "base-apps/shop/copy.yaml", "--- /dev/null\n+++ b/base-apps/shop/copy.yaml\n"),
    ],
)
@pytest.mark.parametrize("release", [None, "v1.0.0", "v1.1.0"])
def test_an_edit_is_shown_and_stays(
    edit: Callable[[Path], None],
    file: str,
    shown: str,
    release: str | None,
    shop: type[App[Any]],
    rendered: Path,
) -> None:
    edit(rendered)
    before = {p: p.read_bytes() for p in rendered.rglob("*") if p.is_file()}
    with pytest.raises(HandEditsError) as error:
        run(shop, rendered, release)
    message = str(error.value)
    assert error.value.files == (file,)
    assert "1 file of shop (production) edited by hand since the last run" in message
    assert "--discard-edits" in message
    assert shown in message
    assert {p: p.read_bytes() for p in rendered.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("edit", [change, delete, add])
def test_an_edit_is_dropped_when_that_is_asked_for(
    edit: Callable[[Path], None], shop: type[App[Any]], rendered: Path
) -> None:
    before = {p: p.read_bytes() for p in rendered.rglob("*") if p.is_file()}
    edit(rendered)
    run(shop, rendered, discard_edits=True)
    assert {p: p.read_bytes() for p in rendered.rglob("*") if p.is_file()} == before


def test_the_edit_is_shown_without_the_change_that_was_asked_for(
    shop: type[App[Any]], rendered: Path
) -> None:
    change(rendered)
    with pytest.raises(HandEditsError) as error:
        run(shop, rendered, "v2.0.0")
    assert "2.0.0" not in str(error.value)


class Several(App[AppConfiguration]):
    """An app of three files, whose Python is changed by changing `texts`."""

    app_name = "shop"
    texts: ClassVar[dict[str, str]] = {}

    @classmethod
    def configure(cls, target: Target) -> AppConfiguration:
        return AppConfiguration(target=target)

    def __init__(self, scope: Scope, id: str, configuration: AppConfiguration) -> None:
        super().__init__(scope, id, configuration)
        for name, text in self.texts.items():
            ConfigMap(self, name, name=name, data={"TEXT": text}).file = f"{name}.yaml"


@pytest.fixture
def several(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with three files of an app."""
    monkeypatch.setattr(Several, "texts", {"a": "one", "b": "one", "c": "one"})
    run(Several, repository, "v1.0.0")
    return repository / "base-apps/shop"


def edit(file: Path, text: str = "by hand") -> None:
    file.write_text(file.read_text().replace("one", text))


@pytest.mark.parametrize("release", [None, "v1.1.0"])
def test_files_that_only_the_python_changed_are_not_in_the_report(
    release: str | None, several: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(several / "a.yaml")
    monkeypatch.setattr(Several, "texts", {"a": "one", "b": "two", "d": "new"})
    with pytest.raises(HandEditsError, match=r"1 file of shop \(production\) edited by hand") as error:
        run(Several, repository, release)
    assert error.value.files == ("base-apps/shop/a.yaml",)
    assert "-  TEXT: one\n+  TEXT: by hand" in str(error.value)
    assert "two" not in str(error.value)
    assert "cannot be told" not in str(error.value)


def test_what_cannot_be_told_is_said(
    several: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(several / "a.yaml")
    monkeypatch.setattr(Several, "texts", {"a": "two", "b": "two", "c": "one"})
    with pytest.raises(HandEditsError) as error:
        run(Several, repository)
    assert error.value.files == ("base-apps/shop/a.yaml", "base-apps/shop/b.yaml")
    assert "2 files of shop (production): at least one was edited by hand since the last run" in str(
        error.value
    )
    assert "the Python has changed too, so which cannot be told" in str(error.value)


def test_many_files_that_the_python_changed_cannot_be_told_from_edits(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"file{number}" for number in range(40)]
    monkeypatch.setattr(Several, "texts", dict.fromkeys(names, "one"))
    run(Several, repository, "v1.0.0")
    edit(repository / "base-apps/shop/file7.yaml")
    monkeypatch.setattr(Several, "texts", dict.fromkeys(names, "two"))
    with pytest.raises(HandEditsError, match="which cannot be told"):
        run(Several, repository)


def test_an_edit_that_the_python_caught_up_with_is_no_loss(shop: type[App[Any]], rendered: Path) -> None:
    class Caught(shop):  # type: ignore[misc, valid-type]  # a class made here
        @classmethod
        def configure(cls, target: Any) -> Any:
            return super().configure(target).model_copy(update={"greeting": "goodbye"})

    Caught.__qualname__ = shop.__qualname__
    Caught.__module__ = shop.__module__
    change(rendered)
    run(Caught, rendered)
    run(Caught, rendered)


def test_a_change_of_the_python_is_no_edit(shop: type[App[Any]], rendered: Path) -> None:
    class Changed(shop):  # type: ignore[misc, valid-type]  # a class made here
        @classmethod
        def configure(cls, target: Any) -> Any:
            return super().configure(target).model_copy(update={"greeting": "goodbye"})

    Changed.__qualname__ = "Changed"
    run(Changed, rendered)
    assert "HI: goodbye" in (rendered / MANIFEST).read_text()


def test_an_edit_in_one_environment_does_not_stop_another(shop: type[App[Any]], rendered: Path) -> None:
    change(rendered)
    edited = (rendered / MANIFEST).read_bytes()
    with Synthesizer(rendered) as synthesizer:
        synthesizer.plan(shop, Environment.STAGING, "v1.1.0").apply()
    assert (rendered / MANIFEST).read_bytes() == edited
    with pytest.raises(HandEditsError):
        run(shop, rendered)


@pytest.mark.parametrize("forget", ["intent", "fingerprint"])
def test_files_of_which_nothing_is_recorded_are_not_overwritten(
    forget: str, shop: type[App[Any]], rendered: Path
) -> None:
    intent = rendered / INTENT
    if forget == "intent":
        intent.unlink()
    else:
        lines = intent.read_text().splitlines(keepends=True)
        intent.write_text("".join(line for line in lines if "rendered" not in line))
    with pytest.raises(HandEditsError, match="nothing records whether they were edited by hand") as error:
        run(shop, rendered, "v1.1.0")
    assert "-  TAG: 1.1.0\n+  TAG: 1.0.0\n" in str(error.value)
    # What is there is what would be written: nothing can be lost.
    run(shop, rendered, "v1.0.0")
    run(shop, rendered, "v1.1.0")


def test_a_run_that_was_killed_before_it_recorded_anything_is_completed_by_the_next(
    shop: type[App[Any]], rendered: Path
) -> None:
    recorded = (rendered / INTENT).read_bytes()
    run(shop, rendered, "v1.1.0")
    (rendered / INTENT).write_bytes(recorded)
    run(shop, rendered, "v1.1.0")
    assert "version: v1.1.0" in (rendered / INTENT).read_text()


def test_a_file_whose_first_line_was_removed_is_adopted_with_what_else_was_edited(
    shop: type[App[Any]], rendered: Path
) -> None:
    file = rendered / MANIFEST
    file.write_text(file.read_text().partition("\n")[2])
    with pytest.raises(NotOurFileError, match="--adopt"):
        run(shop, rendered)
    with pytest.raises(NotOurFileError, match="--adopt"):
        run(shop, rendered, discard_edits=True)
    run(shop, rendered, adopt=True)
    run(shop, rendered)


def test_what_a_terminal_would_obey_is_shown_as_text(shop: type[App[Any]], rendered: Path) -> None:
    file = rendered / MANIFEST
    file.write_bytes(file.read_bytes().replace(b"hello", b"\x1b[2Jhello\xff"))
    with pytest.raises(HandEditsError) as error:
        run(shop, rendered)
    assert "\x1b" not in str(error.value)
    assert "\\x1b[2Jhello\\xff" in str(error.value)
