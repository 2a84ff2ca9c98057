"""Environment variables: text, keys of ConfigMaps and Secrets, fields of the pod."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.config import ConfigMap, KeyRef, MakesSecret, Secret
from chores_infra.constructs.containers import Container, EnvFrom, PodField, ResourceField
from chores_infra.constructs.images import Image
from chores_infra.constructs.workloads import Deployment

SECRETS = Secret.existing("shop-secrets", keys=["TOKEN"])
Refused = Callable[..., dict[str, str]]


class Generator(MakesSecret):
    """A construct of another module from which an operator makes a Secret."""

    api_version, kind = "example.com/v1", "Generator"

    def __init__(self, scope: Component, id: str) -> None:
        super().__init__(scope, id, name="generator")

    @property
    def secret(self) -> Secret:
        return Secret.existing("generated", namespace=self.namespace, keys=["PASSWORD"])


@pytest.fixture
def settings(shop: Component) -> ConfigMap:
    return ConfigMap(shop, "settings", name="shop-config", data={"LOG_LEVEL": "info", "DEBUG": "False"})


def deploy(shop: Component, **arguments: Any) -> Deployment:
    image = Image(repository="shop", tag="1.4.2")
    given: dict[str, Any] = {"name": "web", "image": image} | arguments
    return Deployment(shop, "web", name="web", selector={"app": "web"}, containers=[Container(**given)])


def rendered(valid: Callable[..., Any], deployment: Deployment, field: str) -> Any:
    return valid(deployment)["template"]["spec"]["containers"][0][field]


def test_every_source_of_a_variable(shop: Component, settings: ConfigMap, valid: Callable[..., Any]) -> None:
    env = {
        "PLAIN": "text",
        "EMPTY": "",
        "LOG_LEVEL": settings.key("LOG_LEVEL"),
        "TOKEN": SECRETS.key("TOKEN"),
        "LATER": SECRETS.key("LATER", optional=True),
        "PASSWORD": Generator(shop, "generator").key("PASSWORD"),
        "POD_IP": PodField("status.podIP"),
        "ZONE": PodField("metadata.labels['topology.kubernetes.io/zone']"),
        "MEMORY": ResourceField(resource="limits.memory", divisor="1Mi"),
    }
    assert rendered(valid, deploy(shop, env=env), "env") == [
        {"name": "PLAIN", "value": "text"},
        {"name": "EMPTY", "value": ""},
        {"name": "LOG_LEVEL", "valueFrom": {"configMapKeyRef": {"name": "shop-config", "key": "LOG_LEVEL"}}},
        {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "shop-secrets", "key": "TOKEN"}}},
        {
            "name": "LATER",
            "valueFrom": {"secretKeyRef": {"name": "shop-secrets", "key": "LATER", "optional": True}},
        },
        {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "generated", "key": "PASSWORD"}}},
        {"name": "POD_IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
        {
            "name": "ZONE",
            "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['topology.kubernetes.io/zone']"}},
        },
        {
            "name": "MEMORY",
            "valueFrom": {"resourceFieldRef": {"resource": "limits.memory", "divisor": "1Mi"}},
        },
    ]


def test_every_source_of_many_variables(
    shop: Component, settings: ConfigMap, valid: Callable[..., Any]
) -> None:
    sources = [
        settings,
        SECRETS,
        Generator(shop, "generator"),
        EnvFrom(source=settings, prefix="SHOP_", optional=True),
    ]
    assert rendered(valid, deploy(shop, env_from=sources), "envFrom") == [
        {"configMapRef": {"name": "shop-config"}},
        {"secretRef": {"name": "shop-secrets"}},
        {"secretRef": {"name": "generated"}},
        {"prefix": "SHOP_", "configMapRef": {"name": "shop-config", "optional": True}},
    ]


@pytest.mark.parametrize("name", ["9LIVES", "A B", "", "A=B", "Ä"])
def test_an_illegal_name(shop: Component, refused: Refused, name: str) -> None:
    assert refused(lambda: deploy(shop, env={name: "x"})) == {
        "containers[0].env": "expected the name of an environment variable, such as LOG_LEVEL, "
        f"found the key {name!r}"
    }


@pytest.mark.parametrize("value", [8000, None, True, ["x"], SECRETS])
def test_a_value_is_text_or_a_reference(shop: Component, refused: Refused, value: object) -> None:
    problems = refused(lambda: deploy(shop, env={"PORT": value}))
    assert list(problems) == ["containers[0].env.PORT"]
    message = (
        "expected text, or a value from elsewhere: settings.key(...), PodField(...) or ResourceField(...)"
    )
    assert problems["containers[0].env.PORT"].startswith(message)


@pytest.mark.parametrize("path", ["status.podip", "metadata.labels", "spec.x", "metadata.labels['']", ""])
def test_a_pod_offers_some_fields_only(shop: Component, refused: Refused, path: str) -> None:
    assert list(refused(lambda: deploy(shop, env={"X": PodField(path)}))) == ["containers[0].env.X.path"]


def test_a_key_that_its_source_does_not_have(shop: Component, settings: ConfigMap, refused: Refused) -> None:
    assert refused(lambda: settings.key("LOGLEVEL")) == {
        "key": "ConfigMap 'shop-config' has no key 'LOGLEVEL'; it has DEBUG, LOG_LEVEL"
    }
    assert refused(lambda: SECRETS.key("PASSWORD")) == {
        "key": "Secret 'shop-secrets' has no key 'PASSWORD'; it has TOKEN"
    }
    assert refused(lambda: Generator(shop, "generator").key("TOKEN")) == {
        "key": "Secret 'generated' has no key 'TOKEN'; it has PASSWORD"
    }
    assert refused(lambda: deploy(shop, env={"X": KeyRef(source=settings, key="NONE")})) == {
        "containers[0].env.X.key": "ConfigMap 'shop-config' has no key 'NONE'; it has DEBUG, LOG_LEVEL"
    }


def test_keys_that_are_not_known_are_taken_on_trust(shop: Component, valid: Callable[..., Any]) -> None:
    assert rendered(valid, deploy(shop, env={"X": Secret.existing("other").key("ANY")}), "env")


@pytest.mark.parametrize("source", ["shop-config", None, PodField("status.podIP")])
def test_a_source_is_an_object_and_not_its_name(shop: Component, refused: Refused, source: object) -> None:
    problems = refused(lambda: deploy(shop, env_from=[source]))
    assert list(problems) == ["containers[0].env_from[0]"]
    assert "a ConfigMap, a Secret, what makes one" in problems["containers[0].env_from[0]"]


def test_a_key_that_is_no_name_of_a_variable(shop: Component, refused: Refused) -> None:
    files = ConfigMap(shop, "files", name="files", data={"404.html": "", "index.html": ""})
    problems = refused(lambda: deploy(shop, env_from=[files]))
    assert (
        "key '404.html' of ConfigMap 'files' would be the variable '404.html'"
        in (problems["containers[0].env_from[0]"])
    )
    deploy(shop, env_from=[EnvFrom(source=files, prefix="_")])


@pytest.mark.parametrize(
    "arguments",
    [
        {"env_from": [Secret.existing("x", namespace="elsewhere")]},
        {"env": {"X": ConfigMap.existing("x", namespace="elsewhere").key("A")}},
    ],
)
def test_pods_read_no_other_namespace(shop: Component, refused: Refused, arguments: dict[str, Any]) -> None:
    (message,) = refused(lambda: deploy(shop, **arguments)).values()
    assert "'x' lives in namespace 'elsewhere'" in message
    assert "namespace 'shop' can be used here" in message
