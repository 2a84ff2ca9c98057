"""Which port a probe may ask, as the kubelet finds it.

Source: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

POD = """\
apiVersion: v1
kind: Pod
metadata: {{name: shop, namespace: shop}}
spec:
  containers:
  - name: shop
    ports: {ports}
    {probe}
  - name: other
    ports: [{{containerPort: 9000, name: metrics}}]
"""
HTTP = "[{name: http, containerPort: 8000}]"


@pytest.mark.parametrize(
    ("ports", "probe"),
    [
        (HTTP, "readinessProbe: {httpGet: {port: http}}"),
        (HTTP, "readinessProbe: {httpGet: {port: 8000}}"),
        (HTTP, "readinessProbe: {tcpSocket: {port: 9000}}"),  # containers of a pod share their network
        (HTTP, "livenessProbe: {httpGet: {port: 1234, host: example.com}}"),
        ("[]", "livenessProbe: {grpc: {port: 1234}}"),
        (HTTP, "livenessProbe: {exec: {command: [check]}}"),
    ],
)
def test_a_port_that_can_be_asked(found: Callable[..., dict[str, str]], ports: str, probe: str) -> None:
    assert not found("probe-port-missing", POD.format(ports=ports, probe=probe))


@pytest.mark.parametrize(
    ("ports", "probe", "field", "message"),
    [
        (
            HTTP,
            "readinessProbe: {httpGet: {port: metrics}}",  # names are looked up in the same container
            "readinessProbe.httpGet.port",
            "error: no port of this container is called 'metrics'; it has http",
        ),
        (
            "[]",
            "startupProbe: {tcpSocket: {port: http}}",
            "startupProbe.tcpSocket.port",
            "error: no port of this container is called 'http'; it names none",
        ),
        (
            HTTP,
            "lifecycle: {preStop: {httpGet: {port: stop}}}",
            "lifecycle.preStop.httpGet.port",
            "error: no port of this container is called 'stop'; it has http",
        ),
        (
            HTTP,
            "livenessProbe: {grpc: {port: 8080}}",
            "livenessProbe.grpc.port",
            "warning: the container declares 8000, and not 8080",
        ),
    ],
)
def test_a_port_that_is_not_there(
    found: Callable[..., dict[str, str]], ports: str, probe: str, field: str, message: str
) -> None:
    findings = found("probe-port-missing", POD.format(ports=ports, probe=probe))

    assert findings == {f"spec.containers[0].{field}": message}
