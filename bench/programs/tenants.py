"""Many apps of chores_infra: a chores-tracker for every tenant in ``apps.json``, which lies beside this file.

The bench copies this module into the folder of each run; ``chores-infra.toml`` there names the classes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar

from chores_infra import (
    App,
    AppConfiguration,
    Application,
    Automated,
    ConfigMap,
    Container,
    Database,
    Deployment,
    Destination,
    ExternalSecret,
    GitDirectory,
    Grant,
    HttpProbe,
    Image,
    IngressRoute,
    ProviderConfig,
    Scope,
    Secret,
    SecretStore,
    Service,
    SyncPolicy,
    Target,
    User,
    VaultKey,
)

SECRETS = {"DATABASE_URL": "database-url", "SECRET_KEY": "secret-key", "DB_PASSWORD": "db-password"}
IMAGE = "852893458518.dkr.ecr.us-east-2.amazonaws.com/chores-tracker"


class TenantConfiguration(AppConfiguration):
    """What differs between tenants."""

    name: str
    host: str
    database: str
    user: str


class Tenant(App[TenantConfiguration]):
    """One tenant's chores-tracker; a subclass per tenant has its ``names``."""

    names: ClassVar[dict[str, str]]

    @classmethod
    def configure(cls, target: Target) -> TenantConfiguration:
        return TenantConfiguration(target=target, **cls.names)

    def __init__(self, scope: Scope, id: str, configuration: TenantConfiguration) -> None:
        super().__init__(scope, id, configuration)
        name = configuration.name
        Application(
            self,
            "application",
            name=name,
            namespace="argo-cd",
            source=GitDirectory(
                repo_url="https://github.com/arigsela/kubernetes",
                target_revision="main",
                path=f"base-apps/{name}",
            ),
            destination=Destination(namespace=name),
            sync_policy=SyncPolicy(automated=Automated(prune=True, self_heal=True), create_namespace=True),
        )
        settings = ConfigMap(
            self,
            "settings",
            name=f"{name}-config",
            data={
                "ENVIRONMENT": "production",
                "DEBUG": "False",
                "BACKEND_CORS_ORIGINS": f"https://{configuration.host}",
            },
        )
        secrets = ExternalSecret(
            self,
            "secrets",
            name=f"{name}-secrets",
            store=SecretStore.existing("vault-backend"),
            refresh_interval="1h",
            keys={variable: VaultKey(key=name, property=key) for variable, key in SECRETS.items()},
        )
        web = Deployment(
            self,
            "web",
            name=name,
            replicas=1,
            selector={"app": name},
            containers=[
                Container(
                    name=name,
                    image=Image(repository=IMAGE, tag=configuration.target.tag),
                    image_pull_policy="IfNotPresent",
                    ports=[8000],
                    env_from=[settings, secrets],
                    readiness=HttpProbe(
                        path="/api/v1/healthcheck", port=8000, initial_delay_seconds=30, period_seconds=5
                    ),
                )
            ],
            image_pull_secrets=[Secret.existing("ecr-registry")],
        )
        service = Service(self, "service", name=name, selects=web, port=80)
        IngressRoute(self, "ingress", name=name, entry_points=["web"], routes={configuration.host: service})
        mysql = ProviderConfig.existing("mysql-provider")
        database = Database(self, "database", name=configuration.database, provider_config=mysql)
        user = User(
            self,
            "user",
            name=configuration.user,
            password=secrets.key("DB_PASSWORD"),
            provider_config=mysql,
        )
        Grant(
            self,
            "grant",
            name=f"{configuration.database}-grant",
            user=user,
            database=database,
            privileges=["ALL"],
            provider_config=mysql,
        )


def _tenants() -> dict[str, type[Tenant]]:
    """A class per tenant, by the name that it has in this module."""
    file = Path(__file__).with_name("apps.json")
    found: dict[str, type[Tenant]] = {}
    for names in json.loads(file.read_text(encoding="utf-8"))["apps"]:
        class_name = names.pop("prefix").title().replace("-", "")
        members: dict[str, Any] = {"__module__": __name__, "app_name": names["name"], "names": names}
        found[class_name] = type(class_name, (Tenant,), members)
    return found


TENANTS = _tenants()
globals().update(TENANTS)
