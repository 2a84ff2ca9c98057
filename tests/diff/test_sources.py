"""What stands in the files of a tree beside manifests is compared as what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from chores_infra.diff import Comparison, What
from chores_infra.diff.sources import Side, compare_sides, folder_side
from chores_infra.gitops.walking import FoundFile

MANIFEST = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\ndata: {a: b}\n"
CHART = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"


def side(**files: str) -> Side:
    paths = {name.replace("__", "/").replace("_yaml", ".yaml"): text for name, text in files.items()}
    return Side({path: FoundFile(path, text.encode()) for path, text in paths.items()})


def said(comparison: Comparison) -> list[tuple[str, str, str]]:
    return [
        (str(change.what), str(change.identity.name), str(change.classes[0])) for change in comparison.changes
    ]


def test_values_of_a_chart_feed_what_is_rendered() -> None:
    before = side(shop__Chart_yaml=CHART, shop__values_yaml="image: {tag: '1'}\n")
    after = side(shop__Chart_yaml=CHART, shop__values_yaml="image: {tag: '2'}\n")
    comparison = compare_sides(before, after)
    assert said(comparison) == [("changed", "shop/values.yaml", "delivery")]
    assert comparison.changes[0].fields[0].field == "image.tag"


def test_a_template_is_compared_as_text() -> None:
    template = "shop__templates__web_yaml"
    before = side(shop__Chart_yaml=CHART, **{template: "{{ if .x }}\na: 1\n{{ end }}\n"})
    after = side(shop__Chart_yaml=CHART, **{template: "{{ if .x }}\na: 2\n{{ end }}\n"})
    comparison = compare_sides(before, after)
    assert said(comparison) == [("changed", "shop/templates/web.yaml (text)", "delivery")]
    assert comparison.changes[0].fields[0].field == "text"


def test_a_configuration_of_another_tool_does_nothing() -> None:
    comparison = compare_sides(side(mkdocs_yaml="site_name: a\n"), side(mkdocs_yaml="site_name: b\n"))
    assert said(comparison) == [("changed", "mkdocs.yaml", "none")]


def test_items_of_a_list_are_objects() -> None:
    item = "- {apiVersion: v1, kind: ConfigMap, metadata: {name: %s}, data: {a: b}}\n"
    head = "apiVersion: v1\nkind: List\nitems:\n"
    comparison = compare_sides(
        side(all_yaml=head + item % "one"), side(all_yaml=head + item % "one" + item % "two")
    )
    assert [(change.what, change.identity.name) for change in comparison.changes] == [(What.ADDED, "two")]
    assert comparison.changes[0].after_line == 5


def test_a_file_that_is_no_yaml_any_more_is_not_taken_for_empty() -> None:
    comparison = compare_sides(side(a_yaml=MANIFEST), side(a_yaml=MANIFEST + "---\nkind: {\n"))
    assert ("added", "a.yaml (text)", "delivery") in said(comparison)


def test_an_object_that_moves_to_another_file_is_the_same() -> None:
    comparison = compare_sides(side(x__a_yaml=MANIFEST), side(x__b_yaml=MANIFEST))
    assert said(comparison) == [("moved", "a", "none")]


def test_a_link_is_warned_of_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(MANIFEST)
    (tmp_path / "b.yaml").symlink_to("/etc/hostname")
    (warning,) = folder_side(tmp_path).warnings
    assert "b.yaml" in warning
    assert "not followed" in warning


@pytest.mark.parametrize(
    "text", ["# a comment\n" + MANIFEST, MANIFEST.rstrip("\n"), MANIFEST.replace(" b", "   b")]
)
def test_another_text_of_the_same_meaning_is_named(text: str) -> None:
    comparison = compare_sides(side(a_yaml=MANIFEST), side(a_yaml=text))
    assert (comparison.changes, comparison.text_only) == ((), ("a.yaml",))
