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
from chores_infra.constructs.volumes import Volume
from chores_infra.fields import AbsolutePath

__all__ = ["Mount"]


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
        if self.sub_path is not None and self.sub_path_expr is not None:
            problems.add("sub_path_expr", "give sub_path or sub_path_expr, not both")
        if self.recursive_read_only not in {None, "Disabled"} and not self.read_only:
            problems.add("recursive_read_only", "a mount is read-only in depth only with read_only=True")

    def fields(self) -> Manifest:
        """The mount, for the manifest."""
        fields = {"name": self.volume.name, "mountPath": self.path, **super().fields()}
        del fields["volume"], fields["path"]
        return fields
