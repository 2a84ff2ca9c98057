"""The reference application: chores-tracker, as its infrastructure repository deploys it.

Everything that production says is written down once, as the defaults of the configuration; staging and
development say only what differs.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from chores_infra.app import App, AppConfiguration, Target
from chores_infra.construct import Scope
from chores_infra.constructs.argocd import Application, Automated, Destination, GitDirectory, SyncPolicy
from chores_infra.constructs.config import ConfigMap, Secret
from chores_infra.constructs.containers import Container
from chores_infra.constructs.crossplane import Database, Grant, ProviderConfig, User
from chores_infra.constructs.external_secrets import ExternalSecret, SecretStore, VaultKey
from chores_infra.constructs.images import Image
from chores_infra.constructs.probes import HttpProbe
from chores_infra.constructs.services import Service
from chores_infra.constructs.traefik import IngressRoute
from chores_infra.constructs.workloads import Deployment
from chores_infra.environments import Environment
from chores_infra.fields import Duration, Hostname, NonNegative, PortNumber, Text, UrlPath
from chores_infra.versions import FloatingTag

__all__ = ["ChoresTracker", "ChoresTrackerConfiguration", "Settings"]


class Settings(BaseModel):
    """What the program reads from its environment and is no secret."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    environment: Text = "production"
    debug: bool = False
    cors_origins: Text = "https://chores.arigsela.com"

    def variables(self) -> dict[str, str]:
        """The environment variables that carry the settings; booleans as the program spells them."""
        return {
            "ENVIRONMENT": self.environment,
            "DEBUG": str(self.debug),
            "BACKEND_CORS_ORIGINS": self.cors_origins,
        }


class ChoresTrackerConfiguration(AppConfiguration):
    """Every knob of chores-tracker; the defaults are production's."""

    image_repository: Text = "852893458518.dkr.ecr.us-east-2.amazonaws.com/chores-tracker"
    replicas: NonNegative = 1
    port: PortNumber = 8000
    health_path: UrlPath = "/api/v1/healthcheck"
    host: Hostname = "chores.arigsela.com"
    settings: Settings = Settings()
    vault_key: Text = "chores-tracker"
    refresh_interval: Duration = "1h"
    infrastructure_repository: Text = "https://github.com/arigsela/kubernetes"
    infrastructure_revision: Text = "main"


#: The program's secret variables, and what Vault calls them.
SECRETS = {"DATABASE_URL": "database-url", "SECRET_KEY": "secret-key", "DB_PASSWORD": "db-password"}


class ChoresTracker(App[ChoresTrackerConfiguration]):
    """One web Deployment behind Traefik, its secrets from Vault, its MySQL database from Crossplane."""

    app_name = "chores-tracker"

    @classmethod
    def configure(cls, target: Target) -> ChoresTrackerConfiguration:
        """Production is the defaults; the others say what differs."""
        if target.environment is Environment.PRODUCTION:
            return ChoresTrackerConfiguration(target=target)
        environment = target.environment.value
        host = f"chores-{environment}.arigsela.com"
        return ChoresTrackerConfiguration(
            target=target,
            host=host,
            settings=Settings(
                environment=environment,
                debug=target.environment is Environment.DEVELOPMENT,
                cors_origins=f"https://{host}",
            ),
            vault_key=f"chores-tracker-{environment}",
        )

    def __init__(self, scope: Scope, id: str, configuration: ChoresTrackerConfiguration) -> None:
        super().__init__(scope, id, configuration)
        target = configuration.target

        Application(
            self,
            "application",
            name=target.qualify("chores-tracker"),
            namespace="argo-cd",
            source=GitDirectory(
                repo_url=configuration.infrastructure_repository,
                target_revision=configuration.infrastructure_revision,
                path=f"base-apps/{target.qualify('chores-tracker')}",
            ),
            destination=Destination(namespace=self.namespace),
            sync_policy=SyncPolicy(automated=Automated(prune=True, self_heal=True), create_namespace=True),
        )

        settings = ConfigMap(
            self, "settings", name="chores-tracker-config", data=configuration.settings.variables()
        )
        secrets = ExternalSecret(
            self,
            "secrets",
            name="chores-tracker-secrets",
            store=SecretStore.existing("vault-backend"),
            refresh_interval=configuration.refresh_interval,
            keys={
                variable: VaultKey(key=configuration.vault_key, property=name)
                for variable, name in SECRETS.items()
            },
        )

        floating = isinstance(target.release, FloatingTag)
        web = Deployment(
            self,
            "web",
            name="chores-tracker",
            replicas=configuration.replicas,
            selector={"app": "chores-tracker"},
            containers=[
                Container(
                    name="chores-tracker",
                    image=Image(
                        repository=configuration.image_repository,
                        tag=target.tag,
                        digest=target.digest,
                        floating=floating,
                    ),
                    # A tag that moves has to be asked for again each time a pod starts.
                    image_pull_policy="Always" if floating else "IfNotPresent",
                    ports=[configuration.port],
                    env_from=[settings, secrets],
                    readiness=HttpProbe(
                        path=configuration.health_path,
                        port=configuration.port,
                        initial_delay_seconds=30,
                        period_seconds=5,
                    ),
                )
            ],
            image_pull_secrets=[Secret.existing("ecr-registry")],
        )
        service = Service(self, "service", name="chores-tracker", selects=web, port=80)
        IngressRoute(
            self, "ingress", name="chores-tracker", entry_points=["web"], routes={configuration.host: service}
        )

        mysql = ProviderConfig.existing("mysql-provider")
        database = Database(self, "database", name=target.qualify("chores-db"), provider_config=mysql)
        user = User(
            self,
            "database-user",
            name=target.qualify("chores-user"),
            password=secrets.key("DB_PASSWORD"),
            provider_config=mysql,
        )
        Grant(
            self,
            "database-grant",
            name=target.qualify("chores-db-grant"),
            user=user,
            database=database,
            privileges=["ALL"],
            provider_config=mysql,
        )
