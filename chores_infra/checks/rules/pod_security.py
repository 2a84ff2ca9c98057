"""Pods that the Pod Security Standards do not allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from chores_infra.checks.context import Context
from chores_infra.checks.fields import at, items, mapping, text
from chores_infra.checks.finding import Severity
from chores_infra.checks.pod_security import LATEST, Violation, minor_of, violations
from chores_infra.checks.pods import Pod, pods_of
from chores_infra.checks.rule import Hit, Rule

__all__ = ["PodSecurityBaseline", "PodSecurityRestricted"]

_ENFORCE: Final = "pod-security.kubernetes.io/enforce"
_VERSION: Final = "pod-security.kubernetes.io/enforce-version"

_BASELINE: Final = {
    "privileged": Severity.INFO,
    "baseline": Severity.ERROR,
    "restricted": Severity.ERROR,
}
"""How bad it is to break the baseline, by the level that a namespace enforces."""


class Enforced(NamedTuple):
    """What the labels of a namespace enforce: a level, empty where they say none, and a minor version."""

    level: str = ""
    version: int = LATEST


class PodSecurityBaseline(Rule):
    """A pod that can leave its container.

    The baseline of the Pod Security Standards forbids what is known to lead from a container to the node, or
    to other pods: the node's namespaces, folders and ports, privileged containers, unusual capabilities.
    Agents of a node need some of it, and belong into a namespace of their own that says so by its label
    `pod-security.kubernetes.io/enforce: privileged`. Where a namespace enforces the baseline, the API server
    refuses the pod.
    """

    id = "pod-security-baseline"
    title = "A pod breaks the baseline of the Pod Security Standards"
    severity = Severity.WARNING
    help = f"remove it, or run the pod in a namespace with the label {_ENFORCE}: privileged"
    bad = """\
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  hostNetwork: true
  containers: [{name: shop, image: registry.example.com/shop:1.4.2}]
"""
    good = """\
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  containers: [{name: shop, image: registry.example.com/shop:1.4.2}]
"""

    def check(self, context: Context) -> Iterator[Hit]:
        """An error where it is enforced, an info where the namespace is declared to be privileged."""
        for pod, enforced in _pods(context):
            severity = _BASELINE.get(enforced.level)
            for found in violations(pod, restricted=False, version=enforced.version):
                harmless = found.control.name == "HostPath Volumes" and _only_read(pod, found)
                least = Severity.INFO if harmless and severity is None else severity
                message = f"{found.what}, which the baseline does not allow ({found.control.name})"
                yield Hit(pod.owner, message, found.path, severity=least)


class PodSecurityRestricted(Rule):
    """A pod that has more rights than it needs.

    The restricted level of the Pod Security Standards is present practice: no root user, no new privileges,
    no capabilities, a seccomp profile. Where the namespace enforces it, the API server refuses the pod: the
    Deployment is there and has no pods. Elsewhere it is only said once for each pod what is missing.
    """

    id = "pod-security-restricted"
    title = "A pod breaks the restricted level of the Pod Security Standards"
    severity = Severity.ERROR
    help = (
        "set runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities.drop: [ALL] "
        "and seccompProfile.type: RuntimeDefault in the securityContext"
    )
    bad = """\
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  containers: [{name: shop, image: registry.example.com/shop:1.4.2}]
"""
    good = """\
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
  containers:
  - name: shop
    image: registry.example.com/shop:1.4.2
    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
"""

    def check(self, context: Context) -> Iterator[Hit]:
        """An error for each field where it is enforced, else one info for each pod."""
        for pod, enforced in _pods(context):
            found = list(violations(pod, restricted=True, version=enforced.version))
            if enforced.level == "restricted":
                for each in found:
                    message = f"{each.what}, which the namespace does not allow ({each.control.name})"
                    yield Hit(pod.owner, message, each.path)
            elif found and enforced.level == "":
                names = ", ".join(dict.fromkeys(each.control.name for each in found))
                message = f"the pod is not restricted: {names}"
                yield Hit(pod.owner, message, pod.field("spec"), severity=Severity.INFO)


def _pods(context: Context) -> Iterator[tuple[Pod, Enforced]]:
    """Every pod, and what its namespace enforces."""
    levels = _levels(context)
    unlabelled = Enforced(version=minor_of(f"v{context.releases.get('kubernetes', '')}"))
    for resource in context.repository.resources:
        for pod in pods_of(resource):
            yield pod, levels.get((resource.cluster, resource.namespace), unlabelled)


def _levels(context: Context) -> Mapping[tuple[str, str | None], Enforced]:
    """What the namespaces of the repository enforce: those with a manifest, and those Argo CD makes."""
    found: dict[tuple[str, str | None], Enforced] = {}
    for application in context.repository.applications:
        if application.creates_namespace and application.namespace:
            labels = mapping(at(application.spec, "syncPolicy", "managedNamespaceMetadata", "labels"))
            found[application.cluster, application.namespace] = _enforced(labels)
    for namespace in context.repository.of_kind("", "Namespace"):
        found[namespace.cluster, namespace.name] = _enforced(namespace.labels)
    return found


def _enforced(labels: Mapping[str, Any]) -> Enforced:
    return Enforced(text(labels.get(_ENFORCE)), minor_of(text(labels.get(_VERSION))))


def _only_read(pod: Pod, found: Violation) -> bool:
    """Whether every mount of a folder of the node is read-only: how agents read logs and metrics."""
    number = found.path[-2]
    name = at(pod.spec, "volumes", number, "name")
    mounts = [
        mount
        for _, container in pod.containers()
        for mount in items(container.get("volumeMounts"))
        if at(mount, "name") == name
    ]
    return bool(mounts) and all(at(mount, "readOnly") is True for mount in mounts)
