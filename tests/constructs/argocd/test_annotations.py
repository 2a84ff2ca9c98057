"""Waves, hooks and options as annotations of any object."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.argocd import hook, resource_options, sync_wave
from chores_infra.constructs.config import ConfigMap


def test_annotations_of_any_object(shop: Component) -> None:
    made = ConfigMap(
        shop,
        "settings",
        name="settings",
        data={},
        annotations={
            **sync_wave(2),
            **hook("PreSync", "PostSync", delete_policies=["BeforeHookCreation", "HookSucceeded"]),
            **resource_options(
                prune="false",
                delete="confirm",
                prune_last=True,
                replace=True,
                force=True,
                server_side_apply=False,
                validate=False,
                skip_dry_run_on_missing_resource=True,
            ),
        },
    )
    assert made.manifest["metadata"]["annotations"] == {
        "argocd.argoproj.io/sync-wave": "2",
        "argocd.argoproj.io/hook": "PreSync,PostSync",
        "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation,HookSucceeded",
        "argocd.argoproj.io/sync-options": (
            "Prune=false,Delete=confirm,PruneLast=true,Replace=true,Force=true,ServerSideApply=false,"
            "Validate=false,SkipDryRunOnMissingResource=true"
        ),
    }


def test_no_option_no_annotation() -> None:
    assert resource_options() == {}


@pytest.mark.parametrize("wave", ["1", 1.0, True, None])
def test_waves_that_are_none(refused: Any, wave: Any) -> None:
    assert "whole number" in refused(lambda: sync_wave(wave))["wave"]


def test_hooks_that_are_none(refused: Any) -> None:
    before: Any = "BeforeSync"
    keep: Any = "Keep"
    assert "at least one of PreSync" in refused(hook)["phases"]
    assert "found 'BeforeSync'" in refused(lambda: hook(before))["phases"]
    assert "found 'Keep'" in refused(lambda: hook("Sync", delete_policies=[keep]))["delete_policies"]
