"""Which release of Kubernetes serves what; expected values are those of the deprecation guide.

https://kubernetes.io/docs/reference/using-api/deprecation-guide/
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from chores_infra.errors import ConfigurationError
from chores_infra.kindgen.api_versions import OUT, text
from chores_infra.kinds import CATALOG, kubernetes_versions, served


@pytest.mark.parametrize(
    ("api_version", "kind", "release", "status", "instead"),
    [
        ("extensions/v1beta1", "Ingress", "1.18", "served", "networking.k8s.io/v1"),
        ("extensions/v1beta1", "Ingress", "1.21", "deprecated", "networking.k8s.io/v1"),
        ("extensions/v1beta1", "Ingress", "1.22", "removed", "networking.k8s.io/v1"),
        ("batch/v1beta1", "CronJob", "v1.24.9", "deprecated", "batch/v1"),
        ("batch/v1beta1", "CronJob", "1.25", "removed", "batch/v1"),
        ("policy/v1beta1", "PodDisruptionBudget", "1.25", "removed", "policy/v1"),
        ("policy/v1beta1", "PodSecurityPolicy", "1.25", "removed", None),
        ("autoscaling/v2beta1", "HorizontalPodAutoscaler", "1.25", "removed", "autoscaling/v2"),
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler", "1.25", "deprecated", "autoscaling/v2"),
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler", "1.26", "removed", None),
        ("autoscaling/v1", "HorizontalPodAutoscaler", "1.37", "served", None),
        ("storage.k8s.io/v1beta1", "CSIStorageCapacity", "1.27", "removed", None),
        ("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", "1.31", "deprecated", None),
        ("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", "1.32", "removed", None),
        ("resource.k8s.io/v1", "ResourceClaim", "1.33", "not yet", None),
        ("resource.k8s.io/v1", "ResourceClaim", "1.34", "served", None),
        ("v1", "Endpoints", "1.32", "served", "discovery.k8s.io/v1 EndpointSlice"),
        ("v1", "Endpoints", "1.33", "deprecated", "discovery.k8s.io/v1 EndpointSlice"),
        ("apps/v1", "Deployment", "1.25", "served", None),
        ("apps/v1", "Deployment", "1.99", "served", None),
    ],
)
def test_status(api_version: str, kind: str, release: str, status: str, instead: str | None) -> None:
    support = served(api_version, kind, release)
    assert support is not None
    assert (support.api_version, support.operator, support.status) == (api_version, "kubernetes", status)
    if instead is not None:
        assert support.instead == instead
    assert support.source.startswith("https://kubernetes.io/")


def test_the_message_names_the_way_out() -> None:
    support = served("networking.k8s.io/v1beta1", "Ingress", "1.33")
    assert support is not None
    assert support.message == (
        "networking.k8s.io/v1beta1 Ingress is no longer served since Kubernetes 1.22 (configured: 1.33); "
        "use networking.k8s.io/v1"
    )


def test_what_is_not_built_in_is_not_judged() -> None:
    assert served("argoproj.io/v1alpha1", "Application", "1.33") is None
    assert served("apps/v1", "Deploiment", "1.33") is None


@pytest.mark.parametrize("release", ["latest", "", "1.x"])
def test_text_that_is_no_release(release: str) -> None:
    with pytest.raises(ConfigurationError, match="is no release of kubernetes"):
        served("apps/v1", "Deployment", release)


def test_the_table_is_what_the_definitions_say() -> None:
    assert OUT.read_text("utf-8") == text()


def test_every_built_in_kind_is_served_by_the_newest_release() -> None:
    built_in = [kind for kind in CATALOG.kinds() if "." not in kind.group or kind.group.endswith(".k8s.io")]
    for kind in built_in:
        support = served(kind.api_version, kind.kind, "1.37")
        assert support is None or support.is_served, kind


def test_a_removed_version_is_not_in_the_definitions_and_its_successor_is() -> None:
    file = Path(kubernetes_versions.__file__).with_suffix(".toml")
    for api_version, kinds in tomllib.loads(file.read_text("utf-8")).items():
        for kind, record in kinds.items():
            assert record["source"].startswith("https://kubernetes.io/"), kind
            if "until" in record:
                assert CATALOG.find(api_version, kind) is None, (api_version, kind)
                assert "instead" not in record or CATALOG.find(record["instead"], kind), (api_version, kind)
