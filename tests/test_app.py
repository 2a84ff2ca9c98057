"""What an app must say of itself."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.app import App, AppConfiguration, Target
from chores_infra.environments import Environment
from chores_infra.errors import ConfigurationError, ConstructError
from chores_infra.synthesis import render
from chores_infra.versions import Version

TARGET = Target(Environment.STAGING, Version.parse("v1.0.0"), "1.0.0")


class Silent(App[AppConfiguration]):
    app_name = "silent"


class Forgetful(App[AppConfiguration]):
    app_name = "forgetful"

    @classmethod
    def configure(cls, target: Target) -> Any:
        """Return nothing, as one forgets to."""


class Empty(App[AppConfiguration]):
    app_name = "empty"

    @classmethod
    def configure(cls, target: Target) -> AppConfiguration:
        return AppConfiguration(target=target)


def test_an_app_lives_in_the_namespace_of_its_environment() -> None:
    from chores_infra.construct import Tree

    assert Empty(Tree(), "empty", Empty.configure(TARGET)).namespace == "empty-staging"


def test_an_app_without_configure_is_told_to_have_one() -> None:
    with pytest.raises(ConfigurationError, match=r"Silent does not say how .* configure\(cls, target\)"):
        render(Silent, TARGET)


def test_a_configure_that_returns_nothing_is_named() -> None:
    with pytest.raises(ConstructError, match=r"forgetful: configuration: .* does Forgetful.configure return"):
        render(Forgetful, TARGET)
