from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from chores_infra.errors import FileError
from chores_infra.rendering.places import Places, check_file_name, check_places


def test_production_has_the_plain_name_and_others_carry_theirs() -> None:
    production, staging = Places("chores-tracker"), Places("chores-tracker", "staging")
    assert production.application_file == PurePosixPath("base-apps/chores-tracker.yaml")
    assert production.folder == PurePosixPath("base-apps/chores-tracker")
    assert staging.application_file == PurePosixPath("base-apps/chores-tracker-staging.yaml")
    assert staging.folder == PurePosixPath("base-apps/chores-tracker-staging")
    assert production.intent_file == staging.intent_file == PurePosixPath("releases/chores-tracker.yaml")


@pytest.mark.parametrize(
    ("path", "owned"),
    [
        ("base-apps/shop.yaml", True),
        ("base-apps/shop/deployments.yaml", True),
        ("base-apps/shop", False),
        ("base-apps/shop/deeper/deployments.yaml", False),
        ("base-apps/shop/..", False),
        ("base-apps/shop/../shop.yaml", False),
        ("base-apps/shop-staging.yaml", False),
        ("base-apps/shop-staging/deployments.yaml", False),
        ("base-apps/shopping/deployments.yaml", False),
        ("/base-apps/shop.yaml", False),
        ("releases/shop.yaml", False),
        ("../base-apps/shop.yaml", False),
    ],
)
def test_owns(path: str, owned: bool) -> None:
    assert Places("shop").owns(PurePosixPath(path)) is owned


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            ".",
            "..",
            "../../etc",
            "/etc",
            "a/b",
            "a\\b",
            "a.b",
            "Shop",
            "shop_1",
            "-a",
            "a-",
            "a b",
            "a\n",
            "\x00",
        ),
        *("é", "a" * 64, "con", "nul", "aux", "com1", "lpt9", "~", "C:"),
    ],
)
def test_a_name_that_cannot_be_a_place_is_refused(name: str) -> None:
    with pytest.raises(FileError, match=r"name|device"):
        Places(name)
    if name not in {"con", "nul", "aux", "com1", "lpt9"}:
        with pytest.raises(FileError, match="name"):
            Places("shop", name)


def test_app_and_environment_together_must_fit_a_label() -> None:
    Places("a" * 55, "staging")
    with pytest.raises(FileError, match="a namespace of 64 characters, and 63 are allowed; use at most 55"):
        Places("a" * 56, "staging")


@pytest.mark.parametrize("environment", ["staging", "development"])
def test_no_app_has_the_name_of_anothers_environment(environment: str) -> None:
    with pytest.raises(
        FileError, match=f"is the place of app 'shop-api' in {environment}; choose another name"
    ):
        Places(f"shop-api-{environment}")
    for name in (environment, f"{environment}-shop", f"shop{environment}", "shop-production"):
        assert Places(name).name == name


def test_no_two_apps_own_one_place() -> None:
    check_places(
        [Places("shop"), Places("shop", "staging"), Places("shop-api"), Places("shop", "development")]
    )
    with pytest.raises(FileError, match="base-apps/shop: two apps are called 'shop'; rename one of them"):
        check_places([Places("shop"), Places("shop")])


@pytest.mark.parametrize(
    "name", ["deployments.yaml", "web-1_a.yml", "a.b.yaml", "A.yaml", "1.yaml", "_x.yaml"]
)
def test_names_of_files(name: str) -> None:
    check_file_name(PurePosixPath("base-apps/shop") / name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            "..",
            "deployments",
            "deployments.json",
            ".yaml",
            ".hidden.yaml",
            "a..yaml",
            "-a.yaml",
            "a b.yaml",
        ),
        *("a\n.yaml", "a.yaml\n", "é.yaml", "a*.yaml", "a:b.yaml", "con.yaml", "NUL.yaml", "com1.x.yaml"),
        *(f"{'a' * 101}.yaml", "a\x00.yaml", "a.yaml.chores-infra-tmp", "a.YAML"),
    ],
)
def test_names_that_no_file_can_have_everywhere(name: str) -> None:
    with pytest.raises(FileError, match=r"cannot be the name|device"):
        check_file_name(PurePosixPath("base-apps/shop") / name)
