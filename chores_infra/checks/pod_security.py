"""The Pod Security Standards: each control, by the level and the version that it belongs to.

Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from chores_infra.checks.fields import at, each, items, mapping, text
from chores_infra.checks.pods import Pod
from chores_infra.rendering.field_path import FieldPath

__all__ = ["BASELINE", "LATEST", "RESTRICTED", "Control", "Violation", "minor_of", "violations"]

LATEST: Final = 1_000
"""A minor version that is after all others."""

_ADDED: Final = frozenset(
    {
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    }
)
_SELINUX: Final = {
    "": 0,
    "container_t": 0,
    "container_init_t": 0,
    "container_kvm_t": 0,
    "container_engine_t": 31,
}
_SYSCTLS: Final = {
    "kernel.shm_rmid_forced": 0,
    "net.ipv4.ip_local_port_range": 0,
    "net.ipv4.ip_unprivileged_port_start": 0,
    "net.ipv4.tcp_syncookies": 0,
    "net.ipv4.ping_group_range": 0,
    "net.ipv4.ip_local_reserved_ports": 27,
    "net.ipv4.tcp_keepalive_time": 29,
    "net.ipv4.tcp_fin_timeout": 29,
    "net.ipv4.tcp_keepalive_intvl": 29,
    "net.ipv4.tcp_keepalive_probes": 29,
    "net.ipv4.tcp_rmem": 32,
    "net.ipv4.tcp_wmem": 32,
}
"""What is allowed, and since which minor version."""
# hostPath is not among those of the standard; the baseline reports it.
_VOLUMES: Final = frozenset(
    {
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "hostPath",
        "persistentVolumeClaim",
        "projected",
        "secret",
    }
)
_SECCOMP: Final = ("RuntimeDefault", "Localhost")
_APP_ARMOR: Final = "container.apparmor.security.beta.kubernetes.io/"
_CONTEXT: Final = "securityContext"
_HOSTS: Final = tuple(
    f"{probe}.{action}.host"
    for probe in (
        "livenessProbe",
        "readinessProbe",
        "startupProbe",
        "lifecycle.postStart",
        "lifecycle.preStop",
    )
    for action in ("httpGet", "tcpSocket")
)


class Violation(NamedTuple):
    """A field that a control does not allow, and what it is; of a missing one, the path it would have."""

    control: Control
    path: FieldPath
    what: str


Found = Iterator[tuple[FieldPath, str]]


class Control(NamedTuple):
    """One control: its name in the standard, since which minor version, and what finds the violations."""

    name: str
    since: int
    find: Callable[[Pod, int], Found]
    for_windows: bool = True


def violations(pod: Pod, *, restricted: bool, version: int = LATEST) -> Iterator[Violation]:
    """What a pod breaks of one level; the controls of ``baseline`` are not repeated in ``restricted``.

    Args:
        pod: the pod, or the template of some.
        restricted: whether the controls of ``restricted`` are meant, else those of ``baseline``.
        version: the minor version of Kubernetes whose standard is meant.
    """
    windows = at(pod.spec, "os", "name") == "windows"
    for control in RESTRICTED if restricted else BASELINE:
        if control.since <= version and (control.for_windows or not windows):
            for path, what in control.find(pod, version):
                yield Violation(control, path, what)


def minor_of(version: str) -> int:
    """The minor version that a label of a namespace means.

    >>> minor_of("v1.31"), minor_of("latest") == LATEST
    (31, True)
    """
    found = re.fullmatch(r"v1\.(\d+)", version)
    return int(found[1]) if found else LATEST


def _contexts(pod: Pod) -> Iterator[tuple[FieldPath, Mapping[str, Any]]]:
    """The security contexts of a pod and its containers."""
    yield pod.field("spec", _CONTEXT), mapping(pod.spec.get(_CONTEXT))
    for path, container in pod.containers():
        yield (*path, _CONTEXT), mapping(container.get(_CONTEXT))


def _host_process(pod: Pod, _version: int) -> Found:
    for path, context in _contexts(pod):
        if at(context, "windowsOptions", "hostProcess") is True:
            yield (*path, "windowsOptions", "hostProcess"), "hostProcess is true"


def _host_namespaces(pod: Pod, _version: int) -> Found:
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.spec.get(field) is True:
            yield pod.field("spec", field), f"{field} is true"


def _privileged(pod: Pod, _version: int) -> Found:
    for path, container in pod.containers():
        if at(container, _CONTEXT, "privileged") is True:
            yield (*path, _CONTEXT, "privileged"), "privileged is true"


def _capabilities(pod: Pod, _version: int) -> Found:
    for path, name in _added(pod):
        if name not in _ADDED:
            yield path, f"the capability {name} is added"


def _added(pod: Pod) -> Found:
    for path, container in pod.containers():
        for below, name in each(container, "securityContext.capabilities.add[]"):
            yield (*path, *below), str(name)


def _host_paths(pod: Pod, _version: int) -> Found:
    for number, volume in enumerate(items(pod.spec.get("volumes"))):
        if isinstance(at(volume, "hostPath"), dict):
            path = pod.field("spec", "volumes", number, "hostPath")
            yield path, f"volume {at(volume, 'name')} is {at(volume, 'hostPath', 'path')} of the node"


def _host_ports(pod: Pod, _version: int) -> Found:
    for path, container in pod.containers():
        for below, port in each(container, "ports[].hostPort"):
            if port != 0:
                yield (*path, *below), f"hostPort {port} is a port of the node"


def _host_probes(pod: Pod, _version: int) -> Found:
    for path, container in pod.containers():
        for pattern in _HOSTS:
            for below, host in each(container, pattern):
                if host != "":
                    yield (*path, *below), f"the node would ask {host}"


def _app_armor(pod: Pod, _version: int) -> Found:
    for path, context in _contexts(pod):
        kind = at(context, "appArmorProfile", "type")
        if kind not in (None, *_SECCOMP):
            yield (*path, "appArmorProfile", "type"), f"the AppArmor profile is {kind}"
    for name, value in mapping(at(pod.template, "metadata", "annotations")).items():
        if name.startswith(_APP_ARMOR) and not re.fullmatch(r"|runtime/default|localhost/.*", text(value)):
            yield pod.field("metadata", "annotations", name), f"the AppArmor profile is {value}"


def _selinux(pod: Pod, version: int) -> Found:
    for path, context in _contexts(pod):
        options = mapping(context.get("seLinuxOptions"))
        if _SELINUX.get(text(options.get("type")), LATEST + 1) > version:
            yield (*path, "seLinuxOptions", "type"), f"the SELinux type is {options.get('type')}"
        for field in ("user", "role"):
            if options.get(field):
                yield (*path, "seLinuxOptions", field), f"the SELinux {field} is set"


def _proc_mount(pod: Pod, _version: int) -> Found:
    for path, container in pod.containers():
        kind = at(container, _CONTEXT, "procMount")
        if kind not in (None, "Default"):
            yield (*path, _CONTEXT, "procMount"), f"procMount is {kind}"


def _seccomp(pod: Pod, _version: int) -> Found:
    for path, context in _contexts(pod):
        if at(context, "seccompProfile", "type") == "Unconfined":
            yield (*path, "seccompProfile", "type"), "the seccomp profile is Unconfined"


def _sysctls(pod: Pod, version: int) -> Found:
    for path, name in each(pod.spec, "securityContext.sysctls[].name"):
        if _SYSCTLS.get(str(name), LATEST + 1) > version:
            yield pod.field("spec", *path), f"the sysctl {name} is set"


def _volume_types(pod: Pod, _version: int) -> Found:
    for number, volume in enumerate(items(pod.spec.get("volumes"))):
        for kind in sorted(set(mapping(volume)) - {"name"} - _VOLUMES):
            yield pod.field("spec", "volumes", number, kind), f"the volume is a {kind}"


def _escalation(pod: Pod, _version: int) -> Found:
    for path, container in pod.containers():
        if at(container, _CONTEXT, "allowPrivilegeEscalation") is not False:
            yield (*path, _CONTEXT, "allowPrivilegeEscalation"), "allowPrivilegeEscalation is not false"


def _non_root(pod: Pod, _version: int) -> Found:
    whole = at(pod.spec, _CONTEXT, "runAsNonRoot")
    if whole is False:
        yield pod.field("spec", _CONTEXT, "runAsNonRoot"), "runAsNonRoot is false"
    for path, container in pod.containers():
        own = at(container, _CONTEXT, "runAsNonRoot")
        if own is not True and (own is not None or whole is not True):
            yield (*path, _CONTEXT, "runAsNonRoot"), "runAsNonRoot is not true"


def _root_user(pod: Pod, _version: int) -> Found:
    for path, context in _contexts(pod):
        user = context.get("runAsUser")
        if user == 0 and not isinstance(user, bool):
            yield (*path, "runAsUser"), "runAsUser is 0"


def _seccomp_set(pod: Pod, _version: int) -> Found:
    whole = at(pod.spec, _CONTEXT, "seccompProfile", "type")
    for path, container in pod.containers():
        kind = at(container, _CONTEXT, "seccompProfile", "type")
        if kind not in _SECCOMP and (kind is not None or whole not in _SECCOMP):
            yield (*path, _CONTEXT, "seccompProfile", "type"), "the seccomp profile is not set"


def _all_dropped(pod: Pod, _version: int) -> Found:
    for path, container in pod.containers():
        if "ALL" not in items(at(container, _CONTEXT, "capabilities", "drop")):
            yield (*path, _CONTEXT, "capabilities", "drop"), "capabilities are not dropped (ALL)"
    for path, name in _added(pod):
        if name in _ADDED and name != "NET_BIND_SERVICE":
            yield path, f"the capability {name} is added"


BASELINE: Final = (
    Control("HostProcess", 0, _host_process),
    Control("Host Namespaces", 0, _host_namespaces),
    Control("Privileged Containers", 0, _privileged),
    Control("Capabilities", 0, _capabilities),
    Control("HostPath Volumes", 0, _host_paths),
    Control("Host Ports", 0, _host_ports),
    Control("Host Probes / Lifecycle Hooks", 34, _host_probes),
    Control("AppArmor", 0, _app_armor),
    Control("SELinux", 0, _selinux),
    Control("/proc Mount Type", 0, _proc_mount),
    Control("Seccomp", 0, _seccomp),
    Control("Sysctls", 0, _sysctls),
)
RESTRICTED: Final = (
    Control("Volume Types", 0, _volume_types),
    Control("Privilege Escalation", 8, _escalation, for_windows=False),
    Control("Running as Non-root", 0, _non_root),
    Control("Running as Non-root user", 23, _root_user),
    Control("Seccomp", 19, _seccomp_set, for_windows=False),
    Control("Capabilities", 22, _all_dropped, for_windows=False),
)
"""The controls of each level, in the order of the standard; ``restricted`` has those of the baseline, too."""
