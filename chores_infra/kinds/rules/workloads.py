"""Rules about what runs pods: Deployments and their like, Jobs, CronJobs, autoscalers.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from chores_infra.kinds.problem import show
from chores_infra.kinds.rules.reading import Check, Found, at, listed, mapping, objects

__all__ = ["RULES"]

_LABELS = ("template", "metadata", "labels")
_RESTART_POLICIES = ("Always", "OnFailure", "Never")


def _selects_template() -> Check:
    """Hold the pod template's labels to the selector beside it, which may not be empty."""

    def check(spec: Any) -> Found | None:
        selector = spec.get("selector")
        labels = at(spec, _LABELS) or {}
        if not isinstance(selector, dict) or not isinstance(labels, dict):
            return None
        wanted = selector.get("matchLabels") or {}
        if not wanted and not selector.get("matchExpressions"):
            return [(("selector",), "selects every pod; give it the labels of the template")]
        found: Found = []
        if isinstance(wanted, dict):
            lost = [key for key, text in wanted.items() if labels.get(key) != text and isinstance(key, str)]
            for key in lost:
                label = show(labels.get(key))
                found.append(((*_LABELS, key), f"spec.selector wants {show(wanted[key])}, found {label}"))
        for index, requirement in objects(selector, "matchExpressions"):
            if not _fulfils(labels, requirement):
                where = ("selector", "matchExpressions", index)
                found.append((where, "does not select the labels of the template"))
        return found or None

    return check


def _fulfils(labels: dict[str, Any], requirement: dict[str, Any]) -> bool:
    key, values = requirement.get("key"), requirement.get("values") or []
    if not isinstance(key, str) or not isinstance(values, list):
        return True
    match requirement.get("operator"):
        case "In":
            return labels.get(key) in values
        case "NotIn":
            return labels.get(key) not in values
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
    return True


def _selector_selects_template() -> Check:
    """Hold a template to the plain selector of a ReplicationController."""

    def check(spec: Any) -> Found | None:
        wanted, labels = mapping(spec, "selector"), mapping(spec, *_LABELS)
        found: Found = [
            ((*_LABELS, key), f"spec.selector wants {show(text)}, found {show(labels.get(key))}")
            for key, text in wanted.items()
            if isinstance(key, str) and labels.get(key) != text
        ]
        return found or None

    return check


def _restart_policy(*allowed: str) -> Check:
    def check(spec: Any) -> Found | None:
        pod = at(spec, ("template", "spec"))
        if not isinstance(pod, dict):
            return None
        found = pod.get("restartPolicy", "Always")
        if found in allowed or found not in _RESTART_POLICIES:
            return None
        default = "" if "restartPolicy" in pod else ", the default"
        path = ("template", "spec", "restartPolicy")
        return [(path, f"expected {listed(allowed)} in this kind, found {show(found)}{default}")]

    return check


def _no_deadline() -> Check:
    def check(spec: Any) -> Found | None:
        where = ("template", "spec", "activeDeadlineSeconds")
        is_given = at(spec, where) is not None
        return [(where, "is for pods that end, not for those of this kind")] if is_given else None

    return check


def _progress_deadline() -> Check:
    def check(spec: Any) -> Found | None:
        ready, deadline = spec.get("minReadySeconds", 0), spec.get("progressDeadlineSeconds", 600)
        if not isinstance(ready, int) or not isinstance(deadline, int) or ready < deadline:
            return None
        default = "" if "progressDeadlineSeconds" in spec else ", the default"
        where = "progressDeadlineSeconds" if "progressDeadlineSeconds" in spec else "minReadySeconds"
        return [
            ((where,), f"minReadySeconds ({ready}) is below progressDeadlineSeconds ({deadline}{default})")
        ]

    return check


def _makes_progress(surge: int | str, unavailable: int | str, ways: str = "both ways") -> Check:
    """Hold a rolling update to a way of replacing pods; with ``"one way"`` it has not both."""

    def check(update: Any) -> Found | None:
        more, fewer = update.get("maxSurge", surge), update.get("maxUnavailable", unavailable)
        if _is_zero(more) and _is_zero(fewer):
            default = "" if "maxUnavailable" in update else ", the default"
            return [(("maxUnavailable",), f"cannot be 0{default} with maxSurge 0: no pod could be replaced")]
        if ways == "one way" and not _is_zero(more) and not _is_zero(fewer):
            default = "" if "maxUnavailable" in update else ", the default"
            return [(("maxSurge",), f"needs maxUnavailable 0, found {show(fewer)}{default}")]
        return None

    return check


def _is_zero(count: object) -> bool:
    return count == 0 or (isinstance(count, str) and count.strip("0") == "%")


