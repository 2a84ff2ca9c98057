"""The two ends of a connection, as a NetworkPolicy says them: pods, namespaces, addresses, and ports.

Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeAlias

from chores_infra.arguments import OneOf, Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.cluster import Namespace
from chores_infra.constructs.containers import Protocol
from chores_infra.constructs.parts import Part
from chores_infra.constructs.references import namespace_to_name
from chores_infra.constructs.scheduling import LabelSelector
from chores_infra.constructs.workloads import Workload
from chores_infra.fields import Cidr, DnsLabel, Items, Labels, Port, PortName, PortNumber

__all__ = ["Allow", "Anywhere", "Dns", "IpBlock", "Peer", "Pods", "PolicyPort", "peer_of"]

#: The label that the API server gives to every namespace: its name.
_NAME_OF_NAMESPACE = "kubernetes.io/metadata.name"


@value_object(kw_only=False)
class IpBlock(Part):
    """Addresses outside the cluster: ``IpBlock("10.0.0.0/8", except_=["10.1.0.0/16"])``.

    Pods have addresses that change, and a policy may see those of nodes instead: refer to pods as objects.
    """

    cidr: Cidr
    except_: Items[Cidr] | None = None

    spelling = {"except_": "except"}  # noqa: RUF012  (a constant of the class)

    def check(self, problems: Problems) -> None:
        """The API server wants exceptions to be smaller than what they are taken from, and inside it."""
        from ipaddress import ip_network

        whole = ip_network(self.cidr)
        for index, text in enumerate(self.except_ or ()):
            part = ip_network(text)
            if part.version != whole.version or part == whole or not part.subnet_of(whole):  # type: ignore[arg-type]
                problems.add(
                    f"except_[{index}]", f"expected a smaller range inside {self.cidr}, found {text!r}"
                )


@value_object
class Pods:
    """Pods by their labels, for those that no construct stands for.

    ``namespace`` is where they are; ``namespaces`` selects namespaces by label, ``LabelSelector()`` all of
    them. Without either they are in the namespace of the policy. Without ``selector`` every pod is meant.
    """

    selector: LabelSelector | None = None
    namespace: Namespace | None = None
    namespaces: LabelSelector | None = None

    def check(self, problems: Problems) -> None:
        """Refuse two answers to where they are, and none to anything."""
        if self.selector is None and self.namespace is None and self.namespaces is None:
            problems.add("selector", "say which pods; LabelSelector() is every pod of the policy's namespace")
        if self.namespace is not None and self.namespaces is not None:
            problems.add("namespaces", "give namespace or namespaces, not both")


@value_object
class Dns:
    """The name servers of the cluster, at port 53: what pods with any limit on their way out need.

    The defaults are CoreDNS as kubeadm and the clouds install it.
    """

    namespace: DnsLabel = "kube-system"
    labels: Labels = {"k8s-app": "kube-dns"}  # noqa: RUF012  (a constant of the class)
    port: PortNumber = 53


@value_object
class Anywhere:
    """Every pod and every address, inside the cluster and outside of it."""


@value_object(kw_only=False)
class PolicyPort:
    """A port, by number or name, or with ``end`` all ports from one number to another; of TCP by default."""

    port: Port
    end: PortNumber | None = None
    protocol: Protocol | None = None

    def check(self, problems: Problems) -> None:
        """A range has two numbers, the smaller one first."""
        if self.end is None:
            return
        if isinstance(self.port, str):
            problems.add("end", "a range begins with a number; a port that has a name is only one")
        elif self.end < self.port:
            problems.add("end", f"expected at least {self.port}, where the range begins, found {self.end}")

    def fields(self) -> Manifest:
        """One item of ``ports``."""
        fields: Manifest = {"protocol": self.protocol or "TCP", "port": self.port}
        return fields if self.end is None else {**fields, "endPort": self.end}

    def __str__(self) -> str:
        """The port as messages name it."""
        port = repr(self.port) if self.end is None else f"the range {self.port}-{self.end}"
        return port if self.protocol is None else f"{port} of {self.protocol}"


Peer: TypeAlias = Annotated[
    Workload | Namespace | Pods | IpBlock | Dns | Anywhere,
    OneOf("a workload, a Namespace, Pods, IpBlock, Dns or Anywhere, not a name; of a Service, its workload"),
]


@value_object(kw_only=False)
class Allow:
    """One end with ports of its own: ``Allow(prometheus, ports=[9090])``.

    The ports are those of whoever is connected to. A workload's must be among those that its containers
    declare. ``every_port=True`` opens all of them.
    """

    peer: Peer
    ports: (
        Items[Annotated[PortNumber | PortName | PolicyPort, OneOf("a port number, a name or a PolicyPort")]]
        | None
    ) = None
    every_port: bool = False

    def check(self, problems: Problems) -> None:
        """Refuse ports that are said twice over, and no ports: that would be every port."""
        if self.ports is not None and self.every_port:
            problems.add("every_port", "give ports or every_port=True, not both")
        if self.ports is not None and not self.ports:
            problems.add("ports", "expected at least one; every_port=True opens all of them")

    @property
    def asked_ports(self) -> Sequence[PolicyPort]:
        """The ports that were said, in one form."""
        return [port if isinstance(port, PolicyPort) else PolicyPort(port) for port in self.ports or ()]


def peer_of(peer: Peer, namespace: str | None) -> Manifest:
    """One item of ``from`` and ``to``, for a policy in that namespace; nothing for :class:`Anywhere`."""
    if isinstance(peer, Workload):
        named = namespace_to_name(peer, namespace)
        return {**_in_namespace(named), "podSelector": {"matchLabels": dict(peer.selector)}}
    if isinstance(peer, Namespace):
        return _in_namespace(peer.name)
    if isinstance(peer, Pods):
        where = _in_namespace(None if peer.namespace is None else peer.namespace.name)
        if peer.namespaces is not None:
            where = {"namespaceSelector": peer.namespaces.fields()}
        return where if peer.selector is None else {**where, "podSelector": peer.selector.fields()}
    if isinstance(peer, Dns):
        return {**_in_namespace(peer.namespace), "podSelector": {"matchLabels": dict(peer.labels)}}
    return {"ipBlock": peer.fields()} if isinstance(peer, IpBlock) else {}


def _in_namespace(name: str | None) -> Manifest:
    return {} if name is None else {"namespaceSelector": {"matchLabels": {_NAME_OF_NAMESPACE: name}}}
