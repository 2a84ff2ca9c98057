"""Services: one address for the pods of a workload, or for a name outside the cluster.

Source: https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import Field

from chores_infra.arguments import Problems, checked
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.parts import rendered
from chores_infra.constructs.references import check_same_namespace
from chores_infra.constructs.service_ports import ServicePort, check_service_ports, resolve_ports
from chores_infra.constructs.workloads import Workload
from chores_infra.fields import (
    Annotations,
    Cidr,
    DnsLabel,
    Hostname,
    IpAddress,
    Items,
    Labels,
    Port,
    PortNumber,
    Rfc1035Label,
    Text,
)
from chores_infra.kubernetes_object import KubernetesObject, checked_existing

__all__ = ["AnyService", "ExternalNameService", "Service", "ServicePort"]

IpFamilies = Annotated[Items[Literal["IPv4", "IPv6"]], Field(min_length=1, max_length=2)]


class AnyService(KubernetesObject):
    """What routes ask of a Service: which ports it has."""

    api_version = "v1"
    kind = "Service"
    #: The ports that clients connect to. None: another party's Service, of which that is not known.
    ports: Sequence[ServicePort] | None

    @classmethod
    @checked_existing
    def existing(
        cls,
        name: str,
        *,
        namespace: str | None = None,
        ports: Items[PortNumber | ServicePort] | None = None,
    ) -> Self:
        """Declare a Service that another party makes. With ``ports``, routes to other ports are refused."""
        external = cls._external(name, namespace)
        external.ports = None if ports is None else [_as_port(port) for port in ports]
        return external

    def has_port(self, port: int | str) -> bool:
        """Whether clients can connect to this port, given by number or name; True where that is not known."""
        if self.ports is None:
            return True
        return any(port in {own.number, own.name} for own in self.ports)

    def port_problem(self, port: int | str | None) -> str | None:
        """Why clients cannot connect to this port (None: to its only one), or None."""
        known = self.ports
        ports = [f"{own.number} ({own.name})" if own.name else str(own.number) for own in known or ()]
        listed = f"it has {', '.join(ports)}" if ports else "it has none"
        if port is None:
            if known is not None and len(known) == 1:
                return None
            return f"say which port of Service {self.name!r}: " + (
                "which ports it has is not known" if known is None else listed
            )
        return (
            None if self.has_port(port) else f"Service {self.name!r} does not declare port {port!r}: {listed}"
        )

    def port_of(self, port: int | str | None) -> int | str:
        """The port that is meant: the one that was given, or the only one."""
        return port or (self.ports[0].number if self.ports else 0)


class Service(AnyService):
    """One stable address for the pods of a workload, inside the cluster.

    ``port`` is what clients connect to; ``target_port`` the port of the container, by number or name, by
    default the only one that the workload declares. ``ports`` takes more than one, each with a name.

    >>> from chores_infra.construct import Tree
    >>> from chores_infra.constructs.workloads import Deployment
    >>> web = Deployment.existing("web", selector={"app": "web"}, ports=[8000])
    >>> Service(Tree(), "service", name="web", selects=web, port=80).manifest["spec"]
    {'type': 'ClusterIP', 'ports': [{'port': 80, 'targetPort': 8000}], 'selector': {'app': 'web'}}

    Raises:
        ConstructError: a port that no container declares, a selector that matches nothing, and whatever the
            API server would refuse, all at once.
    """

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: Rfc1035Label,
        selects: Workload,
        port: PortNumber | None = None,
        target_port: Port | None = None,
        ports: Annotated[Items[ServicePort], Field(min_length=1)] | None = None,
        selector: Annotated[Labels, Field(min_length=1)] | None = None,
        type: Literal["ClusterIP", "NodePort", "LoadBalancer"] = "ClusterIP",
        headless: bool = False,
        cluster_ip: IpAddress | None = None,
        publish_not_ready_addresses: bool | None = None,
        session_affinity: Literal["None", "ClientIP"] | None = None,
        session_affinity_timeout_seconds: Annotated[int, Field(ge=1, le=86400)] | None = None,
        internal_traffic_policy: Literal["Cluster", "Local"] | None = None,
        external_traffic_policy: Literal["Cluster", "Local"] | None = None,
        health_check_node_port: PortNumber | None = None,
        load_balancer_class: Text | None = None,
        load_balancer_source_ranges: Items[Cidr] | None = None,
        allocate_load_balancer_node_ports: bool | None = None,
        external_ips: Items[IpAddress] | None = None,
        ip_families: IpFamilies | None = None,
        ip_family_policy: Literal["SingleStack", "PreferDualStack", "RequireDualStack"] | None = None,
        traffic_distribution: Literal["PreferClose", "PreferSameZone", "PreferSameNode"] | None = None,
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        check_same_namespace(problems, "selects", selects, namespace_in(scope, namespace))
        self.ports: Sequence[ServicePort] | None = ()
        if (port is None) == (ports is None):
            problems.add("port", "give port=80, or ports=[ServicePort(...)] for more than one, and not both")
        elif ports is None:
            single = ServicePort(number=port or 0, target_port=target_port)
            self.ports = resolve_ports([single], selects, problems, argument="port")
        else:
            if target_port is not None:
                problems.add("target_port", "it belongs to port=...; give it to each ServicePort")
            check_service_ports(ports, problems, node_ports=type != "ClusterIP")
            self.ports = resolve_ports(ports, selects, problems, argument="ports")
        self.selector = dict(selects.selector if selector is None else selector)
        _check_selector(self.selector, selects, problems)
        self.type = type
        self.headless = headless
        # The order of the manifest; what is None is left out.
        self._options: Manifest = {
            "clusterIP": "None" if headless else cluster_ip,
            "ipFamilies": ip_families,
            "ipFamilyPolicy": ip_family_policy,
            "externalIPs": external_ips,
            "loadBalancerClass": load_balancer_class,
            "loadBalancerSourceRanges": load_balancer_source_ranges,
            "allocateLoadBalancerNodePorts": allocate_load_balancer_node_ports,
            "externalTrafficPolicy": external_traffic_policy,
            "healthCheckNodePort": health_check_node_port,
            "internalTrafficPolicy": internal_traffic_policy,
            "trafficDistribution": traffic_distribution,
            "sessionAffinity": session_affinity,
            "publishNotReadyAddresses": publish_not_ready_addresses,
        }
        if session_affinity_timeout_seconds is not None:
            timeout = {"timeoutSeconds": session_affinity_timeout_seconds}
            self._options["sessionAffinityConfig"] = {"clientIP": timeout}
            if session_affinity != "ClientIP":
                problems.add("session_affinity_timeout_seconds", "it needs session_affinity='ClientIP'")
        if headless and (type != "ClusterIP" or cluster_ip is not None):
            problems.add("headless", "a headless Service is of type ClusterIP and has no cluster_ip")
        self._check_type(problems)
        problems.raise_if_any()
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``."""
        spec: Manifest = {
            "type": self.type,
            "ports": [port.fields() for port in self.ports or ()],
            "selector": dict(self.selector),
        }
        for name, value in self._options.items():
            if value is not None:
                spec[name] = rendered(value)
        return {"spec": spec}

    def _check_type(self, problems: Problems) -> None:
        """Note what only some types of Services have."""
        if self.type == "ClusterIP" and self._options["externalTrafficPolicy"] is not None:
            problems.add("external_traffic_policy", "only types NodePort and LoadBalancer have it")
        if self.type != "LoadBalancer":
            for argument, field in _OF_LOAD_BALANCERS.items():
                if self._options[field] is not None:
                    problems.add(argument, "only type LoadBalancer has it")
        elif (
            self._options["healthCheckNodePort"] is not None
            and self._options["externalTrafficPolicy"] != "Local"
        ):
            problems.add("health_check_node_port", "it needs external_traffic_policy='Local'")


