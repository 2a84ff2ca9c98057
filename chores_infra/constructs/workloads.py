"""Workloads: what makes pods, and Deployments, the most common of them.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Self, TypeAlias, Unpack

from pydantic import Field

from chores_infra.arguments import OneOf, Problems, checked, value_object
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.containers import ContainerPort, ContainerPorts
from chores_infra.constructs.parts import Part, present, rendered
from chores_infra.constructs.pods import PodOptions
from chores_infra.constructs.templates import PodTemplate
from chores_infra.fields import (
    Annotations,
    DnsLabel,
    DnsSubdomain,
    Labels,
    Matching,
    NonNegative,
    Positive,
)
from chores_infra.kubernetes_object import KubernetesObject, checked_existing

__all__ = ["CountOrPercentage", "Deployment", "OnDelete", "Recreate", "Rolling", "RollingUpdate", "Workload"]

Percentage = Annotated[str, Matching(r"(?:100|[1-9]?[0-9])%", 4, "a percentage such as '25%'")]
CountOrPercentage = Annotated[
    NonNegative | Percentage, OneOf("a whole number of pods, or a percentage such as '25%'")
]
#: The API server's default of ``progressDeadlineSeconds``.
_PROGRESS_DEADLINE = 600


class Rolling(Part):
    """The base of strategies that replace pods a few at a time; each kind has limits of its own."""

    def fields(self) -> Manifest:
        """The strategy, for the manifest."""
        limits = super().fields()
        return {"type": "RollingUpdate", **({"rollingUpdate": limits} if limits else {})}


@value_object
class RollingUpdate(Rolling):
    """Replaces the pods of a Deployment a few at a time.

    ``max_surge`` pods may run above the number of replicas, ``max_unavailable`` may be missing: a number, or
    a percentage of the replicas. What is not given is the API server's 25%.
    """

    max_surge: CountOrPercentage | None = None
    max_unavailable: CountOrPercentage | None = None

    def check(self, problems: Problems) -> None:
        """A rollout that may neither add nor remove a pod cannot begin."""
        if {self.max_surge, self.max_unavailable} <= {0, "0%"}:
            problems.add("max_unavailable", "with max_surge 0 as well no pod could ever be replaced")


@value_object
class Recreate(Part):
    """Ends all pods, then starts the new ones: for programs of which no two may run at once."""

    def fields(self) -> Manifest:
        """The strategy, for the manifest."""
        return {"type": "Recreate"}


@value_object
class OnDelete(Part):
    """Replaces a pod of a StatefulSet or DaemonSet only once somebody has deleted it."""

    def fields(self) -> Manifest:
        """The strategy, for the manifest."""
        return {"type": "OnDelete"}


Strategy: TypeAlias = RollingUpdate | Recreate


class Workload(KubernetesObject):
    """The base of everything that makes pods: what Services and budgets need to know about them."""

    #: Whether the number of pods can be set (the ``scale`` subresource), by an autoscaler too.
    scalable: ClassVar[bool] = False
    #: What the pods are made of; that of another party's workload is not known.
    template: PodTemplate
    #: The number of pods that was given.
    replicas: int | None = None
    #: The labels by which the workload, and its Services, find the pods.
    selector: Mapping[str, str]
    #: Every label of the pods.
    pod_labels: Mapping[str, str]
    #: The ports that the pods declare.
    ports: Sequence[ContainerPort]

    @classmethod
    @checked_existing
    def existing(
        cls,
        name: str,
        *,
        namespace: str | None = None,
        selector: Labels | None = None,
        ports: ContainerPorts = (),
    ) -> Self:
        """Declare a workload that another party makes; a Service needs its ``selector`` and ``ports``."""
        external = cls._external(name, namespace)
        external.selector = external.pod_labels = dict(selector or {})
        external.ports = [p if isinstance(p, ContainerPort) else ContainerPort(number=p) for p in ports]
        return external

    def _make_pods(self, template: PodTemplate, problems: Problems, namespace: str | None) -> None:
        """Take the pods that the workload makes, and note what is wrong with them."""
        self.template = template
        self.selector = template.selector
        self.pod_labels = template.labels
        self.ports = template.ports
        template.check(problems, namespace)

    def check_selectable(self, argument: str, problems: Problems) -> None:
        """Note a workload whose pods have no labels to find them by: an empty selector finds every pod."""
        if self.selector:
            return
        if self.is_external:
            way_out = f"are not known; declare them: {self.kind}.existing(..., selector=...)"
        else:
            way_out = "are none; give it pod_labels={...}"
        problems.add(argument, f"the labels of its pods {way_out}")


class Deployment(Workload):
    """Keeps a number of equal pods running, and replaces them when they change.

    ``selector`` finds the pods, is part of their labels, and can never change once it is live. Everything in
    :class:`~chores_infra.constructs.pods.PodOptions` is an argument too. Without ``replicas`` the number is
    left to the API server (1) or to an autoscaler.

    >>> from chores_infra.construct import Tree
    >>> from chores_infra.constructs.containers import Container
    >>> from chores_infra.constructs.images import Image
    >>> web = Deployment(
    ...     Tree(namespace="shop"),
    ...     "web",
    ...     name="shop",
    ...     selector={"app": "shop"},
    ...     containers=[Container(name="shop", image=Image(repository="shop", tag="1.4.2"), ports=[8000])],
    ... )
    >>> web.manifest["spec"]["template"]["spec"]["containers"][0]["image"]
    'shop:1.4.2'

    Raises:
        ConstructError: whatever the API server would refuse, and what would never work, all at once.
    """

    api_version = "apps/v1"
    kind = "Deployment"
    scalable = True

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        selector: Annotated[Labels, Field(min_length=1)],
        replicas: NonNegative | None = None,
        strategy: Strategy | None = None,
        min_ready_seconds: NonNegative | None = None,
        revision_history_limit: NonNegative | None = None,
        progress_deadline_seconds: Positive | None = None,
        paused: bool | None = None,
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
        **pods: Unpack[PodOptions],
    ) -> None:
        problems = Problems()
        self._make_pods(PodTemplate(selector, pods), problems, namespace_in(scope, namespace))
        if (min_ready_seconds or 0) >= (progress_deadline_seconds or _PROGRESS_DEADLINE):
            deadline = progress_deadline_seconds or f"{_PROGRESS_DEADLINE}, the default"
            problems.add(
                "progress_deadline_seconds", f"expected more than min_ready_seconds, found {deadline}"
            )
        problems.raise_if_any()
        self.replicas = replicas
        self.strategy = strategy
        self.min_ready_seconds = min_ready_seconds
        self.revision_history_limit = revision_history_limit
        self.progress_deadline_seconds = progress_deadline_seconds
        self.paused = paused
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``."""
        spec = {
            "replicas": self.replicas,
            "selector": {"matchLabels": dict(self.selector)},
            "strategy": rendered(self.strategy),
            "minReadySeconds": self.min_ready_seconds,
            "revisionHistoryLimit": self.revision_history_limit,
            "progressDeadlineSeconds": self.progress_deadline_seconds,
            "paused": self.paused,
            "template": self.template.fields(),
        }
        return {"spec": present(spec)}
