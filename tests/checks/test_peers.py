"""Custom resources of kinds that nobody knows, held against the others of their kind."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chores_infra.checks.context import Context
from chores_infra.checks.rules.peers import UnlikeOthers

WIDGET = "apiVersion: widgets.example.com/v1\nkind: Widget\nmetadata: {name: %s, namespace: shop}\nspec: %s\n"


def hits(context: Context) -> list[tuple[str, str]]:
    return [(str(hit.where), ".".join(map(str, hit.path))) for hit in UnlikeOthers().check(context)]


def of(context: Callable[..., Context], odd: str) -> list[tuple[str, str]]:
    usual = "{size: 1, parts: [{label: a, weight: 2}], box: {colour: red}}"
    texts = {f"{number}.yaml": WIDGET % (f"w{number}", usual) for number in range(3)}
    return hits(context({**texts, "odd.yaml": odd}))


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        ("{szie: 1, parts: [{label: a, weight: 2}], box: {colour: red}}", "spec.szie"),
        ("{size: 1, parts: [{label: a, wight: 2}], box: {colour: red}}", "spec.parts.0.wight"),
        ("{size: 1, parts: [{label: a, weight: 2}], box: {}, colour: red}", "spec.colour"),
        ("{size: 1, parts: [{label: a, weight: 2}], box: {paint: {colour: red}}}", "spec.box.paint.colour"),
        ("{size: [1], parts: [{label: a, weight: 2}], box: {colour: red}}", "spec.size"),
    ],
    ids=["misspelt", "misspelt in a list", "one level up", "one level down", "another type"],
)
def test_a_field_that_only_one_has(context: Callable[..., Context], spec: str, path: str) -> None:
    assert of(context, WIDGET % ("odd", spec)) == [("Widget/shop/odd", path)]


@pytest.mark.parametrize(
    "spec",
    ["{}", "{size: 1, finish: matt}", "{size: 1, size2: 4}", "{size: 9, parts: [], box: {colour: blue}}"],
    ids=["less", "more", "one of a row", "other values"],
)
def test_what_may_differ(context: Callable[..., Context], spec: str) -> None:
    assert of(context, WIDGET % ("odd", spec)) == []


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [("kind: Widget", "kind: Wdiget", "kind"), ("widgets.example", "wigets.example", "apiVersion")],
)
def test_a_kind_that_only_one_is_of(context: Callable[..., Context], old: str, new: str, path: str) -> None:
    found = of(context, (WIDGET % ("odd", "{size: 1}")).replace(old, new))

    assert [where for _, where in found] == [path]


def test_another_version_of_a_kind_is_no_slip(context: Callable[..., Context]) -> None:
    assert of(context, (WIDGET % ("odd", "{size: 1}")).replace("com/v1", "com/v2")) == []
