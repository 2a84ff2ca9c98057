"""Workloads: controllers that keep pods running.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Self, TypeAlias, Unpack

from pydantic import Field

from chores_infra.arguments import OneOf, Problems, checked, value_object
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.containers import ContainerPort, ContainerPorts
from chores_infra.constructs.parts import Part, rendered
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

__all__ = ["Deployment", "Recreate", "RollingUpdate", "Workload"]

Percentage = Annotated[str, Matching(r"(?:100|[1-9]?[0-9])%", 4, "a percentage such as '25%'")]
CountOrPercentage = Annotated[
    NonNegative | Percentage, OneOf("a whole number of pods, or a percentage such as '25%'")
]
#: The API server's default of ``progressDeadlineSeconds``.
_PROGRESS_DEADLINE = 600


@value_object
class RollingUpdate(Part):
    """Replaces pods a few at a time.

    ``max_surge`` pods may run above the number of replicas, ``max_unavailable`` may be missing: a number, or
    a percentage of the replicas. What is not given is the API server's 25%.
    """

    max_surge: CountOrPercentage | None = None
    max_unavailable: CountOrPercentage | None = None

    def check(self, problems: Problems) -> None:
        """A rollout that may neither add nor remove a pod cannot begin."""
        if {self.max_surge, self.max_unavailable} <= {0, "0%"}:
            problems.add("max_unavailable", "with max_surge 0 as well no pod could ever be replaced")

    def fields(self) -> Manifest:
        """The strategy, for the manifest."""
        limits = super().fields()
        return {"type": "RollingUpdate", **({"rollingUpdate": limits} if limits else {})}


@value_object
class Recreate(Part):
    """Ends all pods, then starts the new ones: for programs of which no two may run at once."""

    def fields(self) -> Manifest:
        """The strategy, for the manifest."""
        return {"type": "Recreate"}


Strategy: TypeAlias = RollingUpdate | Recreate


class Workload(KubernetesObject):
    """The base of everything that makes pods: what Services need to know about them."""

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
        self.template = PodTemplate(selector, pods)
        problems = Problems()
        check_selector(selector, self.template.labels, problems)
        self.template.check(problems, namespace_in(scope, namespace))
        if (min_ready_seconds or 0) >= (progress_deadline_seconds or _PROGRESS_DEADLINE):
            deadline = progress_deadline_seconds or f"{_PROGRESS_DEADLINE}, the default"
            problems.add(
                "progress_deadline_seconds", f"expected more than min_ready_seconds, found {deadline}"
            )
        problems.raise_if_any()
        self.selector: dict[str, str] = dict(selector)
        self.pod_labels = self.template.labels
        self.ports = self.template.ports
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
        return {"spec": {name: value for name, value in spec.items() if value is not None}}


def check_selector(selector: Mapping[str, str], labels: Mapping[str, str], problems: Problems) -> None:
    """Note labels of pods that keep them from being selected by their own workload."""
    for key, value in selector.items():
        if labels[key] != value:
            problems.add(
                f"pod_labels.{key}",
                f"expected {value!r}, by which the selector finds the pods, found {labels[key]!r}",
            )
