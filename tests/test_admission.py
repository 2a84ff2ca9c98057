"""What may be written, and what is refused with the construct, the field and the way out."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.admission import admit
from chores_infra.errors import ManifestError
from chores_infra.rendering.layout import Resource
from chores_infra.rendering.places import Places

STAGING = Places("shop", "staging")
PRODUCTION = Places("shop")


def resource(kind: str, name: str, namespace: str | None, api_version: str = "v1", **fields: Any) -> Resource:
    metadata = {"name": name, **({} if namespace is None else {"namespace": namespace})}
    return Resource(
        {"apiVersion": api_version, "kind": kind, "metadata": metadata, **fields}, None, "shop/it"
    )


def route(api_version: str) -> Resource:
    rule = {"match": "Host(`a.example.com`)", "kind": "Rule", "services": [{"name": "shop", "port": 80}]}
    return resource("IngressRoute", "shop", "shop", api_version, spec={"routes": [rule]})


def refused(*resources: Resource, places: Places = PRODUCTION, **operators: str) -> tuple[str, ...]:
    with pytest.raises(ManifestError) as caught:
        admit(resources, places, operators)
    return caught.value.problems


def test_a_valid_manifest_passes_without_a_word() -> None:
    assert admit([resource("ConfigMap", "shop", "shop", data={"A": "1"})], PRODUCTION, {}) == []


def test_every_problem_of_every_manifest_is_reported_at_once() -> None:
    problems = refused(
        resource("ConfigMap", "shop", "shop", dta={}), resource("ConfigMap", "Shop", "shop", data={"A": 1})
    )
    assert [line.split(":")[:2] for line in problems] == [
        ["shop/it (ConfigMap shop)", " dta"],
        ["shop/it (ConfigMap Shop)", " metadata.name"],
        ["shop/it (ConfigMap Shop)", " data.A"],
    ]


def test_a_kind_that_nobody_knows_is_a_warning_because_it_may_be_the_users_own() -> None:
    (warning,) = admit([resource("Widget", "shop", "shop", "example.com/v1")], PRODUCTION, {})
    assert warning.startswith("shop/it (Widget shop): ")
    assert "Widget" in warning


# https://doc.traefik.io/traefik/v2.10/deprecation/features/: the old group went with Traefik 3.
def test_an_api_version_with_a_successor_is_a_warning() -> None:
    (warning,) = admit([route("traefik.containo.us/v1alpha1")], PRODUCTION, {"traefik": "2.11.0"})
    assert "use traefik.io/v1alpha1" in warning


def test_an_api_version_that_the_operator_no_longer_serves_is_refused() -> None:
    (problem,) = refused(route("traefik.containo.us/v1alpha1"), traefik="3.0.0")
    assert problem.startswith("shop/it (IngressRoute shop): apiVersion: traefik.containo.us/v1alpha1")
    assert "traefik.io/v1alpha1" in problem
    assert "[operators]" in problem


def test_an_api_version_that_the_operator_does_not_serve_yet_is_refused() -> None:
    (problem,) = refused(route("traefik.io/v1alpha1"), traefik="2.9.0")
    assert "served since Traefik 2.10.0" in problem


@pytest.mark.parametrize(
    ("kind", "namespace"), [("Namespace", None), ("ConfigMap", "monitoring"), ("ConfigMap", "shop")]
)
def test_outside_production_a_name_beyond_the_namespace_carries_the_environment(
    kind: str, namespace: str | None
) -> None:
    (problem,) = refused(resource(kind, "other", namespace), places=STAGING)
    assert "metadata.name: 'other' lives outside namespace 'shop-staging'" in problem
    assert "'other-staging'" in problem
    assert admit([resource(kind, "other-staging", namespace)], STAGING, {}) == []


def test_inside_the_namespace_of_its_environment_a_name_is_free() -> None:
    assert admit([resource("ConfigMap", "other", "shop-staging")], STAGING, {}) == []


@pytest.mark.parametrize("environment", ["staging", "development"])
def test_production_may_not_take_a_name_of_another_environment(environment: str) -> None:
    (problem,) = refused(resource("Namespace", f"other-{environment}", None))
    assert "is a name of another environment" in problem
