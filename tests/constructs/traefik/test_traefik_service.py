"""Destinations that stand for several: weighted, mirrored, in reserve, and nested."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.construct import Component, Tree
from chores_infra.constructs.services import Service
from chores_infra.constructs.traefik import (
    Backend,
    Failover,
    HighestRandomWeight,
    Host,
    IngressRoute,
    Mirror,
    Mirroring,
    Route,
    StickyCookie,
    TraefikService,
    TraefikServiceSpec,
    Weighted,
)

STABLE = Service.existing("stable", ports=[80])
CANARY = Service.existing("canary", ports=[80, 8080])
OLD: Any = "traefik.containo.us/v1alpha1"
NEW: Any = "traefik.io/v1alpha1"


def service(scope: Any, name: str, spec: TraefikServiceSpec, api_version: Any = NEW) -> TraefikService:
    return TraefikService(scope, name, name=name, spec=spec, api_version=api_version)


@pytest.mark.parametrize("api_version", [OLD, NEW])
def test_requests_are_shared_out_by_weight(shop: Component, valid: Any, api_version: Any) -> None:
    spec = Weighted(
        services=[Backend(service=STABLE, weight=9), Backend(service=CANARY, port=8080, weight=1)],
        sticky=StickyCookie(name="version", secure=True),
    )
    made = service(shop, "shares", spec, api_version)
    assert valid(made) == {
        "weighted": {
            "services": [
                {"name": "stable", "port": 80, "weight": 9},
                {"name": "canary", "port": 8080, "weight": 1},
            ],
            "sticky": {"cookie": {"name": "version", "secure": True}},
        }
    }
    assert made.manifest["apiVersion"] == api_version


def test_a_cookie_of_weights_is_held_to_the_older_group(shop: Component, refused: Any) -> None:
    spec = Weighted(services=[Backend(service=STABLE)], sticky=StickyCookie(max_age=60))
    assert list(refused(lambda: service(shop, "shares", spec, OLD))) == ["spec.sticky.max_age"]


@pytest.mark.parametrize("api_version", [OLD, NEW])
def test_requests_are_copied(shop: Component, valid: Any, api_version: Any) -> None:
    canary = Backend(service=CANARY, port=80, scheme="https")
    spec = Mirroring(to=STABLE, mirrors=[Mirror(to=canary, percent=10)], max_body_size=1024)
    assert valid(service(shop, "copies", spec, api_version)) == {
        "mirroring": {
            "name": "stable",
            "port": 80,
            "maxBodySize": 1024,
            "mirrors": [{"name": "canary", "port": 80, "scheme": "https", "percent": 10}],
        }
    }


def test_bodies_are_left_out_of_copies_in_the_newer_group(shop: Component, valid: Any, refused: Any) -> None:
    spec = Mirroring(to=STABLE, mirrors=[Mirror(to=STABLE, percent=10)], mirror_body=False)
    assert valid(service(shop, "copies", spec))["mirroring"]["mirrorBody"] is False
    assert list(refused(lambda: service(shop, "old", spec, OLD))) == ["spec.mirror_body"]


def test_a_fallback_answers_instead_of_errors(shop: Component, valid: Any) -> None:
    spec = Failover(to=STABLE, fallback=Backend(service=CANARY, port=80), status=["500-504"])
    assert valid(service(shop, "safe", spec)) == {
        "failover": {
            "service": {"name": "stable", "port": 80},
            "fallback": {"name": "canary", "port": 80},
            "errors": {"status": ["500-504"]},
        }
    }


def test_clients_are_told_apart_by_hashing(shop: Component, valid: Any) -> None:
    spec = HighestRandomWeight(services=[Backend(service=STABLE, weight=1)])
    assert valid(service(shop, "hashed", spec)) == {
        "highestRandomWeight": {"services": [{"name": "stable", "port": 80, "weight": 1}]}
    }


@pytest.mark.parametrize(
    "spec",
    [
        Failover(to=STABLE, fallback=STABLE, status=["500"]),
        HighestRandomWeight(services=[Backend(service=STABLE)]),
    ],
)
def test_the_older_group_does_not_have_every_way(
    shop: Component, refused: Any, spec: TraefikServiceSpec
) -> None:
    assert "needs api_version='traefik.io/v1alpha1'" in refused(lambda: service(shop, "s", spec, OLD))["spec"]


def test_routes_and_other_traefik_services_lead_to_it(tree: Tree, shop: Component, valid: Any) -> None:
    inner = service(shop, "shares", Weighted(services=[Backend(service=STABLE, weight=1)]))
    outer = service(shop, "copies", Mirroring(to=inner, mirrors=[Mirror(to=inner, percent=5)]))
    assert valid(outer)["mirroring"] == {
        "name": "shares",
        "kind": "TraefikService",
        "mirrors": [{"name": "shares", "kind": "TraefikService", "percent": 5}],
    }
    route = IngressRoute(
        Component(tree, "web", namespace="web"),
        "route",
        name="shop",
        routes=[Route(match=Host("shop.example.com"), service=outer)],
        api_version=NEW,
    )
    assert valid(route)["routes"][0]["services"] == [
        {"name": "copies", "kind": "TraefikService", "namespace": "shop"}
    ]


def leads_to(name: str, **place: str) -> Weighted:
    return Weighted(services=[Backend(service=TraefikService.existing(name, **place))])


def test_a_traefik_service_does_not_lead_back_to_itself(shop: Component, refused: Any) -> None:
    for back in (leads_to("it"), leads_to("it", namespace="shop")):
        problems = refused(lambda back=back: service(shop, "it", back))
        assert "leads back to TraefikService 'it' itself" in problems["spec.services[0]"]


def test_it_does_not_lead_back_to_itself_by_others(shop: Component, refused: Any) -> None:
    first = service(shop, "first", leads_to("it"))
    second = service(shop, "second", Mirroring(to=STABLE, mirrors=[Mirror(to=first, percent=1)]))
    problems = refused(lambda: service(shop, "it", Failover(to=STABLE, fallback=second, status=["500"])))
    assert list(problems) == ["spec.fallback"]


def test_another_of_the_name_in_another_namespace_is_another(tree: Tree, shop: Component, valid: Any) -> None:
    assert valid(service(shop, "it", leads_to("it", namespace="web")))
    elsewhere = service(Component(tree, "web", namespace="web"), "first", leads_to("it"))
    assert valid(service(shop, "by", Weighted(services=[Backend(service=elsewhere)])))


@pytest.mark.parametrize(
    ("spec", "argument", "message"),
    [
        (Weighted(services=[]), "spec.services", "at least one"),
        (Weighted(services=[Backend(service=CANARY)]), "spec.services[0].port", "say which port"),
        (Mirroring(to=CANARY, mirrors=[Mirror(to=STABLE, percent=1)]), "spec.to", "say which port"),
        (Mirroring(to=STABLE, mirrors=[]), "spec.mirrors", "at least one"),
        (
            Mirroring(to=STABLE, mirrors=[Mirror(to=STABLE, percent=101)]),
            "spec.mirrors[0].percent",
            "at most 100",
        ),
        (
            Mirroring(to=STABLE, mirrors=[Mirror(to=Backend(service=STABLE, weight=1), percent=1)]),
            "spec.mirrors[0].to.weight",
            "a percentage",
        ),
        (Failover(to=STABLE, fallback=STABLE, status=["5xx"]), "spec.status[0]", "a range"),
        (TraefikServiceSpec(), "spec", "says nothing by itself"),
    ],
)
def test_what_cannot_be(
    shop: Component, refused: Any, spec: TraefikServiceSpec, argument: str, message: str
) -> None:
    problems = refused(lambda: service(shop, "it", spec))
    assert message in problems[argument]


def test_destinations_of_ours_are_of_the_same_group(shop: Component, refused: Any) -> None:
    older = service(shop, "older", Weighted(services=[Backend(service=STABLE)]), OLD)
    problems = refused(
        lambda: service(shop, "it", Mirroring(to=older, mirrors=[Mirror(to=older, percent=1)]))
    )
    assert list(problems) == ["spec.to.service", "spec.mirrors[0].to.service"]
