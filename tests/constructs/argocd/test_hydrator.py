"""Applications whose rendered manifests are committed before they are synced."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.argocd import (
    Application,
    Destination,
    GitDirectory,
    HelmDirectory,
    Kustomize,
    SourceHydrator,
)

REPOSITORY = "https://github.com/example/infrastructure"
DRY = Kustomize(repo_url=REPOSITORY, path="shop", target_revision="main")


def application(scope: Any, hydrator: SourceHydrator, **options: Any) -> Application:
    destination = Destination(namespace="shop")
    return Application(scope, "a", name="shop", source_hydrator=hydrator, destination=destination, **options)


def test_what_is_rendered_is_synced_from_a_branch(shop: Component, valid: Any) -> None:
    hydrator = SourceHydrator(dry=DRY, branch="environments/live", path="shop")
    spec = valid(application(shop, hydrator))
    assert "source" not in spec
    assert spec["sourceHydrator"] == {
        "drySource": {"repoURL": REPOSITORY, "targetRevision": "main", "path": "shop"},
        "syncSource": {"targetBranch": "environments/live", "path": "shop"},
    }


def test_a_pull_request_moves_it_from_branch_to_branch(shop: Component, valid: Any) -> None:
    chart = HelmDirectory(repo_url=REPOSITORY, path="charts/shop", target_revision="main", values={"a": 1})
    hydrator = SourceHydrator(
        dry=chart,
        branch="live",
        path="shop",
        hydrate_to="live-next",
        repo_url="https://github.com/example/rendered",
    )
    assert valid(application(shop, hydrator))["sourceHydrator"] == {
        "drySource": {
            "repoURL": REPOSITORY,
            "targetRevision": "main",
            "path": "charts/shop",
            "helm": {"valuesObject": {"a": 1}},
        },
        "syncSource": {
            "repoURL": "https://github.com/example/rendered",
            "targetBranch": "live",
            "path": "shop",
        },
        "hydrateTo": {"targetBranch": "live-next"},
    }


@pytest.mark.parametrize(
    ("hydrator", "argument", "message"),
    [
        (
            SourceHydrator(dry=GitDirectory(repo_url=REPOSITORY, path="shop"), branch="live", path="shop"),
            "source_hydrator.dry.target_revision",
            "which revision is rendered",
        ),
        (
            SourceHydrator(
                dry=GitDirectory(repo_url=REPOSITORY, path="shop", target_revision="main", ref="a"),
                branch="live",
                path="shop",
            ),
            "source_hydrator.dry.ref",
            "does not have it",
        ),
        (
            SourceHydrator(dry=DRY, branch="live", path="shop", hydrate_to="live"),
            "source_hydrator.hydrate_to",
            "the branch that is synced",
        ),
        (SourceHydrator(dry=DRY, branch="-live", path="shop"), "source_hydrator.branch", "name of a branch"),
        (SourceHydrator(dry=DRY, branch="live", path="."), "source_hydrator.path", "not its root"),
        (SourceHydrator(dry=DRY, branch="live", path="/"), "source_hydrator.path", "not its root"),
        (SourceHydrator(dry=DRY, branch="live", path="../a"), "source_hydrator.path", "not its root"),
    ],
)
def test_hydrators_that_cannot_be(
    shop: Component, refused: Any, hydrator: SourceHydrator, argument: str, message: str
) -> None:
    problems = refused(lambda: application(shop, hydrator))
    assert list(problems) == [argument]
    assert message in problems[argument]


def test_it_stands_in_the_place_of_sources(shop: Component, refused: Any) -> None:
    hydrator = SourceHydrator(dry=DRY, branch="live", path="shop")
    assert "exactly one of" in refused(lambda: application(shop, hydrator, source=DRY))["source"]
