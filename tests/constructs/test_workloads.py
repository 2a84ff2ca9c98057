"""Deployments: the seed's, everything else they can say, and what they may not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra.construct import Component, Tree
from chores_infra.constructs.cluster import PriorityClass, ServiceAccount
from chores_infra.constructs.config import ConfigMap, Secret
from chores_infra.constructs.containers import (
    Container,
    ContainerPort,
    ExecProbe,
    HttpProbe,
    Lifecycle,
    SleepHook,
    TcpProbe,
)
from chores_infra.constructs.images import Image
from chores_infra.constructs.mounts import Mount
from chores_infra.constructs.pods import DnsConfig, HostAlias
from chores_infra.constructs.scheduling import TopologySpread
from chores_infra.constructs.volumes import EmptyDir
from chores_infra.constructs.workloads import Deployment, Recreate, RollingUpdate
from chores_infra.errors import ConstructError

IMAGE = Image(repository="shop", tag="1.4.2")
Valid = Callable[..., Any]
Refused = Callable[..., dict[str, str]]


def container(**arguments: Any) -> Container:
    given: dict[str, Any] = {"name": "web", "image": IMAGE} | arguments
    return Container(**given)


def deploy(shop: Component, id: str = "web", **arguments: Any) -> Deployment:
    given: dict[str, Any] = {"name": "web", "selector": {"app": "web"}, "containers": [container()]}
    return Deployment(shop, id, **(given | arguments))


def pod(spec: dict[str, Any]) -> dict[str, Any]:
    return dict(spec["template"]["spec"])


def test_the_deployment_of_the_seed(tree: Tree) -> None:
    """The document's keys and values, in its order, and nothing more."""
    app = Component(tree, "chores-tracker", namespace="chores-tracker")
    web = Deployment(
        app,
        "web",
        name="chores-tracker",
        replicas=1,
        selector={"app": "chores-tracker"},
        containers=[
            Container(
                name="chores-tracker",
                image=Image(
                    repository="852893458518.dkr.ecr.us-east-2.amazonaws.com/chores-tracker", tag="3.0.0"
                ),
                image_pull_policy="IfNotPresent",
                ports=[8000],
                env_from=[
                    ConfigMap.existing("chores-tracker-config"),
                    Secret.existing("chores-tracker-secrets"),
                ],
                readiness=HttpProbe(
                    path="/api/v1/healthcheck", port=8000, initial_delay_seconds=30, period_seconds=5
                ),
            )
        ],
        image_pull_secrets=[Secret.existing("ecr-registry")],
    )
    assert json.dumps(web.manifest) == json.dumps(
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "chores-tracker", "namespace": "chores-tracker"},
            "spec": {
                "replicas": 1,
                "selector": {"matchLabels": {"app": "chores-tracker"}},
                "template": {
                    "metadata": {"labels": {"app": "chores-tracker"}},
                    "spec": {
                        "containers": [
                            {
                                "name": "chores-tracker",
                                "image": "852893458518.dkr.ecr.us-east-2.amazonaws.com/chores-tracker:3.0.0",
                                "imagePullPolicy": "IfNotPresent",
                                "ports": [{"containerPort": 8000}],
                                "envFrom": [
                                    {"configMapRef": {"name": "chores-tracker-config"}},
                                    {"secretRef": {"name": "chores-tracker-secrets"}},
                                ],
                                "readinessProbe": {
                                    "httpGet": {"path": "/api/v1/healthcheck", "port": 8000},
                                    "initialDelaySeconds": 30,
                                    "periodSeconds": 5,
                                },
                            }
                        ],
                        "imagePullSecrets": [{"name": "ecr-registry"}],
                    },
                },
            },
        }
    )


