"""How many pods may be missing while nodes are drained.

Sources: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/pod-disruption-budget-v1/ and
https://kubernetes.io/docs/tasks/run-application/configure-pdb/
"""

from __future__ import annotations

from typing import Literal

from chores_infra.arguments import Problems, checked
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.parts import present
from chores_infra.constructs.references import check_same_namespace
from chores_infra.constructs.workloads import CountOrPercentage, Workload
from chores_infra.fields import Annotations, DnsLabel, DnsSubdomain, Labels
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["PodDisruptionBudget"]


class PodDisruptionBudget(KubernetesObject):
    """How many pods of a workload may be missing at a time by choice: while nodes are drained or upgraded.

    Say either: ``min_available`` pods stay, or ``max_unavailable`` may go; a number, or a percentage of the
    replicas. A budget that lets no pod go keeps every node from being drained, for ever; it is refused unless
    ``block_evictions=True``.

    >>> from chores_infra.construct import Tree
    >>> from chores_infra.constructs.workloads import Deployment
    >>> web = Deployment.existing("web", selector={"app": "web"})
    >>> budget = PodDisruptionBudget(Tree(), "budget", name="web", selects=web, max_unavailable=1)
    >>> budget.manifest["spec"]
    {'maxUnavailable': 1, 'selector': {'matchLabels': {'app': 'web'}}}

    Raises:
        ConstructError: a budget that blocks every eviction, or that cannot be worked out for the workload.
    """

    api_version = "policy/v1"
    kind = "PodDisruptionBudget"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        selects: Workload,
        min_available: CountOrPercentage | None = None,
        max_unavailable: CountOrPercentage | None = None,
        unhealthy_pod_eviction_policy: Literal["IfHealthyBudget", "AlwaysAllow"] | None = None,
        block_evictions: bool = False,
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        check_same_namespace(problems, "selects", selects, namespace_in(scope, namespace))
        selects.check_selectable("selects", problems)
        if (min_available is None) == (max_unavailable is None):
            problems.add("max_unavailable", "give min_available or max_unavailable, one of the two")
        elif not selects.scalable and not isinstance(min_available, int):
            argument = "max_unavailable" if min_available is None else "min_available"
            problems.add(
                argument,
                f"{selects.kind} has no number of replicas that can be looked up; give min_available, "
                "a whole number of pods",
            )
        elif not block_evictions:
            _check_blocking(min_available, max_unavailable, selects, problems)
        problems.raise_if_any()
        self.selector = dict(selects.selector)
        self.min_available = min_available
        self.max_unavailable = max_unavailable
        self.unhealthy_pod_eviction_policy = unhealthy_pod_eviction_policy
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``."""
        spec = {
            "minAvailable": self.min_available,
            "maxUnavailable": self.max_unavailable,
            "unhealthyPodEvictionPolicy": self.unhealthy_pod_eviction_policy,
            "selector": {"matchLabels": dict(self.selector)},
        }
        return {"spec": present(spec)}


def _check_blocking(
    min_available: int | str | None, max_unavailable: int | str | None, selects: Workload, problems: Problems
) -> None:
    """Note a budget that lets no pod go."""
    way_out = "no pod could ever be evicted, and no node drained; let one go, or give block_evictions=True"
    if max_unavailable in {0, "0%"}:
        problems.add("max_unavailable", f"with {max_unavailable!r} {way_out}")
    if min_available is None:
        return
    # Without replicas an autoscaler, or somebody by hand, may make more of them.
    replicas = selects.replicas
    if min_available == "100%" or (replicas and _pods(min_available, replicas) >= replicas):
        of = f" of {replicas} pods" if replicas else ""
        problems.add("min_available", f"with {min_available!r}{of} {way_out}")


def _pods(share: int | str, replicas: int) -> int:
    """A share as pods; percentages are rounded up, as the controller does."""
    return share if isinstance(share, int) else -(-replicas * int(share.removesuffix("%")) // 100)
