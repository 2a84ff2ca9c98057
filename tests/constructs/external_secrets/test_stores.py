"""Stores, and Vault behind them."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.construct import Component, Tree
from chores_infra.constructs.cluster import ServiceAccount
from chores_infra.constructs.config import ConfigMap, Secret
from chores_infra.constructs.external_secrets import (
    ClusterSecretStore,
    Condition,
    KubernetesAuth,
    RetrySettings,
    SecretStore,
    Vault,
)

SERVER = "http://vault.vault.svc.cluster.local:8200"
NO_VERSION: Any = "2"
KUBERNETES = KubernetesAuth(role="shop", service_account=ServiceAccount.existing("default"))
API_VERSIONS = ["external-secrets.io/v1beta1", "external-secrets.io/v1"]


@pytest.mark.parametrize("api_version", API_VERSIONS)
def test_a_store_as_the_infrastructure_repository_has_it(
    shop: Component, valid: Any, api_version: Any
) -> None:
    provider = Vault(server=SERVER, path="k8s-secrets", version="v2", auth=KUBERNETES)
    store = SecretStore(shop, "store", name="vault-backend", provider=provider, api_version=api_version)
    assert valid(store) == {
        "provider": {
            "vault": {
                "server": SERVER,
                "path": "k8s-secrets",
                "version": "v2",
                "auth": {
                    "kubernetes": {
                        "mountPath": "kubernetes",
                        "role": "shop",
                        "serviceAccountRef": {"name": "default"},
                    }
                },
            }
        }
    }
    assert store.manifest["apiVersion"] == api_version
    assert store.manifest["metadata"] == {"name": "vault-backend", "namespace": "shop"}


@pytest.mark.parametrize("api_version", API_VERSIONS)
def test_everything_about_a_cluster_store(tree: Tree, valid: Any, api_version: Any) -> None:
    certificates = Secret.existing("vault-tls", namespace="vault")
    provider = Vault(
        server="https://vault.example.com:8200/base",
        path="kv",
        version="v1",
        namespace="teams/shop",
        ca_provider=ConfigMap.existing("ca", namespace="vault").key("ca.crt"),
        tls_cert=certificates.key("tls.crt"),
        tls_key=certificates.key("tls.key"),
        headers={"X-Team": "shop"},
        read_your_writes=True,
        forward_inconsistent=False,
        auth=KubernetesAuth(
            role="shop",
            mount_path="clusters/blue",
            service_account=ServiceAccount.existing("reader", namespace="vault"),
            audiences=["vault"],
        ),
    )
    store = ClusterSecretStore(
        tree,
        "store",
        name="vault",
        provider=provider,
        controller="team",
        refresh_interval=300,
        retry_settings=RetrySettings(max_retries=3, retry_interval="10s"),
        conditions=[
            Condition(namespaces=["shop"], namespace_regexes=["^team-"]),
            Condition(namespace_labels={"vault": "yes"}),
        ],
        api_version=api_version,
    )
    assert valid(store) == {
        "controller": "team",
        "provider": {
            "vault": {
                "server": "https://vault.example.com:8200/base",
                "path": "kv",
                "version": "v1",
                "namespace": "teams/shop",
                "headers": {"X-Team": "shop"},
                "readYourWrites": True,
                "forwardInconsistent": False,
                "caProvider": {"type": "ConfigMap", "name": "ca", "namespace": "vault", "key": "ca.crt"},
                "tls": {
                    "certSecretRef": {"name": "vault-tls", "namespace": "vault", "key": "tls.crt"},
                    "keySecretRef": {"name": "vault-tls", "namespace": "vault", "key": "tls.key"},
                },
                "auth": {
                    "kubernetes": {
                        "mountPath": "clusters/blue",
                        "role": "shop",
                        "serviceAccountRef": {
                            "name": "reader",
                            "namespace": "vault",
                            "audiences": ["vault"],
                        },
                    }
                },
            }
        },
        "refreshInterval": 300,
        "retrySettings": {"maxRetries": 3, "retryInterval": "10s"},
        "conditions": [
            {"namespaces": ["shop"], "namespaceRegexes": ["^team-"]},
            {"namespaceSelector": {"matchLabels": {"vault": "yes"}}},
        ],
    }
    assert "namespace" not in store.manifest["metadata"]


APPROLE = Secret.existing("approle")


@pytest.mark.parametrize(
    ("provider", "argument", "message"),
    [
        (Vault(server="vault:8200", auth=KUBERNETES), "provider.server", "the URL of Vault"),
        (Vault(server=SERVER, auth=KUBERNETES, path="/kv"), "provider.path", "without '/' at the start"),
        (Vault(server=SERVER, auth=KUBERNETES, version=NO_VERSION), "provider.version", "'v1' or 'v2'"),
        (Vault(server=SERVER, auth=KUBERNETES, ca_bundle="-----BEGIN"), "provider.ca_bundle", "base64"),
        (
            Vault(server=SERVER, auth=KUBERNETES, ca_bundle="YQ==", ca_provider=APPROLE.key("ca")),
            "provider.ca_provider",
            "not both",
        ),
        (
            Vault(server=SERVER, auth=KUBERNETES, tls_cert=APPROLE.key("tls.crt")),
            "provider.tls_cert",
            "both or neither",
        ),
        (
            Vault(server=SERVER, auth=KUBERNETES, version="v1", check_and_set=True),
            "provider.check_and_set",
            "no versions to check",
        ),
        ("vault", "provider", "Provider"),
    ],
)
def test_stores_that_cannot_be(
    shop: Component, refused: Any, provider: Any, argument: str, message: str
) -> None:
    problems = refused(
        lambda: SecretStore(
            shop, "store", name="vault", provider=provider, api_version="external-secrets.io/v1"
        )
    )
    assert list(problems) == [argument]
    assert message in problems[argument]


@pytest.mark.parametrize(
    ("arguments", "argument", "message"),
    [
        ({"conditions": [Condition()]}, "conditions[0]", "namespace_labels"),
        ({"conditions": [Condition(namespace_regexes=["("])]}, "conditions[0].namespace_regexes[0]", "'('"),
        ({"conditions": [Condition(namespaces=["Shop"])]}, "conditions[0].namespaces[0]", "DNS label"),
        ({"namespace": "shop"}, "namespace", "no such argument"),
        (
            {"provider": Vault(server=SERVER, auth=KUBERNETES, ca_provider=ConfigMap.existing("c").key("a"))},
            "provider.ca_provider",
            "must name its namespace",
        ),
    ],
)
def test_cluster_stores_that_cannot_be(
    tree: Tree, refused: Any, arguments: dict[str, Any], argument: str, message: str
) -> None:
    given = {"provider": Vault(server=SERVER, auth=KUBERNETES), **arguments}
    problems = refused(lambda: ClusterSecretStore(tree, "store", name="vault", **given))
    assert list(problems) == [argument]
    assert message in problems[argument]


def test_only_the_newer_version_checks_what_is_written(shop: Component, valid: Any, refused: Any) -> None:
    provider = Vault(server=SERVER, auth=KUBERNETES, check_and_set=True)
    problems = refused(lambda: SecretStore(shop, "store", name="vault", provider=provider))
    assert list(problems) == ["provider.check_and_set"]
    store = SecretStore(shop, "store", name="vault", provider=provider, api_version="external-secrets.io/v1")
    assert valid(store)["provider"]["vault"]["checkAndSet"] == {"required": True}
