"""What pods and containers are allowed to do: users, capabilities, profiles.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#security-context
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.constructs.parts import Part
from chores_infra.fields import Items, Matching, Text

__all__ = [
    "AppArmorProfile",
    "Capabilities",
    "PodSecurityContext",
    "SeLinuxOptions",
    "SeccompProfile",
    "SecurityContext",
    "Sysctl",
]

UserId = Annotated[int, Field(ge=0, le=2**31 - 1)]
Capability = Annotated[
    str, Matching(r"[A-Z][A-Z0-9_]*", 63, "a capability without 'CAP_', such as 'NET_BIND_SERVICE' or 'ALL'")
]


@value_object
class _Profile(Part):
    type: Literal["RuntimeDefault", "Localhost", "Unconfined"]
    localhost_profile: Text | None = None

    def check(self, problems: Problems) -> None:
        """A profile of the node has a name, the others have none."""
        if (self.type == "Localhost") != (self.localhost_profile is not None):
            problems.add("localhost_profile", "give it with type 'Localhost', and only then")


@value_object
class SeccompProfile(_Profile):
    """Which system calls may be made; ``localhost_profile`` is a file below the kubelet's seccomp folder."""


@value_object
class AppArmorProfile(_Profile):
    """Which AppArmor profile confines the processes; ``localhost_profile`` is one loaded on the node."""


@value_object
class Capabilities(Part):
    """Parts of root's power to add or drop, without the ``CAP_`` before their names."""

    add: Items[Capability] | None = None
    drop: Items[Capability] | None = None

    def check(self, problems: Problems) -> None:
        """``CAP_NET_ADMIN`` is accepted by the API server and known to no runtime."""
        for name in ("add", "drop"):
            for index, capability in enumerate(getattr(self, name) or ()):
                if capability.startswith("CAP_"):
                    problems.add(f"{name}[{index}]", f"expected it without 'CAP_': {capability[4:]!r}")


@value_object
class SeLinuxOptions(Part):
    """The SELinux label of the processes."""

    user: Text | None = None
    role: Text | None = None
    type: Text | None = None
    level: Text | None = None


@value_object
class Sysctl(Part):
    """A kernel parameter of the pod's namespaces."""

    name: Annotated[
        str,
        Matching(
            r"[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?(?:[./][a-z0-9](?:[-_a-z0-9]*[a-z0-9])?)*",
            253,
            "a kernel parameter such as 'net.core.somaxconn'",
        ),
    ]
    value: str


@value_object
class _Identity(Part):
    """The fields that pods and containers share; a container's win."""

    run_as_user: UserId | None = None
    run_as_group: UserId | None = None
    run_as_non_root: bool | None = None
    se_linux_options: SeLinuxOptions | None = None
    seccomp_profile: SeccompProfile | None = None
    app_armor_profile: AppArmorProfile | None = None

    def check(self, problems: Problems) -> None:
        """A pod that must not run as root and runs as user 0 never starts."""
        if self.run_as_non_root and self.run_as_user == 0:
            problems.add(
                "run_as_user", "0 is root, which run_as_non_root=True forbids; the pod would not start"
            )


@value_object
class PodSecurityContext(_Identity):
    """What every container of a pod runs as, and the owner of its volumes."""

    fs_group: UserId | None = None
    fs_group_change_policy: Literal["Always", "OnRootMismatch"] | None = None
    supplemental_groups: Items[UserId] | None = None
    supplemental_groups_policy: Literal["Merge", "Strict"] | None = None
    sysctls: Items[Sysctl] | None = None


@value_object
class SecurityContext(_Identity):
    """What one container may do."""

    allow_privilege_escalation: bool | None = None
    privileged: bool | None = None
    read_only_root_filesystem: bool | None = None
    capabilities: Capabilities | None = None
    proc_mount: Literal["Default", "Unmasked"] | None = None

    def check(self, problems: Problems) -> None:
        """Besides the user: privileged containers, and those with SYS_ADMIN, always can escalate."""
        super().check(problems)
        added = (self.capabilities and self.capabilities.add) or ()
        if self.allow_privilege_escalation is False and (self.privileged or "SYS_ADMIN" in added):
            problems.add(
                "allow_privilege_escalation",
                "it cannot be False in a container that is privileged or adds SYS_ADMIN",
            )
