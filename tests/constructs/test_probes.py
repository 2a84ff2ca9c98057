"""Probes, each in its three roles, and what cannot be one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.containers import (
    Container,
    ContainerPort,
    ExecProbe,
    GrpcProbe,
    HttpHeader,
    HttpProbe,
    TcpProbe,
)
from chores_infra.constructs.images import Image
from chores_infra.constructs.workloads import Deployment
from chores_infra.errors import ConstructError

Refused = Callable[..., dict[str, str]]
ROLES = ["readiness", "liveness", "startup"]
PORTS = [8000, ContainerPort(number=9000, name="admin")]


def container(**arguments: Any) -> Container:
    given: dict[str, Any] = {
        "name": "web",
        "image": Image(repository="shop", tag="1.4.2"),
        "ports": PORTS,
    } | arguments
    return Container(**given)


def deploy(shop: Component, **arguments: Any) -> Deployment:
    return Deployment(shop, "web", name="web", selector={"app": "web"}, containers=[container(**arguments)])


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("probe", "fields"),
    [
        (
            HttpProbe(path="/api/v1/healthcheck", port=8000, initial_delay_seconds=30, period_seconds=5),
            {
                "httpGet": {"path": "/api/v1/healthcheck", "port": 8000},
                "initialDelaySeconds": 30,
                "periodSeconds": 5,
            },
        ),
        (
            HttpProbe(
                path="/", port="admin", scheme="HTTPS", http_headers=[HttpHeader(name="Accept", value="*/*")]
            ),
            {
                "httpGet": {
                    "path": "/",
                    "port": "admin",
                    "scheme": "HTTPS",
                    "httpHeaders": [{"name": "Accept", "value": "*/*"}],
                }
            },
        ),
        (TcpProbe(port="admin", timeout_seconds=2), {"tcpSocket": {"port": "admin"}, "timeoutSeconds": 2}),
        (TcpProbe(port=1, host="10.0.0.1"), {"tcpSocket": {"port": 1, "host": "10.0.0.1"}}),
        (ExecProbe(command=["cat", "/ready"]), {"exec": {"command": ["cat", "/ready"]}}),
        (
            GrpcProbe(port=9000, service="shop", failure_threshold=10),
            {"grpc": {"port": 9000, "service": "shop"}, "failureThreshold": 10},
        ),
    ],
)
def test_every_probe_in_every_role(
    shop: Component, valid: Callable[..., Any], role: str, probe: object, fields: dict[str, Any]
) -> None:
    spec = valid(deploy(shop, **{role: probe}))
    assert spec["template"]["spec"]["containers"][0][f"{role}Probe"] == fields


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("probe", "field", "message"),
    [
        (HttpProbe(path="healthcheck", port=8000), ".path", "expected the path of a URL: it starts with '/'"),
        (HttpProbe(path="/a b", port=8000), ".path", "no white space, found '/a b'"),
        (HttpProbe(path="/", port=0), ".port", "expected at least 1, found 0"),
        (HttpProbe(path="/", port=70000), ".port", "expected at most 65535, found 70000"),
        (HttpProbe(path="/", port="HTTP"), ".port", "expected a port name"),
        (
            HttpProbe(path="/", port=8001),
            ".port",
            "a port that the container declares (8000, 9000 ('admin'))",
        ),
        (
            TcpProbe(port="web"),
            ".port",
            "a port that the container declares (8000, 9000 ('admin')), found 'web'",
        ),
        (GrpcProbe(port=8001), ".port", "a port that the container declares"),
        (TcpProbe(port=8000, timeout_seconds=0), ".timeout_seconds", "expected at least 1, found 0"),
        (TcpProbe(port=8000, period_seconds=-1), ".period_seconds", "expected at least 1, found -1"),
        (TcpProbe(port=8000, initial_delay_seconds=-1), ".initial_delay_seconds", "expected at least 0"),
        (ExecProbe(command=[]), ".command", "expected at least one, found none"),
        (
            HttpProbe(path="/", port=8000, host="http://x"),
            ".host",
            "a host name or IP address without scheme",
        ),
        (
            HttpProbe(path="/", port=8000, http_headers=[HttpHeader(name="A b", value="")]),
            ".http_headers[0].name",
            "the name of an HTTP header",
        ),
        (
            "/healthcheck",
            "",
            "expected an HttpProbe, a TcpProbe, an ExecProbe or a GrpcProbe",
        ),
    ],
)
def test_a_probe_that_cannot_be_is_one_problem_at_its_place(
    shop: Component,
    refused: Refused,
    role: str,
    probe: object,
    field: str,
    message: str,
) -> None:
    problems = refused(lambda: deploy(shop, **{role: probe}))
    assert list(problems) == [f"containers[0].{role}{field}"]
    assert message in problems[f"containers[0].{role}{field}"]


def test_the_error_names_the_construct(shop: Component) -> None:
    with pytest.raises(ConstructError) as caught:
        deploy(shop, readiness=HttpProbe(path="healthcheck", port=8000))
    assert str(caught.value).startswith(
        "shop/web: containers[0].readiness.path: expected the path of a URL: it starts with '/'"
    )


@pytest.mark.parametrize("role", ["liveness", "startup"])
def test_only_readiness_may_need_several_successes(shop: Component, refused: Refused, role: str) -> None:
    probe = TcpProbe(port=8000, success_threshold=2)
    assert refused(lambda: deploy(shop, **{role: probe})) == {
        f"containers[0].{role}.success_threshold": f"expected 1, which a {role} probe must have, found 2"
    }
    deploy(shop, readiness=probe)


def test_readiness_ends_no_container(shop: Component, refused: Refused) -> None:
    probe = TcpProbe(port=8000, termination_grace_period_seconds=5)
    assert list(refused(lambda: deploy(shop, readiness=probe))) == [
        "containers[0].readiness.termination_grace_period_seconds"
    ]
    deploy(shop, liveness=probe, startup=probe)


def test_a_container_without_ports_is_probed_at_none(shop: Component, refused: Refused) -> None:
    problems = refused(lambda: deploy(shop, ports=None, readiness=TcpProbe(port=8000)))
    assert problems == {"containers[0].readiness.port": "the container declares no ports; add ports=[8000]"}


def test_an_unknown_field_is_an_error_where_the_probe_is_made() -> None:
    with pytest.raises(ConstructError, match=r"HttpProbe: pth: .*; did you mean 'path'"):
        HttpProbe(pth="/", path="/", port=8000)  # type: ignore[call-arg]
