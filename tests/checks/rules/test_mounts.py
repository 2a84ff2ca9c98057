"""What mounts hide, and what a read-only root leaves to write to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

POD = """\
apiVersion: v1
kind: Pod
metadata: {{name: shop, namespace: shop}}
spec:
  initContainers: [{{name: fill, volumeMounts: [{{name: filled, mountPath: /fill}}]}}]
  containers:
  - name: shop
    image: {image}
    securityContext: {{readOnlyRootFilesystem: {read_only}}}
    volumeMounts: [{mounts}]
  volumes:
  - {{name: empty, emptyDir: {{}}}}
  - {{name: filled, emptyDir: {{}}}}
  - {{name: disk, persistentVolumeClaim: {{claimName: disk}}}}
  - {{name: settings, configMap: {{name: settings}}}}
  - {{name: picked, configMap: {{name: settings, items: [{{key: app.yaml, path: conf/app.yaml}}]}}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: settings, namespace: shop}}
data: {{app.yaml: ""}}
"""


def pod(mounts: str, image: str = "registry.example.com/shop:1.4.2", read_only: str = "false") -> str:
    return POD.format(mounts=mounts, image=image, read_only=read_only)


@pytest.mark.parametrize(
    ("mounts", "message"),
    [
        (
            "{name: disk, mountPath: /srv/}, {name: empty, mountPath: /srv/./}",
            "error: /srv/./ is the same folder as /srv/, where disk is mounted",
        ),
        (
            "{name: disk, mountPath: /data}, {name: settings, mountPath: /etc}",
            "warning: volume settings hides /etc of the image, which its programs need",
        ),
        (
            "{name: disk, mountPath: /data}, {name: empty, mountPath: /etc/shop}",
            "warning: volume empty is empty and hides the configuration that the image has in /etc/shop",
        ),
        (
            "{name: picked, mountPath: /app}, {name: empty, mountPath: /app/conf}",
            "warning: volume empty hides conf/app.yaml of volume picked",
        ),
        (
            "{name: settings, mountPath: /app}, {name: disk, mountPath: /app/app.yaml}",
            "warning: volume disk hides app.yaml of volume settings",
        ),
    ],
)
def test_a_mount_that_hides(found: Callable[..., dict[str, str]], mounts: str, message: str) -> None:
    findings = found("mount-hides", pod(mounts))

    assert findings == {"spec.containers[0].volumeMounts[1].mountPath": message}


@pytest.mark.parametrize(
    "mounts",
    [
        # The kubelet makes the folders of nested mounts, and the runtime mounts the outer one first.
        "{name: disk, mountPath: /data}, {name: settings, mountPath: /data/conf}",
        "{name: settings, mountPath: /etc/app.yaml, subPath: app.yaml}",
        "{name: settings, mountPath: /app}, {name: picked, mountPath: /app/app.yaml, subPath: conf/app.yaml}",
        "{name: filled, mountPath: /etc/shop}",
        "{name: empty, mountPath: /etc/shop/conf.d}",
        "{name: empty, mountPath: /etc/shop}, {name: settings, mountPath: /etc/shop/app.yaml, subPath: a}",
    ],
)
def test_mounts_beside_each_other(found: Callable[..., dict[str, str]], mounts: str) -> None:
    assert not found("mount-hides", pod(mounts))


def test_a_folder_twice_in_a_kind_whose_schema_does_not_say_so(found: Callable[..., dict[str, str]]) -> None:
    rollout = """\
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop, namespace: shop}
spec:
  template:
    spec:
      containers: [{volumeMounts: [{name: a, mountPath: /x}, {name: b, mountPath: /x}]}]
"""
    assert list(found("mount-hides", rollout)) == [
        "spec.template.spec.containers[0].volumeMounts[1].mountPath"
    ]


@pytest.mark.parametrize(
    ("image", "mounts", "message"),
    [
        # Both are written when the image starts: https://hub.docker.com/_/nginx
        ("nginx:1.27.3", "", "warning: nginx writes to /var/cache/nginx and /var/run"),
        (
            "nginx:1.27.3",
            "{name: empty, mountPath: /var/cache/nginx}",
            "warning: nginx writes to /var/run",
        ),
        ("shop:1.4.2", "", "info: the container has no folder that it can write to"),
        (
            "shop:1.4.2",
            "{name: settings, mountPath: /app}, {name: disk, mountPath: /data, readOnly: true}",
            "info: the container has no folder that it can write to",
        ),
    ],
)
def test_nothing_to_write_to(
    found: Callable[..., dict[str, str]], image: str, mounts: str, message: str
) -> None:
    findings = found("read-only-root", pod(mounts, image, "true"))

    assert findings == {"spec.containers[0].securityContext.readOnlyRootFilesystem": message}


@pytest.mark.parametrize(
    ("image", "mounts", "read_only"),
    [
        ("nginx:1.27.3", "{name: empty, mountPath: /var/cache}, {name: disk, mountPath: /run}", "true"),
        ("shop:1.4.2", "{name: empty, mountPath: /tmp}", "true"),
        ("nginx:1.27.3", "", "false"),
    ],
)
def test_enough_to_write_to(
    found: Callable[..., dict[str, str]], image: str, mounts: str, read_only: str
) -> None:
    assert not found("read-only-root", pod(mounts, image, read_only))
