"""The figures, each by its definition in docs/history.md."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chores_infra.release.app_repository import Tag
from chores_infra.release.history.events import Action, Event, Move, Note
from chores_infra.release.history.figures import Figures, figures
from chores_infra.release.history.images import Image
from chores_infra.release.history.tags import Tags

DAY = 86_400
HOUR = 3_600


def event(action: Action, day: float, version: str = "v1.0.0", *, environment: str = "production") -> Event:
    image = Image("registry.example.com/shop", version.removeprefix("v"))
    move = Move(action, "v0.0.0", version, image, image, (("Deployment/shop", "web"),))
    at = int(day * DAY)
    return Event(f"{day}", (), at, at, "Ada", "change", action, environment, (move,))


def of(*events: Event, since: float = 0, until: float = 70, tags: Tags | None = None) -> Figures:
    return figures(events, "production", int(since * DAY), int(until * DAY), tags)


def test_deployments_are_counted_by_the_weeks_of_the_window() -> None:
    found = of(
        event(Action.DEPLOY, 0),
        event(Action.DEPLOY, 10),
        event(Action.DEPLOY, 11, environment="staging"),
        event(Action.RETAG, 12),
        event(Action.CONFIG, 13),
        event(Action.DEPLOY, 80),
    )
    assert (found.deployments, found.per_week, found.rollbacks) == (2, 0.2, 0)
    assert (found.rollback_rate, found.restored_after, found.lead_time) == (0.0, None, None)


def test_the_window_begins_when_the_app_came_and_a_week_is_the_least() -> None:
    found = of(event(Action.DEPLOY, 69))
    assert (found.since, found.deployments, found.per_week) == (69 * DAY, 1, 1.0)
    assert of().rollback_rate is None


def test_a_deployment_is_rolled_back_by_the_next_version_and_by_no_later_one() -> None:
    found = of(
        event(Action.DEPLOY, 1),
        event(Action.DEPLOY, 2),
        event(Action.CONFIG, 2.5),
        event(Action.ROLLBACK, 3),
        event(Action.ROLLBACK, 4),
        event(Action.DEPLOY, 5),
        event(Action.DEPLOY, 6),
        event(Action.ROLLBACK, 6.5),
    )
    assert (found.deployments, found.rollbacks, found.rolled_back) == (4, 3, 2)
    assert found.rollback_rate == 0.5
    assert found.restored_after == 0.75 * DAY


def test_what_lies_over_the_edge_of_the_window_counts_where_it_belongs() -> None:
    events = (
        event(Action.DEPLOY, 1),
        event(Action.DEPLOY, 9),
        event(Action.ROLLBACK, 11),
        event(Action.DEPLOY, 12),
    )
    before, after = of(*events, until=10), of(*events, since=10)
    assert (before.rolled_back, before.rollbacks, before.restored_after) == (1, 0, None)
    assert (after.rolled_back, after.rollbacks, after.restored_after) == (0, 1, 2 * DAY)


@pytest.mark.parametrize(("annotated", "lead_time"), [(False, 10 * HOUR), (True, 6 * HOUR)])
def test_lead_time_is_from_the_tag(annotated: bool, lead_time: int) -> None:
    committed = datetime.fromtimestamp(1 * DAY - 10 * HOUR, UTC)
    tagged = datetime.fromtimestamp(1 * DAY - 6 * HOUR, UTC) if annotated else None
    tags = Tags([Tag("v1.0.0", "a", committed, tagged)])
    again = event(Action.DEPLOY, 3)._replace(notes=(Note("again", "v1.0.0 ran here before"),))
    found = of(event(Action.DEPLOY, 1), event(Action.DEPLOY, 2, "v2.0.0"), again, tags=tags)
    assert (found.lead_time, found.lead_times) == (lead_time, 1)


def test_a_tag_that_is_younger_than_its_deployment_tells_nothing() -> None:
    tags = Tags([Tag("v1.0.0", "a", datetime.fromtimestamp(2 * DAY, UTC))])
    assert of(event(Action.DEPLOY, 1), tags=tags).lead_times == 0


@pytest.mark.parametrize(
    ("tag", "image"),
    [("web-v1.0.0", "shop-web"), ("web/v1.0.0", "web"), ("shop-web@1.0.0", "my-shop-web"), ("1.0.0", "shop")],
)
def test_streams_of_tags_are_kept_apart(tag: str, image: str) -> None:
    moment = datetime.fromtimestamp(0, UTC)
    tags = Tags([Tag(tag, "mine", moment), Tag("other-v1.0.0", "other", moment), Tag("nightly", "x", moment)])
    found = tags.of(Image(f"registry.example.com/{image}"), "v1.0.0")
    assert found is not None
    assert found.commit == "mine"
    assert tags.of(Image("elsewhere"), "latest") is None
