"""Volumes of pods, and where containers mount them.

Sources: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/volume/ and
https://kubernetes.io/docs/concepts/storage/volumes/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import KubernetesObject, Manifest
from chores_infra.constructs.config import (
    ConfigMap,
    KeySource,
    MakesSecret,
    Secret,
    SecretSource,
    key_problem,
)
from chores_infra.constructs.env import PodField, ResourceField
from chores_infra.constructs.images import Image
from chores_infra.constructs.parts import Part
from chores_infra.constructs.storage import AccessModes, PersistentVolumeClaim, check_storage, claim_spec
from chores_infra.fields import (
    AbsolutePath,
    DataKey,
    DnsLabel,
    DnsSubdomain,
    Items,
    Matching,
    Pairs,
    Quantity,
    Text,
)

__all__ = [
    "ClaimVolume",
    "ConfigMapVolume",
    "CsiVolume",
    "DownwardApi",
    "DownwardApiVolume",
    "EmptyDir",
    "EphemeralVolume",
    "HostPath",
    "ImageVolume",
    "Mount",
    "NfsVolume",
    "Projected",
    "ProjectedVolume",
    "SecretVolume",
    "ServiceAccountToken",
    "Volume",
]

#: Permission bits; write them in octal: ``0o440``.
FileMode = Annotated[int, Field(ge=0, le=0o777)]
RelativePath = Annotated[
    str,
    Matching(r"(?!/)(?!(?:.*/)?\.\.(?:/|\Z))[^\x00]+", 4096, "a relative path without '..'", lookahead=True),
]
"""A path inside a volume: it cannot lead out of it."""


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
        return _present({"claimName": self.claim.name, "readOnly": self.read_only})

    def references(self) -> References:
        """The claim."""
        yield "claim", self.claim


@value_object
class EphemeralVolume(_Named):
    """Storage of a storage class that is made with the pod and goes with it. ``storage`` is in bytes."""

    source_field = "ephemeral"
    storage: Quantity
    access_modes: AccessModes = ("ReadWriteOnce",)
    storage_class: DnsSubdomain | None = None

    def check(self, problems: Problems) -> None:
        """A size is more than nothing."""
        check_storage(self.storage, "storage", problems)

    def details(self) -> Manifest:
        """The template of the claim."""
        spec = claim_spec(
            access_modes=list(self.access_modes), storage=self.storage, storage_class=self.storage_class
        )
        return {"volumeClaimTemplate": {"spec": spec}}


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
        _check_items(self.source, self.items, problems, optional=self.optional)

    def details(self) -> Manifest:
        """The ConfigMap and its keys."""
        return _content("name", self)

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
        _check_items(self.source, self.items, problems, optional=self.optional)

    def details(self) -> Manifest:
        """The Secret and its keys."""
        return _content("secretName", self)

    def references(self) -> References:
        """The Secret."""
        yield "source", self.source


@value_object
class Projected(Part):
    """Keys of a ConfigMap or Secret inside a :class:`ProjectedVolume`, at paths of their own."""

    source: KeySource
    items: Pairs[DataKey, RelativePath] | None = None
    optional: bool | None = None

    def check(self, problems: Problems) -> None:
        """Hold the items to the keys that are known."""
        _check_items(self.source, self.items, problems, optional=self.optional)

    def fields(self) -> Manifest:
        """The projection, for the manifest."""
        return {"configMap" if isinstance(self.source, ConfigMap) else "secret": _content("name", self)}


@value_object
class ServiceAccountToken(Part):
    """A token of the pod's service account as a file inside a :class:`ProjectedVolume`.

    ``expiration_seconds`` is at least 600; the kubelet renews the token in time.
    """

    path: RelativePath
    audience: Text | None = None
    expiration_seconds: Annotated[int, Field(ge=600, le=2**32)] | None = None

    def fields(self) -> Manifest:
        """The projection, for the manifest."""
        return {"serviceAccountToken": super().fields()}


@value_object
class DownwardApi(Part):
    """Fields of the pod's metadata, and resources of its containers, as files."""

    items: Annotated[Pairs[RelativePath, PodField | ResourceField], Field(min_length=1)]

    def check(self, problems: Problems) -> None:
        """Files know less than variables: no addresses; and a resource needs to say of which container."""
        for path, item in self.items.items():
            if isinstance(item, ResourceField):
                if item.container_name is None:
                    problems.add(f"items.{path}", "give the container_name: a file belongs to no container")
            elif not item.path.startswith("metadata."):
                problems.add(f"items.{path}", f"expected a field of metadata, found {item.path!r}")

    def fields(self) -> Manifest:
        """The projection, for the manifest."""
        items = [{"path": path, **field.fields()} for path, field in self.items.items()]
        return {"downwardAPI": {"items": items}}


@value_object
class DownwardApiVolume(_Named, DownwardApi):
    """A volume of such files and nothing else; part of a ``ProjectedVolume`` it is a ``DownwardApi``."""

    source_field = "downwardAPI"
    default_mode: FileMode | None = None

    def details(self) -> Manifest:
        """The files."""
        items = [{"path": path, **field.fields()} for path, field in self.items.items()]
        return _present({"items": items, "defaultMode": self.default_mode})


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
        return _present({"sources": [part.fields() for part in parts], "defaultMode": self.default_mode})

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
        return _present({"reference": str(self.image), "pullPolicy": self.pull_policy})


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


@value_object
class Mount(Part):
    """Where a container sees a volume of its pod.

    ``sub_path`` shows one file or folder of the volume; what is mounted that way is never updated while the
    pod runs.
    """

    volume: Volume
    path: AbsolutePath
    read_only: bool | None = None
    sub_path: RelativePath | None = None
    sub_path_expr: RelativePath | None = None
    mount_propagation: Literal["None", "HostToContainer", "Bidirectional"] | None = None
    recursive_read_only: Literal["Disabled", "IfPossible", "Enabled"] | None = None

    def check(self, problems: Problems) -> None:
        """Refuse what excludes each other."""
        if self.sub_path is not None and self.sub_path_expr is not None:
            problems.add("sub_path_expr", "give sub_path or sub_path_expr, not both")
        if self.recursive_read_only not in {None, "Disabled"} and not self.read_only:
            problems.add("recursive_read_only", "a mount is read-only in depth only with read_only=True")

    def fields(self) -> Manifest:
        """The mount, for the manifest."""
        fields = {"name": self.volume.name, "mountPath": self.path, **super().fields()}
        del fields["volume"], fields["path"]
        return fields


def _present(fields: Manifest) -> Manifest:
    return {name: value for name, value in fields.items() if value is not None}


def _check_items(
    source: ConfigMap | Secret | MakesSecret,
    items: Mapping[str, str] | None,
    problems: Problems,
    *,
    optional: bool | None,
) -> None:
    for key in items or ():
        if not optional and (wrong := key_problem(source, key)):
            problems.add(f"items.{key}", wrong)


def _content(name_field: str, volume: ConfigMapVolume | SecretVolume | Projected) -> Manifest:
    """What volumes of ConfigMaps and Secrets say of their source, whose name has two names in the API."""
    source = volume.source.secret if isinstance(volume.source, MakesSecret) else volume.source
    items = None if volume.items is None else [{"key": k, "path": p} for k, p in volume.items.items()]
    return _present(
        {
            name_field: source.name,
            "items": items,
            "defaultMode": getattr(volume, "default_mode", None),
            "optional": volume.optional,
        }
    )
