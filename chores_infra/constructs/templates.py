"""The pods of one workload: what the arguments come to, and whether their parts fit together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any

from chores_infra.arguments import Problems
from chores_infra.construct import Manifest
from chores_infra.constructs.config import ConfigMap
from chores_infra.constructs.containers import Container, ContainerPort
from chores_infra.constructs.parts import rendered, spelled
from chores_infra.constructs.pods import PodOptions
from chores_infra.constructs.references import check_same_namespace, secret_of
from chores_infra.constructs.scheduling import LabelSelector
from chores_infra.constructs.storage import ClaimTemplate
from chores_infra.constructs.volumes import Volume
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["PodTemplate", "checksum_annotation"]

#: Options of the template's metadata, which the spec does not have.
_TEMPLATE = {"pod_labels", "pod_annotations", "restart_on"}
#: By what the API server tells the entries of a list apart.
_KEYS: dict[str, Callable[[Any], Hashable]] = {
    "image_pull_secrets": lambda source: secret_of(source).name,
    "host_aliases": lambda alias: alias.ip,
    "topology_spread": lambda spread: (spread.topology_key, spread.when_unsatisfiable),
}


class PodTemplate:
    """The pods of one workload, made from the validated arguments of its constructor.

    ``selector`` is part of their labels. ``own`` are the labels by which affinity and spread mean these pods,
    where that is not the selector. ``claims`` are templates of storage that each pod gets of its own.
    """

    def __init__(
        self,
        selector: Mapping[str, str],
        options: PodOptions,
        *,
        own: Mapping[str, str] | None = None,
        claims: Sequence[ClaimTemplate] = (),
    ) -> None:
        self.selector: dict[str, str] = dict(selector)
        self.labels: dict[str, str] = {**selector, **(options.get("pod_labels") or {})}
        self.annotations: Mapping[str, str] = options.get("pod_annotations") or {}
        self.restart_on: Sequence[ConfigMap] = options.get("restart_on") or ()
        self.volumes: Sequence[Volume] = options.get("volumes") or ()
        self._containers = _with_places("containers", options["containers"])
        self._init_containers = _with_places("init_containers", options.get("init_containers") or ())
        # What runs at the same time shares one address.
        self._ports = [(place, container.declared_ports) for place, container in self.running]
        self._own = LabelSelector(match_labels=dict(selector if own is None else own))
        self._claims = claims
        self._options: dict[str, Any] = {
            name: value for name, value in options.items() if value is not None and name not in _TEMPLATE
        }

    @property
    def ports(self) -> list[ContainerPort]:
        """Every port that the pods serve on: those of the containers and of sidecars."""
        return [port for _, ports in self._ports for port in ports]

    @property
    def containers(self) -> list[tuple[str, Container]]:
        """Every container, those that run first first, with the argument that names it."""
        return [*self._init_containers, *self._containers]

    @property
    def running(self) -> list[tuple[str, Container]]:
        """The containers that run for as long as the pod does: sidecars too."""
        sidecars = [(p, c) for p, c in self._init_containers if c.restart_policy == "Always"]
        return [*sidecars, *self._containers]

    def fields(self) -> Manifest:
        """The template, for the manifest of the workload."""
        metadata: Manifest = {"labels": dict(self.labels)} if self.labels else {}
        annotations = {**self.annotations, **dict(map(checksum_annotation, self.restart_on))}
        if annotations:
            metadata["annotations"] = annotations
        spec = dict(map(self._field, self._options.items()))
        return {"metadata": metadata, "spec": spec} if metadata else {"spec": spec}

    def references(self) -> Iterator[tuple[str, KubernetesObject]]:
        """Every object of the namespace that the pods need, with the argument that names it."""
        for place, container in self.containers:
            for argument, target in container.references():
                yield f"{place}.{argument}", target
        for index, volume in enumerate(self.volumes):
            for argument, target in volume.references():
                yield f"volumes[{index}].{argument}", target
        for index, claim in enumerate(self._claims):
            if claim.data_source is not None:
                yield f"claims[{index}].data_source", claim.data_source
        for index, secret in enumerate(self._options.get("image_pull_secrets", ())):
            yield f"image_pull_secrets[{index}]", secret
        for index, settings in enumerate(self.restart_on):
            yield f"restart_on[{index}]", settings
        if "service_account" in self._options:
            yield "service_account", self._options["service_account"]

    def check(self, problems: Problems, namespace: str | None) -> None:
        """Note what the parts of the pods contradict each other in."""
        self._check_labels(problems)
        problems.add_repeats((f"{place}.name", container.name) for place, container in self.containers)
        volumes = [
            *((f"volumes[{i}]", volume) for i, volume in enumerate(self.volumes)),
            *((f"claims[{i}]", claim) for i, claim in enumerate(self._claims)),
        ]
        problems.add_repeats((f"{place}.name", volume.name) for place, volume in volumes)
        for option, key in _KEYS.items():
            entries = enumerate(self._options.get(option, ()))
            problems.add_repeats((f"{option}[{index}]", key(entry)) for index, entry in entries)
        _check_ports(self._ports, problems, on_node=self._options.get("host_network", False))
        _check_mounts(self.containers, [volume for _, volume in volumes], problems)
        _check_roles(self._containers, self._init_containers, problems)
        self._check_checksums(problems)
        config = self._options.get("dns_config")
        if self._options.get("dns_policy") == "None" and not (config and config.nameservers):
            problems.add("dns_config", "dns_policy 'None' leaves the pod no name server; give nameservers")
        for argument, target in self.references():
            check_same_namespace(problems, argument, target, namespace)

    def _check_labels(self, problems: Problems) -> None:
        """Note labels that keep the pods from being found by their own workload, or among each other."""
        for key, value in self.selector.items():
            if self.labels[key] != value:
                problems.add(
                    f"pod_labels.{key}",
                    f"expected {value!r}, by which the selector finds the pods, found {self.labels[key]!r}",
                )
        if not self._own.match_labels and self._means_own():
            message = "affinity and topology_spread find the workload's own pods by labels; give them some"
            problems.add("pod_labels", message)

    def _means_own(self) -> bool:
        """Whether pods are to be near to, far from, or spread among those of the same workload."""
        affinity = self._options.get("affinity")
        spreads = self._options.get("topology_spread", ())
        terms = [*spreads, *(affinity.terms() if affinity is not None else ())]
        return any(term.label_selector is None for term in terms)

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
                    f"leave {_checksum_key(settings)!r} to restart_on[{index}], which sets it",
                )

    def _field(self, option: tuple[str, Any]) -> tuple[str, Any]:
        name, value = option
        if name in {"service_account", "priority_class"}:
            return f"{spelled(name)}Name", value.name
        if name == "image_pull_secrets":
            return "imagePullSecrets", [{"name": secret_of(secret).name} for secret in value]
        if name == "affinity":
            return name, value.fields_for(self._own)
        if name == "topology_spread":
            return "topologySpreadConstraints", [spread.fields_for(self._own) for spread in value]
        return spelled(name), rendered(value)


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


def _with_places(argument: str, containers: Sequence[Container]) -> list[tuple[str, Container]]:
    return [(f"{argument}[{index}]", container) for index, container in enumerate(containers)]


def _check_ports(
    declared: Sequence[tuple[str, Sequence[ContainerPort]]], problems: Problems, *, on_node: bool
) -> None:
    """Containers of a pod share one address: a port, and a name of a port, belongs to one of them."""
    owners: dict[Any, str] = {}
    for place, ports in declared:
        for index, port in enumerate(ports):
            if on_node and port.host_port not in {None, port.number}:
                message = f"with host_network=True it is the container's own port {port.number}; leave it out"
                problems.add(f"{place}.ports[{index}].host_port", message)
            owner = owners.setdefault((port.number, port.wire_protocol), place)
            if owner == place and port.name is not None:
                owner = owners.setdefault(port.name, place)
            if owner != place:
                problems.add(f"{place}.ports[{index}]", f"{owner} declares {port} already")


def _check_mounts(
    containers: Sequence[tuple[str, Container]],
    volumes: Sequence[Volume | ClaimTemplate],
    problems: Problems,
) -> None:
    declared = {volume.name: volume for volume in volumes}
    for place, container in containers:
        shown = [(f"{place}.mounts[{i}]", mount.volume) for i, mount in enumerate(container.mounts or ())]
        shown += [
            (f"{place}.devices[{i}]", device.volume) for i, device in enumerate(container.devices or ())
        ]
        for argument, meant in shown:
            volume = declared.get(meant.name)
            if volume is None:
                wanted = "claims" if isinstance(meant, ClaimTemplate) else "volumes"
                message = f"{meant.name!r} is no volume of the pod; add it to {wanted}=[...]"
                problems.add(f"{argument}.volume", message)
            elif volume != meant:
                message = f"the pod's volume {volume.name!r} is another one; mount that one"
                problems.add(f"{argument}.volume", message)


def _check_roles(
    containers: Sequence[tuple[str, Container]],
    init_containers: Sequence[tuple[str, Container]],
    problems: Problems,
) -> None:
    """Only init containers can be sidecars, and init containers that end are not probed."""
    for place, container in containers:
        if container.restart_policy is not None:
            problems.add(f"{place}.restart_policy", "only init containers have it, to be sidecars")
    for place, container in init_containers:
        for name in ("readiness", "liveness", "startup", "lifecycle"):
            if container.restart_policy is None and getattr(container, name) is not None:
                message = "an init container that ends has none; with restart_policy='Always' it is a sidecar"
                problems.add(f"{place}.{name}", message)
