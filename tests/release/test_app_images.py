"""Which images of an app have its version as their tag."""

from __future__ import annotations

from typing import ClassVar

import pytest

from chores_infra.app import App, AppConfiguration, Target
from chores_infra.apps.chores_tracker import ChoresTracker
from chores_infra.construct import Scope
from chores_infra.constructs.containers import Container
from chores_infra.constructs.images import Image
from chores_infra.constructs.workloads import Deployment
from chores_infra.environments import Environment
from chores_infra.errors import ConfigurationError
from chores_infra.release.app_images import image_repositories, only_image_repository


class Two(App[AppConfiguration]):
    """A program with a second one of the same version, beside a proxy with a tag of its own."""

    app_name: ClassVar[str] = "two"
    names: ClassVar[tuple[str, ...]] = ("web", "worker")

    @classmethod
    def configure(cls, target: Target) -> AppConfiguration:
        return AppConfiguration(target=target)

    def __init__(self, scope: Scope, id: str, configuration: AppConfiguration) -> None:
        super().__init__(scope, id, configuration)
        tag = configuration.target.tag
        images = {name: Image(repository=f"registry.example.com/{name}", tag=tag) for name in self.names}
        images["proxy"] = Image(repository="envoyproxy/envoy", tag="v1.30.2")
        containers = [Container(name=name, image=image) for name, image in images.items()]
        Deployment(self, "all", name="all", selector={"app": "all"}, containers=containers)


def test_the_reference_app_has_one() -> None:
    found = only_image_repository(ChoresTracker, Environment.PRODUCTION)
    assert found == "852893458518.dkr.ecr.us-east-2.amazonaws.com/chores-tracker"


def test_images_with_tags_of_their_own_are_left_out() -> None:
    found = image_repositories(Two, Environment.STAGING)
    assert found == ("registry.example.com/web", "registry.example.com/worker")


def test_of_several_the_user_has_to_choose() -> None:
    with pytest.raises(
        ConfigurationError, match=r"--image: registry\.example\.com/web, registry\.example\.com/wor"
    ):
        only_image_repository(Two, Environment.PRODUCTION)


def test_an_app_that_never_uses_its_tag_is_told_so() -> None:
    class Fixed(Two):
        app_name: ClassVar[str] = "fixed"
        names: ClassVar[tuple[str, ...]] = ()

    with pytest.raises(
        ConfigurationError, match=r"no image of fixed \(production\) has target.tag as its tag"
    ):
        only_image_repository(Fixed, Environment.PRODUCTION)
