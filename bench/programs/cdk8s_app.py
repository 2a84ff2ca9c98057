"""chores-tracker as people write it with cdk8s in Python: ``cdk8s_app.py apps.json OUT one|each``.

``one`` chart (a chart is a file) holds all apps, or each app has its own. The generated
classes of cdk8s-plus are used for the built-in kinds, ApiObject with a JSON patch for the custom ones (an
ApiObject takes no ``spec`` in Python).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from cdk8s import ApiObject, ApiObjectMetadata, App, Chart, JsonPatch
from cdk8s_plus_33 import k8s
from constructs import Construct

SECRETS = {"DATABASE_URL": "database-url", "SECRET_KEY": "secret-key", "DB_PASSWORD": "db-password"}
IMAGE = "852893458518.dkr.ecr.us-east-2.amazonaws.com/chores-tracker:3.0.0"
CROSSPLANE = "mysql.sql.crossplane.io/v1alpha1"


class ChoresTracker(Construct):
    """One app with its nine objects."""

    def __init__(
        self, scope: Construct, id: str, *, prefix: str, name: str, host: str, database: str, user: str
    ) -> None:
        super().__init__(scope, id)
        del prefix  # for peers that rename by prefix
        self.custom(
            "application",
            "argoproj.io/v1alpha1",
            "Application",
            ApiObjectMetadata(name=name, namespace="argo-cd"),
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
        k8s.KubeConfigMap(
            self,
            "config",
            metadata=k8s.ObjectMeta(name=f"{name}-config", namespace=name),
            data={"ENVIRONMENT": "production", "DEBUG": "False", "BACKEND_CORS_ORIGINS": f"https://{host}"},
        )
        self.custom(
            "secrets",
            "external-secrets.io/v1beta1",
            "ExternalSecret",
            ApiObjectMetadata(name=f"{name}-secrets", namespace=name),
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
        k8s.KubeDeployment(
            self,
            "deployment",
            metadata=k8s.ObjectMeta(name=name, namespace=name),
            spec=k8s.DeploymentSpec(
                replicas=1,
                selector=k8s.LabelSelector(match_labels={"app": name}),
                template=k8s.PodTemplateSpec(
                    metadata=k8s.ObjectMeta(labels={"app": name}),
                    spec=k8s.PodSpec(
                        containers=[
                            k8s.Container(
                                name=name,
                                image=IMAGE,
                                image_pull_policy="IfNotPresent",
                                ports=[k8s.ContainerPort(container_port=8000)],
                                env_from=[
                                    k8s.EnvFromSource(
                                        config_map_ref=k8s.ConfigMapEnvSource(name=f"{name}-config")
                                    ),
                                    k8s.EnvFromSource(secret_ref=k8s.SecretEnvSource(name=f"{name}-secrets")),
                                ],
                                readiness_probe=k8s.Probe(
                                    http_get=k8s.HttpGetAction(
                                        path="/api/v1/healthcheck", port=k8s.IntOrString.from_number(8000)
                                    ),
                                    initial_delay_seconds=30,
                                    period_seconds=5,
                                ),
                            )
                        ],
                        image_pull_secrets=[k8s.LocalObjectReference(name="ecr-registry")],
                    ),
                ),
            ),
        )
        k8s.KubeService(
            self,
            "service",
            metadata=k8s.ObjectMeta(name=name, namespace=name),
            spec=k8s.ServiceSpec(
                type="ClusterIP",
                ports=[k8s.ServicePort(port=80, target_port=k8s.IntOrString.from_number(8000))],
                selector={"app": name},
            ),
        )
        self.custom(
            "ingress",
            "traefik.containo.us/v1alpha1",
            "IngressRoute",
            ApiObjectMetadata(name=name, namespace=name),
            {
                "entryPoints": ["web"],
                "routes": [
                    {
                        "match": f"Host(`{host}`)",
                        "kind": "Rule",
                        "services": [{"name": name, "port": 80}],
                    }
                ],
            },
        )
        self.mysql("database", "Database", database, {})
        self.mysql(
            "user",
            "User",
            user,
            {"passwordSecretRef": {"name": f"{name}-secrets", "key": "DB_PASSWORD", "namespace": name}},
        )
        self.mysql(
            "grant",
            "Grant",
            f"{database}-grant",
            {"user": user, "privileges": ["ALL"], "database": database},
        )

    def mysql(self, id: str, kind: str, name: str, parameters: dict[str, Any]) -> None:
        spec = {"providerConfigRef": {"name": "mysql-provider"}, "forProvider": parameters}
        self.custom(id, CROSSPLANE, kind, ApiObjectMetadata(name=name), spec)

    def custom(
        self, id: str, api_version: str, kind: str, metadata: ApiObjectMetadata, spec: dict[str, Any]
    ) -> None:
        resource = ApiObject(self, id, api_version=api_version, kind=kind, metadata=metadata)
        resource.add_json_patch(JsonPatch.add("/spec", spec))


def main() -> None:
    apps_file, out, charts = sys.argv[1:]
    app = App(outdir=out)
    shared = Chart(app, "apps") if charts == "one" else None
    for names in json.loads(Path(apps_file).read_text(encoding="utf-8"))["apps"]:
        chart = shared or Chart(app, names["name"])
        ChoresTracker(chart, names["name"], **names)
    app.synth()


if __name__ == "__main__":
    main()
