"""How Traefik finds out whether the host behind an ExternalNameService can be used.

Source: https://doc.traefik.io/traefik/reference/routing-configuration/http/load-balancing/service/#health-check
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from chores_infra.arguments import value_object
from chores_infra.constructs.parts import Part
from chores_infra.constructs.traefik.fields import HeaderName, WholeDuration
from chores_infra.fields import Hostname, Pairs, PortNumber, Positive, UrlPath

__all__ = ["HealthCheck", "PassiveHealthCheck"]


@value_object
class HealthCheck(Part):
    """Ask for ``path`` every ``interval`` (30s), and ``unhealthy_interval`` while there is no good answer."""

    path: UrlPath
    mode: Literal["http", "grpc"] | None = None
    scheme: Literal["http", "https"] | None = None
    hostname: Hostname | None = None
    port: PortNumber | None = None
    method: Literal["GET", "HEAD", "POST", "OPTIONS"] | None = None
    status: Annotated[int, Field(ge=100, le=599)] | None = None
    headers: Pairs[HeaderName, str] | None = None
    follow_redirects: bool | None = None
    interval: WholeDuration | None = None
    unhealthy_interval: WholeDuration | None = None
    timeout: WholeDuration | None = None


@value_object
class PassiveHealthCheck(Part):
    """Leave a host alone after so many failed requests within a time, for as long again."""

    max_failed_attempts: Positive | None = None
    failure_window: WholeDuration | None = None
