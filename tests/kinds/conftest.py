"""Manifests that are right, for tests that spoil one field of them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

Manifest = dict[str, Any]

DEPLOYMENT: Manifest = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {
        "replicas": 1,
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {
                "containers": [
                    {
                        "name": "web",
                        "image": "registry.example.com/web:1.0.0",
                        "imagePullPolicy": "IfNotPresent",
                        "ports": [{"containerPort": 8000}],
                        "envFrom": [{"configMapRef": {"name": "web-config"}}],
                        "readinessProbe": {"httpGet": {"path": "/health", "port": 8000}, "periodSeconds": 5},
                    }
                ]
            },
        },
    },
}
SERVICE: Manifest = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {"ports": [{"port": 80, "targetPort": 8000}], "selector": {"app": "web"}},
}
JOB: Manifest = {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "metadata": {"name": "migrate"},
    "spec": {
        "backoffLimit": 1,
        "template": {
            "spec": {"restartPolicy": "Never", "containers": [{"name": "migrate", "image": "web:1.0.0"}]}
        },
    },
}
PROVIDER_CONFIG: Manifest = {
    "apiVersion": "mysql.sql.crossplane.io/v1alpha1",
    "kind": "ProviderConfig",
    "metadata": {"name": "mysql-provider"},
    "spec": {
        "credentials": {
            "source": "MySQLConnectionSecret",
            "connectionSecretRef": {"namespace": "shop", "name": "mysql"},
        }
    },
}
EXTERNAL_SECRET: Manifest = {
    "apiVersion": "external-secrets.io/v1beta1",
    "kind": "ExternalSecret",
    "metadata": {"name": "web-secrets"},
    "spec": {
        "refreshInterval": "1h",
        "secretStoreRef": {"name": "vault-backend", "kind": "SecretStore"},
        "target": {"name": "web-secrets"},
        "data": [{"secretKey": "PASSWORD", "remoteRef": {"key": "web", "property": "password"}}],
    },
}
CONFIG_MAP: Manifest = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "web-config"},
    "data": {"DEBUG": "False"},
}
APPLICATION: Manifest = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "Application",
    "metadata": {"name": "web", "namespace": "argo-cd"},
    "spec": {
        "project": "default",
        "source": {"repoURL": "https://example.com/infra", "path": "base-apps/web", "targetRevision": "main"},
        "destination": {"server": "https://kubernetes.default.svc", "namespace": "web"},
    },
}
CRON_JOB: Manifest = {
    "apiVersion": "batch/v1",
    "kind": "CronJob",
    "metadata": {"name": "nightly"},
    "spec": {"schedule": "0 */8 * * *", "jobTemplate": {"spec": JOB["spec"]}},
}
ROLE_BINDING: Manifest = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "RoleBinding",
    "metadata": {"name": "system:reader"},
    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "reader"},
    "subjects": [{"kind": "ServiceAccount", "name": "web", "namespace": "shop"}],
}
GOOD = {
    manifest["kind"]: manifest
    for manifest in (
        DEPLOYMENT,
        SERVICE,
        JOB,
        PROVIDER_CONFIG,
        EXTERNAL_SECRET,
        CONFIG_MAP,
        APPLICATION,
        CRON_JOB,
        ROLE_BINDING,
    )
}


@pytest.fixture
def manifest() -> Callable[..., Manifest]:
    """Return ``make(kind, {path: value})``: a valid manifest with fields changed; ``...`` deletes one."""

    def make(kind: str, changes: dict[str, object] | None = None) -> Manifest:
        made = copy.deepcopy(GOOD[kind])
        for path, value in (changes or {}).items():
            target: Any = made
            *above, last = [int(part) if part.isdigit() else part for part in path.split("/")]
            for part in above:
                target = target[part]
            if value is ...:
                del target[last]
            elif isinstance(target, list) and last == len(target):
                target.append(value)
            else:
                target[last] = value
        return made

    return make
