"""Each control of the Pod Security Standards, and what it allows.

Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chores_infra.checks.pod_security import BASELINE, LATEST, RESTRICTED, violations
from chores_infra.checks.pods import pods_of
from chores_infra.checks.repository import Repository
from chores_infra.rendering.field_path import format_path

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop}\nspec: "
ALLOWED = (
    "runAsNonRoot: true, allowPrivilegeEscalation: false, "
    "seccompProfile: {type: Localhost}, capabilities: {drop: [ALL]}"
)


@pytest.fixture
def broken(repository: Callable[..., Repository]) -> Callable[..., list[tuple[str, str]]]:
    """The controls that a pod with this spec breaks, and where."""

    def find(spec: str, *, restricted: bool = False, version: int = LATEST) -> list[tuple[str, str]]:
        (resource,) = repository(POD + spec).resources
        (pod,) = pods_of(resource)
        return [
            (found.control.name, format_path(found.path))
            for found in violations(pod, restricted=restricted, version=version)
        ]

    return find


@pytest.mark.parametrize(
    ("spec", "control", "path"),
    [
        (
            "{securityContext: {windowsOptions: {hostProcess: true}}}",
            "HostProcess",
            "spec.securityContext.windowsOptions.hostProcess",
        ),
        ("{hostNetwork: true}", "Host Namespaces", "spec.hostNetwork"),
        ("{hostPID: true}", "Host Namespaces", "spec.hostPID"),
        ("{hostIPC: true}", "Host Namespaces", "spec.hostIPC"),
        (
            "{initContainers: [{securityContext: {privileged: true}}]}",
            "Privileged Containers",
            "spec.initContainers[0].securityContext.privileged",
        ),
        (
            "{containers: [{securityContext: {capabilities: {add: [CHOWN, NET_ADMIN]}}}]}",
            "Capabilities",
            "spec.containers[0].securityContext.capabilities.add[1]",
        ),
        ("{volumes: [{name: v, hostPath: {path: /}}]}", "HostPath Volumes", "spec.volumes[0].hostPath"),
        ("{containers: [{ports: [{hostPort: 80}]}]}", "Host Ports", "spec.containers[0].ports[0].hostPort"),
        (
            "{containers: [{livenessProbe: {httpGet: {host: example.com}}}]}",
            "Host Probes / Lifecycle Hooks",
            "spec.containers[0].livenessProbe.httpGet.host",
        ),
        (
            "{securityContext: {appArmorProfile: {type: Unconfined}}}",
            "AppArmor",
            "spec.securityContext.appArmorProfile.type",
        ),
        (
            "{securityContext: {seLinuxOptions: {type: spc_t}}}",
            "SELinux",
            "spec.securityContext.seLinuxOptions.type",
        ),
        (
            "{securityContext: {seLinuxOptions: {user: system_u}}}",
            "SELinux",
            "spec.securityContext.seLinuxOptions.user",
        ),
        (
            "{containers: [{securityContext: {procMount: Unmasked}}]}",
            "/proc Mount Type",
            "spec.containers[0].securityContext.procMount",
        ),
        (
            "{securityContext: {seccompProfile: {type: Unconfined}}}",
            "Seccomp",
            "spec.securityContext.seccompProfile.type",
        ),
        (
            "{securityContext: {sysctls: [{name: kernel.msgmax, value: '1'}]}}",
            "Sysctls",
            "spec.securityContext.sysctls[0].name",
        ),
    ],
)
def test_baseline(broken: Callable[..., list[tuple[str, str]]], spec: str, control: str, path: str) -> None:
    assert broken(spec) == [(control, path)]


@pytest.mark.parametrize(
    "spec",
    [
        "{hostNetwork: false, containers: [{securityContext: {privileged: false}}]}",
        "{containers: [{securityContext: {capabilities: {add: [NET_BIND_SERVICE, SYS_CHROOT]}}}]}",
        "{containers: [{ports: [{containerPort: 80, hostPort: 0}]}]}",
        "{containers: [{livenessProbe: {httpGet: {path: /, port: 80}}}]}",
        "{securityContext: {appArmorProfile: {type: Localhost}, seLinuxOptions: {type: container_engine_t}}}",
        "{securityContext: {sysctls: [{name: net.ipv4.tcp_rmem, value: '1'}]}}",
        "{securityContext: {seccompProfile: {type: RuntimeDefault}, runAsUser: 0}}",
        "{volumes: [{name: v, nfs: {path: /, server: nfs.example.com}}]}",
    ],
)
def test_what_the_baseline_allows(broken: Callable[..., list[tuple[str, str]]], spec: str) -> None:
    assert broken(spec) == []


@pytest.mark.parametrize(
    ("spec", "first"),
    [
        ("{securityContext: {sysctls: [{name: net.ipv4.tcp_rmem, value: '1'}]}}", 32),
        ("{securityContext: {sysctls: [{name: net.ipv4.tcp_fin_timeout, value: '1'}]}}", 29),
        ("{securityContext: {seLinuxOptions: {type: container_engine_t}}}", 31),
    ],
)
def test_what_later_versions_allow(
    broken: Callable[..., list[tuple[str, str]]], spec: str, first: int
) -> None:
    assert broken(spec, version=first - 1)
    assert not broken(spec, version=first)


def test_what_later_versions_forbid(broken: Callable[..., list[tuple[str, str]]]) -> None:
    spec = "{containers: [{livenessProbe: {tcpSocket: {host: 10.0.0.1, port: 80}}}]}"

    assert not broken(spec, version=33)
    assert broken(spec, version=34)


def test_the_annotations_of_app_armor(repository: Callable[..., Repository]) -> None:
    annotation = "container.apparmor.security.beta.kubernetes.io/shop"
    text = POD.replace("namespace: shop", f"annotations: {{{annotation}: %s}}")
    for value, count in (("unconfined", 1), ("runtime/default", 0), ("localhost/shop", 0)):
        (resource,) = repository(text % value + "{}").resources
        (pod,) = pods_of(resource)
        assert len(list(violations(pod, restricted=False))) == count


def test_a_pod_that_is_restricted(broken: Callable[..., list[tuple[str, str]]]) -> None:
    assert not broken(f"{{containers: [{{securityContext: {{{ALLOWED}}}}}]}}", restricted=True)
    assert not broken(
        "{securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, containers: [{"
        "securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL],"
        " add: [NET_BIND_SERVICE]}}}]}",
        restricted=True,
    )


@pytest.mark.parametrize(
    ("change", "control", "path"),
    [
        (("runAsNonRoot: true", "runAsNonRoot: false"), "Running as Non-root", "runAsNonRoot"),
        (("runAsNonRoot: true, ", ""), "Running as Non-root", "runAsNonRoot"),
        (("runAsNonRoot", "runAsUser: 0, runAsNonRoot"), "Running as Non-root user", "runAsUser"),
        (("Escalation: false", "Escalation: true"), "Privilege Escalation", "allowPrivilegeEscalation"),
        (("seccompProfile: {type: Localhost}, ", ""), "Seccomp", "seccompProfile.type"),
        (("[ALL]", "[CHOWN]"), "Capabilities", "capabilities.drop"),
        (("drop: [ALL]", "drop: [ALL], add: [CHOWN]"), "Capabilities", "capabilities.add[0]"),
    ],
)
def test_restricted(
    broken: Callable[..., list[tuple[str, str]]], change: tuple[str, str], control: str, path: str
) -> None:
    spec = f"{{containers: [{{securityContext: {{{ALLOWED.replace(*change)}}}}}]}}"

    assert broken(spec, restricted=True) == [(control, f"spec.containers[0].securityContext.{path}")]


def test_volume_types(broken: Callable[..., list[tuple[str, str]]]) -> None:
    spec = "{volumes: [{name: a, emptyDir: {}}, {name: b, nfs: {path: /, server: nfs.example.com}}]}"

    assert broken(spec, restricted=True) == [("Volume Types", "spec.volumes[1].nfs")]


def test_windows_has_no_linux_controls(broken: Callable[..., list[tuple[str, str]]]) -> None:
    spec = "{os: {name: windows}, securityContext: {runAsNonRoot: true}, containers: [{name: c}]}"

    assert broken(spec, restricted=True) == []


def test_every_control_is_there_once() -> None:
    assert len({control.name for control in BASELINE}) == len(BASELINE) == 12
    assert len({control.name for control in RESTRICTED}) == len(RESTRICTED) == 6
