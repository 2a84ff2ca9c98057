"""Where the configuration is found, what it may say, and that nothing in it is ignored."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chores_infra.configuration import Configuration, find_configuration, read_configuration
from chores_infra.errors import ConfigurationError

MINIMAL = '[apps]\nshop = "apps.shop:Shop"\n'
PYPROJECT = '[project]\nname = "x"\n[tool.chores-infra]\nrepository = "infra"\n[tool.chores-infra.apps]\n'


def write(folder: Path, text: str = MINIMAL, name: str = "chores-infra.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(text)
    return file


def test_what_is_not_said_has_a_default(tmp_path: Path) -> None:
    file = write(tmp_path)
    assert read_configuration(file) == Configuration(
        tmp_path, file, tmp_path / "dist", {"shop": "apps.shop:Shop"}
    )


def test_it_is_found_from_a_folder_below(tmp_path: Path) -> None:
    file = write(tmp_path)
    below = tmp_path / "apps" / "deeper"
    below.mkdir(parents=True)
    found = find_configuration(below)
    assert found.file == file
    assert found.repository == tmp_path / "dist"


def test_the_nearest_one_counts(tmp_path: Path) -> None:
    write(tmp_path)
    inner = write(tmp_path / "inner", "repository = 'other'\n")
    assert find_configuration(tmp_path / "inner").file == inner


def test_the_search_ends_at_the_root_of_the_git_repository(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "clone" / ".git").mkdir(parents=True)
    (tmp_path / "clone" / "below").mkdir()
    found = find_configuration(tmp_path / "clone" / "below")
    assert found.file is None
    assert found.repository == tmp_path / "clone" / "below" / "dist"
    file = write(tmp_path / "clone")
    assert find_configuration(tmp_path / "clone" / "below").file == file


def test_it_may_be_a_table_of_pyproject(tmp_path: Path) -> None:
    file = write(tmp_path, f'{PYPROJECT}shop = "apps.shop:Shop"\n', "pyproject.toml")
    found = find_configuration(tmp_path)
    assert (found.file, found.repository) == (file, tmp_path / "infra")
    assert found.apps == {"shop": "apps.shop:Shop"}
    assert read_configuration(file) == found


@pytest.mark.parametrize("text", ["[tool.other]\n", "this is no TOML", "# see tool.chores-infra\n"])
def test_other_peoples_pyproject_is_passed_by(text: str, tmp_path: Path) -> None:
    file = write(tmp_path)
    write(tmp_path / "inner", text, "pyproject.toml")
    assert find_configuration(tmp_path / "inner").file == file


def test_two_in_one_folder_are_refused(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, PYPROJECT, "pyproject.toml")
    with pytest.raises(ConfigurationError, match="keep one of the two"):
        find_configuration(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("repositry = 'dist'", "repositry: there is no such key; did you mean 'repository'?"),
        ("colour = 'blue'", "colour: there is no such key; the keys are apps, operators, repository"),
        (
            "[operators]\ntraefik = 3",
            "operators: expected a table of operator = \"release\", found {'traefik': 3}",
        ),
        (
            "[operators]\nnginx = '1.0'",
            "operators: unknown operator nginx; known are external-secrets, traefik",
        ),
        ("[operators]\ntraefik = 'new'", "operators: 'new' is no release of traefik"),
        ("registry = 7", "registry: expected ecr, a URL, file:PATH or none, found 7"),
        ("registry = 'ftp://x'", "registry: expected ecr, a URL, file:PATH or none, found 'ftp://x'"),
        ("repository = 7", "repository: expected the path of a folder, found 7"),
        ("repository = ''", "repository: expected the path of a folder, found ''"),
        ('repository = "a\\u0000b"', "repository: expected the path of a folder"),
        ("repository = 'chores-infra.toml'", "chores-infra.toml is no folder"),
        ("apps = ['shop']", "apps: expected a table of name = \"module:Class\", found ['shop']"),
        ("[apps]\nshop = 'apps/shop.py'", "apps.shop: expected 'module:Class' as in 'apps.shop:Shop'"),
        ("[apps]\nshop = {}", "apps.shop: expected 'module:Class' as in 'apps.shop:Shop', found {}"),
        ("[apps]\nMy_Shop = 'a:B'", "apps.My_Shop: 'My_Shop' cannot be the name of an app"),
        ("[apps]\n'../../etc' = 'a:B'", "apps.../../etc: '../../etc' cannot be the name of an app"),
        ("[apps]\nshop = 'a:B'\nshop-staging = 'a:C'", "apps.shop-staging: 'shop-staging' is the place of"),
        ("[apps\n", "is no TOML"),
    ],
)
def test_what_is_not_understood_is_an_error_with_file_and_key(text: str, said: str, tmp_path: Path) -> None:
    file = write(tmp_path, text)
    with pytest.raises(ConfigurationError) as error:
        find_configuration(tmp_path)
    assert str(error.value).startswith(f"{file}: ")
    assert said in str(error.value)


def test_keys_of_pyproject_are_named_in_full(tmp_path: Path) -> None:
    write(tmp_path, f"{PYPROJECT}shop = 7\n", "pyproject.toml")
    with pytest.raises(ConfigurationError, match=r"tool\.chores-infra\.apps\.shop: expected"):
        find_configuration(tmp_path)


def test_a_pyproject_table_that_is_none_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "[tool]\n'chores-infra' = 7 # tool.chores-infra\n", "pyproject.toml")
    with pytest.raises(ConfigurationError, match=r"expected a table, found 7"):
        find_configuration(tmp_path)


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    write(tmp_path, "repository = 7\ncolour = 1\n[apps]\nA = 7\n")
    with pytest.raises(ConfigurationError) as error:
        find_configuration(tmp_path)
    assert len(str(error.value).splitlines()) == 4


def test_a_file_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "chores-infra.toml").write_bytes(b"\xff")
    with pytest.raises(ConfigurationError, match="is not UTF-8 at byte 0"):
        find_configuration(tmp_path)


def test_a_pipe_of_that_name_is_an_error_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "chores-infra.toml")
    with pytest.raises(ConfigurationError, match=r"chores-infra\.toml: cannot be read: Not a regular file"):
        find_configuration(tmp_path)


def test_a_folder_of_that_name_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "chores-infra.toml").mkdir()
    with pytest.raises(ConfigurationError, match="cannot be read: Is a directory"):
        find_configuration(tmp_path)


def test_the_file_of_a_registry_is_found_from_the_configuration(tmp_path: Path) -> None:
    write(tmp_path, "registry = 'file:images.json'")
    assert find_configuration(tmp_path).registry == f"file:{tmp_path / 'images.json'}"
    write(tmp_path, "registry = 'ecr'")
    assert find_configuration(tmp_path).registry == "ecr"
