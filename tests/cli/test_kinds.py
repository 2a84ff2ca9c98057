"""``chores-infra kinds list`` and ``kinds show``, as a person runs them.

Facts about Kubernetes are from https://kubernetes.io/docs/reference/kubernetes-api/.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chores_infra.cli.completion import kind_fields

Run = Callable[..., Any]


def rows(text: str) -> list[list[str]]:
    return [line.split(maxsplit=4) for line in text.splitlines()[1:]]


def test_every_kind_is_listed_with_the_release_it_was_read_from(run: Run) -> None:
    done = run("kinds", "list")

    assert (done.code, done.err) == (0, "")
    assert ["apps/v1", "Deployment", "Namespaced", "deployments", "kubernetes 1.37.0"] in rows(done.out)
    assert ["argoproj.io/v1alpha1", "Rollout", "Namespaced", "rollouts", "argo-rollouts v1.9.1"] in rows(
        done.out
    )
    assert ["argoproj.io/v1alpha1", "AppProject", "Namespaced", "appprojects", "argo-cd v3.5.1"] in rows(
        done.out
    )


@pytest.mark.parametrize(
    ("word", "kinds"),
    [
        ("replicaset", {"ReplicaSet"}),
        ("storageclasses", {"StorageClass"}),
        ("batch/", {"Job", "CronJob"}),
        ("velero v1.18.1", {"BackupRepository", "Restore"}),
    ],
)
def test_a_word_is_looked_for_in_everything_that_is_listed(word: str, kinds: set[str], run: Run) -> None:
    found = {row[1] for row in rows(run("kinds", "list", word).out)}
    assert kinds <= found
    assert "Deployment" not in found


def test_a_scope_can_be_asked_for(run: Run) -> None:
    found = {row[1] for row in rows(run("kinds", "list", "namespaced").out)}
    assert "Pod" in found
    assert "Node" not in found


def test_what_a_release_does_not_serve_is_marked(run: Run) -> None:
    """flowcontrol.apiserver.k8s.io/v1 and ValidatingAdmissionPolicy v1 came with 1.29 and 1.30."""
    done = run("kinds", "list", "validatingadmissionpolicies", "--kube-version", "1.29")

    [row] = [line for line in done.out.splitlines() if line.startswith("admissionregistration.k8s.io/v1 ")]
    assert "not yet" in row
    assert "not yet" not in run("kinds", "list", "validatingadmissionpolicies", "--kube-version", "1.30").out


def test_the_list_as_json_says_what_a_release_serves(run: Run) -> None:
    data = json.loads(
        run("kinds", "list", "deployments", "--kube-version", "v1.33.2", "--format", "json").out
    )
    assert data == {
        "kinds": [
            {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "scope": "Namespaced",
                "plural": "deployments",
                "source": "kubernetes 1.37.0",
                "status": "served",
                "instead": None,
            }
        ]
    }


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["list", "deploymint"], "deploymint: no kind has this; did you mean Deployment?"),
        (["list", "--kube-version", "latest"], "'latest' is no release of kubernetes; write it like 0.16.2"),
        (["show", "Deploymnt"], "Deploymnt: no kind is called that; did you mean Deployment?"),
        (["show", "Xyz"], "Xyz: no kind is called that; chores-infra kinds list has all that are known"),
        (["show", "Deployment.spec.strateg"], "spec.strateg: unknown field; did you mean strategy?"),
        (
            ["show", "Deployment.spec.containers"],
            "spec.containers: unknown field; it belongs at spec.template.spec.containers",
        ),
        (
            ["show", "apps/v2/Deployment"],
            "apps/v2/Deployment: Deployment is not known in apps/v2, but in apps/v1",
        ),
        (
            ["show", "Gateway.spec"],
            "Gateway: several kinds are called that; which one: gateway.networking.k8s.io/v1/Gateway, "
            "networking.istio.io/v1/Gateway?",
        ),
        (["show", ".spec"], ".spec: names no kind; write it like Deployment.spec.strategy"),
        (["show", ""], ": names no kind; write it like Deployment.spec.strategy"),
        (["show", "Pod.spec..containers"], "spec..containers: is no path of a field"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_not_known_is_exit_2_with_what_was_meant(arguments: list[str], says: str, run: Run) -> None:
    done = run("kinds", *arguments)

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"error: {says}")
    assert done.err.count("\n") == 1


def test_a_field_is_shown_with_its_values_and_default(run: Run) -> None:
    done = run("kinds", "show", "Deployment.spec.strategy.type")

    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "apps/v1 Deployment.spec.strategy.type  (kubernetes 1.37.0)\n"
        "\n"
        "  type       a string\n"
        "  values     Recreate, RollingUpdate\n"
        '  default    "RollingUpdate"\n'
        "  required   no\n"
        "  versions   apps/v1\n"
    )


def test_a_default_that_depends_says_on_what(run: Run) -> None:
    out = run("kinds", "show", "Service.spec.sessionAffinityConfig.clientIP.timeoutSeconds").out
    assert "  default    10800" in out
    assert 'sessionAffinity is "ClientIP"' in run("kinds", "show", "Service.spec.sessionAffinityConfig").out


def test_what_cannot_be_changed_is_said(run: Run) -> None:
    assert "  immutable  yes" in run("kinds", "show", "Deployment.spec.selector").out


@pytest.mark.parametrize("path", ["containers[].ports[]", "containers[0].ports[3]"])
def test_items_of_lists_are_written_with_brackets(path: str, run: Run) -> None:
    out = run("kinds", "show", f"Pod.spec.{path}").out

    assert out.startswith("v1 Pod.spec.containers[].ports[]  (kubernetes")
    assert "  containerPort  a port from 1 to 65535; required\n" in out
    assert '  protocol       one of TCP, UDP, SCTP; default "TCP"\n' in out


def test_a_list_says_how_it_is_merged_and_shows_its_items(run: Run) -> None:
    out = run("kinds", "show", "Pod.spec.containers[].ports").out

    assert "  type       a list, each item an object\n" in out
    assert "  list       map by containerPort, protocol\n" in out
    assert "  patch      merge by containerPort\n" in out
    assert "\nfields of its items\n" in out


def test_bounds_and_patterns_are_shown(run: Run) -> None:
    assert "  value      from 1 to 65535\n" in run("kinds", "show", "Service.spec.ports[].port").out
    assert "  length     at most 253\n" in run("kinds", "show", "Deployment.metadata.name").out


def test_keys_of_a_map_are_shown_with_what_they_hold(run: Run) -> None:
    assert "  type       a label value" in run("kinds", "show", 'Pod.metadata.labels["example.com/team"]').out


def test_the_stable_version_is_shown_with_those_that_lack_the_field(run: Run) -> None:
    """autoscaling/v1 has targetCPUUtilizationPercentage instead of metrics."""
    out = run("kinds", "show", "HorizontalPodAutoscaler.spec.metrics").out
    assert out.startswith("autoscaling/v2 ")
    assert "  versions   autoscaling/v2; not in autoscaling/v1\n" in out
    assert run("kinds", "show", "autoscaling/v1/HorizontalPodAutoscaler").out.startswith("autoscaling/v1 ")


@pytest.mark.parametrize(
    "name", ["deployments.spec", "deployment.spec", "apps/Deployment.spec", "apps/v1/Deployment.spec"]
)
def test_a_kind_has_several_spellings(name: str, run: Run) -> None:
    assert run("kinds", "show", name).out.startswith("apps/v1 Deployment.spec  (")


def test_kinds_of_several_groups_are_told_apart_by_their_group(run: Run) -> None:
    assert run("kinds", "show", "networking.istio.io/Gateway").out.startswith(
        "networking.istio.io/v1 Gateway  ("
    )
    assert run("kinds", "show", "core/Event").out.startswith("v1 Event  (")


def test_a_custom_resource_is_shown_like_a_built_in_kind(run: Run) -> None:
    out = run("kinds", "show", "ExternalSecret.spec.target.creationPolicy").out
    assert "  values     Owner, Orphan, Merge, None, CreateOrMerge\n" in out
    assert '  default    "Owner"\n' in out


def test_a_field_as_json(run: Run) -> None:
    data = json.loads(run("kinds", "show", "Deployment.spec.strategy", "--format", "json").out)

    assert (data["apiVersion"], data["kind"], data["path"]) == ("apps/v1", "Deployment", "spec.strategy")
    assert (data["types"], data["required"], data["versions"]) == (["object"], False, {"apps/v1": True})
    [type_] = [field for field in data["fields"] if field["name"] == "type"]
    assert type_["values"] == ["Recreate", "RollingUpdate"]
    assert type_["defaults"] == [{"value": "RollingUpdate", "copy_of": None, "when": []}]


def test_kinds_and_fields_are_completed() -> None:
    assert kind_fields("ReplicaS") == ["ReplicaSet"]
    assert kind_fields("Deployment.spec.str") == ["Deployment.spec.strategy"]
    assert "apps/v1/Deployment" in kind_fields("apps/")
    assert kind_fields("gateway.networking.k8s.io/v1/GR") == ["gateway.networking.k8s.io/v1/GRPCRoute"]
    assert kind_fields("gateway.networking.k8s.io/v1/Gateway.spec.gatewayC") == [
        "gateway.networking.k8s.io/v1/Gateway.spec.gatewayClassName"
    ]
    assert kind_fields("Nothing.sp") == []


def test_kinds_alone_shows_its_commands(run: Run) -> None:
    done = run("kinds")
    assert done.code == 0
    assert "\n  show " in done.out


def test_showing_reads_no_yaml(process: Run, tmp_path: Path) -> None:
    program = (
        "import sys\nfrom chores_infra.cli import main\n"
        "main(['kinds', 'show', 'Pod.spec'])\nprint('heavy:', *{'yaml', 'cdk8s'} & set(sys.modules))"
    )
    assert process(["-c", program], tmp_path).out.splitlines()[-1] == "heavy:"
