"""Which pods a selector finds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from chores_infra.checks.fields import at, items, mapping
from chores_infra.checks.pods import Pod, pods_of
from chores_infra.checks.repository import Repository
from chores_infra.checks.resources import Resource

__all__ = ["Pods", "selects"]


def selects(selector: Mapping[str, Any], labels: Mapping[str, Any]) -> bool:
    """Whether a label selector (``matchLabels`` and ``matchExpressions``) finds something with these labels.

    Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors

    >>> selects({"matchExpressions": [{"key": "tier", "operator": "In", "values": ["web"]}]}, {"tier": "web"})
    True
    """
    if any(labels.get(key) != value for key, value in mapping(selector.get("matchLabels")).items()):
        return False
    return all(_holds(expression, labels) for expression in items(selector.get("matchExpressions")))


def _holds(expression: Any, labels: Mapping[str, Any]) -> bool:
    key, values = at(expression, "key"), items(at(expression, "values"))
    match at(expression, "operator"):
        case "In":
            return labels.get(key) in values
        case "NotIn":
            return labels.get(key) not in values
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
    return True


class Pods:
    """The pods of a repository, by cluster and namespace."""

    def __init__(self, repository: Repository) -> None:
        self._pods: dict[tuple[str, str | None], list[Pod]] = defaultdict(list)
        for resource in repository.resources:
            for pod in pods_of(resource):
                self._pods[resource.cluster, resource.namespace].append(pod)

    def beside(self, resource: Resource) -> Sequence[Pod]:
        """The pods of the namespace of a resource."""
        return self._pods.get((resource.cluster, resource.namespace), ())

    def of_service(self, service: Resource) -> list[Pod]:
        """The pods that a Service finds; none where it has no selector."""
        selector = mapping(service.at("spec", "selector"))
        if not selector:
            return []
        return [pod for pod in self.beside(service) if selects({"matchLabels": selector}, pod.labels)]
