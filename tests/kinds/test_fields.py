"""What is known of one field; expected values are those of the API reference."""

from __future__ import annotations

import pytest

from chores_infra.errors import UnknownFieldError
from chores_infra.kinds import CATALOG, Kind, find
from chores_infra.kinds.fields import parse_path

POD = "spec.template.spec"


@pytest.fixture
def deployment() -> Kind:
    kind = find("apps/v1", "Deployment")
    assert kind is not None
    return kind


def test_an_object_has_children_and_a_default(deployment: Kind) -> None:
    strategy = deployment.field("spec.strategy")
    assert (strategy.types, strategy.children) == (("object",), ("rollingUpdate", "type"))
    assert (strategy.default, strategy.required) == ({}, False)
    # https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/
    assert strategy.patch_strategy == "retainKeys"


def test_a_field_has_its_values_and_conditional_defaults(deployment: Kind) -> None:
    policy = deployment.field(f"{POD}.containers[].imagePullPolicy")
    assert policy.values == ("Always", "IfNotPresent", "Never")
    assert policy.default is None
    assert [default.value for default in policy.defaults] == ["Always", "IfNotPresent"]
    assert str(policy.defaults[1]) == '"IfNotPresent"'


def test_a_field_has_its_format_and_bounds(deployment: Kind) -> None:
    port = deployment.field(f"{POD}.containers[].ports[].containerPort")
    assert (port.types, port.format, port.required) == (("integer",), "port", True)
    assert (port.minimum, port.maximum, port.says) == (1, 65535, "a port from 1 to 65535")
    name = deployment.field("metadata.name")
    assert (name.format, name.max_length) == ("dns-subdomain", 253)
    assert name.pattern is not None


def test_a_field_may_be_of_several_types(deployment: Kind) -> None:
    surge = deployment.field("spec.strategy.rollingUpdate.maxSurge")
    assert (surge.types, surge.default) == (("integer", "string"), "25%")


@pytest.mark.parametrize(
    ("path", "kind", "keys", "patch"),
    [
        ("containers", "map", ("name",), ("merge", "name")),
        ("containers[].ports", "map", ("containerPort", "protocol"), ("merge", "containerPort")),
        ("containers[].command", "atomic", (), ("", "")),
        ("volumes", "map", ("name",), ("merge,retainKeys", "name")),
        ("tolerations", "atomic", (), ("", "")),
        ("topologySpreadConstraints", "map", ("topologyKey", "whenUnsatisfiable"), ("merge", "topologyKey")),
    ],
)
def test_a_list_says_how_it_is_merged(
    deployment: Kind, path: str, kind: str, keys: tuple[str, ...], patch: tuple[str, str]
) -> None:
    field = deployment.field(f"{POD}.{path}")
    assert (field.list_kind, field.list_keys) == (kind, keys)
    assert (field.patch_strategy, field.patch_key) == patch


def test_items_and_keys(deployment: Kind) -> None:
    assert deployment.field(f"{POD}.containers[3]").path == f"{POD}.containers[]"
    assert "image" in deployment.field(f"{POD}.containers[]").children
    assert deployment.field("metadata.labels").types == ("map",)
    assert deployment.field("metadata.labels.*").format == "label-value"
    label = deployment.field(("metadata", "labels", "app.kubernetes.io/name"))
    assert (label.path, label.format) == ('metadata.labels["app.kubernetes.io/name"]', "label-value")
    assert deployment.field("").children == ("apiVersion", "kind", "metadata", "spec", "status")


def test_what_cannot_be_changed_later(deployment: Kind) -> None:
    # https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#label-selector-updates
    assert deployment.field("spec.selector").immutable
    assert not deployment.field("spec.replicas").immutable


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("spec.replica", "spec.replica: unknown field; did you mean replicas?"),
        (
            f"{POD}.imagePullPolicy.x",
            f"{POD}.imagePullPolicy: unknown field; it belongs at {POD}.containers[].imagePullPolicy",
        ),
        ("spec[", "spec[: is no path of a field; write it like spec.template.spec.containers[].image"),
    ],
)
def test_an_unknown_field_says_what_was_meant(deployment: Kind, path: str, message: str) -> None:
    with pytest.raises(UnknownFieldError) as error:
        deployment.field(path)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", ()),
        ("spec.ports[].port", ("spec", "ports", 0, "port")),
        ("spec.x[2][0]", ("spec", "x", 2, 0)),
        ("metadata.labels.*", ("metadata", "labels", "*")),
        ('metadata.annotations["a.b/c"].d', ("metadata", "annotations", "a.b/c", "d")),
    ],
)
def test_paths_are_read(text: str, path: tuple[str | int, ...]) -> None:
    assert parse_path(text) == path


def test_every_kind_has_facts() -> None:
    for kind in CATALOG.kinds():
        assert kind.field("metadata.name").types == ("string",)
