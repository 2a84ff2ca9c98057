"""Jobs: pods that run to an end, once or on a schedule.

Sources: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1/ and
https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/cron-job-v1/
"""

from __future__ import annotations

from typing import Annotated, Literal, Unpack

from pydantic import Field

from chores_infra.arguments import Problems, checked
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.job_policies import ExitCodes, FailureRule, PodCondition, SuccessRule
from chores_infra.constructs.job_templates import JobOptions, JobTemplate
from chores_infra.constructs.parts import present
from chores_infra.constructs.schedules import CronSchedule, TimeZone
from chores_infra.constructs.workloads import Workload
from chores_infra.fields import Annotations, DnsLabel, Labels, Matching, NonNegative

__all__ = ["CronJob", "ExitCodes", "FailureRule", "Job", "PodCondition", "SuccessRule"]

_DNS_NAME = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*"
_SAID = "a DNS name: lower-case letters, digits, '-' and '.', a letter or digit at both ends of each part"
# The name is the value of a label of the pods; a CronJob adds 11 characters of its own.
JobName = Annotated[str, Matching(_DNS_NAME, 63, _SAID)]
CronJobName = Annotated[str, Matching(_DNS_NAME, 52, _SAID)]
#: The label by which the pods of a Job are found.
_JOB_NAME = "batch.kubernetes.io/job-name"


class Job(Workload):
    """Runs pods until enough of them have succeeded.

    A Job never changes once it is live, so a new version needs a new name, or an Argo CD hook that deletes
    the old one. Everything in :class:`~chores_infra.constructs.job_templates.JobOptions` and
    :class:`~chores_infra.constructs.pods.PodOptions` is an argument too. ``selector`` is for pods that are
    there already; without it the API server makes one that no other Job has.

    >>> from chores_infra.construct import Tree
    >>> from chores_infra.constructs.containers import Container
    >>> from chores_infra.constructs.images import Image
    >>> migrate = Job(
    ...     Tree(namespace="shop"),
    ...     "migrate",
    ...     name="shop-migrate",
    ...     backoff_limit=2,
    ...     containers=[Container(name="migrate", image=Image(repository="shop", tag="1.4.2"))],
    ... )
    >>> migrate.manifest["spec"]["template"]["spec"]["restartPolicy"]
    'Never'

    Raises:
        ConstructError: whatever the API server would refuse, and what would never work, all at once.
    """

    api_version = "batch/v1"
    kind = "Job"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: JobName,
        selector: Annotated[Labels, Field(min_length=1)] | None = None,
        suspend: bool | None = None,
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
        **job: Unpack[JobOptions],
    ) -> None:
        self.job = JobTemplate(selector or {}, job, own=selector or {_JOB_NAME: name})
        problems = Problems()
        self._make_pods(self.job.pods, problems, namespace_in(scope, namespace))
        self.job.check(problems)
        _check_hostnames(name, job, problems)
        problems.raise_if_any()
        self.has_own_selector = selector is not None
        if selector is None:
            self.selector = {_JOB_NAME: name}
            self.pod_labels = {**self.pod_labels, **self.selector}
        self.suspend = suspend
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``."""
        spec: Manifest = {"suspend": self.suspend}
        if self.has_own_selector:
            spec |= {"manualSelector": True, "selector": {"matchLabels": dict(self.selector)}}
        return {"spec": {**present(spec), **self.job.fields()}}


class CronJob(Workload):
    """Makes a Job whenever a schedule says so.

    ``schedule`` has five fields (``"0 3 * * *"``: minute, hour, day of the month, month, weekday) or is
    a macro such as ``"@daily"``; it means the time of the control plane unless ``time_zone`` says which.
    ``concurrency_policy`` is what happens when the last Job still runs. A Job that is late by more than
    ``starting_deadline_seconds`` is left out. Everything in
    :class:`~chores_infra.constructs.job_templates.JobOptions` and
    :class:`~chores_infra.constructs.pods.PodOptions` is an argument too.

    >>> from chores_infra.construct import Tree
    >>> from chores_infra.constructs.containers import Container
    >>> from chores_infra.constructs.images import Image
    >>> report = CronJob(
    ...     Tree(namespace="shop"),
    ...     "report",
    ...     name="report",
    ...     schedule="0 6 * * mon-fri",
    ...     time_zone="Europe/Berlin",
    ...     containers=[Container(name="report", image=Image(repository="shop", tag="1.4.2"))],
    ... )
    >>> report.manifest["spec"]["schedule"]
    '0 6 * * mon-fri'

    Raises:
        ConstructError: whatever the API server would refuse, and what would never work, all at once.
    """

    api_version = "batch/v1"
    kind = "CronJob"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: CronJobName,
        schedule: CronSchedule,
        time_zone: TimeZone | None = None,
        concurrency_policy: Literal["Allow", "Forbid", "Replace"] | None = None,
        # The controller looks every 10 seconds, and would find everything late.
        starting_deadline_seconds: Annotated[int, Field(ge=10, le=2**31 - 1)] | None = None,
        successful_jobs_history_limit: NonNegative | None = None,
        failed_jobs_history_limit: NonNegative | None = None,
        suspend: bool | None = None,
        job_labels: Labels | None = None,
        job_annotations: Annotations | None = None,
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
        **job: Unpack[JobOptions],
    ) -> None:
        self.job = JobTemplate({}, job, own=job.get("pod_labels") or {})
        problems = Problems()
        self._make_pods(self.job.pods, problems, namespace_in(scope, namespace))
        self.job.check(problems)
        # The controller puts up to 11 characters of time behind the name.
        _check_hostnames(f"{name}-0123456789", job, problems)
        problems.raise_if_any()
        self.selector = self.pod_labels
        self.schedule = schedule
        self.time_zone = time_zone
        self.concurrency_policy = concurrency_policy
        self.starting_deadline_seconds = starting_deadline_seconds
        self.successful_jobs_history_limit = successful_jobs_history_limit
        self.failed_jobs_history_limit = failed_jobs_history_limit
        self.suspend = suspend
        self.job_labels = job_labels
        self.job_annotations = job_annotations
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``."""
        metadata = present({"labels": self.job_labels, "annotations": self.job_annotations})
        template: Manifest = {"metadata": metadata} if metadata else {}
        spec = {
            "schedule": self.schedule,
            "timeZone": self.time_zone,
            "concurrencyPolicy": self.concurrency_policy,
            "startingDeadlineSeconds": self.starting_deadline_seconds,
            "successfulJobsHistoryLimit": self.successful_jobs_history_limit,
            "failedJobsHistoryLimit": self.failed_jobs_history_limit,
            "suspend": self.suspend,
            "jobTemplate": {**template, "spec": self.job.fields()},
        }
        return {"spec": present(spec)}


def _check_hostnames(name: str, job: JobOptions, problems: Problems) -> None:
    """Pods with an index have a host name, ``<name>-<index>``, which is a DNS label."""
    completions = job.get("completions")
    if job.get("completion_mode") == "Indexed" and completions:
        longest = f"{name}-{completions - 1}"
        if len(longest) > 63 or "." in name:
            problems.add("name", f"with indexes the host name of a pod would be {longest!r}, no DNS label")