class TestRollout:
    @pytest.mark.parametrize(
        ("strategy", "fields"),
        [
            (Recreate(), {"type": "Recreate"}),
            (RollingUpdate(), {"type": "RollingUpdate"}),
            (
                RollingUpdate(max_surge="25%", max_unavailable=0),
                {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 0}},
            ),
        ],
    )
    def test_the_strategy(self, shop: Component, valid: Valid, strategy: Any, fields: Any) -> None:
        assert valid(deploy(shop, strategy=strategy))["strategy"] == fields

    @pytest.mark.parametrize(("surge", "unavailable"), [(0, 0), ("0%", 0), (0, "0%"), ("0%", "0%")])
    def test_a_rollout_that_cannot_begin(
        self, shop: Component, refused: Refused, surge: Any, unavailable: Any
    ) -> None:
        strategy = RollingUpdate(max_surge=surge, max_unavailable=unavailable)
        assert list(refused(lambda: deploy(shop, strategy=strategy))) == ["strategy.max_unavailable"]

    @pytest.mark.parametrize("amount", ["101%", "-1%", "25", "a%", -1, 1.5])
    def test_no_number_of_pods(self, shop: Component, refused: Refused, amount: Any) -> None:
        problems = refused(lambda: deploy(shop, strategy=RollingUpdate(max_surge=amount)))
        assert list(problems) == ["strategy.max_surge"]

    def test_recreating_rolls_nothing(self) -> None:
        with pytest.raises(ConstructError, match="Recreate: max_surge: there is no such argument"):
            Recreate(max_surge=1)  # type: ignore[call-arg]

    def test_a_rollout_has_time_for_its_pods(self, shop: Component, refused: Refused, valid: Valid) -> None:
        times: dict[str, Any] = {"min_ready_seconds": 60, "progress_deadline_seconds": 60}
        assert list(refused(lambda: deploy(shop, **times))) == ["progress_deadline_seconds"]
        assert list(refused(lambda: deploy(shop, min_ready_seconds=600))) == ["progress_deadline_seconds"]
        spec = valid(deploy(shop, min_ready_seconds=59, progress_deadline_seconds=60))
        assert (spec["minReadySeconds"], spec["progressDeadlineSeconds"]) == (59, 60)

    def test_without_replicas_the_number_is_an_autoscalers(self, shop: Component, valid: Valid) -> None:
        assert "replicas" not in valid(deploy(shop))
        assert valid(deploy(shop, "none", replicas=0))["replicas"] == 0


class TestSelector:
    def test_its_labels_are_the_pods_and_more_may_be_added(self, shop: Component, valid: Valid) -> None:
        spec = valid(deploy(shop, selector={"app": "web"}, pod_labels={"team": "a", "app": "web"}))
        assert spec["selector"] == {"matchLabels": {"app": "web"}}
        assert spec["template"]["metadata"]["labels"] == {"app": "web", "team": "a"}

    def test_it_matches_its_own_pods(self, shop: Component, refused: Refused) -> None:
        assert refused(lambda: deploy(shop, pod_labels={"app": "other"})) == {
            "pod_labels.app": "expected 'web', by which the selector finds the pods, found 'other'"
        }

    def test_it_is_never_empty(self, shop: Component, refused: Refused) -> None:
        assert refused(lambda: deploy(shop, selector={})) == {"selector": "expected at least one, found none"}

    def test_labels_of_the_component_stay_out_of_it(self, tree: Tree, valid: Valid) -> None:
        spec = valid(deploy(Component(tree, "a", namespace="a", labels={"team": "a"})))
        assert spec["selector"] == {"matchLabels": {"app": "web"}}
        assert spec["template"]["metadata"] == {"labels": {"app": "web"}}


