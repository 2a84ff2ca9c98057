"""Which variables a container gets of the Services beside it, and which of them a program reads.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

SERVICE = """\
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: shop}}
spec: {{ports: [{{port: 80}}]{more}}}
---
"""
POD = """\
apiVersion: v1
kind: Pod
metadata: {{name: p, namespace: {namespace}}}
spec:
  {more}
  containers: [{{name: p, image: {image}, {container}}}]
"""


def texts(
    service: str,
    image: str,
    container: str = "",
    *,
    more: str = "restartPolicy: Always",
    spec: str = "",
    namespace: str = "shop",
) -> str:
    pod = POD.format(image=image, container=container, more=more, namespace=namespace)
    return SERVICE.format(name=service, more=spec) + pod


@pytest.mark.parametrize(
    ("service", "image", "container", "variable"),
    [
        ("n8n", "docker.n8n.io/n8nio/n8n:1.70.0", "", "N8N_PORT"),
        ("kafka", "confluentinc/cp-kafka:7.8.0", "", "KAFKA_PORT"),
        ("gotify-server", "gotify/server:2.6.1", "", "GOTIFY_SERVER_PORT"),
        ("redis", "shop:1.4.2", "env: [{name: REDIS_HOST, value: redis}]", "REDIS_PORT"),
        ("my-db", "shop:1.4.2", "env: [{name: MY_DB_HOSTNAME, value: my-db}]", "MY_DB_PORT"),
        ("server", "shop:1.4.2", "env: [{name: SPRING_PROFILES_ACTIVE, value: web}]", "SERVER_PORT"),
    ],
)
def test_a_variable_that_a_program_takes(
    found: Callable[..., dict[str, str]], service: str, image: str, container: str, variable: str
) -> None:
    findings = found("link-variable", texts(service, image, container))

    assert list(findings) == ["spec.containers[0]"]
    assert findings["spec.containers[0]"].startswith(
        f"warning: Service/shop/{service} sets {variable}=tcp://"
    )


@pytest.mark.parametrize(
    "text",
    [
        texts("n8n", "n8nio/n8n:1.70.0", more="enableServiceLinks: false"),
        texts("n8n", "n8nio/n8n:1.70.0", "env: [{name: N8N_PORT, value: '5678'}]"),
        texts("n8n", "n8nio/n8n:1.70.0", spec=", clusterIP: None"),
        texts("n8n", "n8nio/n8n:1.70.0", namespace="other"),
        texts("workflows", "n8nio/n8n:1.70.0"),
        texts("redis", "redis:7.4.1"),
        texts("n8n", "n8nio/n8n:1.70.0").replace("containers", "initContainers"),
        texts("server", "example/server:1.0.0"),
    ],
)
def test_no_variable_or_none_that_is_taken(found: Callable[..., dict[str, str]], text: str) -> None:
    assert not found("link-variable", text)


def test_variables_of_a_config_map_go_first(found: Callable[..., dict[str, str]]) -> None:
    settings = """\
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {PORT: "5678"}
"""
    text = texts("n8n", "n8nio/n8n:1.70.0", "envFrom: [{configMapRef: {name: settings}, prefix: N8N_}]")

    assert not found("link-variable", text + settings)
    # Without the ConfigMap it is not known which variables it sets.
    assert found("link-variable", text)["spec.containers[0]"].startswith("info: ")
