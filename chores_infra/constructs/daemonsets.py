"""DaemonSets: one pod on every node.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/daemon-set-v1/
"""

from __future__ import annotations

from typing import Annotated, Unpack

from pydantic import Field

from chores_infra.arguments import Problems, checked, value_object
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.parts import present, rendered
from chores_infra.constructs.pods import PodOptions
from chores_infra.constructs.templates import PodTemplate
from chores_infra.constructs.workloads import CountOrPercentage, OnDelete, Rolling, Workload
from chores_infra.fields import Annotations, DnsLabel, DnsSubdomain, Labels, NonNegative

__all__ = ["DaemonSet", "DaemonSetUpdate"]


@value_object
class DaemonSetUpdate(Rolling):
    """Replaces the pods of a DaemonSet on a few nodes at a time, as numbers or percentages of the nodes.

    Either the old pod ends first, on ``max_unavailable`` nodes at once (1, unless given); or the new one
    starts beside it, on ``max_surge`` nodes: then ``max_unavailable`` is 0.
    """

    max_surge: CountOrPercentage | None = None
    max_unavailable: CountOrPercentage | None = None

    def check(self, problems: Problems) -> None:
        """The API server takes one of the two ways."""
        surges = self.max_surge not in {None, 0, "0%"}
        ends_first = self.max_unavailable not in {0, "0%"}
        if surges and ends_first:
            found = "its default of 1" if self.max_unavailable is None else repr(self.max_unavailable)
            problems.add("max_unavailable", f"expected 0 beside max_surge, found {found}")
        elif not surges and not ends_first:
            problems.add("max_unavailable", "with max_surge 0 as well no pod could ever be replaced")


class DaemonSet(Workload):
    """Runs one pod on every node, or on every node that ``node_selector`` and ``tolerations`` leave.

    ``selector`` finds the pods, is part of their labels, and can never change once it is live. Everything in
    :class:`~chores_infra.constructs.pods.PodOptions` is an argument too.

    >>> from chores_infra.construct import Tree
    >>> from chores_infra.constructs.containers import Container
    >>> from chores_infra.constructs.images import Image
    >>> agent = DaemonSet(
    ...     Tree(namespace="monitoring"),
    ...     "agent",
    ...     name="agent",
    ...     selector={"app": "agent"},
    ...     containers=[Container(name="agent", image=Image(repository="agent", tag="2.1.0"))],
    ...     strategy=DaemonSetUpdate(max_unavailable="10%"),
    ... )
    >>> agent.manifest["spec"]["updateStrategy"]
    {'type': 'RollingUpdate', 'rollingUpdate': {'maxUnavailable': '10%'}}

    Raises:
        ConstructError: whatever the API server would refuse, and what would never work, all at once.
    """

    api_version = "apps/v1"
    kind = "DaemonSet"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        selector: Annotated[Labels, Field(min_length=1)],
        strategy: DaemonSetUpdate | OnDelete | None = None,
        min_ready_seconds: NonNegative | None = None,
        revision_history_limit: NonNegative | None = None,
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
        **pods: Unpack[PodOptions],
    ) -> None:
        problems = Problems()
        self._make_pods(PodTemplate(selector, pods), problems, namespace_in(scope, namespace))
        problems.raise_if_any()
        self.strategy = strategy
        self.min_ready_seconds = min_ready_seconds
        self.revision_history_limit = revision_history_limit
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``."""
        spec = {
            "selector": {"matchLabels": dict(self.selector)},
            "updateStrategy": rendered(self.strategy),
            "minReadySeconds": self.min_ready_seconds,
            "revisionHistoryLimit": self.revision_history_limit,
            "template": self.template.fields(),
        }
        return {"spec": present(spec)}
