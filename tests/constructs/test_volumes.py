"""Volumes of every kind, and mounts of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.config import ConfigMap, Secret
from chores_infra.constructs.containers import Container, PodField, ResourceField
from chores_infra.constructs.images import Image
from chores_infra.constructs.mounts import Mount
from chores_infra.constructs.projections import DownwardApi, Projected, ServiceAccountToken
from chores_infra.constructs.storage import PersistentVolumeClaim
from chores_infra.constructs.volumes import (
    ClaimVolume,
    ConfigMapVolume,
    CsiVolume,
    DownwardApiVolume,
    EmptyDir,
    EphemeralVolume,
    HostPath,
    ImageVolume,
    NfsVolume,
    ProjectedVolume,
    SecretVolume,
    Volume,
)
from chores_infra.constructs.workloads import Deployment

IMAGE = Image(repository="shop", tag="1.4.2")
FILES = ConfigMap.existing("files", keys=["a.txt", "b.txt"])
SECRETS = Secret.existing("secrets", keys=["token"])
CLAIM = PersistentVolumeClaim.existing("data")
LABELS = PodField("metadata.labels['app']")


def deploy(shop: Component, *volumes: Volume, mounts: list[Mount] | None = None) -> Deployment:
    web = Container(name="web", image=IMAGE, mounts=mounts)
    return Deployment(
        shop, "web", name="web", selector={"app": "web"}, containers=[web], volumes=list(volumes)
    )


@pytest.mark.parametrize(
    ("volume", "source"),
    [
        (EmptyDir(name="v"), {"emptyDir": {}}),
        (
            EmptyDir(name="v", medium="Memory", size_limit="64Mi"),
            {"emptyDir": {"medium": "Memory", "sizeLimit": "64Mi"}},
        ),
        (
            HostPath(name="v", path="/dev", type="Directory"),
            {"hostPath": {"path": "/dev", "type": "Directory"}},
        ),
        (ConfigMapVolume(name="v", source=FILES), {"configMap": {"name": "files"}}),
        (
            ConfigMapVolume(
                name="v", source=FILES, items={"a.txt": "x/a"}, default_mode=0o440, optional=True
            ),
            {
                "configMap": {
                    "name": "files",
                    "items": [{"key": "a.txt", "path": "x/a"}],
                    "defaultMode": 288,
                    "optional": True,
                }
            },
        ),
        (SecretVolume(name="v", source=SECRETS), {"secret": {"secretName": "secrets"}}),
        (
            ClaimVolume(name="v", claim=CLAIM, read_only=True),
            {"persistentVolumeClaim": {"claimName": "data", "readOnly": True}},
        ),
        (
            EphemeralVolume(name="v", storage="1Gi", storage_class="fast"),
            {
                "ephemeral": {
                    "volumeClaimTemplate": {
                        "spec": {
                            "accessModes": ["ReadWriteOnce"],
                            "storageClassName": "fast",
                            "resources": {"requests": {"storage": "1Gi"}},
                        }
                    }
                }
            },
        ),
        (
            DownwardApiVolume(name="v", items={"labels": LABELS}),
            {
                "downwardAPI": {
                    "items": [{"path": "labels", "fieldRef": {"fieldPath": "metadata.labels['app']"}}]
                }
            },
        ),
        (
            ProjectedVolume(
                name="v",
                default_mode=0o400,
                sources=[
                    FILES,
                    SECRETS,
                    Projected(source=SECRETS, items={"token": "t"}, optional=False),
                    ServiceAccountToken(path="sa", audience="vault", expiration_seconds=600),
                    DownwardApi(items={"cpu": ResourceField(resource="limits.cpu", container_name="web")}),
                ],
            ),
            {
                "projected": {
                    "sources": [
                        {"configMap": {"name": "files"}},
                        {"secret": {"name": "secrets"}},
                        {
                            "secret": {
                                "name": "secrets",
                                "items": [{"key": "token", "path": "t"}],
                                "optional": False,
                            }
                        },
                        {
                            "serviceAccountToken": {
                                "path": "sa",
                                "audience": "vault",
                                "expirationSeconds": 600,
                            }
                        },
                        {
                            "downwardAPI": {
                                "items": [
                                    {
                                        "path": "cpu",
                                        "resourceFieldRef": {
                                            "resource": "limits.cpu",
                                            "containerName": "web",
                                        },
                                    }
                                ]
                            }
                        },
                    ],
                    "defaultMode": 256,
                }
            },
        ),
        (NfsVolume(name="v", server="nfs", path="/x"), {"nfs": {"server": "nfs", "path": "/x"}}),
        (
            CsiVolume(name="v", driver="csi.example.com", volume_attributes={"a": "b"}),
            {"csi": {"driver": "csi.example.com", "volumeAttributes": {"a": "b"}}},
        ),
        (
            ImageVolume(name="v", image=IMAGE, pull_policy="IfNotPresent"),
            {"image": {"reference": "shop:1.4.2", "pullPolicy": "IfNotPresent"}},
        ),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, dict) else "",
)
def test_a_volume(shop: Component, valid: Callable[..., Any], volume: Volume, source: dict[str, Any]) -> None:
    spec = valid(deploy(shop, volume, mounts=[Mount(volume=volume, path="/v")]))["template"]["spec"]
    assert spec["volumes"] == [{"name": "v", **source}]
    assert spec["containers"][0]["volumeMounts"] == [{"name": "v", "mountPath": "/v"}]


@pytest.mark.parametrize(
    ("volume", "field"),
    [
        (EmptyDir(name="A"), "name"),
        (EmptyDir(name="v", size_limit="big"), "size_limit"),
        (EmptyDir(name="v", medium="Disk"), "medium"),  # type: ignore[arg-type]
        (HostPath(name="v", path="dev"), "path"),
        (HostPath(name="v", path="/a/../b"), "path"),
        (ConfigMapVolume(name="v", source="files"), "source"),  # type: ignore[arg-type]
        (ConfigMapVolume(name="v", source=SECRETS), "source"),  # type: ignore[arg-type]
        (ConfigMapVolume(name="v", source=FILES, items={"c.txt": "c"}), "items.c.txt"),
        (ConfigMapVolume(name="v", source=FILES, items={"a.txt": "../a"}), "items.a.txt"),
        (ConfigMapVolume(name="v", source=FILES, items={"a.txt": "/a"}), "items.a.txt"),
        (ConfigMapVolume(name="v", source=FILES, items={"a.txt": "x/.."}), "items.a.txt"),
        (ConfigMapVolume(name="v", source=FILES, default_mode=0o1000), "default_mode"),
        (SecretVolume(name="v", source=SECRETS, items={"key": "k"}), "items.key"),
        (ProjectedVolume(name="v", sources=[]), "sources"),
        (
            ProjectedVolume(name="v", sources=[Projected(source=FILES, items={"c": "c"})]),
            "sources[0].items.c",
        ),
        (ProjectedVolume(name="v", sources=["files"]), "sources[0]"),  # type: ignore[list-item]
        (
            ProjectedVolume(name="v", sources=[ServiceAccountToken(path="t", expiration_seconds=599)]),
            "sources[0].expiration_seconds",
        ),
        (ClaimVolume(name="v", claim="data"), "claim"),  # type: ignore[arg-type]
        (EphemeralVolume(name="v", storage="0"), "storage"),
        (EphemeralVolume(name="v", storage="1Gi", access_modes=[]), "access_modes"),
        (DownwardApiVolume(name="v", items={"ip": PodField("status.podIP")}), "items.ip"),
        (DownwardApiVolume(name="v", items={"cpu": ResourceField(resource="limits.cpu")}), "items.cpu"),
        (NfsVolume(name="v", server="", path="/"), "server"),
        (ImageVolume(name="v", image=Image(repository="shop", tag="latest")), "image.tag"),
        (ConfigMapVolume(name="v", source=ConfigMap.existing("x", namespace="elsewhere")), "source"),
        (ClaimVolume(name="v", claim=PersistentVolumeClaim.existing("x", namespace="elsewhere")), "claim"),
        (ProjectedVolume(name="v", sources=[Secret.existing("x", namespace="elsewhere")]), "sources[0]"),
    ],
)
def test_a_volume_that_cannot_be(
    shop: Component, refused: Callable[..., dict[str, str]], volume: Volume, field: str
) -> None:
    assert list(refused(lambda: deploy(shop, volume))) == [f"volumes[0].{field}"]


def test_an_optional_source_may_lack_a_key(shop: Component) -> None:
    deploy(shop, ConfigMapVolume(name="v", source=FILES, items={"c.txt": "c"}, optional=True))


def test_a_path_may_hold_dots_that_lead_nowhere(shop: Component) -> None:
    deploy(shop, ConfigMapVolume(name="v", source=FILES, items={"a.txt": "..data/a..txt"}))


class TestMounts:
    VOLUME = EmptyDir(name="v")

    def test_everything_it_can_say(self, shop: Component, valid: Callable[..., Any]) -> None:
        mounts = [
            Mount(
                volume=self.VOLUME,
                path="/a",
                read_only=True,
                sub_path="x",
                mount_propagation="None",
                recursive_read_only="IfPossible",
            ),
            Mount(volume=self.VOLUME, path="/b", sub_path_expr="$(POD)"),
        ]
        spec = valid(deploy(shop, self.VOLUME, mounts=mounts))["template"]["spec"]
        assert spec["containers"][0]["volumeMounts"] == [
            {
                "name": "v",
                "mountPath": "/a",
                "readOnly": True,
                "subPath": "x",
                "mountPropagation": "None",
                "recursiveReadOnly": "IfPossible",
            },
            {"name": "v", "mountPath": "/b", "subPathExpr": "$(POD)"},
        ]

    @pytest.mark.parametrize(
        ("arguments", "field"),
        [
            ({"sub_path": "a", "sub_path_expr": "b"}, "sub_path_expr"),
            (
                {"read_only": True, "recursive_read_only": "Enabled", "mount_propagation": "HostToContainer"},
                "mount_propagation",
            ),
            ({"sub_path": "../a"}, "sub_path"),
            ({"recursive_read_only": "Enabled"}, "recursive_read_only"),
            ({"mount_propagation": "both"}, "mount_propagation"),
        ],
    )
    def test_what_excludes_each_other(
        self, shop: Component, refused: Callable[..., dict[str, str]], arguments: Any, field: str
    ) -> None:
        mount = Mount(volume=self.VOLUME, path="/a", **arguments)
        problems = refused(lambda: deploy(shop, self.VOLUME, mounts=[mount]))
        assert list(problems) == [f"containers[0].mounts[0].{field}"]

    def test_a_volume_is_mounted_as_an_object(
        self, shop: Component, refused: Callable[..., dict[str, str]]
    ) -> None:
        mount = Mount(volume="v", path="/a")  # type: ignore[arg-type]
        problems = refused(lambda: deploy(shop, self.VOLUME, mounts=[mount]))
        assert list(problems) == ["containers[0].mounts[0].volume"]
