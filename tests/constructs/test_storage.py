"""Claims of storage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.containers import Container
from chores_infra.constructs.images import Image
from chores_infra.constructs.mounts import Device, Mount
from chores_infra.constructs.scheduling import LabelSelector
from chores_infra.constructs.storage import PersistentVolumeClaim, VolumeSnapshot
from chores_infra.constructs.volumes import ClaimVolume, EphemeralVolume
from chores_infra.constructs.workloads import Deployment
from chores_infra.errors import ConstructError

Valid = Callable[..., Any]
Refused = Callable[..., dict[str, str]]


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


def test_a_copy_of_another_claim_has_room_for_it(shop: Component, valid: Valid, refused: Refused) -> None:
    golden = PersistentVolumeClaim(shop, "golden", name="golden", storage="10Gi")
    assert valid(claim(shop, data_source=golden))["dataSource"] == {
        "kind": "PersistentVolumeClaim",
        "name": "golden",
    }
    assert refused(lambda: claim(shop, storage="9Gi", data_source=golden)) == {
        "storage": "expected at least that of the claim it copies, 10Gi"
    }


def test_its_source_lives_beside_it(shop: Component, refused: Refused) -> None:
    theirs = VolumeSnapshot.existing("nightly", namespace="elsewhere")
    assert list(refused(lambda: claim(shop, data_source=theirs))) == ["data_source"]


def test_a_snapshot_is_taken_in_the_cluster(shop: Component) -> None:
    with pytest.raises(ConstructError, match=r"refer to VolumeSnapshot\.existing"):
        VolumeSnapshot(shop, "nightly", name="nightly")


class TestDevices:
    """A volume of mode Block is a device: there is nothing in it to mount."""

    @staticmethod
    def pods(shop: Component, volume: Any, **shown: Any) -> Deployment:
        program = Container(name="db", image=Image(repository="db", tag="1.4.2"), **shown)
        return Deployment(
            shop, "db", name="db", selector={"app": "db"}, containers=[program], volumes=[volume]
        )

    def test_it_is_shown_as_a_device(self, shop: Component, valid: Valid) -> None:
        disk = ClaimVolume(name="disk", claim=claim(shop, volume_mode="Block"))
        spec = valid(self.pods(shop, disk, devices=[Device(volume=disk, path="/dev/xvda")]))
        (container,) = spec["template"]["spec"]["containers"]
        assert container["volumeDevices"] == [{"name": "disk", "devicePath": "/dev/xvda"}]

    def test_what_has_a_file_system_is_mounted_and_what_has_none_is_not(
        self, shop: Component, refused: Refused
    ) -> None:
        bare = ClaimVolume(name="disk", claim=claim(shop, volume_mode="Block"))
        full = EphemeralVolume(name="disk", storage="1Gi")
        mounts, devices = [Mount(volume=bare, path="/data")], [Device(volume=full, path="/dev/xvda")]
        assert list(refused(lambda: self.pods(shop, bare, mounts=mounts))) == [
            "containers[0].mounts[0].volume"
        ]
        assert list(refused(lambda: self.pods(shop, full, devices=devices))) == [
            "containers[0].devices[0].volume"
        ]

    def test_what_another_party_makes_may_be_either(self, shop: Component, valid: Valid) -> None:
        theirs = ClaimVolume(name="disk", claim=PersistentVolumeClaim.existing("theirs"))
        assert valid(self.pods(shop, theirs, devices=[Device(volume=theirs, path="/dev/xvda")]))

    def test_it_is_a_volume_of_the_pod_at_a_path_of_its_own(self, shop: Component, refused: Refused) -> None:
        theirs = PersistentVolumeClaim.existing("theirs")
        disk, other = (ClaimVolume(name=name, claim=theirs) for name in ("disk", "other"))
        shown: dict[str, Any] = {
            "mounts": [Mount(volume=disk, path="/dev/xvda")],
            "devices": [Device(volume=disk, path="/dev/xvda")],
        }
        assert list(refused(lambda: self.pods(shop, disk, **shown))) == ["containers[0].devices[0].path"]
        shown = {"devices": [Device(volume=other, path="/dev/xvda")]}
        assert list(refused(lambda: self.pods(shop, disk, **shown))) == ["containers[0].devices[0].volume"]


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
