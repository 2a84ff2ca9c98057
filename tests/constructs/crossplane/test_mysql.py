"""Databases, accounts and grants on a MySQL server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chores_infra.construct import Component, Tree
from chores_infra.constructs.config import ConfigMap, Secret
from chores_infra.constructs.crossplane import (
    AuthenticationPlugin,
    ConnectionSecret,
    Database,
    Grant,
    ProviderConfig,
    Reference,
    ResolutionPolicy,
    ResourceOptions,
    Selector,
    User,
)
from chores_infra.constructs.external_secrets import ExternalSecret, SecretStore, VaultKey

PROVIDER = ProviderConfig.existing("mysql-provider")


@pytest.fixture
def secrets(shop: Component) -> ExternalSecret:
    return ExternalSecret(
        shop,
        "secrets",
        name="chores-tracker-secrets",
        store=SecretStore.existing("vault-backend"),
        keys={"DB_PASSWORD": VaultKey(key="chores-tracker", property="db-password")},
    )


def test_the_seeds_three_objects(shop: Component, secrets: ExternalSecret, valid: Any) -> None:
    database = Database(shop, "database", name="chores-db", provider_config=PROVIDER)
    user = User(
        shop, "user", name="chores-user", password=secrets.key("DB_PASSWORD"), provider_config=PROVIDER
    )
    grant = Grant(
        shop,
        "grant",
        name="chores-db-grant",
        user=user,
        database=database,
        privileges=["ALL"],
        provider_config=PROVIDER,
    )
    for made in (database, user, grant):
        valid(made)
    reference = {"providerConfigRef": {"name": "mysql-provider"}}
    api_version = "mysql.sql.crossplane.io/v1alpha1"
    assert database.manifest == {
        "apiVersion": api_version,
        "kind": "Database",
        "metadata": {"name": "chores-db"},
        "spec": {**reference, "forProvider": {}},
    }
    assert user.manifest == {
        "apiVersion": api_version,
        "kind": "User",
        "metadata": {"name": "chores-user"},
        "spec": {
            **reference,
            "forProvider": {
                "passwordSecretRef": {
                    "name": "chores-tracker-secrets",
                    "key": "DB_PASSWORD",
                    "namespace": "shop",
                }
            },
        },
    }
    assert grant.manifest == {
        "apiVersion": api_version,
        "kind": "Grant",
        "metadata": {"name": "chores-db-grant"},
        "spec": {
            **reference,
            "forProvider": {"user": "chores-user", "privileges": ["ALL"], "database": "chores-db"},
        },
    }


def test_what_every_managed_resource_can_say(tree: Tree, valid: Any) -> None:
    database = Database(
        tree,
        "database",
        name="orders",
        provider_config=PROVIDER,
        default_character_set="utf8mb4",
        default_collation="utf8mb4_unicode_ci",
        binlog=False,
        external_name="orders_v2",
        deletion_policy="Orphan",
        management_policies=["Observe", "LateInitialize"],
        write_connection_secret_to=ConnectionSecret(name="orders-connection", namespace="shop"),
        labels={"team": "shop"},
        annotations={"note": "kept"},
    )
    assert valid(database) == {
        "providerConfigRef": {"name": "mysql-provider"},
        "deletionPolicy": "Orphan",
        "managementPolicies": ["Observe", "LateInitialize"],
        "forProvider": {
            "defaultCharacterSet": "utf8mb4",
            "defaultCollation": "utf8mb4_unicode_ci",
            "binlog": False,
        },
        "writeConnectionSecretToRef": {"name": "orders-connection", "namespace": "shop"},
    }
    assert database.manifest["metadata"] == {
        "name": "orders",
        "labels": {"team": "shop"},
        "annotations": {"note": "kept", "crossplane.io/external-name": "orders_v2"},
    }


def test_limits_and_plugins_of_an_account(tree: Tree, valid: Any) -> None:
    limits = ResourceOptions(max_queries_per_hour=1000, max_user_connections=0)
    plugin = AuthenticationPlugin(name="AWSAuthenticationPlugin", auth_string="RDS")
    user = User(
        tree,
        "user",
        name="shop",
        provider_config=PROVIDER,
        authentication_plugin=plugin,
        resource_options=limits,
    )
    assert valid(user)["forProvider"] == {
        "authenticationPlugin": {"name": "AWSAuthenticationPlugin", "authString": "RDS"},
        "resourceOptions": {"maxQueriesPerHour": 1000, "maxUserConnections": 0},
    }


def test_a_grant_names_what_the_server_knows(tree: Tree, valid: Any) -> None:
    """The fields user and database are names on the server, which external names change."""
    user = User(tree, "user", name="shop", provider_config=PROVIDER, external_name="shop@10.0.0.%")
    annotated = {"crossplane.io/external-name": "orders_v2"}
    database = Database(tree, "db", name="orders", provider_config=PROVIDER, annotations=annotated)
    grant = Grant(
        tree,
        "grant",
        name="shop",
        user=user,
        database=database,
        table="items",
        privileges=["SELECT", "UPDATE (`price`, `stock`)", "GRANT OPTION"],
        provider_config=PROVIDER,
    )
    assert valid(grant)["forProvider"] == {
        "user": "shop@10.0.0.%",
        "privileges": ["SELECT", "UPDATE (`price`, `stock`)", "GRANT OPTION"],
        "database": "orders_v2",
        "table": "items",
    }


def test_a_grant_for_the_whole_server_names_no_database(tree: Tree, valid: Any) -> None:
    grant = Grant(
        tree,
        "grant",
        name="monitor",
        user=User.existing("monitor"),
        privileges=["PROCESS", "REPLICATION CLIENT"],
        provider_config=PROVIDER,
    )
    assert valid(grant)["forProvider"] == {"user": "monitor", "privileges": ["PROCESS", "REPLICATION CLIENT"]}


@pytest.mark.parametrize(
    ("arguments", "argument", "message"),
    [
        ({"privileges": []}, "privileges", "at least one"),
        ({"privileges": ["select"]}, "privileges[0]", "a privilege in capitals"),
        ({"privileges": ["ALL", "SELECT"]}, "privileges", "leave out SELECT"),
        ({"privileges": ["SELECT", "SELECT"]}, "privileges", "more than once: SELECT"),
        ({"privileges": ["SELECT"], "table": "items", "database": None}, "table", "give database as well"),
        ({"privileges": ["SELECT"], "user": "chores-user"}, "user", "User"),
        ({"privileges": ["SELECT"], "deletion_policy": "Keep"}, "deletion_policy", "'Delete' or 'Orphan'"),
        ({"privileges": ["SELECT"], "managment_policies": ["*"]}, "managment_policies", "no such argument"),
    ],
)
def test_grants_that_cannot_be(
    tree: Tree, refused: Any, arguments: dict[str, Any], argument: str, message: str
) -> None:
    given = {"user": User.existing("u"), "database": Database.existing("d"), "provider_config": PROVIDER}
    problems = refused(lambda: Grant(tree, "grant", name="grant", **{**given, **arguments}))
    assert list(problems) == [argument]
    assert message in problems[argument]


def test_names_are_as_long_as_mysql_takes_them(tree: Tree, refused: Any) -> None:
    assert (
        "at most 64"
        in refused(lambda: Database(tree, "database", name="d" * 65, provider_config=PROVIDER))["name"]
    )
    assert (
        "at most 32" in refused(lambda: User(tree, "user", name="u" * 33, provider_config=PROVIDER))["name"]
    )
    # The host does not count.
    User(tree, "user", name="u", provider_config=PROVIDER, external_name="u" * 32 + "@10.0.0.1")
    Database(tree, "database", name="d" * 100, provider_config=PROVIDER, external_name="short")


def test_an_external_name_is_said_once(tree: Tree, refused: Any) -> None:
    annotations = {"crossplane.io/external-name": "a"}
    problems = refused(
        lambda: Database(
            tree,
            "database",
            name="d",
            provider_config=PROVIDER,
            external_name="b",
            annotations=annotations,
        )
    )
    assert "given twice" in problems["external_name"]


def test_a_password_is_a_key_of_a_secret_in_a_known_namespace(
    tree: Tree, shop: Component, refused: Any
) -> None:
    def user(password: Any, **more: Any) -> Callable[[], User]:
        return lambda: User(tree, "user", name="u", provider_config=PROVIDER, password=password, **more)

    settings = ConfigMap(shop, "settings", name="settings", data={"PASSWORD": "x"})
    assert "expected a key of a Secret" in refused(user(settings.key("PASSWORD")))["password"]
    assert (
        "namespace of Secret 'db' is not known" in refused(user(Secret.existing("db").key("p")))["password"]
    )
    known = Secret.existing("db", namespace="shop").key("p")
    plugin = AuthenticationPlugin(name="auth_socket")
    assert "not both" in refused(user(known, authentication_plugin=plugin))["authentication_plugin"]
    assert "password" in refused(user("hunter2"))


def test_a_key_that_the_secret_will_not_have(secrets: ExternalSecret, refused: Any) -> None:
    assert "it has DB_PASSWORD" in refused(lambda: secrets.key("DB_PASSWORT"))["key"]


USER = User.existing("chores-user")
DATABASE = Database.existing("chores-db")


@pytest.mark.parametrize(
    ("user", "database", "rendered"),
    [
        (
            Reference(to=USER),
            Reference(to=DATABASE, policy=ResolutionPolicy(resolve="Always", resolution="Optional")),
            {
                "userRef": {"name": "chores-user"},
                "databaseRef": {
                    "name": "chores-db",
                    "policy": {"resolve": "Always", "resolution": "Optional"},
                },
            },
        ),
        (
            Selector(match_labels={"app": "chores"}),
            Selector(match_controller_ref=True, policy=ResolutionPolicy(resolve="IfNotPresent")),
            {
                "userSelector": {"matchLabels": {"app": "chores"}},
                "databaseSelector": {"matchControllerRef": True, "policy": {"resolve": "IfNotPresent"}},
            },
        ),
        (
            User.existing("chores-user", external_name="chores"),
            None,
            {"user": "chores"},
        ),
    ],
)
def test_crossplane_finds_the_account_and_the_database(
    tree: Tree, valid: Any, user: Any, database: Any, rendered: Any
) -> None:
    grant = Grant(
        tree,
        "grant",
        name="grant",
        user=user,
        database=database,
        privileges=["ALL"],
        provider_config=PROVIDER,
        provider_config_policy=ResolutionPolicy(resolution="Required"),
    )
    spec = valid(grant)
    assert spec["forProvider"] == {"privileges": ["ALL"], **rendered}
    assert spec["providerConfigRef"] == {"name": "mysql-provider", "policy": {"resolution": "Required"}}


@pytest.mark.parametrize(
    ("user", "argument", "message"),
    [
        (Reference(to=DATABASE), "user.to", "expected a User, found Database 'chores-db'"),
        (Selector(), "user.match_labels", "any object"),
        (Selector(match_labels={}), "user.match_labels", "any object"),
        ("chores-user", "user", "a User, a Reference to one, or a Selector"),
    ],
)
def test_accounts_that_cannot_be_found(
    tree: Tree, refused: Any, user: Any, argument: str, message: str
) -> None:
    problems = refused(
        lambda: Grant(tree, "g", name="g", user=user, privileges=["ALL"], provider_config=PROVIDER)
    )
    assert list(problems) == [argument]
    assert message in problems[argument]


def test_what_is_shared_is_known_by_both_of_its_names(tree: Tree) -> None:
    reports = User.existing("reports", external_name="reports@10.0.0.1", shared=True)
    users: list[Any] = [reports, Reference(to=reports), USER]
    grants = [
        Grant(tree, f"{index}", name=f"g{index}", user=user, privileges=["ALL"], provider_config=PROVIDER)
        for index, user in enumerate(users)
    ]
    assert [grant.shared for grant in grants] == [
        {"reports", "reports@10.0.0.1"},
        {"reports", "reports@10.0.0.1"},
        frozenset(),
    ]
