"""Which apps a command is about: names, fleets, references, shards; and what is no answer to that."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra.configuration import Configuration
from chores_infra.errors import ConfigurationError
from chores_infra.selection import Selection, Shard, select

REFERENCE = "chores_infra.apps.chores_tracker:ChoresTracker"
APPS = """\
from chores_infra.app import App, AppConfiguration


class Shop(App[AppConfiguration]):
    app_name = "shop"


class Till(App[AppConfiguration]):
    app_name = "till"


def cafes():
    for city in ("berlin", "lima"):
        yield Shop.named(f"cafe-{city}")


def tills():
    yield Till
    yield Shop.named("cafe-lima")
"""


@pytest.fixture(autouse=True)
def _nothing_stays() -> Iterator[None]:
    path = list(sys.path)
    yield
    sys.path[:] = path
    for name in [name for name in sys.modules if name.startswith("selected_apps")]:
        del sys.modules[name]


def configured(folder: Path, **apps: str) -> Configuration:
    (folder / "selected_apps.py").write_text(APPS)
    references = {name: reference.replace("@", "selected_apps:") for name, reference in apps.items()}
    return Configuration(folder, folder / "chores-infra.toml", folder / "dist", references)


def names(selection: Selection) -> list[str]:
    return [app.name for app in selection.apps]


def test_the_only_app_need_not_be_named(tmp_path: Path) -> None:
    assert names(select(configured(tmp_path, shop="@Shop"))) == ["shop"]


def test_where_there_is_a_choice_it_has_to_be_made(tmp_path: Path) -> None:
    two = configured(tmp_path, till="@Till", shop="@Shop")
    with pytest.raises(ConfigurationError, match=r"which app.* has shop, till; name some, or take --all"):
        select(two)
    assert names(select(two, all_apps=True)) == ["shop", "till"]
    with pytest.raises(ConfigurationError, match="yields cafe-berlin, cafe-lima; name some, or take --all"):
        select(configured(tmp_path, cafes="@cafes"))


def test_apps_are_found_by_name_fleet_and_reference(tmp_path: Path) -> None:
    configuration = configured(tmp_path, shop="@Shop", cafes="@cafes")
    found = select(configuration, ["cafe-lima", "shop", "selected_apps:Shop", "shop"])
    assert names(found) == ["cafe-lima", "shop"]
    assert found.apps[0].reference == "selected_apps:cafes"
    assert names(select(configuration, ["cafes"])) == ["cafe-berlin", "cafe-lima"]
    assert names(select(configuration, ["selected_apps:tills"])) == ["till", "cafe-lima"]
    assert names(select(configuration, all_apps=True)) == ["cafe-berlin", "cafe-lima", "shop"]


def test_two_apps_of_one_name_are_refused_with_both_places(tmp_path: Path) -> None:
    both = configured(tmp_path, cafes="@cafes", tills="@tills")
    with pytest.raises(ConfigurationError) as error:
        select(both, all_apps=True)
    assert str(error.value) == (
        "two apps are called 'cafe-lima': one of selected_apps:cafes and one of selected_apps:tills; "
        "rename one of them"
    )


def test_a_fleet_is_not_called_like_one_of_its_apps(tmp_path: Path) -> None:
    (error,) = select(configured(tmp_path, till="@tills"), all_apps=True).errors
    assert str(error).endswith("yields an app of that name too; give the fleet another name")


def test_all_and_some_contradict_each_other(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="not both"):
        select(configured(tmp_path, shop="@Shop"), ["shop"], all_apps=True)


def test_without_apps_the_message_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="chores-infra init"):
        select(Configuration(Path("/x")), all_apps=True)
    with pytest.raises(ConfigurationError, match=r"toml has none under \[apps\]; add one"):
        select(configured(tmp_path))


def test_an_unknown_app_is_answered_with_the_nearest_and_all_others(tmp_path: Path) -> None:
    known = configured(tmp_path, shop="@Shop", cafes="@cafes")
    with pytest.raises(
        ConfigurationError, match=r"no app 'shpo'; did you mean 'shop'.* has cafe-berlin, cafe-"
    ):
        select(known, ["shpo"])
    with pytest.raises(ConfigurationError, match="did you mean 'cafe-lima'"):
        select(known, ["cafe-limaa"])


def test_an_app_must_be_called_what_the_configuration_calls_it(tmp_path: Path) -> None:
    both = configured(tmp_path, chores=REFERENCE, **{"chores-tracker": REFERENCE})
    assert names(select(both, ["chores-tracker"])) == ["chores-tracker"]
    assert names(select(both, [REFERENCE])) == ["chores-tracker"]
    (error,) = select(both, ["chores"]).errors
    assert "apps.chores: " in str(error)
    assert "calls itself 'chores-tracker'" in str(error)


def test_an_app_that_cannot_be_loaded_hides_no_other(tmp_path: Path) -> None:
    configuration = configured(tmp_path, a="no_such_module_a:A", b="no_such_module_b:B", cafes="@cafes")
    found = select(configuration, all_apps=True)
    assert names(found) == ["cafe-berlin", "cafe-lima"]
    assert [error.app for error in found.errors] == ["a", "b"]
    # Who asks for one app of a fleet is not told about others.
    assert select(configuration, ["cafe-lima"]).errors == []
    with pytest.raises(ConfigurationError, match="no_such_module_a"):
        select(configuration, ["cafe-rome"])


@pytest.mark.parametrize(
    "text", ["", "3", "0/4", "5/4", "-1/4", "1/0", "1/4/2", "1 / 4", "\u0661/\u0664", "a/b", "1/1e3"]
)
def test_what_is_no_shard_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ConfigurationError, match="expected one of several, such as 3/16"):
        Shard.parse(text)


@given(st.text(), st.integers(1, 50))
def test_every_app_is_in_exactly_one_shard(name: str, of: int) -> None:
    assert [Shard(number, of).has(name) for number in range(1, of + 1)].count(True) == 1


def test_shards_are_about_as_large_as_each_other() -> None:
    apps = [f"shop-{number}" for number in range(16_000)]
    sizes = Counter(number for app in apps for number in range(1, 17) if Shard(number, 16).has(app))
    assert all(850 < size < 1150 for size in sizes.values())  # 5 standard deviations of a fair draw
    assert sum(sizes.values()) == 16_000


def test_a_shard_is_what_is_selected_of_it(tmp_path: Path) -> None:
    configuration = configured(tmp_path, shop="@Shop", cafes="@cafes")
    parts = [names(select(configuration, all_apps=True, shard=Shard(number, 3))) for number in (1, 2, 3)]
    assert sorted(chain.from_iterable(parts)) == ["cafe-berlin", "cafe-lima", "shop"]
