"""Patterns, as Argo CD's documentation and github.com/gobwas/glob define them."""

from __future__ import annotations

import pytest

from chores_infra.checks.globs import matches, matches_folder


@pytest.mark.parametrize(
    ("pattern", "path", "matched"),
    [
        # https://argo-cd.readthedocs.io/en/stable/user-guide/directory/#includingexcluding-files
        ("*.yaml", "a.yaml", True),
        ("*.yaml", "a.yml", False),
        ("{config.yaml,env-usw2/*}", "config.yaml", True),
        ("{config.yaml,env-usw2/*}", "env-usw2/values.yaml", True),
        ("{config.yaml,env-usw2/*}", "env-use1/values.yaml", False),
        ("{*.yml,*.yaml}", "a.yml", True),
        # gobwas/glob without separators: a star matches slashes too.
        ("*.yaml", "sub/folder/a.yaml", True),
        ("exclude*", "exclude-this/a.yaml", True),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("[ab].yaml", "b.yaml", True),
        ("[!ab].yaml", "b.yaml", False),
        ("[a-c]", "b", True),
        ("{a,{b,c}}.yaml", "c.yaml", True),
        ("a.yaml", "axyaml", False),
        (r"\*.yaml", "*.yaml", True),
        (r"\*.yaml", "a.yaml", False),
        # Nothing is excluded by an empty pattern.
        ("", "", False),
        ("", "a.yaml", False),
        # What is no pattern matches nothing, and raises nothing.
        ("{a", "a", False),
        ("[a", "a", False),
    ],
)
def test_include_and_exclude_are_globs_without_separator(pattern: str, path: str, matched: bool) -> None:
    assert matches(pattern, path) is matched


@pytest.mark.parametrize(
    ("pattern", "path", "matched"),
    [
        ("apps/*", "apps/shop", True),
        ("apps/*", "apps/shop/base", False),
        ("apps/*", "apps", False),
        ("apps/**", "apps/shop/base", True),
        ("*/overlays/prod", "shop/overlays/prod", True),
        ("apps/shop-?", "apps/shop-1", True),
        ("apps/shop-?", "apps/shop-/", False),
    ],
)
def test_paths_of_git_generators_stay_within_a_level(pattern: str, path: str, matched: bool) -> None:
    assert matches_folder(pattern, path) is matched


@pytest.mark.parametrize(
    "pattern",
    ["*" * 900 + "b", "*a" * 400 + "b", "x" * 5_000, "{" * 400, "{a,b}" * 100, "[a" * 300],
)
def test_a_hostile_pattern_matches_nothing_and_ends(pattern: str) -> None:
    assert not matches(pattern, "a" * 2_000)
    assert not matches_folder(pattern, "a/" * 1_000)


def test_many_levels_end() -> None:
    assert not matches_folder("**/" * 300 + "b", "a/" * 1_000)
    assert matches_folder("**/" * 300 + "a", "a/" * 1_000 + "a")
