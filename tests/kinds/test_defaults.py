"""What the API server fills in; expected values are what ``kubectl get -o yaml`` shows of such objects."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from chores_infra.kinds import find
from chores_infra.kinds.defaults import Condition, Default

Manifest = dict[str, Any]


def complete(manifest: Manifest) -> Manifest:
    kind = find(manifest["apiVersion"], manifest["kind"])
    assert kind is not None
    before = copy.deepcopy(manifest)
    filled: Any = kind.with_defaults(manifest)
    assert manifest == before, "the manifest itself is left alone"
    assert kind.with_defaults(filled) == filled, "there is nothing left to fill in"
    found: Manifest = filled
    return found


def test_what_was_written_stays(manifest: Callable[..., Manifest]) -> None:
    filled = complete(manifest("Deployment", {"spec/replicas": 3, "spec/strategy": {"type": "Recreate"}}))
    assert filled["spec"]["replicas"] == 3
    assert filled["spec"]["strategy"] == {"type": "Recreate"}


def test_a_default_brings_those_below_it(manifest: Callable[..., Manifest]) -> None:
    filled = complete(manifest("Deployment"))
    assert filled["spec"]["strategy"] == {
        "type": "RollingUpdate",
        "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"},
    }
    assert (filled["spec"]["progressDeadlineSeconds"], filled["spec"]["revisionHistoryLimit"]) == (600, 10)


@pytest.mark.parametrize(
    ("image", "policy"),
    [
        # https://kubernetes.io/docs/concepts/containers/images/#imagepullpolicy-defaulting
        ("nginx", "Always"),
        ("nginx:latest", "Always"),
        ("localhost:5000/team/nginx", "Always"),
        ("nginx:1.27", "IfNotPresent"),
        ("localhost:5000/nginx:1.27", "IfNotPresent"),
        ("nginx@sha256:" + "0" * 64, "IfNotPresent"),
        ("nginx:latest@sha256:" + "0" * 64, "Always"),
    ],
)
def test_the_pull_policy_follows_the_tag(manifest: Callable[..., Manifest], image: str, policy: str) -> None:
    container = "spec/template/spec/containers/0"
    made = manifest("Deployment", {f"{container}/image": image, f"{container}/imagePullPolicy": ...})
    assert complete(made)["spec"]["template"]["spec"]["containers"][0]["imagePullPolicy"] == policy


def test_a_target_port_is_the_port(manifest: Callable[..., Manifest]) -> None:
    filled = complete(manifest("Service", {"spec/ports/0/targetPort": ...}))
    assert filled["spec"]["ports"][0]["targetPort"] == 80


def test_a_null_is_filled_in(manifest: Callable[..., Manifest]) -> None:
    assert complete(manifest("Deployment", {"spec/replicas": None}))["spec"]["replicas"] == 1


@pytest.mark.parametrize("spec", ["text", [1], None, {"template": [], "strategy": 3, "replicas": {"a": 1}}])
def test_what_is_wrong_stays_as_it_is(manifest: Callable[..., Manifest], spec: object) -> None:
    filled = complete(manifest("Deployment", {"spec": spec}))
    if isinstance(spec, dict):
        assert filled["spec"].items() >= spec.items()
    else:
        assert filled["spec"] == spec


def test_given_and_absent_are_about_what_was_written() -> None:
    written: Manifest = {"egress": []}
    filled: Manifest = {"egress": [], "type": "ClusterIP"}
    assert Condition("egress", "absent").holds(written, filled)
    assert not Condition("type", "given").holds(written, filled)
    assert Condition("type", "is", ("ClusterIP",)).holds(written, filled)


def test_a_default_reads_like_a_sentence() -> None:
    given = Default(
        ["Ingress", "Egress"], when=(Condition("egress", "given"), Condition("a", "is", (1, True)))
    )
    assert str(given) == '["Ingress", "Egress"] if egress is given and a is 1 or true'
    assert str(Default(copy_of="port")) == "what port is"


def test_a_service_is_filled_in_by_its_type(manifest: Callable[..., Manifest]) -> None:
    plain = complete(manifest("Service"))["spec"]
    assert (plain["type"], plain["sessionAffinity"], plain["internalTrafficPolicy"]) == (
        "ClusterIP",
        "None",
        "Cluster",
    )
    assert plain["ports"][0]["protocol"] == "TCP"
    assert "externalTrafficPolicy" not in plain
    balanced = complete(manifest("Service", {"spec/type": "LoadBalancer"}))["spec"]
    assert (balanced["externalTrafficPolicy"], balanced["allocateLoadBalancerNodePorts"]) == ("Cluster", True)
    sticky = complete(manifest("Service", {"spec/sessionAffinity": "ClientIP"}))["spec"]
    assert sticky["sessionAffinityConfig"] == {"clientIP": {"timeoutSeconds": 10800}}


def test_a_job_is_filled_in_by_what_it_says(manifest: Callable[..., Manifest]) -> None:
    once = complete(manifest("Job"))["spec"]
    assert (once["completions"], once["parallelism"], once["backoffLimit"]) == (1, 1, 1)
    queue = complete(manifest("Job", {"spec/parallelism": 3, "spec/backoffLimit": ...}))["spec"]
    assert "completions" not in queue
    assert queue["backoffLimit"] == 6


def test_a_volume_without_a_source_is_an_empty_folder(manifest: Callable[..., Manifest]) -> None:
    volumes = [{"name": "tmp"}, {"name": "settings", "configMap": {"name": "web"}}]
    filled = complete(manifest("Deployment", {"spec/template/spec/volumes": volumes}))
    assert filled["spec"]["template"]["spec"]["volumes"] == [
        {"name": "tmp", "emptyDir": {}},
        {"name": "settings", "configMap": {"name": "web", "defaultMode": 0o644}},
    ]


@pytest.mark.parametrize(
    ("spec", "types"),
    [
        ({"podSelector": {}}, ["Ingress"]),
        ({"podSelector": {}, "egress": []}, ["Ingress"]),
        ({"podSelector": {}, "egress": [{}]}, ["Ingress", "Egress"]),
    ],
)
def test_a_network_policy_is_about_what_it_has_rules_for(spec: Manifest, types: list[str]) -> None:
    policy = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "web"},
        "spec": spec,
    }
    assert complete(policy)["spec"]["policyTypes"] == types