class TestContainers:
    def test_init_containers_and_sidecars_come_first(self, shop: Component, valid: Valid) -> None:
        migrate = container(name="migrate", command=["migrate"])
        proxy = container(name="proxy", restart_policy="Always", ports=[9000], startup=TcpProbe(port=9000))
        made = deploy(shop, init_containers=[migrate, proxy], containers=[container(ports=[8000])])
        spec = pod(valid(made))
        assert [c["name"] for c in spec["initContainers"]] == ["migrate", "proxy"]
        assert spec["initContainers"][1]["restartPolicy"] == "Always"
        assert [port.number for port in made.ports] == [9000, 8000]

    def test_names_are_unique_among_all_of_them(self, shop: Component, refused: Refused) -> None:
        problems = refused(
            lambda: deploy(shop, init_containers=[container()], containers=[container(), container(name="b")])
        )
        assert problems == {"containers[0].name": "'web' is there already, as init_containers[0].name"}

    def test_containers_share_one_address(self, shop: Component, refused: Refused) -> None:
        sidecar = container(name="proxy", restart_policy="Always", ports=[8000])
        problems = refused(
            lambda: deploy(shop, init_containers=[sidecar], containers=[container(ports=[80, 8000])])
        )
        assert problems == {"containers[0].ports[1]": "init_containers[0] declares 8000 already"}

    def test_names_of_ports_are_unique_in_the_pod(self, shop: Component, refused: Refused) -> None:
        one = container(ports=[ContainerPort(number=80, name="http")])
        other = container(name="other", ports=[ContainerPort(number=81, name="http")])
        problems = refused(lambda: deploy(shop, containers=[one, other]))
        assert problems == {"containers[1].ports[0]": "containers[0] declares 81 ('http') already"}

    def test_what_has_ended_holds_no_port(self, shop: Component) -> None:
        deploy(shop, init_containers=[container(name="init", ports=[80])], containers=[container(ports=[80])])

    def test_two_protocols_are_two_ports(self, shop: Component, valid: Valid) -> None:
        ports = [ContainerPort(number=53, protocol="UDP"), ContainerPort(number=53, protocol="TCP")]
        assert (
            len(pod(valid(deploy(shop, containers=[container(ports=ports)])))["containers"][0]["ports"]) == 2
        )

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("readiness", ExecProbe(command=["x"])),
            ("liveness", ExecProbe(command=["x"])),
            ("startup", ExecProbe(command=["x"])),
            ("lifecycle", Lifecycle(pre_stop=SleepHook(seconds=1))),
        ],
    )
    def test_an_init_container_that_ends_is_not_probed(
        self, shop: Component, refused: Refused, name: str, value: object
    ) -> None:
        init = container(name="init", **{name: value})
        assert list(refused(lambda: deploy(shop, init_containers=[init]))) == [f"init_containers[0].{name}"]

    def test_only_an_init_container_is_a_sidecar(self, shop: Component, refused: Refused) -> None:
        problems = refused(lambda: deploy(shop, containers=[container(restart_policy="Always")]))
        assert problems == {"containers[0].restart_policy": "only init containers have it, to be sidecars"}

    def test_a_pod_has_a_container(self, shop: Component, refused: Refused) -> None:
        assert refused(lambda: deploy(shop, containers=[])) == {
            "containers": "expected at least one, found none"
        }

    def test_on_the_nodes_network_ports_are_the_nodes(self, shop: Component, refused: Refused) -> None:
        ports = [ContainerPort(number=80, host_port=8080), ContainerPort(number=81, host_port=81)]
        problems = refused(lambda: deploy(shop, host_network=True, containers=[container(ports=ports)]))
        assert list(problems) == ["containers[0].ports[0].host_port"]


class TestVolumes:
    def test_a_mount_needs_a_volume_of_the_pod(self, shop: Component, refused: Refused) -> None:
        mounted = container(mounts=[Mount(volume=EmptyDir(name="cache"), path="/cache")])
        assert refused(lambda: deploy(shop, containers=[mounted])) == {
            "containers[0].mounts[0].volume": "'cache' is no volume of the pod; add it to volumes=[...]"
        }
        deploy(shop, containers=[mounted], volumes=[EmptyDir(name="cache")])

    def test_it_is_the_same_volume(self, shop: Component, refused: Refused) -> None:
        mounted = container(mounts=[Mount(volume=EmptyDir(name="cache"), path="/cache")])
        volumes = [EmptyDir(name="cache", medium="Memory")]
        problems = refused(lambda: deploy(shop, containers=[mounted], volumes=volumes))
        assert "the pod's volume 'cache' is another one" in problems["containers[0].mounts[0].volume"]

    def test_names_are_unique(self, shop: Component, refused: Refused) -> None:
        volumes = [EmptyDir(name="cache"), EmptyDir(name="cache")]
        assert refused(lambda: deploy(shop, volumes=volumes)) == {
            "volumes[1].name": "'cache' is there already, as volumes[0].name"
        }


