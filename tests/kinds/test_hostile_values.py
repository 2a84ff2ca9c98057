"""Values that no manifest should hold: a problem each, never an exception and never silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra import kinds
from chores_infra.kinds.kind import Mode

MODES: tuple[Mode, Mode] = ("authored", "read")


def nested(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {"properties": {"a": value}}
    return value


def crd(schema: object) -> dict[str, Any]:
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "things.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"kind": "Thing", "plural": "things"},
            "versions": [
                {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
            ],
        },
    }


def helm_values(manifest: Callable[..., dict[str, Any]], values: object) -> dict[str, Any]:
    return manifest("Application", {"spec/source/helm": {"valuesObject": values}})


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "whole", [None, [], "text", 5, {}, {"kind": "ConfigMap"}, {"apiVersion": 1, "kind": []}, {1: 2}]
)
def test_a_manifest_that_is_none(whole: Any, mode: Mode) -> None:
    assert kinds.validate(whole, mode)


@pytest.mark.parametrize("mode", MODES)
def test_deep_nesting_where_types_recur(mode: Mode) -> None:
    assert kinds.validate(crd(nested(20)), mode) == []
    assert kinds.validate(crd(nested(5000)), mode)


@pytest.mark.parametrize("mode", MODES)
def test_deep_nesting_in_open_content(manifest: Callable[..., dict[str, Any]], mode: Mode) -> None:
    problems = kinds.validate(helm_values(manifest, nested(5000)), mode)
    assert [problem.message for problem in problems] == ["is nested more than 100 levels deep"]


@pytest.mark.parametrize("mode", MODES)
def test_cycles(manifest: Callable[..., dict[str, Any]], mode: Mode) -> None:
    loop: dict[str, Any] = {"type": "object"}
    loop["properties"] = {"self": loop}
    assert kinds.validate(crd(loop), mode)
    (problem,) = kinds.validate(helm_values(manifest, loop), mode)
    assert problem.message == "contains itself"
    deployment = manifest("Deployment")
    deployment["spec"]["template"]["spec"] = deployment["spec"]
    assert kinds.validate(deployment, mode)


def test_containers_that_are_shared_are_looked_at_once(manifest: Callable[..., dict[str, Any]]) -> None:
    value: list[Any] = ["x"]
    for _ in range(60):
        value = [value, value]  # 2^60 strings, if every reference were followed
    assert kinds.validate(helm_values(manifest, {"laughs": value})) == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("key", [1, 1.5, None, True, ("a", "b"), "\ud800", b"x"])
@pytest.mark.parametrize("place", ["spec", "metadata/labels", "spec/template/spec", "status"])
def test_keys_that_are_no_strings(
    manifest: Callable[..., dict[str, Any]], place: str, key: object, mode: Mode
) -> None:
    spoiled = manifest("Deployment", {"metadata/labels": {}, "status": {}})
    target = spoiled
    for part in place.split("/"):
        target = target[part]
    target[key] = "x"  # type: ignore[index]
    assert kinds.validate(spoiled, mode)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", b"x", {1, 2}, object(), (1, 2)])
@pytest.mark.parametrize(
    "path",
    [
        "spec/template/spec/containers/0/resources/limits/cpu",
        "spec/template/spec/schedulerName",
        "spec/template/spec/containers/0/args",
        "status/replicas",
        "spec/replicas",
    ],
)
def test_values_that_json_has_not(
    manifest: Callable[..., dict[str, Any]], path: str, value: object, mode: Mode
) -> None:
    base: dict[str, object] = {"status": {}, "spec/template/spec/containers/0/resources": {"limits": {}}}
    spoiled = manifest("Deployment", base | {path: value})
    (problem,) = kinds.validate(spoiled, mode)
    assert problem.path == tuple(int(part) if part.isdigit() else part for part in path.split("/"))


@pytest.mark.parametrize("value", [float("nan"), "\ud800", b"x", {1, 2}, (1,)])
def test_values_that_json_has_not_in_open_content(
    manifest: Callable[..., dict[str, Any]], value: object
) -> None:
    (problem,) = kinds.validate(helm_values(manifest, {"a": [1, value]}))
    assert problem.field == "spec.source.helm.valuesObject.a[1]"


@pytest.mark.parametrize(
    "value",
    ["x" * 1_000_000, 10**5000, ["x"] * 100_000, {str(i): 1 for i in range(10_000)}],
    ids=["text", "integer", "list", "object"],
)
def test_messages_stay_short(manifest: Callable[..., dict[str, Any]], value: object) -> None:
    for path in ("metadata/name", "spec/replicas", "spec/template/spec/restartPolicy", "kind"):
        (problem, *_) = kinds.validate(manifest("Deployment", {path: value}))
        assert len(str(problem)) < 400


def test_a_huge_number_of_mistakes_ends(manifest: Callable[..., dict[str, Any]]) -> None:
    problems = kinds.validate(manifest("Deployment", {"spec/template/spec/tolerations": [1] * 100_000}))
    assert 0 < len(problems) <= 1000


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["\udfff", "Always", "TCP", "{}", "[key]", "typed-dict", b"x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text() | st.integers() | st.sampled_from(["name", "spec", "[key]"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
PLACES = st.sampled_from(
    [
        "metadata",
        "metadata/name",
        "metadata/labels",
        "metadata/ownerReferences",
        "spec",
        "spec/selector",
        "spec/selector/matchLabels",
        "spec/strategy",
        "spec/template",
        "spec/template/metadata/labels",
        "spec/template/spec",
        "spec/template/spec/restartPolicy",
        "spec/template/spec/volumes",
        "spec/template/spec/containers",
        "spec/template/spec/containers/0",
        "spec/template/spec/containers/0/env",
        "spec/template/spec/containers/0/ports",
        "spec/template/spec/containers/0/ports/0/protocol",
        "spec/template/spec/containers/0/resources",
        "spec/template/spec/containers/0/readinessProbe/httpGet/port",
        "status",
    ]
)


@given(value=anything, place=PLACES, mode=st.sampled_from(MODES))
def test_nothing_anywhere_raises(value: object, place: str, mode: Mode) -> None:
    from copy import deepcopy

    from chores_infra.kinds import find

    spoiled: dict[str, Any] = deepcopy(_DEPLOYMENT)
    target: Any = spoiled
    *above, last = [int(part) if part.isdigit() else part for part in place.split("/")]
    for part in above:
        target = target[part]
    target[last] = value
    found = find("apps/v1", "Deployment")
    assert found is not None
    for problem in found.validate(spoiled, mode):
        assert problem.message
        assert str(problem).encode()


_DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web"},
    "spec": {
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {
                "containers": [
                    {
                        "name": "web",
                        "image": "web:1",
                        "ports": [{"containerPort": 8000}],
                        "readinessProbe": {"httpGet": {"port": 8000}},
                    }
                ]
            },
        },
    },
}
