"""How bad it is to break a standard, by what the namespace of the pod enforces."""

from __future__ import annotations

from collections.abc import Callable

import pytest

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  hostPID: true
  containers: [{name: shop, image: "shop:1.4.2"}]
"""
LABEL = "pod-security.kubernetes.io/enforce"


def namespace(level: str, more: str = "") -> str:
    labels = f"{{{LABEL}: {level}{more}}}"
    return f"---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: shop, labels: {labels}}}\n"


@pytest.mark.parametrize(
    ("level", "baseline", "restricted"),
    [
        ("", {"warning"}, {"info"}),
        ("privileged", {"info"}, set()),
        ("baseline", {"error"}, set()),
        ("restricted", {"error"}, {"error"}),
    ],
)
def test_by_level(
    found: Callable[..., dict[str, str]], level: str, baseline: set[str], restricted: set[str]
) -> None:
    text = POD + (namespace(level) if level else "")

    def severities(rule: str) -> set[str]:
        return {each.partition(":")[0] for each in found(rule, text).values()}

    assert severities("pod-security-baseline") == baseline
    assert severities("pod-security-restricted") == restricted


def test_the_version_of_the_label(found: Callable[..., dict[str, str]]) -> None:
    text = POD + namespace("restricted", f", {LABEL}-version: v1.22")
    paths = found("pod-security-restricted", text.replace("hostPID: true", "securityContext: {runAsUser: 0}"))

    # runAsUser is a control since 1.23.
    assert "spec.securityContext.runAsUser" not in paths
    assert "spec.containers[0].securityContext.runAsNonRoot" in paths


def test_a_pod_that_is_not_enforced_is_told_once_what_it_lacks(found: Callable[..., dict[str, str]]) -> None:
    assert found("pod-security-restricted", POD) == {
        "spec": "info: the pod is not restricted: "
        "Privilege Escalation, Running as Non-root, Seccomp, Capabilities"
    }


@pytest.mark.parametrize(("read_only", "severity"), [("true", "info"), ("false", "warning")])
def test_agents_read_folders_of_the_node(
    found: Callable[..., dict[str, str]], read_only: str, severity: str
) -> None:
    text = f"""\
apiVersion: apps/v1
kind: DaemonSet
metadata: {{name: agent, namespace: logs}}
spec:
  template:
    spec:
      containers: [{{name: a, volumeMounts: [{{name: v, mountPath: /logs, readOnly: {read_only}}}]}}]
      volumes: [{{name: v, hostPath: {{path: /var/log}}}}]
"""
    (message,) = found("pod-security-baseline", text).values()

    assert message == (
        f"{severity}: volume v is /var/log of the node, which the baseline does not allow (HostPath Volumes)"
    )


def test_labels_that_argo_cd_gives(found: Callable[..., dict[str, str]]) -> None:
    texts = {
        "apps/shop.yaml": f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: shop, namespace: argo-cd}}
spec:
  source: {{repoURL: https://example.com/infrastructure, path: shop}}
  destination: {{server: https://kubernetes.default.svc, namespace: shop}}
  syncPolicy:
    syncOptions: [CreateNamespace=true]
    managedNamespaceMetadata: {{labels: {{{LABEL}: baseline}}}}
""",
        "shop/pod.yaml": POD,
    }
    (message,) = found("pod-security-baseline", texts).values()

    assert message.startswith("error: hostPID is true")
