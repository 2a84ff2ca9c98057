"""Claims of storage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.scheduling import LabelSelector
from chores_infra.constructs.storage import PersistentVolumeClaim, VolumeSnapshot
from chores_infra.errors import ConstructError


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
        storage_limit="20Gi",
        volume_attributes_class="silver",
        volume_mode="Block",
        volume_name="disk-1",
        selector=LabelSelector(match_labels={"disk": "fast"}),
        data_source=VolumeSnapshot.existing("nightly"),
    )
    assert valid(made) == {
        "accessModes": ["ReadWriteMany", "ReadOnlyMany"],
        "storageClassName": "",
        "volumeAttributesClassName": "silver",
        "volumeMode": "Block",
        "volumeName": "disk-1",
        "selector": {"matchLabels": {"disk": "fast"}},
        "resources": {"requests": {"storage": "10Gi"}, "limits": {"storage": "20Gi"}},
        "dataSource": {"apiGroup": "snapshot.storage.k8s.io", "kind": "VolumeSnapshot", "name": "nightly"},
    }


def test_a_copy_of_another_claim_has_room_for_it(shop: Component, valid: Any, refused: Any) -> None:
    golden = PersistentVolumeClaim(shop, "golden", name="golden", storage="10Gi")
    assert valid(claim(shop, data_source=golden))["dataSource"] == {
        "kind": "PersistentVolumeClaim",
        "name": "golden",
    }
    assert refused(lambda: claim(shop, storage="9Gi", data_source=golden)) == {
        "storage": "expected at least that of the claim it copies, 10Gi"
    }


def test_its_source_lives_beside_it(shop: Component, refused: Any) -> None:
    theirs = VolumeSnapshot.existing("nightly", namespace="elsewhere")
    assert list(refused(lambda: claim(shop, data_source=theirs))) == ["data_source"]


def test_a_snapshot_is_taken_in_the_cluster(shop: Component) -> None:
    with pytest.raises(ConstructError, match=r"refer to VolumeSnapshot\.existing"):
        VolumeSnapshot(shop, "nightly", name="nightly")


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
        ({"access_modes": ["ReadWriteOncePod", "ReadWriteMany"]}, "access_modes"),
        ({"volume_mode": "block"}, "volume_mode"),
        ({"storage_limit": "9Gi"}, "storage_limit"),
        ({"storage_limit": "much"}, "storage_limit"),
        ({"data_source": "golden"}, "data_source"),
        ({"name": "Data"}, "name"),
    ],
)
def test_a_claim_that_cannot_be(
    shop: Component, refused: Callable[..., dict[str, str]], arguments: dict[str, Any], argument: str
) -> None:
    assert list(refused(lambda: claim(shop, **arguments))) == [argument]
