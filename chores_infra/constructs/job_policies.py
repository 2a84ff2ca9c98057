"""When a Job has failed, and when it has succeeded, beyond counting its pods.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1/#JobSpec
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.parts import Part, present
from chores_infra.fields import DnsLabel, Items, LabelKey, Matching, Positive

__all__ = ["ExitCodes", "FailureRule", "PodCondition", "SuccessRule"]

ExitCode = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
Indexes = Annotated[
    str,
    Matching(r"[0-9]+(?:-[0-9]+)?(?:,[0-9]+(?:-[0-9]+)?)*", 65536, "indexes such as '0,2-4'"),
]


@value_object
class ExitCodes(Part):
    """Containers that ended with one of some exit codes, or (``NotIn``) with none of them.

    Without ``container_name`` any container of the pod is meant. A container that ended well is never meant.
    """

    container_name: DnsLabel | None = None
    operator: Literal["In", "NotIn"] = "In"
    values: Annotated[Items[ExitCode], Field(min_length=1, max_length=255)]

    def check(self, problems: Problems) -> None:
        """The API server wants them in order, each once; 0 is no failure."""
        if any(first >= second for first, second in pairwise(self.values)):
            problems.add("values", "expected exit codes in ascending order, each once")
        if self.operator == "In" and 0 in self.values:
            problems.add("values", "expected exit codes other than 0, with which no pod fails")

    def fields(self) -> Manifest:
        """The requirement, for the manifest; the operator is always said."""
        container = self.container_name
        return present({"containerName": container, "operator": self.operator, "values": list(self.values)})


@value_object
class PodCondition(Part):
    """A condition of the failed pod, such as ``DisruptionTarget``: it was evicted or preempted."""

    type: LabelKey
    status: Literal["True", "False", "Unknown"] = "True"

    def fields(self) -> Manifest:
        """The pattern, for the manifest; the status is always said."""
        return {"type": self.type, "status": self.status}


@value_object
class FailureRule(Part):
    """What is done about a failed pod that matches; the first rule that does is the one that counts.

    ``FailJob`` ends the Job, ``FailIndex`` its index, ``Ignore`` does not count the failure, ``Count`` does.
    """

    action: Literal["FailJob", "FailIndex", "Ignore", "Count"]
    on_exit_codes: ExitCodes | None = None
    on_pod_conditions: Annotated[Items[PodCondition], Field(min_length=1, max_length=20)] | None = None

    def check(self, problems: Problems) -> None:
        """A rule looks at the exit codes or at the conditions."""
        if (self.on_exit_codes is None) == (self.on_pod_conditions is None):
            problems.add("on_exit_codes", "give on_exit_codes or on_pod_conditions, one of the two")


@value_object
class SuccessRule(Part):
    """Which indexes (``"0,2-4"``) must have succeeded, and how many, for the whole Job to have succeeded."""

    succeeded_indexes: Indexes | None = None
    succeeded_count: Positive | None = None

    def check(self, problems: Problems) -> None:
        """At least one of them is said; indexes are in order, and enough for the count."""
        if self.succeeded_indexes is None and self.succeeded_count is None:
            problems.add("succeeded_indexes", "give succeeded_indexes or succeeded_count, or both")
        bounds = [int(number) for number in re.split("[,-]", self.succeeded_indexes or "0")]
        if any(first >= second for first, second in pairwise(bounds)):
            problems.add("succeeded_indexes", "expected indexes in ascending order, each once")
        elif self.succeeded_indexes is not None and (self.succeeded_count or 0) > self._named():
            problems.add("succeeded_count", f"expected at most the {self._named()} of succeeded_indexes")

    @property
    def highest(self) -> int:
        """The highest index that it names."""
        return int(re.split("[,-]", self.succeeded_indexes or "0")[-1])

    def _named(self) -> int:
        """How many indexes it names."""
        parts = [part.partition("-") for part in (self.succeeded_indexes or "").split(",")]
        return sum(int(last or first) - int(first) + 1 for first, _, last in parts)
