"""What automated pruning would delete, and what stays.

Source: https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#no-prune-resources
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd}
spec:
  source: {repoURL: https://example.com/infrastructure, path: shop}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
  syncPolicy: {automated: {prune: PRUNE}}
"""
CLAIM = """\
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: shop}
spec: {accessModes: [ReadWriteOnce], storageClassName: disks, volumeName: one}
"""
STATEFUL_SET = """\
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec: {volumeClaimTemplates: [{metadata: {name: data}}]}
"""
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
BUCKET = """\
apiVersion: s3.aws.upbound.io/v1beta1
kind: Bucket
metadata: {name: files}
spec: {forProvider: {region: us-east-2, forceDestroy: true}}
"""
CLASS = (
    "---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: disks}\nreclaimPolicy: Retain\n"
)


def tree(text: str, prune: str = "true") -> dict[str, str]:
    return {"apps/shop.yaml": APPLICATION.replace("PRUNE", prune), "shop/data.yaml": text}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (CLAIM, "warning: .*the volume of this claim is deleted with it"),
        (BUCKET, "warning: .*the provider deletes this"),
        (
            "apiVersion: mysql.sql.crossplane.io/v1alpha1\nkind: Database\nmetadata: {name: shop}\n"
            "spec: {forProvider: {}}\n",
            "warning: .*the provider deletes this",
        ),
        (
            STATEFUL_SET.replace(
                "spec: {", "spec: {persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete}, "
            ),
            "warning: .*its claims are deleted",
        ),
        (NAMESPACE, "info: .*everything in this namespace"),
        (f"{NAMESPACE}---\n{STATEFUL_SET}", "warning: .*the data of StatefulSet/shop/db too"),
        (
            "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: db}\n",
            "warning: .*this database",
        ),
    ],
)
def test_what_is_lost(found: Callable[..., dict[str, str]], text: str, message: str) -> None:
    findings = found("pruned-data", tree(text))

    assert list(findings) == ["metadata.name"]
    before, _, after = message.partition(".*")
    assert findings["metadata.name"].startswith(f"{before}Application shop prunes by itself, and ")
    assert after in findings["metadata.name"]
    assert not found("pruned-data", tree(text, "false"))


@pytest.mark.parametrize(
    "text",
    [
        STATEFUL_SET,  # its claims survive it
        CLAIM.replace("namespace: shop}", "annotations: {argocd.argoproj.io/sync-options: Prune=false}}"),
        CLAIM.replace(
            "namespace: shop}",
            "annotations: {argocd.argoproj.io/sync-options: 'Delete=false,Prune=confirm'}}",
        ),
        CLAIM.replace("namespace: shop}", "annotations: {helm.sh/resource-policy: keep}}"),
        CLAIM + CLASS,
        CLAIM + "---\napiVersion: v1\nkind: PersistentVolume\nmetadata: {name: one}\n",
        BUCKET.replace("forceDestroy: true", "forceDestroy: false"),
        BUCKET.replace("spec: {", "spec: {deletionPolicy: Orphan, "),
        BUCKET.replace("spec: {", "spec: {managementPolicies: [Observe, Create], "),
    ],
)
def test_what_stays(found: Callable[..., dict[str, str]], text: str) -> None:
    assert not found("pruned-data", tree(text))
