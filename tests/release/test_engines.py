"""The engines: both give the same bytes, and cdk8s takes what else a cdk8s App holds."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from chores_infra.app import App, Target
from chores_infra.environments import Environment
from chores_infra.release.engines import on_cdk8s
from chores_infra.synthesis import render
from chores_infra.versions import Version

TARGET = Target(Environment.PRODUCTION, Version(1, 0, 0), "1.0.0")


def test_both_engines_give_the_same_bytes(shop: type[App[Any]]) -> None:
    assert render(shop, TARGET, engine=on_cdk8s()).files == render(shop, TARGET).files


def test_a_cdk8s_app_may_hold_more_than_ours(shop: type[App[Any]]) -> None:
    def build(target: Target) -> Any:
        import cdk8s

        from chores_infra.hosts.cdk8s import App as Cdk8sApp

        root = Cdk8sApp()
        component = shop(root, "shop", shop.configure(target))
        metadata = cdk8s.ApiObjectMetadata(name="theirs", namespace="shop")
        cdk8s.ApiObject(component.cdk8s, "theirs", api_version="v1", kind="Secret", metadata=metadata)
        return root

    files = render(shop, TARGET, engine=on_cdk8s(build)).files
    assert {path.name for path in files} == {"configmaps.yaml", "secrets.yaml"}
    assert "name: theirs\n" in files[PurePosixPath("base-apps/shop/secrets.yaml")]
