"""A repository to render into, and an app that is quickly made: one ConfigMap that knows its tag."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from chores_infra.app import App, AppConfiguration, Target
from chores_infra.construct import Scope
from chores_infra.constructs.config import ConfigMap
from chores_infra.release.synth import Synthesizer


class Configuration(AppConfiguration):
    greeting: str = "hello"


class Shop(App[Configuration]):
    app_name: ClassVar[str] = "shop"

    @classmethod
    def configure(cls, target: Target) -> Configuration:
        return Configuration(target=target)

    def __init__(self, scope: Scope, id: str, configuration: Configuration) -> None:
        super().__init__(scope, id, configuration)
        target = configuration.target
        ConfigMap(self, "settings", name="settings", data={"TAG": target.tag, "HI": configuration.greeting})


@pytest.fixture
def shop() -> type[Shop]:
    return Shop


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return tmp_path / "dist"


@pytest.fixture
def synthesizer(repository: Path) -> Iterator[Synthesizer]:
    with Synthesizer(repository) as opened:
        yield opened
