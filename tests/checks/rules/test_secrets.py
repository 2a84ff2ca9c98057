"""Which Secrets and settings have credentials in Git."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop}\n"


@pytest.mark.parametrize(
    ("fields", "severity", "path"),
    [
        ("stringData: {password: hunter2}", "warning", "stringData.password"),
        ("data: {password: aHVudGVyMg==}", "warning", "data.password"),
        ("stringData: {username: shop, password: hunter2}", "warning", "stringData.password"),
        ("stringData: {password: <password>}", "info", "stringData.password"),
        ("data: {password: Y2hhbmdlbWU=}", "info", "data.password"),
    ],
)
def test_a_secret_with_values(
    found: Callable[..., dict[str, str]], fields: str, severity: str, path: str
) -> None:
    findings = found("plain-secret", SECRET + fields)

    assert list(findings) == [path]
    assert findings[path].startswith(severity)
    assert "hunter2" not in findings[path]


@pytest.mark.parametrize(
    "fields",
    [
        "type: kubernetes.io/service-account-token",
        "stringData: {type: git, url: https://example.com/infrastructure}",
        "stringData: {password: ''}",
        "stringData: {password: <path:secret/data/shop#password>}",  # argocd-vault-plugin
        "stringData: {password: 'ENC[AES256_GCM,data:abc]'}\nsops: {version: 3.9.1}",
    ],
)
def test_a_secret_without_any(found: Callable[..., dict[str, str]], fields: str) -> None:
    assert not found("plain-secret", SECRET + fields)


POD = """\
apiVersion: v1
kind: Pod
metadata: {{name: p, namespace: shop}}
spec: {{containers: [{{name: p, env: [{variable}], args: [{args}]}}]}}
"""
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: shop}\ndata:\n"
APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd}
spec:
  source: {repoURL: https://charts.example.com, chart: shop, helm: %s}
"""
GITHUB = "gh" + "p_" + "a1B2" * 9


@pytest.mark.parametrize(
    ("text", "path", "severity"),
    [
        (
            POD.format(variable="{name: DB_PASSWORD, value: hunter2}", args=""),
            "spec.containers[0].env[0].value",
            "warning",
        ),
        (POD.format(variable="", args=f"--token={GITHUB}"), "spec.containers[0].args[0]", "error"),
        (CONFIG + "  API_KEY: a8f5f167f44f4964\n", "data.API_KEY", "warning"),
        (CONFIG + "  URL: mysql://shop:hunter2@db/shop\n", "data.URL", "warning"),
        (CONFIG + "  app.yaml: |\n    db:\n      password: hunter2\n", 'data["app.yaml"]', "warning"),
        (
            APPLICATION % "{parameters: [{name: auth.password, value: hunter2}]}",
            "spec.source.helm.parameters[0].value",
            "warning",
        ),
        (
            APPLICATION % "{valuesObject: {auth: {password: hunter2}}}",
            "spec.source.helm.valuesObject.auth.password",
            "warning",
        ),
        (APPLICATION % '{values: "auth:\\n  password: hunter2\\n"}', "spec.source.helm.values", "warning"),
    ],
)
def test_a_credential_among_settings(
    found: Callable[..., dict[str, str]], text: str, path: str, severity: str
) -> None:
    findings = found("credential-in-plain", text)

    assert list(findings) == [path]
    assert findings[path].startswith(f"{severity}: ")
    assert "hunter2" not in findings[path]


@pytest.mark.parametrize(
    "text",
    [
        POD.format(variable="{name: P_PASSWORD, valueFrom: {secretKeyRef: {name: s, key: k}}}", args=""),
        POD.format(variable="{name: DB_PASSWORD, value: $(OTHER)}", args=""),
        POD.format(variable="{name: DB_PASSWORD_FILE, value: /run/secrets/db}", args=""),
        CONFIG + "  MAX_TOKENS: '120000'\n",
        CONFIG + "  run.sh: |\n    PASSWORD=hunter2\n",  # a program, whose lines are no settings
        CONFIG + '  app.yaml: "password: ${DB_PASSWORD}"\n',
    ],
)
def test_settings_without_one(found: Callable[..., dict[str, str]], text: str) -> None:
    assert not found("credential-in-plain", text)