class TestRestartOn:
    @staticmethod
    def annotations(made: Deployment) -> Any:
        return made.manifest["spec"]["template"]["metadata"].get("annotations")

    def test_a_changed_setting_changes_the_pods(self, shop: Component) -> None:
        settings = ConfigMap(shop, "settings", name="shop-config", data={"A": "1"})
        web = deploy(shop, restart_on=[settings], pod_annotations={"a": "b"})
        before = self.annotations(web)
        assert list(before) == ["a", "checksum/shop-config"]
        assert before["checksum/shop-config"].startswith("sha256:")
        assert self.annotations(web) == before
        settings.patch({"data": {"A": "2"}})
        assert self.annotations(web) != before

    def test_only_content_counts(self, shop: Component) -> None:
        settings = ConfigMap(shop, "settings", name="shop-config", data={"A": "1", "B": "2"})
        reordered = ConfigMap(
            shop, "reordered", name="shop-config", data={"B": "2", "A": "1"}, labels={"x": "y"}
        )
        one, other = (deploy(shop, f"web-{s.node.id}", restart_on=[s]) for s in (settings, reordered))
        assert self.annotations(one) == self.annotations(other)

    @given(
        one=st.dictionaries(st.sampled_from("ab"), st.text()),
        other=st.dictionaries(st.sampled_from("ab"), st.text()),
    )
    def test_equal_content_has_the_same_checksum_and_other_content_another(
        self, one: dict[str, str], other: dict[str, str]
    ) -> None:
        shop = Component(Tree(), "shop")
        checksums = [
            self.annotations(
                deploy(shop, f"web{i}", restart_on=[ConfigMap(shop, f"c{i}", name="c", data=data)])
            )
            for i, data in enumerate((one, other))
        ]
        assert (checksums[0] == checksums[1]) == (one == other)

    def test_each_config_map_has_a_key_however_long_its_name(self, shop: Component, valid: Valid) -> None:
        names = ["a" * 63, "a" * 64, "a" * 253, "a" * 49 + ".b" * 102]
        maps = [ConfigMap(shop, f"c{i}", name=name, data={}) for i, name in enumerate(names)]
        metadata = valid(deploy(shop, restart_on=maps))["template"]["metadata"]
        assert len(metadata["annotations"]) == 4
        assert f"checksum/{'a' * 63}" in metadata["annotations"]

    def test_what_others_make_cannot_be_followed(self, shop: Component, refused: Refused) -> None:
        problems = refused(lambda: deploy(shop, restart_on=[ConfigMap.existing("theirs")]))
        assert "another party makes ConfigMap 'theirs'" in problems["restart_on[0]"]

    def test_its_annotation_has_one_author(self, shop: Component, refused: Refused) -> None:
        settings = ConfigMap(shop, "settings", name="c", data={})
        problems = refused(
            lambda: deploy(shop, restart_on=[settings], pod_annotations={"checksum/c": "mine"})
        )
        assert problems == {"pod_annotations": "leave 'checksum/c' to restart_on[0], which sets it"}


