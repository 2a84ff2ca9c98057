"""Claims of storage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.storage import PersistentVolumeClaim


def claim(shop: Component, **arguments: Any) -> PersistentVolumeClaim:
    given: dict[str, Any] = {"name": "data", "storage": "10Gi"} | arguments
    return PersistentVolumeClaim(shop, "claim", **given)


def test_a_claim_says_its_size_and_how_it_is_used(shop: Component, valid: Callable[..., Any]) -> None:
    assert valid(claim(shop)) == {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "10Gi"}},
    }


def test_everything_it_can_say(shop: Component, valid: Callable[..., Any]) -> None:
    made = claim(
        shop,
        access_modes=["ReadWriteMany", "ReadOnlyMany"],
        storage_class="",
        volume_mode="Block",
        volume_name="disk-1",
    )
    assert valid(made) == {
        "accessModes": ["ReadWriteMany", "ReadOnlyMany"],
        "storageClassName": "",
        "volumeMode": "Block",
        "volumeName": "disk-1",
        "resources": {"requests": {"storage": "10Gi"}},
    }


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"storage": "0"}, "storage"),
        ({"storage": "-1Gi"}, "storage"),
        ({"storage": "500m"}, "storage"),
        ({"storage": "big"}, "storage"),
        ({"storage": "1e99"}, "storage"),
        ({"storage": 10}, "storage"),
        ({"access_modes": []}, "access_modes"),
        ({"access_modes": ["RWO"]}, "access_modes[0]"),
        ({"volume_mode": "block"}, "volume_mode"),
        ({"name": "Data"}, "name"),
    ],
)
def test_a_claim_that_cannot_be(
    shop: Component, refused: Callable[..., dict[str, str]], arguments: dict[str, Any], argument: str
) -> None:
    assert list(refused(lambda: claim(shop, **arguments))) == [argument]