def _job() -> Check:
    """Hold the parts of a Job to each other: completions, failure policy, selector."""

    def check(job: Any) -> Found | None:
        found: Found = []
        if "selector" in job and job.get("manualSelector") is not True:
            found.append((("selector",), "is made by the server; leave it out, or give manualSelector true"))
        if job.get("completionMode") == "Indexed":
            if "completions" not in job:
                found.append((("completions",), "required field is missing: completionMode Indexed needs it"))
        else:
            for field in ("backoffLimitPerIndex", "successPolicy"):
                if field in job:
                    found.append(((field,), "is only for completionMode Indexed"))
        if "maxFailedIndexes" in job and "backoffLimitPerIndex" not in job:
            found.append((("maxFailedIndexes",), "needs backoffLimitPerIndex"))
        if "podFailurePolicy" in job:
            found += _failure_policy(job)
        return found or None

    return check


def _failure_policy(job: dict[str, Any]) -> Found:
    found: Found = []
    if at(job, ("template", "spec", "restartPolicy")) != "Never":
        found.append((("podFailurePolicy",), "needs restartPolicy Never in the template"))
    if job.get("podReplacementPolicy", "Failed") != "Failed":
        found.append((("podReplacementPolicy",), "is Failed with podFailurePolicy"))
    for index, rule in objects(job, "podFailurePolicy", "rules"):
        where = ("podFailurePolicy", "rules", index)
        if rule.get("action") == "FailIndex" and "backoffLimitPerIndex" not in job:
            found.append(((*where, "action"), "FailIndex needs backoffLimitPerIndex"))
        codes = mapping(rule, "onExitCodes")
        if codes.get("operator") == "In" and 0 in (codes.get("values") or ()):
            found.append(((*where, "onExitCodes", "values"), "0 is success; operator In cannot have it"))
    return found


_RANGE = re.compile(r"(\d+)-(\d+)", re.ASCII)


def _schedule() -> Check:
    def check(spec: Any) -> Found | None:
        schedule = spec.get("schedule")
        if not isinstance(schedule, str):
            return None
        backwards = [text for text, low, high in _ranges(schedule) if low > high]
        return [(("schedule",), f"the range {text} ends before it begins") for text in backwards] or None

    return check


def _ranges(schedule: str) -> list[tuple[str, int, int]]:
    return [(match[0], int(match[1]), int(match[2])) for match in _RANGE.finditer(schedule[:1000])]


_METRICS = {
    "ContainerResource": "containerResource",
    "External": "external",
    "Object": "object",
    "Pods": "pods",
    "Resource": "resource",
}
_TARGETS = {"AverageValue": "averageValue", "Utilization": "averageUtilization", "Value": "value"}


def _metric() -> Check:
    def check(metric: Any) -> Found | None:
        wanted = _METRICS.get(metric.get("type", ""))
        if wanted is None:
            return None
        found: Found = [
            ((field,), f"is for type {name}, found type {metric['type']}")
            for name, field in _METRICS.items()
            if field in metric and field != wanted
        ]
        if wanted not in metric:
            found.append(((wanted,), f"required field is missing: type {metric['type']} needs it"))
        return found or None

    return check


def _metric_target(*allowed: str) -> Check:
    """Hold the target of a metric to the types that its source can have, and to the field of its type."""

    def check(source: Any) -> Found | None:
        target = mapping(source, "target")
        kind = target.get("type")
        if kind not in _TARGETS:
            return None
        if kind not in allowed:
            return [(("target", "type"), f"expected {listed(allowed)} here, found {show(kind)}")]
        found: Found = [
            (("target", field), f"is for type {name}, found type {kind}")
            for name, field in _TARGETS.items()
            if field in target and name != kind
        ]
        if _TARGETS[kind] not in target:
            found.append((("target", _TARGETS[kind]), f"required field is missing: type {kind} needs it"))
        return found or None

    return check


def _scale_to_zero() -> Check:
    def check(spec: Any) -> Found | None:
        if spec.get("minReplicas") != 0 or isinstance(spec.get("minReplicas"), bool):
            return None
        if any(metric.get("type") in ("Object", "External") for _, metric in objects(spec, "metrics")):
            return None
        return [(("minReplicas",), "0 needs a metric of type Object or External to scale up again")]

    return check


RULES: dict[str, Callable[..., Check]] = {
    "workloads.job": _job,
    "workloads.makes-progress": _makes_progress,
    "workloads.metric": _metric,
    "workloads.metric-target": _metric_target,
    "workloads.no-deadline": _no_deadline,
    "workloads.progress-deadline": _progress_deadline,
    "workloads.restart-policy": _restart_policy,
    "workloads.scale-to-zero": _scale_to_zero,
    "workloads.schedule": _schedule,
    "workloads.selector-selects-template": _selector_selects_template,
    "workloads.selects-template": _selects_template,
}
