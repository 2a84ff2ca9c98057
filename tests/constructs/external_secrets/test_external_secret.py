"""ExternalSecrets: the Secret that they make, and where its values come from."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.construct import Component, Tree
from chores_infra.constructs.config import ConfigMap, Secret
from chores_infra.constructs.external_secrets import (
    ClusterSecretStore,
    Condition,
    DataFrom,
    ExternalSecret,
    Extract,
    Find,
    Generator,
    KubernetesAuth,
    RewriteRegexp,
    RewriteTransform,
    SecretStore,
    Template,
    TemplateFrom,
    Vault,
    VaultKey,
)

STORE = SecretStore.existing("vault-backend")
V1 = "external-secrets.io/v1"


def secrets(scope: Any, **arguments: Any) -> ExternalSecret:
    given = {"name": "shop", "store": STORE, **arguments}
    if "keys" not in given and "data_from" not in given:
        given["keys"] = {"PASSWORD": VaultKey(key="shop", property="password")}
    return ExternalSecret(scope, "secrets", **given)


def test_the_seeds_external_secret(tree: Tree, valid: Any) -> None:
    made = ExternalSecret(
        tree,
        "secrets",
        name="chores-tracker-secrets",
        namespace="chores-tracker",
        store=STORE,
        refresh_interval="1h",
        keys={
            "DATABASE_URL": VaultKey(key="chores-tracker", property="database-url"),
            "SECRET_KEY": VaultKey(key="chores-tracker", property="secret-key"),
            "DB_PASSWORD": VaultKey(key="chores-tracker", property="db-password"),
        },
    )
    valid(made)
    assert made.manifest == {
        "apiVersion": "external-secrets.io/v1beta1",
        "kind": "ExternalSecret",
        "metadata": {"name": "chores-tracker-secrets", "namespace": "chores-tracker"},
        "spec": {
            "refreshInterval": "1h",
            "secretStoreRef": {"name": "vault-backend", "kind": "SecretStore"},
            "target": {"name": "chores-tracker-secrets"},
            "data": [
                {
                    "secretKey": "DATABASE_URL",
                    "remoteRef": {"key": "chores-tracker", "property": "database-url"},
                },
                {"secretKey": "SECRET_KEY", "remoteRef": {"key": "chores-tracker", "property": "secret-key"}},
                {
                    "secretKey": "DB_PASSWORD",
                    "remoteRef": {"key": "chores-tracker", "property": "db-password"},
                },
            ],
        },
    }
    assert list(made.manifest["spec"]) == ["refreshInterval", "secretStoreRef", "target", "data"]


def test_everything_about_one_value(shop: Component, valid: Any) -> None:
    other = ClusterSecretStore.existing("aws")
    value = VaultKey(
        key="shop",
        property="token",
        version="3",
        conversion_strategy="Unicode",
        decoding_strategy="Base64",
        metadata_policy="Fetch",
        null_byte_policy="Fail",
        store=other,
    )
    assert valid(secrets(shop, keys={"token": value}, api_version=V1))["data"] == [
        {
            "secretKey": "token",
            "remoteRef": {
                "key": "shop",
                "property": "token",
                "version": "3",
                "conversionStrategy": "Unicode",
                "decodingStrategy": "Base64",
                "metadataPolicy": "Fetch",
                "nullBytePolicy": "Fail",
            },
            "sourceRef": {"storeRef": {"name": "aws", "kind": "ClusterSecretStore"}},
        }
    ]


@pytest.mark.parametrize("api_version", ["external-secrets.io/v1beta1", V1])
@pytest.mark.parametrize(
    ("source", "rendered"),
    [
        (Extract(key="shop", version="2"), {"extract": {"key": "shop", "version": "2"}}),
        (
            Extract(key="shop", rewrite=[RewriteRegexp(source="db-(.*)", target="$1")]),
            {"extract": {"key": "shop"}, "rewrite": [{"regexp": {"source": "db-(.*)", "target": "$1"}}]},
        ),
        (
            Find(name_regexp="^shop-", tags={"team": "shop"}, path="teams"),
            {"find": {"name": {"regexp": "^shop-"}, "tags": {"team": "shop"}, "path": "teams"}},
        ),
        (
            Find(
                path="teams",
                store=ClusterSecretStore.existing("aws"),
                rewrite=[RewriteTransform(template="{{ .value | upper }}")],
            ),
            {
                "find": {"path": "teams"},
                "rewrite": [{"transform": {"template": "{{ .value | upper }}"}}],
                "sourceRef": {"storeRef": {"name": "aws", "kind": "ClusterSecretStore"}},
            },
        ),
        (
            Generator(kind="ECRAuthorizationToken", name="ecr"),
            {
                "sourceRef": {
                    "generatorRef": {
                        "apiVersion": "generators.external-secrets.io/v1alpha1",
                        "kind": "ECRAuthorizationToken",
                        "name": "ecr",
                    }
                }
            },
        ),
    ],
)
def test_many_values_at_once(
    shop: Component, valid: Any, api_version: str, source: DataFrom, rendered: dict[str, Any]
) -> None:
    made = secrets(shop, data_from=[source], api_version=api_version)
    assert valid(made)["dataFrom"] == [rendered]
    # What comes out of the store is not known here, so nothing is held against a reference.
    assert made.secret.keys is None
    assert made.key("ANYTHING").source is made.secret


def test_a_generator_needs_no_store(shop: Component, valid: Any) -> None:
    made = secrets(shop, store=None, data_from=[Generator(kind="Password", name="random")])
    assert "secretStoreRef" not in valid(made)


def test_the_secret_that_is_made(shop: Component, valid: Any) -> None:
    made = secrets(
        shop,
        target_name="aws-credentials",
        creation_policy="Orphan",
        deletion_policy="Retain",
        immutable=True,
        refresh_policy="OnChange",
    )
    spec = valid(made)
    assert spec["refreshPolicy"] == "OnChange"
    assert spec["target"] == {
        "name": "aws-credentials",
        "creationPolicy": "Orphan",
        "deletionPolicy": "Retain",
        "immutable": True,
    }
    secret = made.secret
    assert (secret.name, secret.namespace) == ("aws-credentials", "shop")
    assert secret.keys == frozenset({"PASSWORD"})
    assert made.secret is secret


def test_a_secret_that_is_only_added_to_may_have_other_keys(shop: Component, valid: Any) -> None:
    made = secrets(shop, creation_policy="Merge")
    valid(made)
    assert made.secret.keys is None


def test_no_secret_no_reference(shop: Component, refused: Any) -> None:
    made = secrets(shop, creation_policy="None")
    assert "no Secret is made" in refused(lambda: made.secret)["creation_policy"]
    assert "no Secret is made" in refused(lambda: made.key("PASSWORD"))["creation_policy"]


TEMPLATES = [
    (Template(type="Opaque"), {"type": "Opaque"}, {"PASSWORD"}),
    (
        Template(data={"url": "mysql://shop:{{ .PASSWORD | urlquery }}@db"}, engine_version="v2"),
        {"engineVersion": "v2", "data": {"url": "mysql://shop:{{ .PASSWORD | urlquery }}@db"}},
        {"url"},
    ),
    (
        Template(data={"url": "{{ .PASSWORD }}"}, merge_policy="Merge"),
        {"mergePolicy": "Merge", "data": {"url": "{{ .PASSWORD }}"}},
        {"url", "PASSWORD"},
    ),
    (
        Template(labels={"app": "shop"}, annotations={"reloader": "on"}),
        {"metadata": {"labels": {"app": "shop"}, "annotations": {"reloader": "on"}}},
        {"PASSWORD"},
    ),
    (
        Template(
            template_from=[
                TemplateFrom(source=ConfigMap.existing("tpl"), keys=["app.ini"], template_as="KeysAndValues"),
                TemplateFrom(source=Secret.existing("tpl"), keys=["a"], target="Labels"),
                TemplateFrom(literal="{{ .PASSWORD }}", target="Annotations"),
            ]
        ),
        {
            "templateFrom": [
                {
                    "configMap": {
                        "name": "tpl",
                        "items": [{"key": "app.ini", "templateAs": "KeysAndValues"}],
                    }
                },
                {"target": "Labels", "secret": {"name": "tpl", "items": [{"key": "a"}]}},
                {"target": "Annotations", "literal": "{{ .PASSWORD }}"},
            ]
        },
        None,
    ),
]


@pytest.mark.parametrize(("template", "rendered", "keys"), TEMPLATES)
def test_templates_and_the_keys_that_come_of_them(
    shop: Component, valid: Any, template: Template, rendered: Any, keys: set[str] | None
) -> None:
    made = secrets(shop, template=template)
    assert valid(made)["target"]["template"] == rendered
    assert made.secret.keys == keys


def test_a_key_that_the_template_does_not_make(shop: Component, refused: Any) -> None:
    made = secrets(shop, template=Template(data={"url": "{{ .PASSWORD }}"}))
    assert "it has url" in refused(lambda: made.key("PASSWORD"))["key"]


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("{{ .PASWORD }}", "PASWORD"),
        ('{{ printf "%s" .USER }}', "USER"),
        ("{{- if .USER -}} x {{- end }}", "USER"),
        ("{{ .PASSWORD }}", None),
        ('{{ "text with .dots" }}', None),
        ("{{/* .comment */}}", None),
        ("{{ $x := .PASSWORD }}{{ $x.Field }}", None),
        ("{{ range .PASSWORD }}{{ .Anything }}{{ end }}", None),
        ("no template, but .this", None),
    ],
)
def test_values_that_a_template_uses(shop: Component, refused: Any, text: str, missing: str | None) -> None:
    template = Template(data={"key": text})
    if missing is None:
        secrets(shop, template=template)
    else:
        problems = refused(lambda: secrets(shop, template=template))
        assert f"no value {missing!r}" in problems["template.data.key"]


@pytest.mark.parametrize(
    ("arguments", "argument", "message"),
    [
        ({"keys": {}}, "keys", "at least one key, or data_from"),
        ({"keys": {"a b": VaultKey(key="x")}}, "keys", "a key: letters"),
        ({"keys": {"a": VaultKey(key="")}}, "keys.a.key", "not empty"),
        ({"keys": {"a": "shop"}}, "keys.a", "VaultKey"),
        ({"store": None}, "keys.PASSWORD", "it has no store"),
        ({"store": None, "data_from": [Extract(key="a")]}, "data_from[0]", "it has no store"),
        ({"store": "vault-backend"}, "store", "a SecretStore or a ClusterSecretStore"),
        ({"store": SecretStore.existing("v", namespace="other")}, "store", "serves only that one"),
        ({"refresh_interval": "hourly"}, "refresh_interval", "a duration such as"),
        ({"refresh_interval": 3600}, "refresh_interval", "a duration such as"),
        (
            {"creation_policy": "Merge", "deletion_policy": "Delete"},
            "deletion_policy",
            "the operator refuses",
        ),
        ({"creation_policy": "None", "deletion_policy": "Merge"}, "deletion_policy", "the operator refuses"),
        ({"creation_policy": "CreateOrMerge"}, "creation_policy", "external-secrets.io/v1"),
        (
            {"keys": {"a": VaultKey(key="a", null_byte_policy="Fail")}},
            "keys.a.null_byte_policy",
            "does not have it",
        ),
        ({"data_from": [Find()]}, "data_from[0]", "say what to find"),
        (
            {"data_from": [Find(path="a", null_byte_policy="Fail")]},
            "data_from[0].null_byte_policy",
            "does not have it",
        ),
        ({"data_from": [Generator(kind="UUID", name="u", store=STORE)]}, "data_from[0].store", "not both"),
        ({"data_from": [Generator(kind="SSHKey", name="key")]}, "data_from[0].kind", "does not have it"),
        ({"name": "Shop"}, "name", "lower-case"),
        ({"target_name": "a_b"}, "target_name", "lower-case"),
        (
            {"template": Template(template_from=[TemplateFrom()])},
            "template.template_from[0].source",
            "exactly one",
        ),
        (
            {"template": Template(template_from=[TemplateFrom(source=ConfigMap.existing("c"))])},
            "template.template_from[0].keys",
            "go together",
        ),
        (
            {
                "template": Template(
                    template_from=[TemplateFrom(source=ConfigMap.existing("c", keys=["a"]), keys=["b"])]
                )
            },
            "template.template_from[0].keys[0]",
            "it has a",
        ),
        (
            {
                "template": Template(
                    template_from=[TemplateFrom(source=Secret.existing("s", namespace="x"), keys=["b"])]
                )
            },
            "template.template_from[0].source",
            "lives in namespace 'x'",
        ),
    ],
)
def test_external_secrets_that_cannot_be(
    shop: Component, refused: Any, arguments: dict[str, Any], argument: str, message: str
) -> None:
    problems = refused(lambda: secrets(shop, **arguments))
    assert list(problems) == [argument]
    assert message in problems[argument]


def test_a_cluster_store_serves_the_namespaces_of_its_conditions(
    tree: Tree, shop: Component, refused: Any, valid: Any
) -> None:
    vault = Vault(server="https://vault.example.com", auth=KubernetesAuth(role="shop"))

    def store(id: str, *conditions: Condition) -> ClusterSecretStore:
        return ClusterSecretStore(tree, id, name=id, provider=vault, conditions=list(conditions))

    closed = store("closed", Condition(namespaces=["orders"]), Condition(namespace_regexes=["^team-"]))
    assert "no condition" in refused(lambda: secrets(shop, store=closed))["store"]
    assert not closed.allows("shop")
    assert closed.allows("orders")
    assert closed.allows("team-a")
    opened = store("opened", Condition(namespaces=["shop"]))
    assert valid(secrets(shop, store=opened))["secretStoreRef"] == {
        "name": "opened",
        "kind": "ClusterSecretStore",
    }
    # Only the cluster knows the labels of its namespaces.
    assert store("labelled", Condition(namespace_labels={"team": "shop"})).allows("shop")
    assert store("open").allows("shop")


def test_an_external_secret_of_another_party(refused: Any) -> None:
    other = ExternalSecret.existing("aws", namespace="ops", target_name="aws-credentials", keys=["id"])
    assert (other.secret.name, other.secret.namespace) == ("aws-credentials", "ops")
    assert other.key("id").source is other.secret
    assert "it has id" in refused(lambda: other.key("secret"))["key"]
    assert ExternalSecret.existing("shop").secret.keys is None