_OF_LOAD_BALANCERS = {
    "load_balancer_class": "loadBalancerClass",
    "load_balancer_source_ranges": "loadBalancerSourceRanges",
    "allocate_load_balancer_node_ports": "allocateLoadBalancerNodePorts",
    "health_check_node_port": "healthCheckNodePort",
}


class ExternalNameService(AnyService):
    """A name inside the cluster for a host outside of it: a DNS alias, without pods and without ports.

    >>> from chores_infra.construct import Tree
    >>> ExternalNameService(Tree(), "db", name="db", external_name="db.example.com").manifest["spec"]
    {'type': 'ExternalName', 'externalName': 'db.example.com'}

    Raises:
        ConstructError: a name that is illegal, or no host name.
    """

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: Rfc1035Label,
        external_name: Hostname,
        ports: Items[ServicePort] | None = None,
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        check_service_ports(ports or (), problems, node_ports=False)
        problems.raise_if_any()
        self.external_name = external_name
        self.ports = list(ports or ())
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def port_problem(self, port: int | str | None) -> str | None:
        """Any number will do: a DNS alias leads to every port, and those listed here only have names."""
        return None if isinstance(port, int) else super().port_problem(port)

    def fields(self) -> Manifest:
        """``spec``."""
        spec: Manifest = {"type": "ExternalName", "externalName": self.external_name}
        if self.ports:
            spec["ports"] = [port.fields() for port in self.ports]
        return {"spec": spec}


def _as_port(port: int | ServicePort) -> ServicePort:
    return port if isinstance(port, ServicePort) else ServicePort(number=port)


def _check_selector(selector: dict[str, str], selects: Workload, problems: Problems) -> None:
    """Note a selector that the pods of the workload do not match."""
    if not selector:
        selects.check_selectable("selects", problems)
    for key, value in selector.items():
        found = selects.pod_labels.get(key)
        if found != value:
            has = f"{found!r}" if found is not None else "no such label"
            problems.add(
                f"selector.{key}",
                f"it would match nothing: expected {value!r}, and the pods of {selects.place} have {has}",
            )
