"""Containers: their ports, mounts, hooks and switches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.containers import (
    Container,
    ContainerPort,
    ExecHook,
    HttpHook,
    Lifecycle,
    SleepHook,
)
from chores_infra.constructs.images import Image
from chores_infra.constructs.mounts import Mount
from chores_infra.constructs.volumes import EmptyDir
from chores_infra.constructs.workloads import Deployment

Refused = Callable[..., dict[str, str]]
CACHE = EmptyDir(name="cache")


@pytest.fixture
def web(shop: Component) -> Callable[..., Deployment]:
    """A Deployment of one container with these arguments."""

    def make(**arguments: Any) -> Deployment:
        given: dict[str, Any] = {"name": "web", "image": Image(repository="shop", tag="1.4.2")} | arguments
        return Deployment(
            shop, "web", name="web", selector={"app": "web"}, containers=[Container(**given)], volumes=[CACHE]
        )

    return make


def test_its_fields_stand_in_the_order_in_which_people_write_them(
    web: Callable[..., Deployment], valid: Callable[..., Any]
) -> None:
    made = web(
        tty=True,
        lifecycle=Lifecycle(pre_stop=SleepHook(seconds=5)),
        mounts=[Mount(volume=CACHE, path="/cache")],
        env={"A": "b"},
        ports=[8000],
        working_dir="/app",
        args=["--fast"],
        command=["run"],
        image_pull_policy="Always",
    )
    (container,) = valid(made)["template"]["spec"]["containers"]
    assert container == {
        "name": "web",
        "image": "shop:1.4.2",
        "imagePullPolicy": "Always",
        "command": ["run"],
        "args": ["--fast"],
        "workingDir": "/app",
        "ports": [{"containerPort": 8000}],
        "env": [{"name": "A", "value": "b"}],
        "volumeMounts": [{"name": "cache", "mountPath": "/cache"}],
        "lifecycle": {"preStop": {"sleep": {"seconds": 5}}},
        "tty": True,
    }
    assert list(container)[:5] == ["name", "image", "imagePullPolicy", "command", "args"]


class TestPorts:
    def test_a_port_says_what_was_said(
        self, web: Callable[..., Deployment], valid: Callable[..., Any]
    ) -> None:
        ports = [80, ContainerPort(number=53, name="dns", protocol="UDP", host_port=53, host_ip="10.0.0.1")]
        assert valid(web(ports=ports))["template"]["spec"]["containers"][0]["ports"] == [
            {"containerPort": 80},
            {"name": "dns", "containerPort": 53, "protocol": "UDP", "hostPort": 53, "hostIP": "10.0.0.1"},
        ]

    @pytest.mark.parametrize(
        ("ports", "problems"),
        [
            ([80, 80], {"containers[0].ports[1]": "80 of TCP is declared already"}),
            (
                [80, ContainerPort(number=80, protocol="TCP")],
                {"containers[0].ports[1]": "80 of TCP is declared already"},
            ),
            (
                [ContainerPort(number=80, name="http"), ContainerPort(number=81, name="http")],
                {"containers[0].ports[1].name": "'http' is the name of another port already"},
            ),
            ([0], {"containers[0].ports[0]": "expected at least 1, found 0"}),
            ([65536], {"containers[0].ports[0]": "expected at most 65535, found 65536"}),
            (["http"], {"containers[0].ports[0]": "expected a port number or a ContainerPort, found 'http'"}),
            ([8000.0], {"containers[0].ports[0]": "expected a port number or a ContainerPort, found 8000.0"}),
            (8000, {"containers[0].ports": "expected a list, found 8000"}),
            (
                [ContainerPort(number=80, host_ip="10.0.0.1")],
                {
                    "containers[0].ports[0].host_ip": "give the host_port that is opened on this address of "
                    "the node"
                },
            ),
            (
                [ContainerPort(number=80, protocol="tcp")],  # type: ignore[arg-type]
                {"containers[0].ports[0].protocol": "expected 'TCP', 'UDP' or 'SCTP', found 'tcp'"},
            ),
        ],
    )
    def test_ports_that_cannot_be(
        self, web: Callable[..., Deployment], refused: Refused, ports: Any, problems: dict[str, str]
    ) -> None:
        assert refused(lambda: web(ports=ports)) == problems

    @pytest.mark.parametrize("name", ["HTTP", "http_api", "a-very-long-name", "a--b", "123", "-a"])
    def test_the_name_of_a_port(self, web: Callable[..., Deployment], refused: Refused, name: str) -> None:
        problems = refused(lambda: web(ports=[ContainerPort(number=80, name=name)]))
        assert list(problems) == ["containers[0].ports[0].name"]


class TestMounts:
    @pytest.mark.parametrize(("one", "other"), [("/cache", "/cache"), ("/cache", "/cache/"), ("/", "//")])
    def test_one_path_has_one_mount(
        self, web: Callable[..., Deployment], refused: Refused, one: str, other: str
    ) -> None:
        mounts = [Mount(volume=CACHE, path=one), Mount(volume=CACHE, path=other)]
        assert refused(lambda: web(mounts=mounts)) == {
            "containers[0].mounts[1].path": f"{other!r} is taken by mounts[0] already"
        }

    @pytest.mark.parametrize("path", ["cache", "", "/a:b", "./a"])
    def test_a_path_is_absolute(self, web: Callable[..., Deployment], refused: Refused, path: str) -> None:
        problems = refused(lambda: web(mounts=[Mount(volume=CACHE, path=path)]))
        assert list(problems) == ["containers[0].mounts[0].path"]


class TestLifecycle:
    def test_every_hook(self, web: Callable[..., Deployment], valid: Callable[..., Any]) -> None:
        lifecycle = Lifecycle(
            post_start=ExecHook(command=["warm-up"]),
            pre_stop=HttpHook(path="/drain", port=8000, scheme="HTTP"),
        )
        made = web(ports=[8000], lifecycle=lifecycle)
        assert valid(made)["template"]["spec"]["containers"][0]["lifecycle"] == {
            "postStart": {"exec": {"command": ["warm-up"]}},
            "preStop": {"httpGet": {"path": "/drain", "port": 8000, "scheme": "HTTP"}},
        }

    def test_a_hook_asks_a_declared_port(self, web: Callable[..., Deployment], refused: Refused) -> None:
        lifecycle = Lifecycle(pre_stop=HttpHook(path="/drain", port=81))
        assert refused(lambda: web(ports=[80], lifecycle=lifecycle)) == {
            "containers[0].lifecycle.pre_stop.port": "expected a port that the container declares (80), "
            "found 81"
        }
        elsewhere = Lifecycle(pre_stop=HttpHook(path="/drain", port=81, host="10.0.0.1"))
        web(ports=[80], lifecycle=elsewhere)


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"stdin_once": True}, "containers[0].stdin_once"),
        ({"command": []}, "containers[0].command"),
        ({"command": "run"}, "containers[0].command"),
        ({"args": [1]}, "containers[0].args[0]"),
        ({"image_pull_policy": "Allways"}, "containers[0].image_pull_policy"),
        ({"working_dir": "app"}, "containers[0].working_dir"),
        ({"termination_message_policy": "Log"}, "containers[0].termination_message_policy"),
        ({"restart_policy": "Never"}, "containers[0].restart_policy"),
        ({"name": "Web"}, "containers[0].name"),
        ({"name": "a.b"}, "containers[0].name"),
        ({"image": "shop:1.4.2"}, "containers[0].image"),
        ({"image": Image(repository="shop", tag="latest")}, "containers[0].image.tag"),
        ({"image": Image(repository="shop")}, "containers[0].image.tag"),
    ],
)
def test_an_argument_that_cannot_be(
    web: Callable[..., Deployment], refused: Refused, arguments: dict[str, Any], argument: str
) -> None:
    assert list(refused(lambda: web(**arguments))) == [argument]
