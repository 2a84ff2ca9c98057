"""Objects of Traefik that routes refer to and that have no construct of their own."""

from __future__ import annotations

from chores_infra.errors import ConstructError
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["ServersTransport", "TLSOption", "TLSStore", "TraefikService"]


class _Declared(KubernetesObject):
    """A kind that is only referred to: ``existing(name)``."""

    api_version = "traefik.io/v1alpha1"

    def __init__(self) -> None:
        raise ConstructError.of(
            self.kind,
            "",
            f"there is no construct for it; make it with Resource(kind={self.kind!r}, ...) and refer to "
            f"{self.kind}.existing(name)",
        )


class TraefikService(_Declared):
    """A weighted, mirrored or other service of Traefik's own: ``TraefikService.existing("canary")``."""

    kind = "TraefikService"


class ServersTransport(_Declared):
    """How Traefik connects to the pods: ``ServersTransport.existing("mtls")``."""

    kind = "ServersTransport"


class TLSOption(_Declared):
    """Versions and ciphers of TLS: ``TLSOption.existing("modern")``."""

    kind = "TLSOption"


class TLSStore(_Declared):
    """Default certificates: ``TLSStore.existing("default")``."""

    kind = "TLSStore"
