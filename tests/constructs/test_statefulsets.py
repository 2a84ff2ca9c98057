"""StatefulSets: their names in DNS, their storage, and how they are updated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chores_infra import kinds
from chores_infra.construct import Component, Tree
from chores_infra.constructs.containers import Container, ContainerPort
from chores_infra.constructs.images import Image
from chores_infra.constructs.mounts import Mount
from chores_infra.constructs.services import Service, ServicePort
from chores_infra.constructs.statefulsets import (
    ClaimRetention,
    ClaimTemplate,
    GoverningService,
    StatefulSet,
    StatefulSetUpdate,
)
from chores_infra.constructs.storage import PersistentVolumeClaim
from chores_infra.constructs.volumes import EmptyDir
from chores_infra.constructs.workloads import OnDelete, RollingUpdate

Valid = Callable[..., Any]
Refused = Callable[..., dict[str, str]]

DATA = ClaimTemplate(name="data", storage="10Gi")


def container(**arguments: Any) -> Container:
    given: dict[str, Any] = {"name": "db", "image": Image(repository="mysql", tag="8.4.3"), "ports": [3306]}
    return Container(**(given | arguments))


def database(shop: Component | Tree, id: str = "db", **arguments: Any) -> StatefulSet:
    given: dict[str, Any] = {
        "name": "db",
        "selector": {"app": "db"},
        "service": GoverningService(name="db"),
        "containers": [container()],
    }
    return StatefulSet(shop, id, **(given | arguments))


def test_everything_it_can_say(shop: Component, valid: Valid) -> None:
    made = database(
        shop,
        replicas=3,
        claims=[DATA],
        claim_retention=ClaimRetention(when_deleted="Retain", when_scaled="Delete"),
        strategy=StatefulSetUpdate(partition=2, max_unavailable=1),
        pod_management_policy="Parallel",
        start_ordinal=1,
        min_ready_seconds=10,
        revision_history_limit=3,
        containers=[container(mounts=[Mount(volume=DATA, path="/var/lib/mysql")])],
    )
    # https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/stateful-set-v1/#StatefulSetSpec
    assert valid(made) == {
        "replicas": 3,
        "selector": {"matchLabels": {"app": "db"}},
        "serviceName": "db",
        "podManagementPolicy": "Parallel",
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 2, "maxUnavailable": 1}},
        "minReadySeconds": 10,
        "revisionHistoryLimit": 3,
        "ordinals": {"start": 1},
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Delete"},
        "template": {
            "metadata": {"labels": {"app": "db"}},
            "spec": {
                "containers": [
                    {
                        "name": "db",
                        "image": "mysql:8.4.3",
                        "ports": [{"containerPort": 3306}],
                        "volumeMounts": [{"name": "data", "mountPath": "/var/lib/mysql"}],
                    }
                ]
            },
        },
        "volumeClaimTemplates": [
            {
                "metadata": {"name": "data"},
                "spec": {
                    "accessModes": ["ReadWriteOnce"],
                    "resources": {"requests": {"storage": "10Gi"}},
                },
            }
        ],
    }


def test_what_is_not_said_is_left_to_the_api_server(shop: Component, valid: Valid) -> None:
    assert set(valid(database(shop))) == {"selector", "serviceName", "template"}
    assert valid(database(shop, "other", strategy=OnDelete()))["updateStrategy"] == {"type": "OnDelete"}


class TestGoverningService:
    def test_it_is_made_with_the_pods_selector_and_ports(self, tree: Tree, shop: Component) -> None:
        ports = [ContainerPort(name="mysql", number=3306), ContainerPort(name="metrics", number=9104)]
        made = database(
            shop,
            containers=[container(ports=ports)],
            service=GoverningService(
                name="db-peers",
                publish_not_ready_addresses=True,
                labels={"team": "shop"},
                annotations={"note": "peers"},
            ),
        )
        assert [found.manifest["kind"] for found in tree.objects()] == ["StatefulSet", "Service"]
        assert made.manifest["spec"]["serviceName"] == "db-peers"
        manifest = made.service.manifest
        assert [str(problem) for problem in kinds.validate(manifest)] == []
        assert manifest == {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {
                "name": "db-peers",
                "namespace": "shop",
                "labels": {"team": "shop"},
                "annotations": {"note": "peers"},
            },
            "spec": {
                "type": "ClusterIP",
                "ports": [
                    {"name": "mysql", "port": 3306, "targetPort": 3306},
                    {"name": "metrics", "port": 9104, "targetPort": 9104},
                ],
                "selector": {"app": "db"},
                "clusterIP": "None",
                "publishNotReadyAddresses": True,
            },
        }

    def test_it_lives_where_the_pods_live(self, tree: Tree) -> None:
        made = database(tree, namespace="elsewhere")
        assert made.service.namespace == "elsewhere"

    def test_it_may_have_ports_of_its_own(self, shop: Component) -> None:
        made = database(shop, service=GoverningService(name="db", ports=[ServicePort(number=33060)]))
        assert made.service.manifest["spec"]["ports"] == [{"port": 33060, "targetPort": 3306}]

    def test_it_may_be_another_partys(self, tree: Tree, shop: Component) -> None:
        made = database(shop, service=Service.existing("theirs"))
        assert made.manifest["spec"]["serviceName"] == "theirs"
        assert [found.kind for found in tree.objects()] == ["StatefulSet"]

    def test_one_of_ours_is_headless_and_selects_these_pods(self, shop: Component, refused: Refused) -> None:
        pods = StatefulSet.existing("db", selector={"app": "db"}, ports=[3306])
        others = StatefulSet.existing("db", selector={"app": "other"}, ports=[3306])
        right = Service(shop, "right", name="right", selects=pods, port=3306, headless=True)
        addressed = Service(shop, "addressed", name="a", selects=pods, port=3306)
        elsewhere = Service(shop, "elsewhere", name="e", selects=others, port=3306, headless=True)
        assert database(shop, service=right).service is right
        assert "headless=True" in refused(lambda: database(shop, "b", service=addressed))["service"]
        assert "selects other pods" in refused(lambda: database(shop, "c", service=elsewhere))["service"]

    def test_it_lives_in_the_same_namespace(self, shop: Component, refused: Refused) -> None:
        theirs = Service.existing("db", namespace="elsewhere")
        assert list(refused(lambda: database(shop, service=theirs))) == ["service"]

    def test_a_name_is_no_reference(self, shop: Component, refused: Refused) -> None:
        assert refused(lambda: database(shop, service="db")) == {
            "service": "expected a GoverningService, or a Service of another party; not its name, found 'db'"
        }

    def test_it_needs_a_port(self, shop: Component, refused: Refused) -> None:
        silent = container(ports=None)
        assert list(refused(lambda: database(shop, containers=[silent]))) == ["service"]

    def test_without_it_there_is_no_stateful_set(self, tree: Tree, shop: Component, refused: Refused) -> None:
        two = [container(ports=[1, 2])]
        problems = refused(lambda: database(shop, containers=two))
        assert list(problems) == ["ports[0].name", "ports[1].name"]
        assert list(tree.objects()) == []


class TestClaims:
    def test_a_template_says_what_a_claim_says(self, shop: Component, valid: Valid) -> None:
        source = PersistentVolumeClaim.existing("golden")
        claim = ClaimTemplate(
            name="data",
            storage="10Gi",
            access_modes=["ReadWriteOncePod"],
            storage_class="fast",
            volume_mode="Filesystem",
            data_source=source,
            labels={"backup": "daily"},
            annotations={"note": "kept"},
        )
        (template,) = valid(database(shop, claims=[claim]))["volumeClaimTemplates"]
        assert template == {
            "metadata": {"name": "data", "labels": {"backup": "daily"}, "annotations": {"note": "kept"}},
            "spec": {
                "accessModes": ["ReadWriteOncePod"],
                "storageClassName": "fast",
                "volumeMode": "Filesystem",
                "resources": {"requests": {"storage": "10Gi"}},
                "dataSource": {"kind": "PersistentVolumeClaim", "name": "golden"},
            },
        }

    def test_names_are_unique_among_volumes(self, shop: Component, refused: Refused) -> None:
        problems = refused(lambda: database(shop, claims=[DATA, DATA], volumes=[EmptyDir(name="data")]))
        assert list(problems) == ["claims[0].name", "claims[1].name"]

    def test_what_is_mounted_is_among_them(self, shop: Component, refused: Refused) -> None:
        mounts = [Mount(volume=DATA, path="/data")]
        problems = refused(lambda: database(shop, containers=[container(mounts=mounts)]))
        assert problems == {
            "containers[0].mounts[0].volume": "'data' is no volume of the pod; add it to claims=[...]"
        }

    def test_a_source_lives_beside_it(self, shop: Component, refused: Refused) -> None:
        source = PersistentVolumeClaim.existing("golden", namespace="elsewhere")
        claim = ClaimTemplate(name="data", storage="10Gi", data_source=source)
        assert list(refused(lambda: database(shop, claims=[claim]))) == ["claims[0].data_source"]


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"name": "x" * 53}, "name"),
        ({"name": "a.b"}, "name"),
        ({"selector": {}}, "selector"),
        ({"strategy": StatefulSetUpdate(max_unavailable=0)}, "strategy.max_unavailable"),
        ({"strategy": StatefulSetUpdate(max_unavailable="0%")}, "strategy.max_unavailable"),
        ({"strategy": StatefulSetUpdate(partition=-1)}, "strategy.partition"),
        ({"strategy": RollingUpdate()}, "strategy"),
        ({"claims": [ClaimTemplate(name="data", storage="0")]}, "claims[0].storage"),
        ({"claims": [EmptyDir(name="data")]}, "claims[0]"),
        ({"pod_management_policy": "Ordered"}, "pod_management_policy"),
        ({"start_ordinal": -1}, "start_ordinal"),
        ({"claim_retention": ClaimRetention(when_scaled="Keep")}, "claim_retention.when_scaled"),  # type: ignore[arg-type]
        ({"pod_labels": {"app": "web"}}, "pod_labels.app"),
    ],
)
def test_a_stateful_set_that_cannot_be(
    shop: Component, refused: Refused, arguments: dict[str, Any], argument: str
) -> None:
    assert list(refused(lambda: database(shop, **arguments))) == [argument]


def test_everything_that_is_wrong_is_reported_at_once(shop: Component, refused: Refused) -> None:
    problems = refused(
        lambda: database(
            shop,
            pod_labels={"app": "web"},
            containers=[container(), container()],
            service=Service.existing("db", namespace="elsewhere"),
        )
    )
    assert list(problems) == ["pod_labels.app", "containers[1].name", "containers[1].ports[0]", "service"]
