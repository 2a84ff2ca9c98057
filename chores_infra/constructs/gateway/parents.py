"""What routes attach to, for which hosts: Gateways and their listeners, or Services in a mesh."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, TypeAlias

from pydantic import Field

from chores_infra.arguments import OneOf, Problems
from chores_infra.construct import Manifest
from chores_infra.constructs.gateway.gateways import Gateway, GatewayListener
from chores_infra.constructs.gateway.listeners import Listener, hosts_meet
from chores_infra.constructs.references import namespace_to_name
from chores_infra.constructs.services import Service
from chores_infra.fields import Items, WildcardHostname

__all__ = ["Hostnames", "Parent", "Parents", "check_parents", "parent_reference"]

Parent: TypeAlias = Annotated[
    Gateway | GatewayListener | Service,
    OneOf("a Gateway, a listener of one (gateway.listener(...)), or in a mesh a Service; not a name"),
]
Parents: TypeAlias = Annotated[Items[Parent], Field(min_length=1, max_length=32)]
Hostnames: TypeAlias = Annotated[Items[WildcardHostname], Field(min_length=1, max_length=16)]


def parent_reference(parent: Gateway | GatewayListener | Service, namespace: str | None) -> Manifest:
    """One item of ``parentRefs``, of a route in that namespace."""
    target = parent.gateway if isinstance(parent, GatewayListener) else parent
    reference: Manifest = {"group": "", "kind": "Service"} if isinstance(target, Service) else {}
    reference["name"] = target.name
    named = namespace_to_name(target, namespace)
    if named is not None:
        reference["namespace"] = named
    if isinstance(parent, GatewayListener):
        reference["sectionName"] = parent.name
    return reference


def check_parents(
    problems: Problems,
    kind: str,
    parents: Sequence[Gateway | GatewayListener | Service],
    hostnames: Sequence[str],
    namespace: str | None,
) -> None:
    """Note parents that are there twice, that do not take the route, and hosts that no parent has."""
    keys = ((f"parents[{index}]", _key(parent)) for index, parent in enumerate(parents))
    problems.add_repeats((place, " ".join(key)) for place, key in keys)
    _check_ambiguous(problems, parents)
    open_to: list[Listener] | None = []
    for index, parent in enumerate(parents):
        listeners = _listeners(parent)
        if listeners is None:
            open_to = None
            continue
        gateway = parent.gateway if isinstance(parent, GatewayListener) else parent
        taking = [
            listener
            for listener in listeners
            if listener.serves(kind) and listener.admits(namespace, gateway.namespace)
        ]
        if not taking:
            problems.add(f"parents[{index}]", _why_not(kind, listeners, namespace))
        if open_to is not None:
            open_to += taking
    if open_to:
        hosts = {listener.hostname for listener in open_to}
        for index, name in enumerate(hostnames):
            if not any(host is None or hosts_meet(host, name) for host in hosts):
                known = ", ".join(sorted(host for host in hosts if host is not None))
                problems.add(f"hostnames[{index}]", f"no listener takes {name!r}; they are for {known}")


def _key(parent: Gateway | GatewayListener | Service) -> Iterator[str]:
    target = parent.gateway if isinstance(parent, GatewayListener) else parent
    yield from (target.kind, f"{target.namespace}/{target.name}" if target.namespace else target.name)
    if isinstance(parent, GatewayListener):
        yield parent.name


def _check_ambiguous(problems: Problems, parents: Sequence[Gateway | GatewayListener | Service]) -> None:
    """A whole Gateway and one listener of it: the API server wants all of one kind."""
    whole = {(parent.namespace, parent.name) for parent in parents if isinstance(parent, Gateway)}
    for index, parent in enumerate(parents):
        if isinstance(parent, GatewayListener) and (parent.gateway.namespace, parent.gateway.name) in whole:
            problems.add(
                f"parents[{index}]", f"Gateway {parent.gateway.name!r} as a whole is among the parents too"
            )


def _listeners(parent: Gateway | GatewayListener | Service) -> Sequence[Listener] | None:
    """The listeners that are meant; None where they are not known."""
    if isinstance(parent, Service):
        return None
    if isinstance(parent, Gateway):
        return parent.listeners
    known = parent.gateway.listeners
    return None if known is None else [listener for listener in known if listener.name == parent.name]


def _why_not(kind: str, listeners: Sequence[Listener], namespace: str | None) -> str:
    names = ", ".join(listener.name for listener in listeners) or "none"
    if any(listener.serves(kind) for listener in listeners):
        return (
            f"no listener ({names}) takes routes of namespace {namespace!r}; "
            "let one: Listener(..., routes_from=...)"
        )
    return f"no listener ({names}) takes an {kind}; its protocols and route_kinds say what they take"
