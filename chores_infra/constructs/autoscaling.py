"""The number of pods, by what they are busy with.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from chores_infra.arguments import OneOf, Problems, checked
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.containers import Container
from chores_infra.constructs.metrics import (
    ContainerResourceMetric,
    ExternalMetric,
    Metric,
    ObjectMetric,
    PodsMetric,
    ResourceMetric,
    ScalingPolicy,
    ScalingRules,
)
from chores_infra.constructs.parts import present, rendered
from chores_infra.constructs.references import check_same_namespace, object_reference
from chores_infra.constructs.resource import Resource
from chores_infra.constructs.statefulsets import StatefulSet
from chores_infra.constructs.workloads import Deployment, Workload
from chores_infra.fields import Annotations, DnsLabel, DnsSubdomain, Items, Labels, NonNegative, Positive
from chores_infra.kubernetes_object import KubernetesObject

__all__ = [
    "ContainerResourceMetric",
    "ExternalMetric",
    "HorizontalPodAutoscaler",
    "Metric",
    "ObjectMetric",
    "PodsMetric",
    "ResourceMetric",
    "ScalingPolicy",
    "ScalingRules",
]

Target = Annotated[
    Deployment | StatefulSet | Resource,
    OneOf("a Deployment, a StatefulSet, or a Resource of another kind that can be scaled; not its name"),
]


class HorizontalPodAutoscaler(KubernetesObject):
    """Sets the number of pods of a workload, between two bounds, by metrics.

    ``metrics`` are what it keeps at their targets; the one that asks for most pods counts. The workload sets
    no ``replicas`` of its own: each sync would put them back. ``scale_up`` and ``scale_down`` say how fast.

    >>> from chores_infra.construct import Tree
    >>> from chores_infra.constructs.workloads import Deployment
    >>> scaler = HorizontalPodAutoscaler(
    ...     Tree(),
    ...     "scaler",
    ...     name="web",
    ...     target=Deployment.existing("web"),
    ...     max_replicas=10,
    ...     metrics=[ResourceMetric(name="cpu", utilization=70)],
    ... )
    >>> scaler.manifest["spec"]["metrics"][0]["resource"]
    {'name': 'cpu', 'target': {'type': 'Utilization', 'averageUtilization': 70}}

    Raises:
        ConstructError: a workload that sets its own replicas, a percentage of what no container requests, and
            whatever the API server would refuse, all at once.
    """

    api_version = "autoscaling/v2"
    kind = "HorizontalPodAutoscaler"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        target: Target,
        max_replicas: Positive,
        metrics: Annotated[Items[Metric], Field(min_length=1)],
        min_replicas: NonNegative | None = None,
        scale_up: ScalingRules | None = None,
        scale_down: ScalingRules | None = None,
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        own = namespace_in(scope, namespace)
        check_same_namespace(problems, "target", target, own)
        if isinstance(target, Workload) and target.replicas is not None:
            problems.add(
                "target",
                f"{target.place} sets replicas={target.replicas}, and each sync would put that back; leave "
                "replicas out there",
            )
        if min_replicas is not None and min_replicas > max_replicas:
            problems.add(
                "min_replicas", f"expected at most max_replicas ({max_replicas}), found {min_replicas}"
            )
        if min_replicas == 0 and not any(isinstance(m, ObjectMetric | ExternalMetric) for m in metrics):
            problems.add(
                "min_replicas", "no pods have no metrics; with 0 give an ObjectMetric or ExternalMetric"
            )
        for index, metric in enumerate(metrics):
            if isinstance(metric, ObjectMetric):
                check_same_namespace(problems, f"metrics[{index}].described", metric.described, own)
            elif isinstance(metric, ResourceMetric) and isinstance(target, Workload):
                _check_requests(metric, target, f"metrics[{index}]", problems)
        problems.raise_if_any()
        self.target = target
        self.min_replicas = min_replicas
        self.max_replicas = max_replicas
        self.metrics: Sequence[Metric] = metrics
        self.scale_up = scale_up
        self.scale_down = scale_down
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``."""
        behavior = present({"scaleUp": rendered(self.scale_up), "scaleDown": rendered(self.scale_down)})
        spec = {
            "scaleTargetRef": object_reference(self.target),
            "minReplicas": self.min_replicas,
            "maxReplicas": self.max_replicas,
            "metrics": rendered(self.metrics),
            "behavior": behavior or None,
        }
        return {"spec": present(spec)}


def _check_requests(metric: ResourceMetric, target: Workload, argument: str, problems: Problems) -> None:
    """Note containers that do not request what the metric is a percentage of, or that are not there."""
    if target.is_external:
        return
    containers = target.template.running
    if isinstance(metric, ContainerResourceMetric):
        known = ", ".join(container.name for _, container in containers)
        containers = [(place, c) for place, c in containers if c.name == metric.container]
        if not containers:
            message = f"expected a container of {target.place} ({known}), found {metric.container!r}"
            problems.add(f"{argument}.container", message)
    if metric.utilization is None:
        return
    for place, container in containers:
        if not _requests(container, metric.name):
            problems.add(
                f"{argument}.utilization",
                f"{place} of {target.place} requests no {metric.name} of which it would be a percentage; "
                "give it resources=Resources(requests={...})",
            )


def _requests(container: Container, resource: str) -> bool:
    """Whether a container requests a resource; the API server takes a limit for a request."""
    resources = container.resources
    return resources is not None and resource in {**(resources.requests or {}), **(resources.limits or {})}
