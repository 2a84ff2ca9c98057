"""Where manifests hold pods: the workloads of Kubernetes and those of operators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from chores_infra.checks.fields import at, each, items, mapping, text
from chores_infra.checks.resources import Resource
from chores_infra.rendering.field_path import FieldPath

__all__ = ["Pod", "pods_of"]

_TEMPLATE: Final = "spec.template"
_TEMPLATES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("", "Pod"): ("",),
    ("", "PodTemplate"): ("template",),
    ("", "ReplicationController"): (_TEMPLATE,),
    ("apps", "DaemonSet"): (_TEMPLATE,),
    ("apps", "Deployment"): (_TEMPLATE,),
    ("apps", "ReplicaSet"): (_TEMPLATE,),
    ("apps", "StatefulSet"): (_TEMPLATE,),
    ("batch", "CronJob"): ("spec.jobTemplate.spec.template",),
    ("batch", "Job"): (_TEMPLATE,),
    ("argoproj.io", "Rollout"): (_TEMPLATE,),
    ("argoproj.io", "AnalysisTemplate"): ("spec.metrics[].provider.job.spec.template",),
    ("argoproj.io", "ClusterAnalysisTemplate"): ("spec.metrics[].provider.job.spec.template",),
    ("argoproj.io", "Experiment"): ("spec.templates[].template",),
    ("keda.sh", "ScaledJob"): ("spec.jobTargetRef.template",),
    ("serving.knative.dev", "Service"): (_TEMPLATE,),
}
"""Where the pod templates of a kind stand: what holds ``metadata`` and ``spec``."""

_CONTAINERS: Final = ("initContainers", "containers", "ephemeralContainers")


class Pod(NamedTuple):
    """A pod, or the template of some. ``path`` is where ``metadata`` and ``spec`` stand."""

    owner: Resource
    path: FieldPath
    template: Mapping[str, Any]

    @property
    def spec(self) -> Mapping[str, Any]:
        """The pod's spec."""
        return mapping(self.template.get("spec"))

    @property
    def labels(self) -> Mapping[str, Any]:
        """The labels by which Services and policies find it."""
        return mapping(at(self.template, "metadata", "labels"))

    def containers(self, *kinds: str) -> Iterator[tuple[FieldPath, Mapping[str, Any]]]:
        """Its containers with their paths from the root of the manifest; init containers first."""
        for kind in kinds or _CONTAINERS:
            for number, container in enumerate(items(self.spec.get(kind))):
                yield self.field("spec", kind, number), mapping(container)

    def field(self, *path: str | int) -> FieldPath:
        """A path below the template, from the root of the manifest."""
        return (*self.path, *path)

    def ports(self) -> Iterator[tuple[FieldPath, int, str, str]]:
        """The declared ports: path, number, name and protocol. Sidecars are init containers, so those too."""
        for path, container in self.containers("initContainers", "containers"):
            for number, port in enumerate(items(container.get("ports"))):
                value = at(port, "containerPort")
                if isinstance(value, int):
                    protocol = text(at(port, "protocol")) or "TCP"
                    yield (*path, "ports", number), value, text(at(port, "name")), protocol


def pods_of(resource: Resource) -> Iterator[Pod]:
    """The pods that a manifest describes."""
    for pattern in _TEMPLATES.get((resource.group, resource.kind), ()):
        found = each(resource.manifest, pattern) if pattern else iter([((), resource.manifest)])
        for path, template in found:
            if isinstance(template, dict):
                yield Pod(resource, path, template)
