"""Parts of a manifest: value objects that say, in Python's spelling, what the API says in its own.

``HttpProbe(initial_delay_seconds=30)`` becomes ``initialDelaySeconds: 30``. What was not given is left out,
so that the manifest says only what its author said.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

from chores_infra.construct import Manifest

__all__ = ["Part", "present", "rendered", "spelled"]

#: Names whose capitals do not follow from their Python spelling.
_IRREGULAR = {
    "host_ip": "hostIP",
    "host_ipc": "hostIPC",
    "host_pid": "hostPID",
    "load_balancer_ip": "loadBalancerIP",
    "external_ips": "externalIPs",
    "enable_dns": "enableDNS",
    "fqdn": "FQDN",
}


class Part:
    """The base of value objects that become a mapping inside a manifest."""

    #: Fields whose name in the API is another one: ``{"number": "containerPort"}``.
    spelling: ClassVar[Mapping[str, str]] = {}

    def fields(self) -> Manifest:
        """The mapping for the manifest: freshly made, without what was not given."""
        spelling = self.spelling
        return {
            spelling.get(name) or spelled(name): rendered(value)
            for name, value in vars(self).items()
            if value is not None
        }


@cache
def spelled(name: str) -> str:
    """A name as the Kubernetes API spells it.

    >>> spelled("initial_delay_seconds"), spelled("host_ip")
    ('initialDelaySeconds', 'hostIP')
    """
    if name in _IRREGULAR:
        return _IRREGULAR[name]
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def present(fields: Manifest) -> Manifest:
    """The fields that were given."""
    return {name: value for name, value in fields.items() if value is not None}


def rendered(value: Any) -> Any:
    """A value as the manifest has it: parts as their fields, collections copied, plain values as they are."""
    if isinstance(value, list):
        return [rendered(item) for item in value]
    if isinstance(value, dict):
        return {key: rendered(item) for key, item in value.items()}
    return value.fields() if isinstance(value, Part) else value
