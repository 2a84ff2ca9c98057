"""Namespaces, service accounts and priority classes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chores_infra import kinds
from chores_infra.construct import Component
from chores_infra.constructs.cluster import Namespace, PriorityClass, ServiceAccount
from chores_infra.constructs.config import Secret
from chores_infra.kubernetes_object import KubernetesObject

Refused = Callable[..., dict[str, str]]


def rendered(made: KubernetesObject) -> dict[str, Any]:
    manifest = made.manifest
    assert [str(problem) for problem in kinds.validate(manifest)] == []
    return manifest


def test_a_namespace(shop: Component) -> None:
    made = Namespace(
        shop, "namespace", name="shop", labels={"pod-security.kubernetes.io/enforce": "restricted"}
    )
    assert rendered(made) == {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": "shop", "labels": {"pod-security.kubernetes.io/enforce": "restricted"}},
    }


@pytest.mark.parametrize("name", ["", "Shop", "a.b", "x" * 64, None])
def test_a_namespace_is_a_dns_label(shop: Component, refused: Refused, name: Any) -> None:
    assert list(refused(lambda: Namespace(shop, "namespace", name=name))) == ["name"]


def test_a_service_account(shop: Component) -> None:
    role = {"eks.amazonaws.com/role-arn": "arn:aws:iam::852893458518:role/shop"}
    made = ServiceAccount(
        shop,
        "account",
        name="shop",
        annotations=role,
        image_pull_secrets=[Secret.existing("ecr-registry")],
        automount_service_account_token=False,
    )
    assert rendered(made) == {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "shop", "namespace": "shop", "annotations": role},
        "imagePullSecrets": [{"name": "ecr-registry"}],
        "automountServiceAccountToken": False,
    }
    plain = ServiceAccount(shop, "plain", name="plain")
    assert set(rendered(plain)) == {"apiVersion", "kind", "metadata"}


def test_its_secrets_live_beside_it(shop: Component, refused: Refused) -> None:
    secrets = [Secret.existing("here", namespace="shop"), Secret.existing("there", namespace="elsewhere")]
    problems = refused(lambda: ServiceAccount(shop, "account", name="shop", image_pull_secrets=secrets))
    assert list(problems) == ["image_pull_secrets[1]"]
    twice = [Secret.existing("here"), Secret.existing("here")]
    assert refused(lambda: ServiceAccount(shop, "account", name="shop", image_pull_secrets=twice)) == {
        "image_pull_secrets[1]": "'here' is there already, as image_pull_secrets[0]"
    }


def test_a_priority_class(shop: Component) -> None:
    made = PriorityClass(
        shop, "high", name="high", value=1000, preemption_policy="Never", description="Shops"
    )
    assert rendered(made) == {
        "apiVersion": "scheduling.k8s.io/v1",
        "kind": "PriorityClass",
        "metadata": {"name": "high"},
        "value": 1000,
        "preemptionPolicy": "Never",
        "description": "Shops",
    }


# https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/#priorityclass
@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"name": "system-high"}, "name"),
        ({"value": 1_000_000_001}, "value"),
        ({"value": -(2**31) - 1}, "value"),
        ({"value": 1.5}, "value"),
        ({"preemption_policy": "Always"}, "preemption_policy"),
    ],
)
def test_a_priority_class_that_cannot_be(
    shop: Component, refused: Refused, arguments: dict[str, Any], argument: str
) -> None:
    given: dict[str, Any] = {"name": "high", "value": 1} | arguments
    assert list(refused(lambda: PriorityClass(shop, "high", **given))) == [argument]
