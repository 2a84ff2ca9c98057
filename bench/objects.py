"""What every peer has to render: the nine objects of chores-tracker, for one app or for many.

The objects are those of the reference app's infrastructure repository, with the names that differ between
apps as parameters. One app has the names of the original; many apps are tenants, each with a prefix of its
own on everything that has a name, also on the cluster-scoped objects.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

import yaml

Manifest: TypeAlias = dict[str, Any]
#: The one in C, where PyYAML has it: the inputs of ten thousand apps take minutes otherwise.
DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

REPOSITORY = "https://github.com/arigsela/kubernetes"
IMAGE = "852893458518.dkr.ecr.us-east-2.amazonaws.com/chores-tracker:3.0.0"
SECRETS = {"DATABASE_URL": "database-url", "SECRET_KEY": "secret-key", "DB_PASSWORD": "db-password"}
#: Which file of the infrastructure repo a kind belongs to; the others are Crossplane's.
FILES = {
    "Application": "application.yaml",
    "ConfigMap": "configmaps.yaml",
    "Deployment": "deployments.yaml",
    "ExternalSecret": "external_secrets.yaml",
    "IngressRoute": "ingress.yaml",
    "Service": "services.yaml",
}
CROSSPLANE = "crossplane_resources.yaml"


@dataclass(frozen=True, slots=True)
class AppNames:
    """What differs between two apps; everything else is derived from it or the same for all."""

    prefix: str
    name: str
    host: str
    database: str
    user: str

    @classmethod
    def of(cls, prefix: str) -> AppNames:
        return cls(
            prefix=prefix,
            name=f"{prefix}chores-tracker",
            host=f"{prefix}chores.arigsela.com",
            database=f"{prefix}chores-db",
            user=f"{prefix}chores-user",
        )


def fleet(count: int) -> list[AppNames]:
    """The names of ``count`` apps; a single one is chores-tracker itself."""
    if count == 1:
        return [AppNames.of("")]
    return [AppNames.of(f"tenant-{number:04d}-") for number in range(count)]


def values(count: int) -> dict[str, list[dict[str, str]]]:
    """The names as the data that every peer's program reads, ``apps.json``."""
    return {"apps": [asdict(names) for names in fleet(count)]}


def expected(count: int) -> list[Manifest]:
    """Every object of ``count`` apps."""
    return [manifest for names in fleet(count) for manifest in objects(names)]


def objects(names: AppNames) -> list[Manifest]:
    """The nine objects of one app."""
    return [
        application(names),
        deployment(names),
        service(names),
        config_map(names),
        external_secret(names),
        ingress_route(names),
        *crossplane(names),
    ]


def files_of(names: AppNames) -> dict[str, str]:
    """The nine objects of one app as the text of seven files."""
    texts: dict[str, list[str]] = {}
    for manifest in objects(names):
        text = yaml.dump(manifest, Dumper=DUMPER, sort_keys=False)
        texts.setdefault(FILES.get(manifest["kind"], CROSSPLANE), []).append(text)
    return {file: "---\n".join(documents) for file, documents in texts.items()}


def application(names: AppNames) -> Manifest:
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": names.name, "namespace": "argo-cd"},
        "spec": {
            "project": "default",
            "source": {
                "repoURL": REPOSITORY,
                "targetRevision": "main",
                "path": f"base-apps/{names.name}",
            },
            "destination": {"server": "https://kubernetes.default.svc", "namespace": names.name},
            "syncPolicy": {
                "automated": {"prune": True, "selfHeal": True},
                "syncOptions": ["CreateNamespace=true"],
            },
        },
    }


def deployment(names: AppNames) -> Manifest:
    container = {
        "name": names.name,
        "image": IMAGE,
        "imagePullPolicy": "IfNotPresent",
        "ports": [{"containerPort": 8000}],
        "envFrom": [
            {"configMapRef": {"name": f"{names.name}-config"}},
            {"secretRef": {"name": f"{names.name}-secrets"}},
        ],
        "readinessProbe": {
            "httpGet": {"path": "/api/v1/healthcheck", "port": 8000},
            "initialDelaySeconds": 30,
            "periodSeconds": 5,
        },
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": names.name, "namespace": names.name},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": {"app": names.name}},
            "template": {
                "metadata": {"labels": {"app": names.name}},
                "spec": {"containers": [container], "imagePullSecrets": [{"name": "ecr-registry"}]},
            },
        },
    }


def service(names: AppNames) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": names.name, "namespace": names.name},
        "spec": {
            "type": "ClusterIP",
            "ports": [{"port": 80, "targetPort": 8000}],
            "selector": {"app": names.name},
        },
    }


def config_map(names: AppNames) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": f"{names.name}-config", "namespace": names.name},
        "data": {
            "ENVIRONMENT": "production",
            "DEBUG": "False",
            "BACKEND_CORS_ORIGINS": f"https://{names.host}",
        },
    }


def external_secret(names: AppNames) -> Manifest:
    return {
        "apiVersion": "external-secrets.io/v1beta1",
        "kind": "ExternalSecret",
        "metadata": {"name": f"{names.name}-secrets", "namespace": names.name},
        "spec": {
            "refreshInterval": "1h",
            "secretStoreRef": {"name": "vault-backend", "kind": "SecretStore"},
            "target": {"name": f"{names.name}-secrets"},
            "data": [
                {"secretKey": variable, "remoteRef": {"key": names.name, "property": name}}
                for variable, name in SECRETS.items()
            ],
        },
    }


def ingress_route(names: AppNames) -> Manifest:
    return {
        "apiVersion": "traefik.containo.us/v1alpha1",
        "kind": "IngressRoute",
        "metadata": {"name": names.name, "namespace": names.name},
        "spec": {
            "entryPoints": ["web"],
            "routes": [
                {
                    "match": f"Host(`{names.host}`)",
                    "kind": "Rule",
                    "services": [{"name": names.name, "port": 80}],
                }
            ],
        },
    }


def crossplane(names: AppNames) -> list[Manifest]:
    """The MySQL database, its user and the grant: cluster-scoped, so without a namespace."""
    password = {"name": f"{names.name}-secrets", "key": "DB_PASSWORD", "namespace": names.name}
    wanted = {
        ("Database", names.database): {},
        ("User", names.user): {"passwordSecretRef": password},
        ("Grant", f"{names.database}-grant"): {
            "user": names.user,
            "privileges": ["ALL"],
            "database": names.database,
        },
    }
    return [
        {
            "apiVersion": "mysql.sql.crossplane.io/v1alpha1",
            "kind": kind,
            "metadata": {"name": name},
            "spec": {"providerConfigRef": {"name": "mysql-provider"}, "forProvider": parameters},
        }
        for (kind, name), parameters in wanted.items()
    ]
