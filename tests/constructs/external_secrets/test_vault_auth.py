"""Every way in which the operator signs in to Vault."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.construct import Component, Tree
from chores_infra.constructs.cluster import ServiceAccount
from chores_infra.constructs.config import ConfigMap, Secret
from chores_infra.constructs.external_secrets import (
    AppRoleAuth,
    CertAuth,
    ClusterSecretStore,
    GcpAuth,
    GcpWorkloadIdentity,
    IamAuth,
    JwtAuth,
    KubernetesAuth,
    LdapAuth,
    SecretStore,
    TokenAuth,
    UserPassAuth,
    Vault,
    VaultAuth,
)

SERVER = "http://vault.vault.svc.cluster.local:8200"
V1: Any = "external-secrets.io/v1"
V1BETA1: Any = "external-secrets.io/v1beta1"
SECRET = Secret.existing("login")
ACCOUNT = ServiceAccount.existing("shop")
SETTINGS = ConfigMap.existing("settings")


def at(key: str) -> dict[str, str]:
    return {"name": "login", "key": key}


# What each method takes stands in the CRD, spec.provider.vault.auth.
BOTH_VERSIONS: list[tuple[VaultAuth, dict[str, Any]]] = [
    (
        KubernetesAuth(role="shop", token=SECRET.key("token")),
        {"kubernetes": {"mountPath": "kubernetes", "role": "shop", "secretRef": at("token")}},
    ),
    (
        AppRoleAuth(role_id="42", secret_id=SECRET.key("secret-id")),
        {"appRole": {"path": "approle", "roleId": "42", "secretRef": at("secret-id")}},
    ),
    (
        AppRoleAuth(role_id_from=SECRET.key("role-id"), secret_id=SECRET.key("secret-id"), path="ci"),
        {"appRole": {"path": "ci", "roleRef": at("role-id"), "secretRef": at("secret-id")}},
    ),
    (TokenAuth(token=SECRET.key("token")), {"tokenSecretRef": at("token")}),
    (
        JwtAuth(token=SECRET.key("jwt"), path="oidc"),
        {"jwt": {"path": "oidc", "secretRef": at("jwt")}},
    ),
    (
        JwtAuth(role="shop", service_account=ACCOUNT, audiences=["vault.shop"], expiration_seconds=900),
        {
            "jwt": {
                "path": "jwt",
                "role": "shop",
                "kubernetesServiceAccountToken": {
                    "serviceAccountRef": {"name": "shop", "audiences": ["vault.shop"]},
                    "expirationSeconds": 900,
                },
            }
        },
    ),
    (
        LdapAuth(username="shop", password=SECRET.key("password")),
        {"ldap": {"path": "ldap", "username": "shop", "secretRef": at("password")}},
    ),
    (
        UserPassAuth(username="shop", password=SECRET.key("password"), path="people"),
        {"userPass": {"path": "people", "username": "shop", "secretRef": at("password")}},
    ),
    (
        CertAuth(client_cert=SECRET.key("tls.crt"), client_key=SECRET.key("tls.key")),
        {"cert": {"clientCert": at("tls.crt"), "secretRef": at("tls.key")}},
    ),
    (IamAuth(role="shop"), {"iam": {"vaultRole": "shop"}}),
    (
        IamAuth(
            role="shop",
            path="aws-eu",
            region="eu-central-1",
            aws_role="arn:aws:iam::123456789012:role/shop",
            external_id="42",
            server_id="vault.example.com",
            access_key_id=SECRET.key("id"),
            secret_access_key=SECRET.key("secret"),
            session_token=SECRET.key("session"),
        ),
        {
            "iam": {
                "path": "aws-eu",
                "region": "eu-central-1",
                "role": "arn:aws:iam::123456789012:role/shop",
                "vaultRole": "shop",
                "externalID": "42",
                "vaultAwsIamServerID": "vault.example.com",
                "secretRef": {
                    "accessKeyIDSecretRef": at("id"),
                    "secretAccessKeySecretRef": at("secret"),
                    "sessionTokenSecretRef": at("session"),
                },
            }
        },
    ),
    (
        IamAuth(role="shop", service_account=ACCOUNT, audiences=["sts.amazonaws.com"]),
        {
            "iam": {
                "vaultRole": "shop",
                "jwt": {"serviceAccountRef": {"name": "shop", "audiences": ["sts.amazonaws.com"]}},
            }
        },
    ),
]
ONLY_V1: list[tuple[VaultAuth, dict[str, Any]]] = [
    (
        CertAuth(
            client_cert=SECRET.key("tls.crt"), client_key=SECRET.key("tls.key"), path="pki", role="shop"
        ),
        {
            "cert": {
                "path": "pki",
                "vaultRole": "shop",
                "clientCert": at("tls.crt"),
                "secretRef": at("tls.key"),
            }
        },
    ),
    (GcpAuth(role="shop"), {"gcp": {"role": "shop"}}),
    (
        GcpAuth(
            role="shop",
            path="gcp-eu",
            project_id="shop-42",
            location="europe-west3",
            credentials=SECRET.key("key"),
        ),
        {
            "gcp": {
                "path": "gcp-eu",
                "role": "shop",
                "projectID": "shop-42",
                "location": "europe-west3",
                "secretRef": {"secretAccessKeySecretRef": at("key")},
            }
        },
    ),
    (
        GcpAuth(role="shop", service_account=ACCOUNT),
        {"gcp": {"role": "shop", "serviceAccountRef": {"name": "shop"}}},
    ),
    (
        GcpAuth(
            role="shop",
            workload_identity=GcpWorkloadIdentity(
                service_account=ACCOUNT,
                cluster_location="europe-west3",
                cluster_name="blue",
                cluster_project_id="clusters-42",
            ),
        ),
        {
            "gcp": {
                "role": "shop",
                "workloadIdentity": {
                    "serviceAccountRef": {"name": "shop"},
                    "clusterLocation": "europe-west3",
                    "clusterName": "blue",
                    "clusterProjectID": "clusters-42",
                },
            }
        },
    ),
]


def store(shop: Component, auth: VaultAuth, api_version: Any = V1) -> SecretStore:
    return SecretStore(
        shop, "store", name="vault", provider=Vault(server=SERVER, auth=auth), api_version=api_version
    )


@pytest.mark.parametrize(("auth", "rendered"), BOTH_VERSIONS + ONLY_V1)
def test_what_the_operator_reads(shop: Component, valid: Any, auth: VaultAuth, rendered: Any) -> None:
    assert valid(store(shop, auth))["provider"]["vault"]["auth"] == rendered


@pytest.mark.parametrize(("auth", "rendered"), BOTH_VERSIONS)
def test_the_older_version_reads_the_same(
    shop: Component, valid: Any, auth: VaultAuth, rendered: Any
) -> None:
    assert valid(store(shop, auth, V1BETA1))["provider"]["vault"]["auth"] == rendered


@pytest.mark.parametrize(
    ("auth", "arguments"),
    [
        (ONLY_V1[0][0], ["provider.auth.path", "provider.auth.role"]),
        (GcpAuth(role="shop"), ["provider.auth"]),
    ],
)
def test_what_the_older_version_does_not_have(
    shop: Component, refused: Any, auth: VaultAuth, arguments: list[str]
) -> None:
    problems = refused(lambda: store(shop, auth, V1BETA1))
    assert list(problems) == arguments
    assert all("use api_version='external-secrets.io/v1'" in message for message in problems.values())


@pytest.mark.parametrize(
    ("auth", "argument", "message"),
    [
        (KubernetesAuth(role=""), "role", "not empty"),
        (KubernetesAuth(role="a", audiences=["x"]), "audiences", "service_account"),
        (AppRoleAuth(secret_id=SECRET.key("s")), "role_id", "exactly one"),
        (TokenAuth(token=SETTINGS.key("t")), "token", "expected a key of a Secret"),
        (
            TokenAuth(token=Secret.existing("t", namespace="vault").key("t")),
            "token",
            "lives in namespace 'vault'",
        ),
        (JwtAuth(role="shop"), "token", "exactly one of service_account and token"),
        (JwtAuth(service_account=ACCOUNT, token=SECRET.key("jwt")), "token", "exactly one"),
        (JwtAuth(token=SECRET.key("jwt"), expiration_seconds=900), "expiration_seconds", "service_account"),
        # https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/
        (JwtAuth(service_account=ACCOUNT, expiration_seconds=599), "expiration_seconds", "at least 600"),
        (LdapAuth(username="shop", password=SETTINGS.key("p")), "password", "expected a key of a Secret"),
        (UserPassAuth(username="", password=SECRET.key("p")), "username", "not empty"),
        (
            CertAuth(client_cert=SETTINGS.key("tls.crt"), client_key=SECRET.key("tls.key")),
            "client_cert",
            "expected a key of a Secret",
        ),
        (IamAuth(role="a", access_key_id=SECRET.key("id")), "access_key_id", "go together"),
        (IamAuth(role="a", session_token=SECRET.key("s")), "session_token", "goes with access_key_id"),
        (
            IamAuth(
                role="a",
                service_account=ACCOUNT,
                access_key_id=SECRET.key("id"),
                secret_access_key=SECRET.key("secret"),
            ),
            "access_key_id",
            "not both",
        ),
        (IamAuth(role="a", external_id="42"), "external_id", "aws_role"),
        (
            IamAuth(role="a", service_account=ServiceAccount.existing("irsa", namespace="aws")),
            "service_account",
            "lives in namespace 'aws'",
        ),
        (
            GcpAuth(
                role="a",
                credentials=SECRET.key("key"),
                workload_identity=GcpWorkloadIdentity(service_account=ACCOUNT),
            ),
            "workload_identity",
            "give one of credentials, workload_identity, service_account",
        ),
        (
            GcpAuth(
                role="a",
                workload_identity=GcpWorkloadIdentity(
                    service_account=ServiceAccount.existing("shop", namespace="gke")
                ),
            ),
            "workload_identity.service_account",
            "lives in namespace 'gke'",
        ),
    ],
)
def test_what_the_operator_would_refuse(
    shop: Component, refused: Any, auth: VaultAuth, argument: str, message: str
) -> None:
    problems = refused(lambda: store(shop, auth))
    assert list(problems) == [f"provider.auth.{argument}"]
    assert message in problems[f"provider.auth.{argument}"]


def test_a_cluster_store_names_the_namespaces_that_it_reads_from(tree: Tree, valid: Any) -> None:
    password = Secret.existing("ldap", namespace="vault").key("password")
    vault = Vault(server=SERVER, auth=LdapAuth(username="shop", password=password))
    made = ClusterSecretStore(tree, "store", name="vault", provider=vault)
    assert valid(made)["provider"]["vault"]["auth"]["ldap"]["secretRef"] == {
        "name": "ldap",
        "namespace": "vault",
        "key": "password",
    }


def test_a_cluster_store_may_sign_in_from_the_namespace_of_whoever_uses_it(tree: Tree, valid: Any) -> None:
    auth = KubernetesAuth(role="shop", service_account=ACCOUNT)
    made = ClusterSecretStore(tree, "store", name="vault", provider=Vault(server=SERVER, auth=auth))
    account = valid(made)["provider"]["vault"]["auth"]["kubernetes"]["serviceAccountRef"]
    assert account == {"name": "shop"}


def test_signing_in_may_take_place_in_another_namespace_of_vault(shop: Component, valid: Any) -> None:
    vault = Vault(
        server=SERVER, namespace="teams/shop", auth_namespace="admin", auth=TokenAuth(token=SECRET.key("t"))
    )
    made = SecretStore(shop, "store", name="vault", provider=vault)
    assert valid(made)["provider"]["vault"]["auth"] == {"tokenSecretRef": at("t"), "namespace": "admin"}
