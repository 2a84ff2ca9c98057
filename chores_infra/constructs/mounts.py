"""Where containers see the volumes of their pod.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#volumes-1
"""

from __future__ import annotations

from typing import Literal

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.parts import Part
from chores_infra.constructs.projections import RelativePath
from chores_infra.constructs.storage import ClaimTemplate
from chores_infra.constructs.volumes import ClaimVolume, EphemeralVolume, Volume
from chores_infra.fields import AbsolutePath

__all__ = ["Device", "Mount"]


@value_object
class Mount(Part):
    """Where a container sees a volume of its pod.

    ``sub_path`` shows one file or folder of the volume; what is mounted that way is never updated while the
    pod runs.
    """

    volume: Volume | ClaimTemplate
    path: AbsolutePath
    read_only: bool | None = None
    sub_path: RelativePath | None = None
    sub_path_expr: RelativePath | None = None
    mount_propagation: Literal["None", "HostToContainer", "Bidirectional"] | None = None
    recursive_read_only: Literal["Disabled", "IfPossible", "Enabled"] | None = None

    def check(self, problems: Problems) -> None:
        """Refuse what excludes each other."""
        if _mode_of(self.volume) == "Block":
            problems.add(
                "volume", f"{self.volume.name!r} has no file system; give it to devices=[Device(...)]"
            )
        if self.sub_path is not None and self.sub_path_expr is not None:
            problems.add("sub_path_expr", "give sub_path or sub_path_expr, not both")
        if self.recursive_read_only in {None, "Disabled"}:
            return
        if not self.read_only:
            problems.add("recursive_read_only", "a mount is read-only in depth only with read_only=True")
        elif self.mount_propagation not in {None, "None"}:
            problems.add("mount_propagation", "a mount that is read-only in depth has none")

    def fields(self) -> Manifest:
        """The mount, for the manifest."""
        fields = {"name": self.volume.name, "mountPath": self.path, **super().fields()}
        del fields["volume"], fields["path"]
        return fields


@value_object
class Device(Part):
    """Where a container sees a volume of ``volume_mode="Block"``: as a device without a file system."""

    volume: ClaimVolume | EphemeralVolume | ClaimTemplate
    path: AbsolutePath

    def check(self, problems: Problems) -> None:
        """A volume with a file system is mounted."""
        if _mode_of(self.volume) == "Filesystem":
            message = f"{self.volume.name!r} has a file system; give it to mounts=[Mount(...)]"
            problems.add("volume", message)

    def fields(self) -> Manifest:
        """The device, for the manifest."""
        return {"name": self.volume.name, "devicePath": self.path}


def _mode_of(volume: Volume | ClaimTemplate) -> str | None:
    """Whether the volume has a file system or is a bare device; None where another party knows."""
    if isinstance(volume, ClaimVolume):
        return None if volume.claim.is_external else volume.claim.claim.volume_mode or "Filesystem"
    if isinstance(volume, EphemeralVolume | ClaimTemplate):
        return volume.volume_mode or "Filesystem"
    return "Filesystem"
