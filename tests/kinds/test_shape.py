"""The schema of a kind as a way to walk: lists, what cannot be changed, what is measured."""

from __future__ import annotations

import pytest

from chores_infra import kinds
from chores_infra.errors import UnknownFieldError
from chores_infra.kinds.shape import Shape


def shape(api_version: str, kind: str, path: str) -> Shape:
    known = kinds.find(api_version, kind)
    assert known is not None
    found: Shape | None = known.shape
    for step in path.split("."):
        assert found is not None
        found = found.items() if step == "[]" else found.field(step)
    assert found is not None
    return found


CONTAINER = "spec.template.spec.containers.[]"


@pytest.mark.parametrize(
    ("kind", "path", "measure"),
    [
        (("apps/v1", "Deployment"), f"{CONTAINER}.resources.limits.cpu", "quantity"),
        (("v1", "PersistentVolumeClaim"), "spec.resources.requests.storage", "quantity"),
        (("postgresql.cnpg.io/v1", "Cluster"), "spec.resources.limits.cpu", "quantity"),
        (("external-secrets.io/v1", "ExternalSecret"), "spec.refreshInterval", "duration"),
        (("gateway.networking.k8s.io/v1", "HTTPRoute"), "spec.rules.[].timeouts.request", "duration"),
        (("monitoring.coreos.com/v1", "Prometheus"), "spec.scrapeInterval", "duration"),
        (("v1", "Secret"), "data.key", "base64"),
        (("apps/v1", "Deployment"), f"{CONTAINER}.image", None),
        (("v1", "ConfigMap"), "data.key", None),
    ],
)
def test_what_a_field_measures(kind: tuple[str, str], path: str, measure: str | None) -> None:
    assert shape(*kind, path).measure == measure


@pytest.mark.parametrize(
    ("kind", "path", "immutable"),
    [
        (("apps/v1", "Deployment"), "spec.selector", True),
        (("apps/v1", "Deployment"), "spec.replicas", False),
        (("v1", "Service"), "spec.clusterIP", True),
        # self == oldSelf of a CRD: of a field, and of an object.
        (("gateway.networking.k8s.io/v1", "GatewayClass"), "spec.controllerName", True),
        (("apiextensions.crossplane.io/v1", "Composition"), "spec.compositeTypeRef", True),
    ],
)
def test_what_cannot_be_changed(kind: tuple[str, str], path: str, immutable: bool) -> None:
    assert shape(*kind, path).immutable is immutable


def test_every_list_agrees_with_what_is_told_of_fields() -> None:
    deployment = kinds.find("apps/v1", "Deployment")
    assert deployment is not None
    for name in ("env", "ports", "volumeMounts", "args"):
        field = deployment.field(f"spec.template.spec.containers[].{name}")
        found = shape("apps/v1", "Deployment", f"{CONTAINER}.{name}")
        assert (found.list_kind or "atomic", found.list_keys) == (field.list_kind, field.list_keys)


def test_a_field_that_a_kind_does_not_have_has_no_shape() -> None:
    deployment = kinds.find("apps/v1", "Deployment")
    assert deployment is not None
    assert deployment.shape.field("spce") is None
    with pytest.raises(UnknownFieldError):
        deployment.field("spce")


def test_a_type_that_contains_itself_can_be_walked() -> None:
    path = "spec.versions.[].schema.openAPIV3Schema" + ".properties.a" * 20
    assert shape("apiextensions.k8s.io/v1", "CustomResourceDefinition", path).field("type") is not None
