"""What a container does right after it has started and right before it is stopped.

Source: https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from chores_infra.arguments import value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.parts import Part
from chores_infra.constructs.probes import Command, HttpHeader, ProbeHost
from chores_infra.fields import Items, NonNegative, Port, UrlPath

__all__ = ["ExecHook", "Hook", "HttpHook", "Lifecycle", "SleepHook"]


@value_object
class ExecHook(Part):
    """Runs a command inside the container, without a shell."""

    command: Command

    def fields(self) -> Manifest:
        """The hook, for the manifest."""
        return {"exec": super().fields()}


@value_object
class HttpHook(Part):
    """Sends an HTTP GET to the container, or to ``host``."""

    path: UrlPath
    port: Port
    host: ProbeHost | None = None
    scheme: Literal["HTTP", "HTTPS"] | None = None
    http_headers: Items[HttpHeader] | None = None

    def fields(self) -> Manifest:
        """The hook, for the manifest."""
        return {"httpGet": super().fields()}


@value_object
class SleepHook(Part):
    """Waits: before the stop, until the endpoints of the pod are gone from every proxy."""

    seconds: NonNegative

    def fields(self) -> Manifest:
        """The hook, for the manifest."""
        return {"sleep": super().fields()}


Hook: TypeAlias = ExecHook | HttpHook | SleepHook


@value_object
class Lifecycle(Part):
    """The hooks of a container."""

    post_start: Hook | None = None
    pre_stop: Hook | None = None

    def ports(self) -> Iterator[tuple[str, int | str]]:
        """The ports of the container that hooks talk to, with the hook that does."""
        for name, hook in (("post_start", self.post_start), ("pre_stop", self.pre_stop)):
            if isinstance(hook, HttpHook) and hook.host is None:
                yield name, hook.port
