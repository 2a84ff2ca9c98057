"""chores-tracker with the models of the ``kubernetes`` client, as YAML: ``kubernetes_app.py apps.json``.

The client has models for the built-in kinds; custom resources are dicts, as its own examples have them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from kubernetes import client

SECRETS = {"DATABASE_URL": "database-url", "SECRET_KEY": "secret-key", "DB_PASSWORD": "db-password"}
IMAGE = "852893458518.dkr.ecr.us-east-2.amazonaws.com/chores-tracker:3.0.0"


def chores_tracker(name: str, host: str, database: str, user: str) -> Iterator[Any]:
    """The nine objects of one app."""
    yield custom(
        "argoproj.io/v1alpha1",
        "Application",
        client.V1ObjectMeta(name=name, namespace="argo-cd"),
        {
            "project": "default",
            "source": {
                "repoURL": "https://github.com/arigsela/kubernetes",
                "targetRevision": "main",
                "path": f"base-apps/{name}",
            },
            "destination": {"server": "https://kubernetes.default.svc", "namespace": name},
            "syncPolicy": {
                "automated": {"prune": True, "selfHeal": True},
                "syncOptions": ["CreateNamespace=true"],
            },
        },
    )
    yield client.V1ConfigMap(
        api_version="v1",
        kind="ConfigMap",
        metadata=client.V1ObjectMeta(name=f"{name}-config", namespace=name),
        data={"ENVIRONMENT": "production", "DEBUG": "False", "BACKEND_CORS_ORIGINS": f"https://{host}"},
    )
    yield custom(
        "external-secrets.io/v1beta1",
        "ExternalSecret",
        client.V1ObjectMeta(name=f"{name}-secrets", namespace=name),
        {
            "refreshInterval": "1h",
            "secretStoreRef": {"name": "vault-backend", "kind": "SecretStore"},
            "target": {"name": f"{name}-secrets"},
            "data": [
                {"secretKey": variable, "remoteRef": {"key": name, "property": key}}
                for variable, key in SECRETS.items()
            ],
        },
    )
    yield deployment(name)
    yield client.V1Service(
        api_version="v1",
        kind="Service",
        metadata=client.V1ObjectMeta(name=name, namespace=name),
        spec=client.V1ServiceSpec(
            type="ClusterIP",
            ports=[client.V1ServicePort(port=80, target_port=8000)],
            selector={"app": name},
        ),
    )
    rule = {"match": f"Host(`{host}`)", "kind": "Rule", "services": [{"name": name, "port": 80}]}
    yield custom(
        "traefik.containo.us/v1alpha1",
        "IngressRoute",
        client.V1ObjectMeta(name=name, namespace=name),
        {"entryPoints": ["web"], "routes": [rule]},
    )
    password = {"name": f"{name}-secrets", "key": "DB_PASSWORD", "namespace": name}
    yield mysql("Database", database, {})
    yield mysql("User", user, {"passwordSecretRef": password})
    yield mysql("Grant", f"{database}-grant", {"user": user, "privileges": ["ALL"], "database": database})


def deployment(name: str) -> Any:
    container = client.V1Container(
        name=name,
        image=IMAGE,
        image_pull_policy="IfNotPresent",
        ports=[client.V1ContainerPort(container_port=8000)],
        env_from=[
            client.V1EnvFromSource(config_map_ref=client.V1ConfigMapEnvSource(name=f"{name}-config")),
            client.V1EnvFromSource(secret_ref=client.V1SecretEnvSource(name=f"{name}-secrets")),
        ],
        readiness_probe=client.V1Probe(
            http_get=client.V1HTTPGetAction(path="/api/v1/healthcheck", port=8000),
            initial_delay_seconds=30,
            period_seconds=5,
        ),
    )
    return client.V1Deployment(
        api_version="apps/v1",
        kind="Deployment",
        metadata=client.V1ObjectMeta(name=name, namespace=name),
        spec=client.V1DeploymentSpec(
            replicas=1,
            selector=client.V1LabelSelector(match_labels={"app": name}),
            template=client.V1PodTemplateSpec(
                metadata=client.V1ObjectMeta(labels={"app": name}),
                spec=client.V1PodSpec(
                    containers=[container],
                    image_pull_secrets=[client.V1LocalObjectReference(name="ecr-registry")],
                ),
            ),
        ),
    )


def mysql(kind: str, name: str, parameters: dict[str, Any]) -> dict[str, Any]:
    spec = {"providerConfigRef": {"name": "mysql-provider"}, "forProvider": parameters}
    return custom("mysql.sql.crossplane.io/v1alpha1", kind, client.V1ObjectMeta(name=name), spec)


def custom(api_version: str, kind: str, metadata: Any, spec: dict[str, Any]) -> dict[str, Any]:
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": spec}


def main() -> None:
    (apps_file,) = sys.argv[1:]
    apps = json.loads(Path(apps_file).read_text(encoding="utf-8"))["apps"]
    api = client.ApiClient()
    manifests = [
        api.sanitize_for_serialization(found)
        for app in apps
        for found in chores_tracker(app["name"], app["host"], app["database"], app["user"])
    ]
    yaml.dump_all(
        manifests, sys.stdout, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), sort_keys=False
    )


if __name__ == "__main__":
    main()
