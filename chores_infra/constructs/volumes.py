"""Volumes of pods.

Sources: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/volume/ and
https://kubernetes.io/docs/concepts/storage/volumes/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.config import (
    ConfigMap,
    MakesSecret,
    Secret,
    SecretSource,
)
from chores_infra.constructs.images import Image
from chores_infra.constructs.parts import Part, present
from chores_infra.constructs.projections import (
    DownwardApi,
    FileMode,
    Projected,
    RelativePath,
    ServiceAccountToken,
    check_items,
    content,
)
from chores_infra.constructs.storage import ClaimSpec, PersistentVolumeClaim
from chores_infra.fields import (
    AbsolutePath,
    DataKey,
    DnsLabel,
    DnsSubdomain,
    Items,
    Pairs,
    Quantity,
    Text,
)
from chores_infra.kubernetes_object import KubernetesObject

__all__ = [
    "ClaimVolume",
    "ConfigMapVolume",
    "CsiVolume",
    "DownwardApiVolume",
    "EmptyDir",
    "EphemeralVolume",
    "HostPath",
    "ImageVolume",
    "NfsVolume",
    "ProjectedVolume",
    "SecretVolume",
    "Volume",
]

References: TypeAlias = Iterator[tuple[str, KubernetesObject]]


@value_object
class _Named(Part):
    """What all volumes have: a name that is unique in the pod."""

    name: DnsLabel

    #: The field of the volume that holds everything else.
    source_field: ClassVar[str]

    def fields(self) -> Manifest:
        """The volume, for the manifest."""
        return {"name": self.name, self.source_field: self.details()}

    def details(self) -> Manifest:
        """What stands below the field of the source."""
        details = super().fields()
        del details["name"]
        return details

    def references(self) -> References:
        """The objects whose content the volume shows, with the argument that says so."""
        yield from ()


@value_object
class EmptyDir(_Named):
    """A folder that lives as long as the pod, on the node's disk or (``medium="Memory"``) in its memory."""

    source_field = "emptyDir"
    medium: Literal["Memory"] | None = None
    size_limit: Quantity | None = None


@value_object
class HostPath(_Named):
    """A file or folder of the node. Pods that have one are tied to what is on their node."""

    source_field = "hostPath"
    path: AbsolutePath
    type: (
        Literal[
            "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"
        ]
        | None
    ) = None

    def check(self, problems: Problems) -> None:
        """The API server refuses a way back up."""
        if ".." in self.path.split("/"):
            problems.add("path", f"expected a path without '..', found {self.path!r}")


@value_object
class ClaimVolume(_Named):
    """The storage of a PersistentVolumeClaim."""

    source_field = "persistentVolumeClaim"
    claim: PersistentVolumeClaim
    read_only: bool | None = None

    def details(self) -> Manifest:
        """The claim's name."""
        return present({"claimName": self.claim.name, "readOnly": self.read_only})

    def references(self) -> References:
        """The claim."""
        yield "claim", self.claim


@value_object
class EphemeralVolume(_Named, ClaimSpec):
    """Storage of a storage class that is made with the pod and goes with it. ``storage`` is in bytes."""

    source_field = "ephemeral"

    def details(self) -> Manifest:
        """The template of the claim."""
        return {"volumeClaimTemplate": {"spec": self.spec()}}

    def references(self) -> References:
        """The claim or snapshot that it starts from."""
        if self.data_source is not None:
            yield "data_source", self.data_source


@value_object
class ConfigMapVolume(_Named):
    """The keys of a ConfigMap as files; with ``items``, only those keys, at those paths."""

    source_field = "configMap"
    source: ConfigMap
    items: Pairs[DataKey, RelativePath] | None = None
    default_mode: FileMode | None = None
    optional: bool | None = None

    def check(self, problems: Problems) -> None:
        """Hold the items to the keys that are known."""
        check_items(self.source, self.items, problems, optional=self.optional)

    def details(self) -> Manifest:
        """The ConfigMap and its keys."""
        return content(self)

    def references(self) -> References:
        """The ConfigMap."""
        yield "source", self.source


@value_object
class SecretVolume(_Named):
    """The keys of a Secret as files; with ``items``, only those keys, at those paths."""

    source_field = "secret"
    source: SecretSource
    items: Pairs[DataKey, RelativePath] | None = None
    default_mode: FileMode | None = None
    optional: bool | None = None

    def check(self, problems: Problems) -> None:
        """Hold the items to the keys that are known."""
        check_items(self.source, self.items, problems, optional=self.optional)

    def details(self) -> Manifest:
        """The Secret and its keys."""
        return content(self, "secretName")

    def references(self) -> References:
        """The Secret."""
        yield "source", self.source


@value_object
class DownwardApiVolume(_Named, DownwardApi):
    """A volume of such files and nothing else; part of a ``ProjectedVolume`` it is a ``DownwardApi``."""

    source_field = "downwardAPI"
    default_mode: FileMode | None = None

    def details(self) -> Manifest:
        """The files."""
        items = [{"path": path, **field.fields()} for path, field in self.items.items()]
        return present({"items": items, "defaultMode": self.default_mode})


@value_object
class ProjectedVolume(_Named):
    """Several sources in one folder."""

    source_field = "projected"
    sources: Annotated[
        Items[ConfigMap | Secret | MakesSecret | Projected | ServiceAccountToken | DownwardApi],
        Field(min_length=1),
    ]
    default_mode: FileMode | None = None

    def details(self) -> Manifest:
        """The projections."""
        parts = [Projected(source=s) if isinstance(s, KubernetesObject) else s for s in self.sources]
        return present({"sources": [part.fields() for part in parts], "defaultMode": self.default_mode})

    def references(self) -> References:
        """The ConfigMaps and Secrets among the sources."""
        for index, source in enumerate(self.sources):
            if isinstance(source, Projected):
                yield f"sources[{index}].source", source.source
            elif isinstance(source, KubernetesObject):
                yield f"sources[{index}]", source


@value_object
class NfsVolume(_Named):
    """An export of an NFS server."""

    source_field = "nfs"
    server: Text
    path: AbsolutePath
    read_only: bool | None = None


@value_object
class CsiVolume(_Named):
    """A volume that a CSI driver provides for the life of the pod."""

    source_field = "csi"
    driver: DnsSubdomain
    read_only: bool | None = None
    fs_type: Text | None = None
    volume_attributes: Pairs[Text, str] | None = None


@value_object
class ImageVolume(_Named):
    """The content of an image, read-only."""

    source_field = "image"
    image: Image
    pull_policy: Literal["Always", "IfNotPresent", "Never"] | None = None

    def details(self) -> Manifest:
        """The image's reference."""
        return present({"reference": str(self.image), "pullPolicy": self.pull_policy})


Volume: TypeAlias = (
    EmptyDir
    | ConfigMapVolume
    | SecretVolume
    | ClaimVolume
    | ProjectedVolume
    | DownwardApiVolume
    | HostPath
    | EphemeralVolume
    | NfsVolume
    | CsiVolume
    | ImageVolume
)
