"""What an autoscaler looks at, and how fast it acts.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.parts import Part, rendered
from chores_infra.constructs.references import object_reference
from chores_infra.constructs.resources import amount
from chores_infra.constructs.scheduling import LabelSelector
from chores_infra.fields import DnsLabel, Items, PathSegment, Positive, Quantity
from chores_infra.kubernetes_object import KubernetesObject

__all__ = [
    "ContainerResourceMetric",
    "ExternalMetric",
    "Metric",
    "ObjectMetric",
    "PodsMetric",
    "ResourceMetric",
    "ScalingPolicy",
    "ScalingRules",
]

#: The targets that a metric may have, one of which is given: how it is spelled, and its type.
_TARGETS = {
    "utilization": ("averageUtilization", "Utilization"),
    "value": ("value", "Value"),
    "average_value": ("averageValue", "AverageValue"),
}


class _Metric(Part):
    """The base of all metrics: one target, which is what the autoscaler keeps the metric at."""

    #: The field of the API that holds the metric, and its ``type``.
    source_field: ClassVar[str]

    def check(self, problems: Problems) -> None:
        """There is one target, and it is more than nothing."""
        targets = [name for name in _TARGETS if hasattr(self, name)]
        given = [name for name in targets if getattr(self, name) is not None]
        if len(given) != 1:
            problems.add(targets[0], f"give {' or '.join(targets)}, one of them")
        for name in given:
            target = getattr(self, name)
            try:
                wrong = isinstance(target, str) and amount(target) <= 0
            except ValueError as error:
                problems.add(name, str(error))
            else:
                if wrong:
                    problems.add(name, f"expected more than nothing, found {target!r}")

    def fields(self) -> Manifest:
        """The metric, for the manifest."""
        kind = self.source_field[0].upper() + self.source_field[1:]
        return {"type": kind, self.source_field: {**self.details(), "target": self._target()}}

    def details(self) -> Manifest:
        """Which metric it is."""
        raise NotImplementedError

    def _target(self) -> Manifest:
        return next(
            {"type": kind, field: getattr(self, name)}
            for name, (field, kind) in _TARGETS.items()
            if getattr(self, name, None) is not None
        )


@value_object
class _Named(_Metric):
    """A metric of another source, by its name and the labels that its series have."""

    name: PathSegment
    selector: LabelSelector | None = None

    def details(self) -> Manifest:
        """``metric``."""
        labels = {} if self.selector is None else {"selector": rendered(self.selector)}
        return {"metric": {"name": self.name, **labels}}


@value_object
class ResourceMetric(_Metric):
    """CPU or memory of all containers of a pod together.

    ``utilization`` is a percentage of what they request, ``average_value`` a quantity for each pod.
    """

    source_field = "resource"
    name: Literal["cpu", "memory"]
    utilization: Positive | None = None
    average_value: Quantity | None = None

    def details(self) -> Manifest:
        """The resource."""
        return {"name": self.name}


@value_object
class ContainerResourceMetric(ResourceMetric):
    """CPU or memory of one container of each pod: that of a sidecar does not count."""

    source_field = "containerResource"
    container: DnsLabel

    def details(self) -> Manifest:
        """The resource and the container."""
        return {"name": self.name, "container": self.container}


@value_object
class PodsMetric(_Named):
    """A metric that each pod has, such as requests per second; ``average_value`` is for one pod."""

    source_field = "pods"
    average_value: Quantity


@value_object
class ObjectMetric(_Named):
    """A metric of another object of the namespace, such as the requests of a route.

    ``value`` is for the object, ``average_value`` is divided by the number of pods.
    """

    source_field = "object"
    described: KubernetesObject
    value: Quantity | None = None
    average_value: Quantity | None = None

    def details(self) -> Manifest:
        """The object and the metric."""
        return {"describedObject": object_reference(self.described), **super().details()}


@value_object
class ExternalMetric(_Named):
    """A metric of something outside of the cluster, such as the length of a queue.

    ``value`` is for the whole of it, ``average_value`` is divided by the number of pods.
    """

    source_field = "external"
    value: Quantity | None = None
    average_value: Quantity | None = None


Metric: TypeAlias = ResourceMetric | ContainerResourceMetric | PodsMetric | ObjectMetric | ExternalMetric


@value_object
class ScalingPolicy(Part):
    """How much may change within ``period_seconds``: a number of ``Pods``, or a ``Percent`` of them."""

    type: Literal["Pods", "Percent"]
    value: Positive
    period_seconds: Annotated[int, Field(ge=1, le=1800)]


@value_object
class ScalingRules(Part):
    """How fast pods are added, or removed.

    ``select_policy`` is which of several policies counts: the one that changes most (``Max``, unless given),
    least, or none at all. Of the last ``stabilization_window_seconds`` the most careful advice is taken.
    A metric may be off by ``tolerance`` (``"0.1"`` is a tenth) before anything is done.
    """

    policies: Annotated[Items[ScalingPolicy], Field(min_length=1)] | None = None
    select_policy: Literal["Max", "Min", "Disabled"] | None = None
    stabilization_window_seconds: Annotated[int, Field(ge=0, le=3600)] | None = None
    tolerance: Quantity | None = None

    def check(self, problems: Problems) -> None:
        """A tolerance is no negative amount."""
        if self.tolerance is not None:
            try:
                wrong = amount(self.tolerance) < 0
            except ValueError:
                wrong = True
            if wrong:
                problems.add("tolerance", f"expected an amount such as '0.1', found {self.tolerance!r}")
