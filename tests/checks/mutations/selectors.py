"""Mistakes in what finds pods, and in the ports that they listen on."""

from __future__ import annotations

from collections.abc import Iterator

from chores_infra.checks.fields import at, each
from chores_infra.checks.pods import pods_of
from chores_infra.checks.selection import selects
from tests.checks.mutations.ground import Ground
from tests.checks.mutations.mutation import Mutation

__all__ = ["pod_port_mistakes", "selector_mistakes"]

_WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet")
_POLICIES = (
    ("policy", "PodDisruptionBudget", ("spec", "selector")),
    ("networking.k8s.io", "NetworkPolicy", ("spec", "podSelector")),
)


def selector_mistakes(ground: Ground) -> Iterator[Mutation]:
    """Labels that no pod has: in a selector, or because the pods have others."""
    for service in ground.context.repository.of_kind("", "Service"):
        pods = ground.context.pods.of_service(service)
        for key, value in (service.at("spec", "selector") or {}).items() if len(pods) == 1 else ():
            selector = ("spec", "selector")
            wrong = ground.misspelt(str(value))
            whole = ground.spot(service, selector)
            yield ground.set("selector of a Service", service, (*selector, key), wrong, whole)
            yield ground.rename("selector of a Service", service, (*selector, key), f"{key}x", whole)
    for group, kind, path in _POLICIES:
        for policy in ground.context.repository.of_kind(group, kind):
            chosen = policy.at(*path) or {}
            if not any(selects(chosen, pod.labels) for pod in ground.context.pods.beside(policy)):
                continue  # those of a chart, of which nothing is known
            for key, value in (chosen.get("matchLabels") or {}).items():
                at_label = (*path, "matchLabels", key)
                whole = ground.spot(policy, path)
                wrong = ground.misspelt(str(value))
                yield ground.set("selector of a policy or budget", policy, at_label, wrong, whole)
                yield ground.rename("selector of a policy or budget", policy, at_label, f"{key}x", whole)
    for workload in ground.context.repository.of_kind("apps", *_WORKLOADS):
        for key, value in (workload.at("spec", "selector", "matchLabels") or {}).items():
            labels = ("spec", "template", "metadata", "labels")
            if workload.at(*labels, key) == value:
                own = ground.spot(workload, ("spec", "selector"))
                wrong = f"{value}-moved"
                yield ground.set("labels of the pods", workload, (*labels, key), wrong, own)
                matched = ("spec", "selector", "matchLabels", key)
                yield ground.set(
                    "selector of a workload",
                    workload,
                    matched,
                    wrong,
                    ground.spot(workload, (*labels, key)),
                )


def pod_port_mistakes(ground: Ground) -> Iterator[Mutation]:
    """Ports of a Service and of a probe that the container does not have."""
    for service in ground.context.repository.of_kind("", "Service"):
        pods = ground.context.pods.of_service(service)
        if len(pods) != 1 or not list(pods[0].ports()):
            continue
        (pod,) = pods
        for path, target in service.each("spec.ports[].targetPort"):
            wrong = target + 1111 if isinstance(target, int) else f"{target}x"
            yield ground.set("port: targetPort changed", service, path, wrong)
            here = ground.spot(service, path)
            for declared, number, name, _ in pod.ports():
                if name and name == target:
                    at_name = (*declared, "name")
                    yield ground.set("port: of a container changed", pod.owner, at_name, f"{name}x", here)
                elif number == target:
                    at_number = (*declared, "containerPort")
                    yield ground.set(
                        "port: of a container changed", pod.owner, at_number, number + 1111, here
                    )
    for resource in ground.resources:
        for pod in pods_of(resource):
            for path, container in pod.containers("containers"):
                yield from _probes(ground, resource, path, container)


def _probes(ground: Ground, resource, path, container) -> Iterator[Mutation]:  # type: ignore[no-untyped-def]
    for probe in ("readinessProbe", "livenessProbe", "startupProbe"):
        for below, port in each(container, f"{probe}.httpGet.port"):
            if not at(container, "ports"):
                continue  # a number that is declared nowhere may be any
            wrong = port + 1111 if isinstance(port, int) else f"{port}x"
            yield ground.set("port: of a probe changed", resource, (*path, *below), wrong)
