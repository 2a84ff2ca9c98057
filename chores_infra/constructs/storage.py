"""Storage that outlives pods: claims, and the templates from which a StatefulSet makes one for each pod.

Source: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/persistent-volume-claim-v1/
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from chores_infra.arguments import OneOf, Problems, checked, value_object
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.parts import Part, present, rendered
from chores_infra.constructs.references import check_same_namespace
from chores_infra.constructs.resources import amount
from chores_infra.constructs.scheduling import LabelSelector
from chores_infra.errors import ConstructError
from chores_infra.fields import Annotations, DnsLabel, DnsSubdomain, Items, Labels, Quantity
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["ClaimTemplate", "PersistentVolumeClaim", "VolumeSnapshot"]

AccessMode: TypeAlias = Literal["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]
AccessModes = Annotated[Items[AccessMode], Field(min_length=1)]
#: An empty text is a class, too: volumes that exist without one.
StorageClassName = Annotated[str, Field(max_length=253)]


class VolumeSnapshot(KubernetesObject):
    """The content of a volume at one time. It is taken in the cluster, and declared here to start from it.

    ``VolumeSnapshot.existing("nightly")`` is a ``data_source`` of a claim.
    """

    api_version = "snapshot.storage.k8s.io/v1"
    kind = "VolumeSnapshot"

    def __init__(self, *_arguments: object, **_values: object) -> None:
        raise ConstructError.of(
            "VolumeSnapshot",
            "",
            "a snapshot is taken in the cluster; refer to VolumeSnapshot.existing(name), or render one with "
            "Resource(...)",
        )


@value_object
class ClaimSpec(Part):
    """What a claim asks for, whether it stands alone or comes with a pod."""

    storage: Quantity
    storage_limit: Quantity | None = None
    access_modes: AccessModes = ("ReadWriteOnce",)
    storage_class: StorageClassName | None = None
    volume_attributes_class: DnsSubdomain | None = None
    volume_mode: Literal["Filesystem", "Block"] | None = None
    selector: LabelSelector | None = None
    data_source: DataSource | None = None

    def check(self, problems: Problems) -> None:
        """Sizes are whole bytes, and fit each other."""
        size = _bytes(self.storage, "storage", problems)
        if self.storage_limit is not None:
            limit = _bytes(self.storage_limit, "storage_limit", problems)
            if size is not None and limit is not None and limit < size:
                problems.add("storage_limit", f"expected at least storage ({self.storage}), found less")
        source = self.data_source
        if isinstance(source, PersistentVolumeClaim) and not source.is_external and size is not None:
            copied = source.claim.storage
            if size < amount(copied):
                problems.add("storage", f"expected at least that of the claim it copies, {copied}")
        if self.access_modes != ["ReadWriteOncePod"] and "ReadWriteOncePod" in self.access_modes:
            problems.add("access_modes", "ReadWriteOncePod stands alone: one pod cannot be many as well")

    def spec(self, volume_name: str | None = None) -> Manifest:
        """The ``spec`` of the claim."""
        sizes = {"requests": {"storage": self.storage}}
        if self.storage_limit is not None:
            sizes["limits"] = {"storage": self.storage_limit}
        spec = {
            "accessModes": list(self.access_modes),
            "storageClassName": self.storage_class,
            "volumeAttributesClassName": self.volume_attributes_class,
            "volumeMode": self.volume_mode,
            "volumeName": volume_name,
            "selector": rendered(self.selector),
            "resources": sizes,
            "dataSource": None if self.data_source is None else _reference(self.data_source),
        }
        return present(spec)


@value_object
class ClaimTemplate(ClaimSpec):
    """A claim that a StatefulSet makes for each of its pods, and that stays with the pod of that number.

    Containers mount it as ``Mount(volume=data, path="/var/lib/mysql")``. The claims are named
    ``<name>-<name of the pod>``.
    """

    name: DnsLabel
    labels: Labels | None = None
    annotations: Annotations | None = None

    def fields(self) -> Manifest:
        """The template, for the manifest."""
        metadata = present(
            {"name": self.name, "labels": rendered(self.labels), "annotations": rendered(self.annotations)}
        )
        return {"metadata": metadata, "spec": self.spec()}


class PersistentVolumeClaim(KubernetesObject):
    """A request for storage; pods mount it through a ``ClaimVolume``.

    ``storage`` is its size in bytes, such as ``"10Gi"``. Without ``storage_class`` the cluster's default
    class provides it; an empty text asks for a volume that exists without one. ``volume_name`` asks for one
    volume, ``selector`` for one with these labels. ``data_source`` is what it holds at first: a copy of
    another claim, or of a ``VolumeSnapshot``.

    >>> from chores_infra.construct import Tree
    >>> claim = PersistentVolumeClaim(Tree(), "data", name="uploads", storage="10Gi")
    >>> claim.manifest["spec"]
    {'accessModes': ['ReadWriteOnce'], 'resources': {'requests': {'storage': '10Gi'}}}

    Raises:
        ConstructError: a name, size or mode that the API server would refuse, or a source that does not fit.
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
        storage_limit: Quantity | None = None,
        access_modes: AccessModes = ("ReadWriteOnce",),
        storage_class: StorageClassName | None = None,
        volume_attributes_class: DnsSubdomain | None = None,
        volume_mode: Literal["Filesystem", "Block"] | None = None,
        volume_name: DnsSubdomain | None = None,
        selector: LabelSelector | None = None,
        data_source: DataSource | None = None,
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        self.claim = ClaimSpec(
            storage=storage,
            storage_limit=storage_limit,
            access_modes=list(access_modes),
            storage_class=storage_class,
            volume_attributes_class=volume_attributes_class,
            volume_mode=volume_mode,
            selector=selector,
            data_source=data_source,
        )
        self.claim.check(problems)
        if data_source is not None:
            check_same_namespace(problems, "data_source", data_source, namespace_in(scope, namespace))
        problems.raise_if_any()
        self.volume_name = volume_name
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``."""
        return {"spec": self.claim.spec(self.volume_name)}


DataSource: TypeAlias = Annotated[
    PersistentVolumeClaim | VolumeSnapshot,
    OneOf("a PersistentVolumeClaim or a VolumeSnapshot, not its name"),
]


def _reference(source: PersistentVolumeClaim | VolumeSnapshot) -> Manifest:
    group = source.api_version.rpartition("/")[0]
    return {**({"apiGroup": group} if group else {}), "kind": source.kind, "name": source.name}


def _bytes(quantity: str, argument: str, problems: Problems) -> Fraction | None:
    """The size in bytes; notes what is none."""
    try:
        size = amount(quantity)
    except ValueError as error:
        problems.add(argument, str(error))
        return None
    if size <= 0 or size.denominator != 1:
        problems.add(argument, f"expected a size in whole bytes, such as '10Gi', found {quantity!r}")
        return None
    return size
