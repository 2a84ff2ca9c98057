"""Pods as workloads make them: what all their containers share.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodSpec
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Required, TypedDict

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import KubernetesObject, Manifest
from chores_infra.constructs.cluster import PriorityClass, ServiceAccount
from chores_infra.constructs.config import ConfigMap, MakesSecret, Secret
from chores_infra.constructs.containers import Container, ContainerPort
from chores_infra.constructs.parts import Part, rendered, spelled
from chores_infra.constructs.references import check_same_namespace, secret_of
from chores_infra.constructs.scheduling import Affinity, LabelSelector, Toleration, TopologySpread
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
    Text,
)

__all__ = ["DnsConfig", "HostAlias", "PodOptions", "PodTemplate", "checksum_annotation"]


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
    options: Mapping[str, str | None] | None = None

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
    image_pull_secrets: Items[Secret | MakesSecret] | None
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


class PodTemplate:
    """The pods of one workload, made from the validated arguments of its constructor."""

    def __init__(self, selector: Mapping[str, str], options: PodOptions) -> None:
        self.labels: dict[str, str] = {**selector, **(options.get("pod_labels") or {})}
        self.annotations: Mapping[str, str] = options.get("pod_annotations") or {}
        self.restart_on: Sequence[ConfigMap] = options.get("restart_on") or ()
        self.containers: Sequence[Container] = options["containers"]
        self.init_containers: Sequence[Container] = options.get("init_containers") or ()
        self.volumes: Sequence[Volume] = options.get("volumes") or ()
        self.own = LabelSelector(match_labels=dict(selector))
        self._options: dict[str, Any] = {
            name: value for name, value in options.items() if value is not None and name not in _TEMPLATE
        }

    @property
    def ports(self) -> list[ContainerPort]:
        """Every port that the pods serve on: those of the containers and of sidecars."""
        return [port for _, container in self._running() for port in container.declared_ports]

    def fields(self) -> Manifest:
        """The template, for the manifest of the workload."""
        metadata: Manifest = {"labels": dict(self.labels)}
        annotations = {**self.annotations, **dict(map(checksum_annotation, self.restart_on))}
        if annotations:
            metadata["annotations"] = annotations
        return {"metadata": metadata, "spec": dict(map(self._field, self._options.items()))}

    def check(self, problems: Problems, namespace: str | None) -> None:
        """Note what the parts of the pods contradict each other in."""
        self._check_names(problems)
        self._check_ports(problems)
        self._check_mounts(problems)
        self._check_roles(problems)
        self._check_checksums(problems)
        config = self._options.get("dns_config")
        if self._options.get("dns_policy") == "None" and not (config and config.nameservers):
            problems.add(
                "dns_config", "dns_policy 'None' leaves the pod without a name server; give nameservers"
            )
        for argument, target in self.references():
            check_same_namespace(problems, argument, target, namespace)

    def references(self) -> Iterator[tuple[str, KubernetesObject]]:
        """Every object of the namespace that the pods need, with the argument that names it."""
        for place, container in self._all():
            for argument, target in container.references():
                yield f"{place}.{argument}", target
        for index, volume in enumerate(self.volumes):
            for argument, target in volume.references():
                yield f"volumes[{index}].{argument}", target
        for index, secret in enumerate(self._options.get("image_pull_secrets", ())):
            yield f"image_pull_secrets[{index}]", secret
        for index, settings in enumerate(self.restart_on):
            yield f"restart_on[{index}]", settings
        if "service_account" in self._options:
            yield "service_account", self._options["service_account"]

    def _all(self) -> Iterator[tuple[str, Container]]:
        for index, container in enumerate(self.init_containers):
            yield f"init_containers[{index}]", container
        for index, container in enumerate(self.containers):
            yield f"containers[{index}]", container

    def _running(self) -> Iterator[tuple[str, Container]]:
        """The containers that run at the same time: all but the init containers that end."""
        for place, container in self._all():
            if container.restart_policy == "Always" or place.startswith("containers"):
                yield place, container

    def _check_names(self, problems: Problems) -> None:
        places: dict[str, str] = {}
        for place, container in self._all():
            if container.name in places:
                taken = places[container.name]
                problems.add(f"{place}.name", f"{container.name!r} is the name of {taken} already")
            places.setdefault(container.name, place)
        names: dict[str, int] = {}
        for index, volume in enumerate(self.volumes):
            if volume.name in names:
                taken = f"volumes[{names[volume.name]}]"
                problems.add(f"volumes[{index}].name", f"{volume.name!r} is the name of {taken} already")
            names.setdefault(volume.name, index)

    def _check_ports(self, problems: Problems) -> None:
        """Containers of a pod share one address: a port belongs to one of them. So do names of ports."""
        owners: dict[Any, str] = {}
        for place, container in self._running():
            for index, port in enumerate(container.declared_ports):
                for key, what in (((port.number, port.wire_protocol), port.number), (port.name, port.name)):
                    owner = owners.setdefault(key, place) if what is not None else place
                    if owner != place:
                        problems.add(f"{place}.ports[{index}]", f"{owner} declares {what!r} already")

    def _check_mounts(self, problems: Problems) -> None:
        declared = {volume.name: volume for volume in self.volumes}
        for place, container in self._all():
            for index, mount in enumerate(container.mounts or ()):
                volume = declared.get(mount.volume.name)
                if volume is None:
                    message = (
                        f"the volume {mount.volume.name!r} is not among the pod's; add it to volumes=[...]"
                    )
                    problems.add(f"{place}.mounts[{index}].volume", message)
                elif volume != mount.volume:
                    message = (
                        f"the pod's volume {volume.name!r} is another one; mount the one in volumes=[...]"
                    )
                    problems.add(f"{place}.mounts[{index}].volume", message)

    def _check_roles(self, problems: Problems) -> None:
        """Init containers that end are not probed, and only init containers can be sidecars."""
        for index, container in enumerate(self.containers):
            if container.restart_policy is not None:
                message = (
                    "only an init container has it, to be a sidecar; the containers of a workload restart"
                )
                problems.add(f"containers[{index}].restart_policy", message)
        for index, container in enumerate(self.init_containers):
            for name in ("readiness", "liveness", "startup", "lifecycle"):
                if container.restart_policy is None and getattr(container, name) is not None:
                    message = (
                        "an init container that ends has none; restart_policy='Always' makes it a sidecar"
                    )
                    problems.add(f"init_containers[{index}].{name}", message)

    def _check_checksums(self, problems: Problems) -> None:
        for index, settings in enumerate(self.restart_on):
            if settings.is_external:
                problems.add(
                    f"restart_on[{index}]",
                    f"another party makes ConfigMap {settings.name!r}, so what it holds is not known here",
                )
            elif _checksum_key(settings) in self.annotations:
                problems.add(
                    "pod_annotations",
                    f"restart_on[{index}] sets {_checksum_key(settings)!r}; leave it out here",
                )

    def _field(self, option: tuple[str, Any]) -> tuple[str, Any]:
        name, value = option
        if name in {"service_account", "priority_class"}:
            return f"{spelled(name)}Name", value.name
        if name == "image_pull_secrets":
            return "imagePullSecrets", [{"name": secret_of(secret).name} for secret in value]
        if name == "affinity":
            return name, value.fields_for(self.own)
        if name == "topology_spread":
            return "topologySpreadConstraints", [spread.fields_for(self.own) for spread in value]
        return spelled(name), rendered(value)


#: Options of the template's metadata, which the spec does not have.
_TEMPLATE = {"pod_labels", "pod_annotations", "restart_on"}


def checksum_annotation(settings: ConfigMap) -> tuple[str, str]:
    """The annotation that changes when the content of a ConfigMap does, patches included."""
    manifest = settings.manifest
    content = {field: manifest[field] for field in ("data", "binaryData") if field in manifest}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return _checksum_key(settings), f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _checksum_key(settings: ConfigMap) -> str:
    """One key per ConfigMap, whose name may have 253 characters where the name in a key has 63."""
    name = settings.name
    if len(name) > 63:
        name = f"{name[:50]}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"
    return f"checksum/{name}"
