"""Probes and hooks that ask a port which the container does not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from chores_infra.checks.context import Context
from chores_infra.checks.fields import at, each, items, text
from chores_infra.checks.finding import Severity
from chores_infra.checks.pods import Pod, pods_of
from chores_infra.checks.rule import Hit, Rule
from chores_infra.rendering.field_path import FieldPath

__all__ = ["ProbePortMissing"]

_PROBES: Final = (
    "startupProbe",
    "readinessProbe",
    "livenessProbe",
    "lifecycle.postStart",
    "lifecycle.preStop",
)
_ACTIONS: Final = ("httpGet", "tcpSocket", "grpc")


class ProbePortMissing(Rule):
    """A probe of a port that the container does not declare.

    The kubelet looks a name up among the ports of the same container. One that is not there fails each probe:
    the pod is never ready, or is restarted for ever. A number needs no declaration, but where a container
    declares its ports and the probe asks another one, the port was changed in one place only.
    """

    id = "probe-port-missing"
    title = "A probe asks a port that the container does not declare"
    severity = Severity.ERROR
    help = "use a port of the container's ports, or declare this one there"
    bad = """\
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  containers:
  - name: shop
    image: registry.example.com/shop:1.4.2
    ports: [{name: http, containerPort: 8000}]
    readinessProbe: {httpGet: {path: /health, port: web}}
"""
    good = bad.replace("port: web", "port: http")

    def check(self, context: Context) -> Iterator[Hit]:
        """An error for a name, a warning for a number beside ports that are declared."""
        for resource in context.repository.resources:
            for pod in pods_of(resource):
                numbers = {number for _, number, _, _ in pod.ports()}
                for path, container in pod.containers():
                    for below, port in _asked(container):
                        yield from _missing(pod, container, numbers, (*path, *below), port)


def _asked(container: Mapping[str, Any]) -> Iterator[tuple[FieldPath, Any]]:
    """The ports that probes and hooks of a container ask, of the pod itself."""
    for probe in _PROBES:
        for action in _ACTIONS:
            for path, found in each(container, f"{probe}.{action}"):
                if not text(at(found, "host")):
                    yield (*path, "port"), at(found, "port")


def _missing(
    pod: Pod, container: Mapping[str, Any], numbers: set[int], path: FieldPath, port: Any
) -> Iterator[Hit]:
    declared = [item for item in items(container.get("ports")) if isinstance(at(item, "containerPort"), int)]
    if isinstance(port, str) and not port.isdigit() and "{" not in port and "$" not in port:
        names = sorted(filter(None, (text(at(item, "name")) for item in declared)))
        if port not in names:
            has = f"has {', '.join(names)}" if names else "names none"
            yield Hit(pod.owner, f"no port of this container is called {port!r}; it {has}", path)
    elif isinstance(port, int) and port > 0 and declared and port not in numbers:
        shown = ", ".join(str(item["containerPort"]) for item in declared)
        message = f"the container declares {shown}, and not {port}"
        yield Hit(pod.owner, message, path, severity=Severity.WARNING)
