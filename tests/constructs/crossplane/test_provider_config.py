"""How the provider reaches a MySQL server."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.construct import Tree
from chores_infra.constructs.config import ConfigMap, Secret
from chores_infra.constructs.crossplane import ProviderConfig, SecretKeyMapping, TLSConfig

CREDENTIALS = Secret.existing(
    "creds", namespace="crossplane-system", keys=["endpoint", "port", "username", "password"]
)
CERTIFICATES = Secret.existing("mysql-tls", namespace="crossplane-system")


def test_a_connection_secret(tree: Tree, valid: Any) -> None:
    provider = ProviderConfig(tree, "provider", name="mysql-provider", connection_secret=CREDENTIALS)
    assert valid(provider) == {
        "credentials": {
            "source": "MySQLConnectionSecret",
            "connectionSecretRef": {"namespace": "crossplane-system", "name": "creds"},
        }
    }
    assert "namespace" not in provider.manifest["metadata"]


def test_keys_of_other_names_and_certificates(tree: Tree, valid: Any) -> None:
    secret = Secret.existing("creds", namespace="db", keys=["host", "port", "user", "password"])
    provider = ProviderConfig(
        tree,
        "provider",
        name="mysql-provider",
        connection_secret=secret,
        secret_key_mapping=SecretKeyMapping(endpoint="host", username="user"),
        tls="custom",
        tls_config=TLSConfig(ca_cert=CERTIFICATES.key("ca.crt"), insecure_skip_verify=False),
    )
    spec = valid(provider)
    assert spec["credentials"]["secretKeyMapping"] == {"endpoint": "host", "username": "user"}
    assert spec["tls"] == "custom"
    assert spec["tlsConfig"] == {
        "caCert": {"secretRef": {"name": "mysql-tls", "key": "ca.crt", "namespace": "crossplane-system"}},
        "insecureSkipVerify": False,
    }


@pytest.mark.parametrize(
    ("arguments", "argument", "message"),
    [
        ({"connection_secret": Secret.existing("creds")}, "connection_secret", "namespace"),
        (
            {
                "connection_secret": Secret.existing(
                    "c", namespace="db", keys=["endpoint", "port", "username"]
                )
            },
            "connection_secret",
            "no key 'password'",
        ),
        ({"tls": "custom"}, "tls_config", "both or neither"),
        ({"tls_config": TLSConfig(ca_cert=CERTIFICATES.key("ca.crt"))}, "tls_config", "both or neither"),
        ({"tls": "yes"}, "tls", "'true'"),
        (
            {"tls": "custom", "tls_config": TLSConfig(ca_cert=ConfigMap.existing("ca").key("ca.crt"))},
            "tls_config.ca_cert",
            "expected a key of a Secret",
        ),
    ],
)
def test_provider_configs_that_cannot_be(
    tree: Tree, refused: Any, arguments: dict[str, Any], argument: str, message: str
) -> None:
    given = {"connection_secret": CREDENTIALS, **arguments}
    problems = refused(lambda: ProviderConfig(tree, "provider", name="mysql", **given))
    assert list(problems) == [argument]
    assert message in problems[argument]
