"""Namespaces that nothing makes, and destinations that are misspelt for the namespace of the objects."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chores_infra.checks.context import Context
from chores_infra.checks.rules.namespaces import NamespaceMissing

APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd}
spec:
  source: {repoURL: https://example.com/infrastructure, path: shop}
  destination: {namespace: %s}
"""
SETTINGS = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: %s}\ndata: {}\n"
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: %s}\n"


def hits(context: Context) -> list[tuple[str, str]]:
    return [(str(hit.where), ".".join(map(str, hit.path))) for hit in NamespaceMissing().check(context)]


def test_an_object_in_a_namespace_that_nothing_makes(context: Callable[..., Context]) -> None:
    texts = {"apps/shop.yaml": APPLICATION % "shop", "shop/a.yaml": SETTINGS % "elsewhere"}

    assert hits(context(texts)) == [("ConfigMap/elsewhere/settings", "metadata.namespace")]


@pytest.mark.parametrize(
    "texts",
    [
        {"shop/a.yaml": SETTINGS % "shop"},
        {"shop/a.yaml": SETTINGS % "kube-system"},
        {"shop/a.yaml": SETTINGS % "argo-cd"},
        {"shop/a.yaml": SETTINGS % "elsewhere", "shop/b.yaml": NAMESPACE % "elsewhere"},
        {"unread/a.yaml": SETTINGS % "elsewhere"},
    ],
    ids=["the destination", "of every cluster", "where Argo CD is", "a manifest", "nobody applies it"],
)
def test_namespaces_that_are_there(context: Callable[..., Context], texts: dict[str, str]) -> None:
    assert hits(context({"apps/shop.yaml": APPLICATION % "shop", **texts})) == []


def test_a_namespace_that_another_party_makes(context: Callable[..., Context]) -> None:
    texts = {"apps/shop.yaml": APPLICATION % "shop", "shop/a.yaml": SETTINGS % "elsewhere"}

    assert hits(context(texts, "Namespace/else*")) == []


def test_a_destination_that_is_misspelt_is_blamed_once_and_its_objects_are_not(
    context: Callable[..., Context],
) -> None:
    texts = {
        "apps/shop.yaml": APPLICATION % "shpo",
        "shop/a.yaml": SETTINGS % "shop",
        "shop/b.yaml": SETTINGS.replace("settings", "more") % "shop",
    }

    assert hits(context(texts)) == [("Application/argo-cd/shop", "spec.destination.namespace")]


def test_without_applications_everything_may_be_there(context: Callable[..., Context]) -> None:
    assert hits(context({"a.yaml": SETTINGS % "elsewhere"})) == []
