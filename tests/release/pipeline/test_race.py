"""Deploys at once and deploys that are killed, in small; the whole is ``python -m tests.release.race``."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.release.kills import kill_deploys
from tests.release.race import race


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """These programs are made to be run by themselves, and change the environment."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


def test_different_apps_are_all_deployed() -> None:
    assert race(3, 2, same=False)["commits"] == 6


def test_of_the_same_app_each_is_deployed_or_refused() -> None:
    found = race(3, 2, same=True)
    assert found["commits"] + found["refusals"] == 6
    assert found["commits"]


def test_a_deploy_that_is_killed_leaves_the_remote_whole_and_the_next_run_able() -> None:
    assert kill_deploys(3, seed=7)["kills"] == 3
