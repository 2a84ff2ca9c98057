"""Containers: one program of a pod, with everything it is given.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from chores_infra.arguments import OneOf, Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.env import (
    EnvFrom,
    EnvSource,
    EnvValue,
    PodField,
    ResourceField,
    check_env_sources,
    env_fields,
    env_from_fields,
    env_references,
)
from chores_infra.constructs.images import Image
from chores_infra.constructs.lifecycle import ExecHook, HttpHook, Lifecycle, SleepHook
from chores_infra.constructs.mounts import Device, Mount
from chores_infra.constructs.parts import Part, rendered, spelled
from chores_infra.constructs.probes import (
    ExecProbe,
    GrpcProbe,
    HttpHeader,
    HttpProbe,
    Probe,
    TcpProbe,
    check_probe,
    probed_port,
)
from chores_infra.constructs.resources import Resources
from chores_infra.constructs.security import SecurityContext
from chores_infra.fields import (
    AbsolutePath,
    DnsLabel,
    EnvName,
    IpAddress,
    Items,
    Pairs,
    PortName,
    PortNumber,
)
from chores_infra.kubernetes_object import KubernetesObject

__all__ = [
    "Container",
    "ContainerPort",
    "EnvFrom",
    "ExecHook",
    "ExecProbe",
    "GrpcProbe",
    "HttpHeader",
    "HttpHook",
    "HttpProbe",
    "Lifecycle",
    "PodField",
    "Probe",
    "ResourceField",
    "Resources",
    "SleepHook",
    "TcpProbe",
]

Protocol: TypeAlias = Literal["TCP", "UDP", "SCTP"]


@value_object
class ContainerPort(Part):
    """A port that a container listens on; a plain number stands for one without a name, of TCP."""

    name: PortName | None = None
    number: PortNumber
    protocol: Protocol | None = None
    host_port: PortNumber | None = None
    host_ip: IpAddress | None = None

    spelling = {"number": "containerPort"}  # noqa: RUF012  (a constant of the class)

    def check(self, problems: Problems) -> None:
        """An address of the node needs a port of the node."""
        if self.host_ip is not None and self.host_port is None:
            problems.add("host_ip", "give the host_port that is opened on this address of the node")

    @property
    def wire_protocol(self) -> Protocol:
        """The protocol, said or not."""
        return self.protocol or "TCP"

    def __str__(self) -> str:
        """The port as messages name it."""
        return f"{self.number} ({self.name!r})" if self.name is not None else str(self.number)


#: A port that a Service or probe may mean, by number or name.
ContainerPorts = Items[Annotated[PortNumber | ContainerPort, OneOf("a port number or a ContainerPort")]]


@value_object
class Container(Part):
    """One program of a pod.

    ``env`` maps names to text or to references (``secrets.key("TOKEN")``, ``PodField("status.podIP")``);
    ``env_from`` takes all keys of a ConfigMap or Secret. ``command`` replaces the image's entry point,
    ``args`` its arguments. With ``restart_policy="Always"`` an init container is a sidecar: it starts before
    the containers and runs as long as they do.

    >>> Container(name="web", image=Image(repository="shop", tag="1.4.2"), ports=[8000]).fields()
    {'name': 'web', 'image': 'shop:1.4.2', 'ports': [{'containerPort': 8000}]}
    """

    name: DnsLabel
    image: Image
    image_pull_policy: Literal["Always", "IfNotPresent", "Never"] | None = None
    restart_policy: Literal["Always"] | None = None
    command: Annotated[Items[str], Field(min_length=1)] | None = None
    args: Items[str] | None = None
    working_dir: AbsolutePath | None = None
    ports: ContainerPorts | None = None
    env_from: Items[EnvSource] | None = None
    env: Pairs[EnvName, EnvValue] | None = None
    resources: Resources | None = None
    mounts: Items[Mount] | None = None
    devices: Items[Device] | None = None
    readiness: Probe | None = None
    liveness: Probe | None = None
    startup: Probe | None = None
    lifecycle: Lifecycle | None = None
    security_context: SecurityContext | None = None
    termination_message_path: AbsolutePath | None = None
    termination_message_policy: Literal["File", "FallbackToLogsOnError"] | None = None
    stdin: bool | None = None
    stdin_once: bool | None = None
    tty: bool | None = None

    def check(self, problems: Problems) -> None:
        """Hold the parts of the container to each other."""
        ports = self.declared_ports
        _check_ports(ports, problems)
        _check_paths(self, problems)
        check_env_sources(self.env_from or [], problems)
        for role in _ROLES:
            probe = getattr(self, role)
            if probe is not None:
                check_probe(role, probe, problems)
                check_declared(probed_port(probe), ports, f"{role}.port", problems)
        if self.lifecycle is not None:
            for hook, port in self.lifecycle.ports():
                check_declared(port, ports, f"lifecycle.{hook}.port", problems)
        if self.stdin_once and not self.stdin:
            problems.add("stdin_once", "it has a meaning only with stdin=True")

    @property
    def declared_ports(self) -> list[ContainerPort]:
        """The ports, numbers among them made ports."""
        return [
            port if isinstance(port, ContainerPort) else ContainerPort(number=port)
            for port in self.ports or ()
        ]

    def references(self) -> Iterator[tuple[str, KubernetesObject]]:
        """Every object that the container reads its environment from, with the argument that says so."""
        return env_references(self.env, self.env_from)

    def fields(self) -> Manifest:
        """The container, for the manifest, in the order in which people write one."""
        return {
            _SPELLING.get(name) or spelled(name): _RENDERERS.get(name, rendered)(value)
            for name, value in vars(self).items()
            if value is not None
        }


_ROLES: tuple[Literal["readiness", "liveness", "startup"], ...] = ("readiness", "liveness", "startup")
_SPELLING = {
    "mounts": "volumeMounts",
    "devices": "volumeDevices",
    "readiness": "readinessProbe",
    "liveness": "livenessProbe",
    "startup": "startupProbe",
}


def _ports_fields(ports: Sequence[int | ContainerPort]) -> list[Manifest]:
    return [{"containerPort": port} if isinstance(port, int) else port.fields() for port in ports]


_RENDERERS: dict[str, Callable[[Any], Any]] = {
    "image": str,
    "ports": _ports_fields,
    "env_from": env_from_fields,
    "env": env_fields,
}


def check_declared(
    port: int | str | None, ports: Sequence[ContainerPort], argument: str, problems: Problems
) -> None:
    """Note a reference to a port that the container does not declare."""
    if port is None or any(port in {declared.number, declared.name} for declared in ports):
        return
    known = ", ".join(map(str, ports))
    problems.add(
        argument,
        f"expected a port that the container declares ({known}), found {port!r}"
        if known
        else f"the container declares no ports; add ports=[{port if isinstance(port, int) else '...'}]",
    )


def _check_ports(ports: Sequence[ContainerPort], problems: Problems) -> None:
    names: set[str] = set()
    numbers: set[tuple[int, str]] = set()
    for index, port in enumerate(ports):
        if port.name is not None and port.name in names:
            problems.add(f"ports[{index}].name", f"{port.name!r} is the name of another port already")
        if (port.number, port.wire_protocol) in numbers:
            problems.add(f"ports[{index}]", f"{port.number} of {port.wire_protocol} is declared already")
        names.add(port.name or "")
        numbers.add((port.number, port.wire_protocol))


def _check_paths(container: Container, problems: Problems) -> None:
    """Each mount and each device has a path of its own."""
    shown = [(f"mounts[{i}]", mount.path) for i, mount in enumerate(container.mounts or ())]
    shown += [(f"devices[{i}]", device.path) for i, device in enumerate(container.devices or ())]
    owners: dict[str, str] = {}
    for argument, path in shown:
        owner = owners.setdefault(path.rstrip("/") or "/", argument)
        if owner != argument:
            problems.add(f"{argument}.path", f"{path!r} is taken by {owner} already")
