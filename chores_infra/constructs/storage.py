"""Storage that outlives pods: claims.

Source: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/persistent-volume-claim-v1/
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from chores_infra.arguments import Problems, checked
from chores_infra.construct import Manifest, Scope
from chores_infra.constructs.parts import rendered
from chores_infra.constructs.resources import amount
from chores_infra.fields import Annotations, DnsLabel, DnsSubdomain, Items, Labels, Quantity
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["PersistentVolumeClaim"]

AccessMode: TypeAlias = Literal["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]
AccessModes = Annotated[Items[AccessMode], Field(min_length=1)]


class PersistentVolumeClaim(KubernetesObject):
    """A request for storage; pods mount it through a ``ClaimVolume``.

    ``storage`` is its size in bytes, such as ``"10Gi"``. Without ``storage_class`` the cluster's default
    class provides it; an empty text asks for a volume that exists without one.

    Raises:
        ConstructError: a name, size or mode that the API server would refuse.
    """

    api_version = "v1"
    kind = "PersistentVolumeClaim"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        storage: Quantity,
        access_modes: AccessModes = ("ReadWriteOnce",),
        storage_class: Annotated[str, Field(max_length=253)] | None = None,
        volume_mode: Literal["Filesystem", "Block"] | None = None,
        volume_name: DnsSubdomain | None = None,
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        check_storage(storage, "storage", problems)
        problems.raise_if_any()
        self.storage = storage
        self.access_modes = list(access_modes)
        self.storage_class = storage_class
        self.volume_mode = volume_mode
        self.volume_name = volume_name
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``."""
        return {
            "spec": claim_spec(
                access_modes=self.access_modes,
                storage_class=self.storage_class,
                storage=self.storage,
                volume_mode=self.volume_mode,
                volume_name=self.volume_name,
            )
        }


def claim_spec(
    *,
    access_modes: list[AccessMode],
    storage: str,
    storage_class: str | None,
    volume_mode: str | None = None,
    volume_name: str | None = None,
) -> Manifest:
    """The ``spec`` of a claim, for claims of their own and for those that come with a pod."""
    spec = {
        "accessModes": rendered(access_modes),
        "storageClassName": storage_class,
        "volumeMode": volume_mode,
        "volumeName": volume_name,
        "resources": {"requests": {"storage": storage}},
    }
    return {name: value for name, value in spec.items() if value is not None}


def check_storage(storage: str, argument: str, problems: Problems) -> None:
    """A size is more than nothing."""
    try:
        size = amount(storage)
    except ValueError as error:
        problems.add(argument, str(error))
        return
    if size <= 0 or size.denominator != 1:
        problems.add(argument, f"expected a size in whole bytes, such as '10Gi', found {storage!r}")
