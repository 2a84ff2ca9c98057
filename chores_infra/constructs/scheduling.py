"""On which nodes pods run: tolerations, affinity, spread, and what gives way to what.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#scheduling
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.parts import Part, rendered
from chores_infra.fields import DnsLabel, Items, LabelKey, Labels, LabelValue, NonNegative, Positive

__all__ = [
    "Affinity",
    "LabelSelector",
    "NodeAffinity",
    "NodeTerm",
    "PodAffinity",
    "PodTerm",
    "PreferredNodes",
    "PreferredPods",
    "Requirement",
    "Toleration",
    "TopologySpread",
]

Weight = Annotated[int, Field(ge=1, le=100)]


@value_object
class Requirement(Part):
    """What a label must be: one of some values, none of them, there, not there; for nodes also a number."""

    key: LabelKey
    operator: Literal["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]
    values: Items[LabelValue] | None = None

    def check(self, problems: Problems) -> None:
        """Each operator has its number of values."""
        count = len(self.values or ())
        if self.operator in {"In", "NotIn"} and count == 0:
            problems.add("values", f"{self.operator} needs at least one value")
        elif self.operator in {"Exists", "DoesNotExist"} and count:
            problems.add("values", f"{self.operator} has no values")
        elif self.operator in {"Gt", "Lt"} and not (count == 1 and (self.values or [""])[0].isdigit()):
            problems.add("values", f"{self.operator} needs one value, a whole number as text")


@value_object
class LabelSelector(Part):
    """Objects that carry certain labels. An empty one selects every object."""

    match_labels: Labels | None = None
    match_expressions: Items[Requirement] | None = None

    def check(self, problems: Problems) -> None:
        """Numbers are compared on nodes only."""
        for index, requirement in enumerate(self.match_expressions or ()):
            if requirement.operator in {"Gt", "Lt"}:
                problems.add(
                    f"match_expressions[{index}].operator",
                    f"{requirement.operator} compares labels of nodes, not of other objects",
                )


@value_object
class NodeTerm(Part):
    """Nodes by their labels (``match_expressions``) and by name (``match_fields``); all must hold."""

    match_expressions: Items[Requirement] | None = None
    match_fields: Items[Requirement] | None = None


@value_object
class PreferredNodes(Part):
    """Nodes to prefer; ``weight`` is from 1 to 100."""

    weight: Weight
    preference: NodeTerm


@value_object
class NodeAffinity(Part):
    """Which nodes a pod may run on (any term of ``required``), and which it should."""

    required: Annotated[Items[NodeTerm], Field(min_length=1)] | None = None
    preferred: Items[PreferredNodes] | None = None

    def fields(self) -> Manifest:
        """The affinity, for the manifest."""
        fields: Manifest = {}
        if self.required is not None:
            terms = {"nodeSelectorTerms": rendered(self.required)}
            fields["requiredDuringSchedulingIgnoredDuringExecution"] = terms
        if self.preferred is not None:
            fields["preferredDuringSchedulingIgnoredDuringExecution"] = rendered(self.preferred)
        return fields


@value_object
class PodTerm(Part):
    """Pods to be near to, or far from: near is the same value of the node label ``topology_key``.

    Without ``label_selector`` the workload's own pods are meant.
    """

    topology_key: LabelKey
    label_selector: LabelSelector | None = None
    namespaces: Items[DnsLabel] | None = None
    namespace_selector: LabelSelector | None = None
    match_label_keys: Items[LabelKey] | None = None
    mismatch_label_keys: Items[LabelKey] | None = None

    def fields_for(self, own: LabelSelector) -> Manifest:
        """The term, for the manifest of pods with these labels."""
        return {**_own(self, own), **self.fields()}


@value_object
class PreferredPods(Part):
    """Pods to prefer to be near to, or far from; ``weight`` is from 1 to 100."""

    weight: Weight
    term: PodTerm


@value_object
class PodAffinity(Part):
    """Which pods a pod must run near to, or far from (all of ``required``), and which it should."""

    required: Items[PodTerm] | None = None
    preferred: Items[PreferredPods] | None = None

    def terms(self) -> Iterator[PodTerm]:
        """Every term, binding or not."""
        yield from self.required or ()
        yield from (preferred.term for preferred in self.preferred or ())

    def fields_for(self, own: LabelSelector) -> Manifest:
        """The affinity, for the manifest of pods with these labels."""
        fields: Manifest = {}
        if self.required is not None:
            terms = [term.fields_for(own) for term in self.required]
            fields["requiredDuringSchedulingIgnoredDuringExecution"] = terms
        if self.preferred is not None:
            fields["preferredDuringSchedulingIgnoredDuringExecution"] = [
                {"weight": preferred.weight, "podAffinityTerm": preferred.term.fields_for(own)}
                for preferred in self.preferred
            ]
        return fields


@value_object
class Affinity(Part):
    """Where pods must or should run, with respect to nodes and to other pods."""

    node: NodeAffinity | None = None
    pod: PodAffinity | None = None
    pod_anti: PodAffinity | None = None

    def terms(self) -> Iterator[PodTerm]:
        """Every term about other pods."""
        for affinity in (self.pod, self.pod_anti):
            yield from affinity.terms() if affinity is not None else ()

    def fields_for(self, own: LabelSelector) -> Manifest:
        """The affinity, for the manifest of pods with these labels."""
        fields: Manifest = {}
        if self.node is not None:
            fields["nodeAffinity"] = self.node.fields()
        if self.pod is not None:
            fields["podAffinity"] = self.pod.fields_for(own)
        if self.pod_anti is not None:
            fields["podAntiAffinity"] = self.pod_anti.fields_for(own)
        return fields


@value_object
class Toleration(Part):
    """Lets pods run on nodes with a taint; ``operator="Exists"`` without a key stands for every taint."""

    key: LabelKey | None = None
    operator: Literal["Equal", "Exists"] | None = None
    value: LabelValue | None = None
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] | None = None
    toleration_seconds: NonNegative | None = None

    def check(self, problems: Problems) -> None:
        """What the API server holds tolerations to."""
        if self.key is None and self.operator != "Exists":
            problems.add("key", "give a key, or operator='Exists' to tolerate every taint")
        if self.operator == "Exists" and self.value:
            problems.add("value", "operator 'Exists' compares no value; leave it out")
        if self.toleration_seconds is not None and self.effect != "NoExecute":
            problems.add("toleration_seconds", "only effect 'NoExecute' ends pods after a time")


@value_object
class TopologySpread(Part):
    """Spreads pods evenly over the values of a node label, such as ``topology.kubernetes.io/zone``.

    Without ``label_selector`` the workload's own pods are spread.
    """

    topology_key: LabelKey
    max_skew: Positive = 1
    when_unsatisfiable: Literal["DoNotSchedule", "ScheduleAnyway"] = "DoNotSchedule"
    label_selector: LabelSelector | None = None
    match_label_keys: Items[LabelKey] | None = None
    min_domains: Positive | None = None
    node_affinity_policy: Literal["Honor", "Ignore"] | None = None
    node_taints_policy: Literal["Honor", "Ignore"] | None = None

    def check(self, problems: Problems) -> None:
        """A minimum binds only what is binding."""
        if self.min_domains is not None and self.when_unsatisfiable != "DoNotSchedule":
            problems.add("min_domains", "it has a meaning only with when_unsatisfiable='DoNotSchedule'")

    def fields_for(self, own: LabelSelector) -> Manifest:
        """The constraint, for the manifest of pods with these labels."""
        said = {"maxSkew": self.max_skew, "topologyKey": self.topology_key}
        return {**said, "whenUnsatisfiable": self.when_unsatisfiable, **_own(self, own), **self.fields()}


def _own(part: PodTerm | TopologySpread, own: LabelSelector) -> Manifest:
    """The selector of the workload's own pods, where none was given."""
    return {"labelSelector": own.fields()} if part.label_selector is None else {}
