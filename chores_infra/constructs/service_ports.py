"""Ports of Services, and which port of a container each of them leads to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from chores_infra.arguments import Problems, value_object
from chores_infra.constructs.containers import ContainerPort, Protocol
from chores_infra.constructs.parts import Part
from chores_infra.constructs.workloads import Workload
from chores_infra.fields import DnsLabel, Matching, Port, PortNumber

__all__ = ["ServicePort", "check_service_ports", "resolve_ports"]

AppProtocol = Annotated[
    str,
    Matching(
        r"(?:[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?",
        317,
        "an application protocol such as 'http', 'grpc' or 'kubernetes.io/h2c'",
    ),
]


@value_object
class ServicePort(Part):
    """A port that clients of a Service connect to.

    ``target_port`` is the port of the container, by number or name. Without it: the container's only port,
    or the one of the same name, or of the same number.
    """

    name: DnsLabel | None = None
    number: PortNumber
    target_port: Port | None = None
    protocol: Protocol | None = None
    app_protocol: AppProtocol | None = None
    node_port: PortNumber | None = None

    spelling = {"number": "port"}  # noqa: RUF012  (a constant of the class)


def check_service_ports(ports: Sequence[ServicePort], problems: Problems, *, node_ports: bool) -> None:
    """Note names that are missing or double, numbers that are double, and ports of nodes where none are."""
    names: set[str] = set()
    numbers: set[tuple[int, str]] = set()
    for index, port in enumerate(ports):
        key = (port.number, port.protocol or "TCP")
        if port.name is None and len(ports) > 1:
            problems.add(f"ports[{index}].name", "each of several ports needs a name")
        elif port.name in names:
            problems.add(f"ports[{index}].name", f"{port.name!r} is the name of another port already")
        if key in numbers:
            problems.add(f"ports[{index}].number", f"{key[0]} of {key[1]} is there already")
        if port.node_port is not None and not node_ports:
            problems.add(f"ports[{index}].node_port", "only types NodePort and LoadBalancer have it")
        names.add(port.name or "")
        numbers.add(key)


def resolve_ports(
    ports: Sequence[ServicePort], selects: Workload, problems: Problems, *, argument: str
) -> list[ServicePort]:
    """The ports with their targets filled in; notes those that lead to no port of the workload."""
    resolved = []
    for index, port in enumerate(ports):
        place = argument if argument == "port" else f"{argument}[{index}]"
        target = _target(port, selects, problems, place)
        if target is None:
            continue
        if port.protocol is not None and port.protocol != target.wire_protocol:
            problems.add(
                f"{place}.protocol", f"expected {target.wire_protocol!r}, as port {target} of {selects.place}"
            )
        resolved.append(
            ServicePort(
                name=port.name,
                number=port.number,
                target_port=target.number if port.target_port is None else port.target_port,
                protocol=port.protocol or target.protocol,
                app_protocol=port.app_protocol,
                node_port=port.node_port,
            )
        )
    return resolved


def _target(port: ServicePort, selects: Workload, problems: Problems, place: str) -> ContainerPort | None:
    """The port of a container that is meant."""
    declared = selects.ports
    if port.target_port is not None:
        found = [p for p in declared if port.target_port in {p.number, p.name}]
    elif len(declared) == 1:
        found = list(declared)
    else:
        found = [p for p in declared if port.name is not None and p.name == port.name]
        found = found or [p for p in declared if p.number == port.number]
    if port.protocol is not None and len(found) > 1:
        found = [p for p in found if p.wire_protocol == port.protocol]
    if found:
        return found[0]
    target = "target_port" if place == "port" else f"{place}.target_port"
    if not declared:
        problems.add(place, f"no container of {selects.place} declares a port; add ports=[...] to one")
    else:
        known = ", ".join(map(str, declared))
        said = f"found {port.target_port!r}" if port.target_port is not None else "and none was said"
        problems.add(target, f"expected a port that {selects.place} declares ({known}), {said}")
    return None
