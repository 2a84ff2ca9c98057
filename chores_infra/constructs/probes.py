"""How the kubelet finds out whether a container has started, is ready, and is alive.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Probe
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.parts import Part, rendered, spelled
from chores_infra.fields import Items, Matching, NonNegative, Port, PortNumber, Positive, Text, UrlPath

__all__ = ["ExecProbe", "GrpcProbe", "HttpHeader", "HttpProbe", "Probe", "TcpProbe"]

HeaderName = Annotated[
    str, Matching(r"[-A-Za-z0-9!#$%&'*+.^_`|~]+", 4096, "the name of an HTTP header, such as 'Accept'")
]
ProbeHost = Annotated[
    str, Matching(r"[^\s/]+", 253, "a host name or IP address without scheme, port or path")
]
Command = Annotated[Items[str], Field(min_length=1)]


@value_object
class HttpHeader(Part):
    """One header of the request of a probe or lifecycle hook."""

    name: HeaderName
    value: str


@value_object
class Timing(Part):
    """When a probe runs and what its answers mean; the fields that all probes share.

    All times are in seconds. What is not given is the API server's default: a period of 10, a timeout of 1,
    one success, three failures.
    """

    initial_delay_seconds: NonNegative | None = None
    timeout_seconds: Positive | None = None
    period_seconds: Positive | None = None
    success_threshold: Positive | None = None
    failure_threshold: Positive | None = None
    termination_grace_period_seconds: Positive | None = None

    def timing(self) -> Manifest:
        """The shared fields, for the manifest."""
        given = vars(self)
        return {spelled(name): given[name] for name in _TIMING if given.get(name) is not None}

    def action(self, *names: str) -> Manifest:
        """The other fields, for the manifest."""
        given = vars(self)
        return {spelled(name): rendered(given[name]) for name in names if given.get(name) is not None}


_TIMING = tuple(Timing.__annotations__)


@value_object
class HttpProbe(Timing):
    """Succeeds when an HTTP GET answers with a status from 200 to 399.

    >>> HttpProbe(path="/healthz", port=8000, period_seconds=5).fields()
    {'httpGet': {'path': '/healthz', 'port': 8000}, 'periodSeconds': 5}
    """

    path: UrlPath
    port: Port
    scheme: Literal["HTTP", "HTTPS"] | None = None
    host: ProbeHost | None = None
    http_headers: Items[HttpHeader] | None = None

    def fields(self) -> Manifest:
        """The probe for the manifest."""
        return {"httpGet": self.action("path", "port", "host", "scheme", "http_headers"), **self.timing()}


@value_object
class TcpProbe(Timing):
    """Succeeds when a TCP connection opens."""

    port: Port
    host: ProbeHost | None = None

    def fields(self) -> Manifest:
        """The probe for the manifest."""
        return {"tcpSocket": self.action("port", "host"), **self.timing()}


@value_object
class ExecProbe(Timing):
    """Succeeds when a command inside the container exits with 0. The command is run without a shell."""

    command: Command

    def fields(self) -> Manifest:
        """The probe for the manifest."""
        return {"exec": {"command": list(self.command)}, **self.timing()}


@value_object
class GrpcProbe(Timing):
    """Succeeds when the gRPC health checking protocol answers SERVING. The port is a number."""

    port: PortNumber
    service: Text | None = None

    def fields(self) -> Manifest:
        """The probe for the manifest."""
        return {"grpc": self.action("port", "service"), **self.timing()}


Probe: TypeAlias = HttpProbe | TcpProbe | ExecProbe | GrpcProbe


def check_probe(role: Literal["readiness", "liveness", "startup"], probe: Probe, problems: Problems) -> None:
    """Note what may not be said in this role of a probe."""
    if role != "readiness" and probe.success_threshold not in {None, 1}:
        problems.add(
            f"{role}.success_threshold",
            f"expected 1, which a {role} probe must have, found {probe.success_threshold}",
        )
    if role == "readiness" and probe.termination_grace_period_seconds is not None:
        problems.add(
            "readiness.termination_grace_period_seconds",
            "a readiness probe ends no container; give it to the liveness or startup probe",
        )


def probed_port(probe: Probe) -> int | str | None:
    """The port of the container that a probe asks, or None when it asks none or another host."""
    if isinstance(probe, ExecProbe) or getattr(probe, "host", None) is not None:
        return None
    return probe.port
