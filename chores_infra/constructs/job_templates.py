"""What a Job does: its pods, how many of them, and when it has succeeded or failed.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1/#JobSpec
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, cast

from pydantic import Field

from chores_infra.arguments import Problems
from chores_infra.construct import Manifest
from chores_infra.constructs.job_policies import FailureRule, SuccessRule
from chores_infra.constructs.parts import rendered, spelled
from chores_infra.constructs.pods import PodOptions
from chores_infra.constructs.templates import PodTemplate
from chores_infra.fields import Items, Matching, NonNegative, Positive

__all__ = ["JobOptions", "JobTemplate"]

Controller = Annotated[
    str,
    Matching(
        r"[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?/[A-Za-z0-9/_.~-]+",
        63,
        "the name of a controller after a domain and '/', such as 'example.com/queue'",
    ),
]
#: Limits of the API server for Jobs whose pods have indexes.
_MOST_INDEXES = 100_000
_MOST_PODS_BEYOND = 10_000


class JobOptions(PodOptions, total=False):
    """The arguments that Jobs and CronJobs have beside those of their pods.

    ``completions`` pods must succeed, ``parallelism`` run at once. With ``completion_mode="Indexed"`` each
    has an index, in the variable ``JOB_COMPLETION_INDEX``. ``restart_policy`` is what happens to a failed
    container: nothing (``"Never"``, unless given), so that a new pod is made and the failed one can be read.
    """

    parallelism: NonNegative | None
    completions: NonNegative | None
    completion_mode: Literal["NonIndexed", "Indexed"] | None
    backoff_limit: NonNegative | None
    backoff_limit_per_index: NonNegative | None
    max_failed_indexes: NonNegative | None
    active_deadline_seconds: Positive | None
    ttl_seconds_after_finished: NonNegative | None
    pod_failure_policy: Annotated[Items[FailureRule], Field(min_length=1, max_length=20)] | None
    success_policy: Annotated[Items[SuccessRule], Field(min_length=1, max_length=20)] | None
    pod_replacement_policy: Literal["TerminatingOrFailed", "Failed"] | None
    managed_by: Controller | None
    restart_policy: Literal["OnFailure", "Never"] | None


#: Options whose value stands below ``rules``.
_POLICIES = {"pod_failure_policy", "success_policy"}
#: Labels that the controller gives to the pods.
_RESERVED = (
    "job-name",
    "controller-uid",
    "batch.kubernetes.io/job-name",
    "batch.kubernetes.io/controller-uid",
)


class JobTemplate:
    """What one Job does, made from the validated arguments of its constructor, or of a CronJob's."""

    def __init__(
        self, selector: Mapping[str, str], options: JobOptions, *, own: Mapping[str, str] | None = None
    ) -> None:
        of_jobs = JobOptions.__annotations__.keys() - PodOptions.__annotations__.keys()
        pods = {name: value for name, value in options.items() if name not in of_jobs}
        self.restart_policy = options.get("restart_policy") or "Never"
        pods["restart_policy"] = self.restart_policy
        self.pods = PodTemplate(selector, cast("PodOptions", pods), own=own)
        self._options: dict[str, Any] = {
            name: value for name, value in options.items() if value is not None and name not in pods
        }

    def fields(self) -> Manifest:
        """What the ``spec`` of the Job says of it; the template of the pods stands last."""
        fields: Manifest = {}
        for name, value in self._options.items():
            said = rendered(value)
            fields[spelled(name)] = {"rules": said} if name in _POLICIES else said
        return {**fields, "template": self.pods.fields()}

    def check(self, problems: Problems) -> None:
        """Note what the options contradict each other in."""
        for key in _RESERVED:
            if key in self.pods.labels:
                problems.add(f"pod_labels.{key}", "the Job's controller sets it; leave it out")
        if self._options.get("completion_mode") == "Indexed":
            self._check_indexed(problems)
        else:
            for name in ("backoff_limit_per_index", "max_failed_indexes", "success_policy"):
                if name in self._options:
                    problems.add(name, "only pods with an index have it; give completion_mode='Indexed'")
        if "max_failed_indexes" in self._options and "backoff_limit_per_index" not in self._options:
            problems.add("max_failed_indexes", "it needs backoff_limit_per_index, after which an index fails")
        self._check_failures(problems)

    def _check_indexed(self, problems: Problems) -> None:
        completions: int | None = self._options.get("completions")
        if completions is None:
            problems.add("completions", "with completion_mode='Indexed' it says how many indexes there are")
            return
        failed, pods = self._options.get("max_failed_indexes"), self._options.get("parallelism")
        if failed is not None and failed > completions:
            problems.add(
                "max_failed_indexes", f"expected at most completions ({completions}), found {failed}"
            )
        if pods is not None and pods > _MOST_INDEXES:
            problems.add("parallelism", f"expected at most {_MOST_INDEXES} with indexes, found {pods}")
        if completions > _MOST_INDEXES and "backoff_limit_per_index" in self._options:
            for name in ("max_failed_indexes", "parallelism"):
                if self._options.get(name, _MOST_PODS_BEYOND + 1) > _MOST_PODS_BEYOND:
                    message = f"with more than {_MOST_INDEXES} completions give at most {_MOST_PODS_BEYOND}"
                    problems.add(name, message)
        for index, rule in enumerate(self._options.get("success_policy", ())):
            if rule.highest >= completions:
                problems.add(
                    f"success_policy[{index}].succeeded_indexes",
                    f"expected indexes below completions ({completions}), found {rule.highest}",
                )
            if (rule.succeeded_count or 0) > completions:
                problems.add(
                    f"success_policy[{index}].succeeded_count",
                    f"expected at most completions ({completions}), found {rule.succeeded_count}",
                )

    def _check_failures(self, problems: Problems) -> None:
        """What looks at failed pods needs pods that fail, and are kept until they are looked at."""
        for name in ("pod_failure_policy", "backoff_limit_per_index"):
            if name in self._options and self.restart_policy != "Never":
                problems.add("restart_policy", f"expected 'Never' beside {name}: pods that fail")
        rules: list[FailureRule] = self._options.get("pod_failure_policy", [])
        if rules and self._options.get("pod_replacement_policy") == "TerminatingOrFailed":
            problems.add("pod_replacement_policy", "expected 'Failed' beside pod_failure_policy")
        names = {container.name for _, container in self.pods.containers}
        for index, rule in enumerate(rules):
            place = f"pod_failure_policy[{index}]"
            if rule.action == "FailIndex" and "backoff_limit_per_index" not in self._options:
                problems.add(f"{place}.action", "FailIndex needs backoff_limit_per_index")
            container = rule.on_exit_codes.container_name if rule.on_exit_codes is not None else None
            if container is not None and container not in names:
                known = ", ".join(sorted(names))
                problems.add(
                    f"{place}.on_exit_codes.container_name",
                    f"expected a container of the pod ({known}), found {container!r}",
                )
