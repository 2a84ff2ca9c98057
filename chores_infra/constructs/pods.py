"""Pods as workloads make them: what all their containers share.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodSpec
"""

from __future__ import annotations

from typing import Annotated, Literal, Required, TypedDict

from pydantic import Field

from chores_infra.arguments import value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.cluster import PriorityClass, ServiceAccount
from chores_infra.constructs.config import ConfigMap, SecretSource
from chores_infra.constructs.containers import Container
from chores_infra.constructs.parts import Part
from chores_infra.constructs.scheduling import Affinity, Toleration, TopologySpread
from chores_infra.constructs.security import PodSecurityContext
from chores_infra.constructs.volumes import Volume
from chores_infra.fields import (
    Annotations,
    DnsLabel,
    DnsSubdomain,
    Hostname,
    IpAddress,
    Items,
    Labels,
    NonNegative,
    Pairs,
    Text,
)

__all__ = ["DnsConfig", "HostAlias", "PodOptions"]


@value_object
class HostAlias(Part):
    """Host names that stand for an address inside the pod, as in ``/etc/hosts``."""

    ip: IpAddress
    hostnames: Annotated[Items[Hostname], Field(min_length=1)]


@value_object
class DnsConfig(Part):
    """How the pod resolves names, merged with what its DNS policy gives.

    ``options`` are those of resolv.conf; None is an option without a value.
    """

    nameservers: Annotated[Items[IpAddress], Field(max_length=3)] | None = None
    searches: Annotated[Items[Text], Field(max_length=32)] | None = None
    options: Pairs[Text, str | None] | None = None

    def fields(self) -> Manifest:
        """The configuration, for the manifest."""
        fields = super().fields()
        if self.options is not None:
            fields["options"] = [
                {"name": name} if value is None else {"name": name, "value": value}
                for name, value in self.options.items()
            ]
        return fields


class PodOptions(TypedDict, total=False):
    """The arguments that every workload has for its pods; their order is that of the manifest.

    ``pod_labels`` are added to the selector's; ``restart_on`` puts a checksum of each ConfigMap into the
    annotations of the pods, so that a changed setting restarts them.
    """

    pod_labels: Labels | None
    pod_annotations: Annotations | None
    restart_on: Items[ConfigMap] | None
    service_account: ServiceAccount | None
    automount_service_account_token: bool | None
    priority_class: PriorityClass | None
    runtime_class_name: DnsSubdomain | None
    security_context: PodSecurityContext | None
    init_containers: Items[Container] | None
    containers: Required[Annotated[Items[Container], Field(min_length=1)]]
    image_pull_secrets: Items[SecretSource] | None
    volumes: Items[Volume] | None
    termination_grace_period_seconds: NonNegative | None
    node_selector: Labels | None
    tolerations: Items[Toleration] | None
    affinity: Affinity | None
    topology_spread: Items[TopologySpread] | None
    scheduler_name: Text | None
    host_network: bool | None
    host_pid: bool | None
    host_ipc: bool | None
    host_users: bool | None
    share_process_namespace: bool | None
    hostname: DnsLabel | None
    subdomain: DnsLabel | None
    host_aliases: Items[HostAlias] | None
    dns_policy: Literal["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"] | None
    dns_config: DnsConfig | None
    enable_service_links: bool | None
