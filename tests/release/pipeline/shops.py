"""Apps that are quickly made: a Deployment whose image has the version as its tag, and its settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from chores_infra.app import App, AppConfiguration, Target
from chores_infra.construct import Scope
from chores_infra.constructs.config import ConfigMap
from chores_infra.constructs.containers import Container
from chores_infra.constructs.images import Image
from chores_infra.constructs.workloads import Deployment

IMAGE = "registry.example.com/shop"


class Configuration(AppConfiguration):
    greeting: str


class Shop(App[Configuration]):
    """One shop. ``greeting`` is what changes when its Python does; ``broken`` lets it use a missing key."""

    app_name: ClassVar[str] = "shop"
    greeting: ClassVar[str] = "hello"
    broken: ClassVar[bool] = False
    pins: ClassVar[bool] = True
    floating: ClassVar[bool] = False

    @classmethod
    def configure(cls, target: Target) -> Configuration:
        return Configuration(target=target, greeting=cls.greeting)

    def __init__(self, scope: Scope, id: str, configuration: Configuration) -> None:
        super().__init__(scope, id, configuration)
        target = configuration.target
        settings = ConfigMap(self, "settings", name="settings", data={"GREETING": configuration.greeting})
        digest = target.digest if self.pins else None
        image = Image(repository=IMAGE, tag=target.tag, digest=digest, floating=self.floating)
        web = Deployment(
            self,
            "web",
            name=self.app_name,
            selector={"app": self.app_name},
            containers=[Container(name="web", image=image, env_from=[settings])],
        )
        if self.broken:
            wrong = {"name": "settings", "items": [{"key": "NOT_THERE", "path": "x"}]}
            web.patch({"spec": {"template": {"spec": {"volumes": [{"name": "x", "configMap": wrong}]}}}})


def shops() -> Iterator[type[Shop]]:
    """Eight of them, for as many who deploy at once."""
    for number in range(8):
        yield Shop.named(f"shop-{number}")
