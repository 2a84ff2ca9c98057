"""Objects of kinds without a construct of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.resource import Resource

Refused = Callable[..., dict[str, str]]


def budget(shop: Component, **arguments: Any) -> Resource:
    given: dict[str, Any] = {
        "api_version": "policy/v1",
        "kind": "PodDisruptionBudget",
        "name": "shop",
        "fields": {"spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "shop"}}}},
    }
    return Resource(shop, "budget", **(given | arguments))


def test_its_fields_are_rendered_as_they_were_given(shop: Component, valid: Callable[..., Any]) -> None:
    assert valid(budget(shop)) == {"minAvailable": 1, "selector": {"matchLabels": {"app": "shop"}}}


def test_one_of_another_party_says_what_it_is(refused: Refused) -> None:
    theirs = Resource.existing("web", api_version="argoproj.io/v1alpha1", kind="Rollout", namespace="shop")
    assert (theirs.api_version, theirs.kind, theirs.namespace) == ("argoproj.io/v1alpha1", "Rollout", "shop")
    assert list(refused(lambda: Resource.existing("web", api_version="", kind="Rollout"))) == ["api_version"]


def test_they_are_copies(shop: Component) -> None:
    fields: dict[str, Any] = {"spec": {"minAvailable": 1}}
    made = budget(shop, fields=fields)
    fields["spec"]["minAvailable"] = 2
    made.manifest["spec"]["minAvailable"] = 3
    assert made.manifest["spec"] == {"minAvailable": 1}


def test_known_kinds_of_the_cluster_have_no_namespace(shop: Component, refused: Refused) -> None:
    role = {"api_version": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "fields": {"rules": []}}
    assert budget(shop, **role).manifest["metadata"] == {"name": "shop"}
    assert refused(lambda: budget(shop, namespace="shop", **role)) == {
        "namespace": "ClusterRole is cluster-scoped; leave the namespace out"
    }


def test_unknown_kinds_are_taken_for_namespaced(shop: Component) -> None:
    manifest = budget(shop, api_version="example.com/v1", kind="Widget", fields={"spec": {}}).manifest
    assert manifest == {
        "apiVersion": "example.com/v1",
        "kind": "Widget",
        "metadata": {"name": "shop", "namespace": "shop"},
        "spec": {},
    }


def test_a_name_that_only_some_kinds_allow(shop: Component) -> None:
    role = {"api_version": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "fields": {"rules": []}}
    assert budget(shop, name="system:shop", **role).manifest["metadata"]["name"] == "system:shop"


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"fields": {"kind": "Other"}}, "fields.kind"),
        ({"fields": {"metadata": {}}}, "fields.metadata"),
        ({"fields": {"apiVersion": "v1"}}, "fields.apiVersion"),
        ({"fields": None}, "fields"),
        ({"fields": [1]}, "fields"),
        ({"fields": {1: 2}}, "fields"),
        ({"name": "a/b"}, "name"),
        ({"name": ".."}, "name"),
        ({"kind": ""}, "kind"),
        ({"api_version": None}, "api_version"),
        ({"labels": {"a b": "c"}}, "labels"),
    ],
)
def test_what_cannot_be(shop: Component, refused: Refused, arguments: dict[str, Any], argument: str) -> None:
    assert list(refused(lambda: budget(shop, **arguments))) == [argument]


def test_fields_that_contain_themselves(shop: Component, refused: Refused) -> None:
    fields: dict[str, Any] = {}
    fields["spec"] = [fields]
    assert refused(lambda: budget(shop, fields=fields)) == {
        "fields": "nested deeper than 100 levels; does it contain itself?"
    }
