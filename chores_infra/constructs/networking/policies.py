"""The NetworkPolicy: who may talk to some pods, and whom these pods may talk to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from chores_infra.arguments import OneOf, Problems, checked
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.cluster import Namespace
from chores_infra.constructs.containers import ContainerPort
from chores_infra.constructs.networking.peers import (
    Allow,
    Anywhere,
    Dns,
    IpBlock,
    Peer,
    Pods,
    PolicyPort,
    peer_of,
)
from chores_infra.constructs.references import check_same_namespace
from chores_infra.constructs.scheduling import LabelSelector
from chores_infra.constructs.workloads import Workload
from chores_infra.fields import Annotations, DnsLabel, DnsSubdomain, Items, Labels
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["NetworkPolicy"]

Selected = Annotated[
    Workload | LabelSelector, OneOf("a workload, or a LabelSelector; LabelSelector() is every pod")
]
Allowed = Annotated[
    Workload | Namespace | Pods | IpBlock | Dns | Anywhere | Allow,
    OneOf(
        "a workload, a Namespace, Pods, IpBlock, Dns, Anywhere, or Allow(..., ports=...), not a name; "
        "of a Service, its workload"
    ),
]


class NetworkPolicy(KubernetesObject):
    """Which connections some pods take (``allow_from``) and make (``allow_to``); all others are cut.

    ``selects`` is a workload, or ``LabelSelector()`` for every pod of the namespace. A direction that is left
    out is not limited; with an empty list nothing is allowed in it, so ``allow_from=[], allow_to=[]`` cuts
    everything off. Ports are those that the workload at the receiving end declares, or what ``Allow`` says;
    where the receiving end is no workload, every port. What is in another namespace is found there.

    Connections take both ends: one that leaves limited pods and goes to limited pods needs to be allowed by
    a policy of each. Answers always come back.

    >>> from chores_infra.construct import Tree
    >>> from chores_infra.constructs.workloads import Deployment
    >>> web = Deployment.existing("web", selector={"app": "web"}, ports=[8000])
    >>> proxy = Deployment.existing("traefik", namespace="traefik", selector={"app": "traefik"})
    >>> policy = NetworkPolicy(Tree(namespace="shop"), "web", name="web", selects=web, allow_from=[proxy])
    >>> policy.manifest["spec"]["ingress"][0]["ports"]
    [{'protocol': 'TCP', 'port': 8000}]

    Raises:
        ConstructError: a port that the receiving end does not declare, pods whose labels are not known, a
            workload of another namespace than the policy's, or an exception outside its range of addresses.
    """

    api_version = "networking.k8s.io/v1"
    kind = "NetworkPolicy"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        selects: Selected,
        allow_from: Items[Allowed] | None = None,
        allow_to: Items[Allowed] | None = None,
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        if isinstance(selects, Workload):
            check_same_namespace(problems, "selects", selects, namespace_in(scope, namespace))
            selects.check_selectable("selects", problems)
        if allow_from is None and allow_to is None:
            problems.add("allow_from", "give allow_from, allow_to or both; an empty list allows nothing")
        self.selects = selects
        self._sources: list[_Rule] | None = None
        if allow_from is not None:
            self._sources = [
                _rule(problems, f"allow_from[{i}]", entry, target=selects)
                for i, entry in enumerate(allow_from)
            ]
        self._destinations: list[_Rule] | None = None
        if allow_to is not None:
            self._destinations = [
                _rule(problems, f"allow_to[{i}]", entry, target=None) for i, entry in enumerate(allow_to)
            ]
        problems.raise_if_any()
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``: the pods, the directions that are limited, and what is allowed in each."""
        selects = self.selects
        selector = (
            {"matchLabels": dict(selects.selector)} if isinstance(selects, Workload) else selects.fields()
        )
        limited = (("Ingress", "from", self._sources), ("Egress", "to", self._destinations))
        spec: Manifest = {
            "podSelector": selector,
            "policyTypes": [direction for direction, _, rules in limited if rules is not None],
        }
        for direction, side, rules in limited:
            if rules:
                spec[direction.lower()] = _rules(rules, side, self.namespace)
        return {"spec": spec}


#: Who is at the other end, and at which ports; None is every port.
_Rule = tuple[Peer, Sequence[PolicyPort] | None]


def _rule(problems: Problems, place: str, entry: Allowed, *, target: Selected | None) -> _Rule:
    """What one entry allows. ``target`` is connected to; None is the entry's own peer."""
    allow = entry if isinstance(entry, Allow) else Allow(entry)
    peer_place = f"{place}.peer" if isinstance(entry, Allow) else place
    peer = allow.peer
    if isinstance(peer, Workload):
        peer.check_selectable(peer_place, problems)
    receiver = peer if target is None else target
    if allow.every_port:
        return peer, None
    if isinstance(receiver, Dns) and allow.ports is None:
        return peer, [PolicyPort(receiver.port, protocol="UDP"), PolicyPort(receiver.port, protocol="TCP")]
    if isinstance(receiver, Workload):
        return peer, _declared_ports(problems, place, allow, receiver)
    return peer, allow.asked_ports or None


def _declared_ports(problems: Problems, place: str, allow: Allow, receiver: Workload) -> Sequence[PolicyPort]:
    """The ports of a workload that are meant: those that were said, all of them by default."""
    declared = receiver.ports
    if not declared:
        missing = (
            f"declare the ports of {receiver.place}: ports=[...]"
            if receiver.is_external
            else f"no container of {receiver.place} declares a port; add ports=[...] to one"
        )
        problems.add(place, f"{missing}, or allow every port: Allow(..., every_port=True)")
    elif allow.ports is not None:
        known = ", ".join(map(str, declared))
        meant = []
        for index, asked in enumerate(allow.asked_ports):
            found = [port for port in declared if _is_meant(asked, port)]
            if asked.end is not None or not found:
                problems.add(
                    f"{place}.ports[{index}]",
                    f"expected a port that {receiver.place} declares ({known}), found {asked}",
                )
            meant += found
        declared = meant
    return [PolicyPort(port.number, protocol=port.wire_protocol) for port in declared]


def _is_meant(asked: PolicyPort, port: ContainerPort) -> bool:
    return asked.port in {port.number, port.name} and asked.protocol in {None, port.wire_protocol}


def _rules(rules: Sequence[_Rule], side: str, namespace: str | None) -> list[Manifest]:
    """The list of one direction; neighbours with the same ports are one rule."""
    written: list[Manifest] = []
    for peer, ports in rules:
        rule: Manifest = {}
        other = peer_of(peer, namespace)
        if other:
            rule[side] = [other]
        if ports is not None:
            rule["ports"] = [port.fields() for port in ports]
        last = written[-1] if written else {}
        if other and side in last and last.get("ports") == rule.get("ports"):
            last[side].append(other)
        else:
            written.append(rule)
    return written