class TestOptionsOfPods:
    def test_references_become_names(self, shop: Component, valid: Valid) -> None:
        spec = pod(
            valid(
                deploy(
                    shop,
                    service_account=ServiceAccount(shop, "account", name="web-account"),
                    priority_class=PriorityClass.existing("high"),
                    image_pull_secrets=[Secret.existing("ecr-registry")],
                )
            )
        )
        assert spec["serviceAccountName"] == "web-account"
        assert spec["priorityClassName"] == "high"
        assert spec["imagePullSecrets"] == [{"name": "ecr-registry"}]

    @pytest.mark.parametrize(
        ("name", "value", "field", "rendered"),
        [
            ("termination_grace_period_seconds", 0, "terminationGracePeriodSeconds", 0),
            ("enable_service_links", False, "enableServiceLinks", False),
            ("host_network", True, "hostNetwork", True),
            ("host_pid", True, "hostPID", True),
            ("host_ipc", True, "hostIPC", True),
            ("share_process_namespace", True, "shareProcessNamespace", True),
            ("runtime_class_name", "gvisor", "runtimeClassName", "gvisor"),
            ("scheduler_name", "other", "schedulerName", "other"),
            ("dns_policy", "Default", "dnsPolicy", "Default"),
            ("node_selector", {"kubernetes.io/os": "linux"}, "nodeSelector", {"kubernetes.io/os": "linux"}),
            (
                "host_aliases",
                [HostAlias(ip="10.0.0.1", hostnames=["db.internal"])],
                "hostAliases",
                [{"ip": "10.0.0.1", "hostnames": ["db.internal"]}],
            ),
            (
                "dns_config",
                DnsConfig(nameservers=["10.0.0.10"], options={"ndots": "2", "edns0": None}),
                "dnsConfig",
                {
                    "nameservers": ["10.0.0.10"],
                    "options": [{"name": "ndots", "value": "2"}, {"name": "edns0"}],
                },
            ),
        ],
    )
    def test_an_option(
        self, shop: Component, valid: Valid, name: str, value: Any, field: str, rendered: object
    ) -> None:
        spec = pod(valid(deploy(shop, **{name: value})))
        assert spec == {"containers": [{"name": "web", "image": "shop:1.4.2"}], field: rendered}

    @pytest.mark.parametrize(
        ("arguments", "argument"),
        [
            ({"dns_policy": "None"}, "dns_config"),
            ({"dns_policy": "None", "dns_config": DnsConfig(searches=["a"])}, "dns_config"),
            ({"dns_policy": "none"}, "dns_policy"),
            ({"dns_config": DnsConfig(nameservers=["a"])}, "dns_config.nameservers[0]"),
            ({"dns_config": DnsConfig(nameservers=["1.1.1.1"] * 4)}, "dns_config.nameservers"),
            ({"host_aliases": [HostAlias(ip="10.0.0", hostnames=["a"])]}, "host_aliases[0].ip"),
            ({"host_aliases": [HostAlias(ip="10.0.0.1", hostnames=[])]}, "host_aliases[0].hostnames"),
            ({"hostname": "a.b"}, "hostname"),
            ({"node_selector": {"a b": "c"}}, "node_selector"),
            ({"termination_grace_period_seconds": -1}, "termination_grace_period_seconds"),
            ({"service_account": "web"}, "service_account"),
            ({"image_pull_secrets": ["ecr-registry"]}, "image_pull_secrets[0]"),
            ({"priority_class": "high"}, "priority_class"),
            ({"image_pull_secrets": [Secret.existing("a"), Secret.existing("a")]}, "image_pull_secrets[1]"),
            ({"host_aliases": [HostAlias(ip="::1", hostnames=[h]) for h in "ab"]}, "host_aliases[1]"),
            ({"topology_spread": [TopologySpread(topology_key="zone")] * 2}, "topology_spread[1]"),
            ({"service_account": ServiceAccount.existing("a", namespace="b")}, "service_account"),
            ({"image_pull_secrets": [Secret.existing("a", namespace="b")]}, "image_pull_secrets[0]"),
        ],
    )
    def test_an_option_that_cannot_be(
        self, shop: Component, refused: Refused, arguments: dict[str, Any], argument: str
    ) -> None:
        assert list(refused(lambda: deploy(shop, **arguments))) == [argument]

    def test_an_unknown_option_is_answered_with_the_nearest_one(
        self, shop: Component, refused: Refused
    ) -> None:
        assert refused(lambda: deploy(shop, volume=[])) == {
            "volume": "there is no such argument; did you mean 'volumes'?"
        }


def test_everything_that_is_wrong_is_reported_at_once(shop: Component, refused: Refused) -> None:
    assert list(
        refused(
            lambda: deploy(
                shop,
                pod_labels={"app": "other"},
                containers=[container(), container(restart_policy="Always")],
                image_pull_secrets=[Secret.existing("a", namespace="b")],
                min_ready_seconds=600,
            )
        )
    ) == [
        "pod_labels.app",
        "containers[1].name",
        "containers[1].restart_policy",
        "image_pull_secrets[0]",
        "progress_deadline_seconds",
    ]


def test_a_workload_of_another_party() -> None:
    theirs = Deployment.existing("theirs", selector={"app": "theirs"}, ports=[80])
    assert (theirs.selector, theirs.pod_labels) == ({"app": "theirs"}, {"app": "theirs"})
    assert [port.number for port in theirs.ports] == [80]
    with pytest.raises(ConstructError, match=r"selector: expected a label key"):
        Deployment.existing("theirs", selector={"a b": "c"})


def test_a_workload_has_containers() -> None:
    with pytest.raises(ConstructError) as caught:
        Deployment(Tree(), "web", name="web", selector={"app": "web"})  # type: ignore[call-arg]
    assert str(caught.value) == "web: containers: this argument is required"
