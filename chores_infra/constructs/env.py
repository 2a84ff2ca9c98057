"""Where the environment variables of a container come from.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#environment-variables
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Literal, TypeAlias

from chores_infra.arguments import OneOf, Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.config import ConfigMap, KeyRef, KeySource, MakesSecret, Secret
from chores_infra.constructs.parts import Part
from chores_infra.fields import DnsLabel, EnvName, Matching, Quantity
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["EnvFrom", "EnvSource", "EnvValue", "PodField", "ResourceField"]

_FIELD_PATHS = (
    r"metadata\.(?:name|namespace|uid|(?:labels|annotations)\['[^']+'\])"
    r"|spec\.(?:nodeName|serviceAccountName)"
    r"|status\.(?:hostIPs?|podIPs?)"
)


@value_object(kw_only=False)
class PodField(Part):
    """A field of the pod as the value of a variable: ``PodField("status.podIP")``."""

    path: Annotated[
        str,
        Matching(
            _FIELD_PATHS,
            512,
            "a field that a pod offers to its variables: metadata.name, metadata.namespace, metadata.uid, "
            "metadata.labels['<key>'], metadata.annotations['<key>'], spec.nodeName, "
            "spec.serviceAccountName, status.hostIP, status.hostIPs, status.podIP or status.podIPs",
        ),
    ]

    def fields(self) -> Manifest:
        """The source of the variable, for the manifest."""
        return {"fieldRef": {"fieldPath": self.path}}


@value_object
class ResourceField(Part):
    """A request or limit of a container as the value of a variable.

    ``divisor`` is the unit of the number: with ``"1Mi"``, a limit of 256Mi is given as 256.
    """

    resource: Annotated[
        str,
        Matching(
            r"(?:limits|requests)\.(?:cpu|memory|ephemeral-storage|hugepages-.+)",
            253,
            "a request or limit such as 'limits.memory' or 'requests.cpu'",
        ),
    ]
    container_name: DnsLabel | None = None
    divisor: Quantity | None = None

    def fields(self) -> Manifest:
        """The source of the variable, for the manifest."""
        return {"resourceFieldRef": super().fields()}


@value_object
class EnvFrom:
    """Every key of a ConfigMap or Secret as a variable; ``prefix`` is put before each name."""

    source: KeySource
    prefix: EnvName | None = None
    optional: bool | None = None


_ENV_NAME = re.compile(r"(?:[-_a-zA-Z]|\.[-_a-zA-Z0-9])[-._a-zA-Z0-9]*")

EnvSource: TypeAlias = Annotated[
    ConfigMap | Secret | MakesSecret | EnvFrom,
    OneOf("a ConfigMap, a Secret, what makes one such as an ExternalSecret, or EnvFrom(...); not a name"),
]
EnvValue: TypeAlias = Annotated[
    str | KeyRef | PodField | ResourceField,
    OneOf("text, or a value from elsewhere: settings.key(...), PodField(...) or ResourceField(...)"),
]


def check_env_sources(sources: Sequence[EnvSource], problems: Problems) -> None:
    """Refuse keys that are no names of variables; pods start without those, and say nothing."""
    for index, entry in enumerate(sources):
        source = entry if not isinstance(entry, EnvFrom) else entry.source
        prefix = (entry.prefix or "") if isinstance(entry, EnvFrom) else ""
        origin = _secret_of(source)
        for key in sorted(origin.keys or ()):
            if not _ENV_NAME.fullmatch(f"{prefix}{key}"):
                problems.add(
                    f"env_from[{index}]",
                    f"key {key!r} of {origin.kind} {origin.name!r} would be the variable {prefix + key!r}, "
                    "which is no name; give EnvFrom(source=..., prefix=...), or refer to single keys in env",
                )


def env_from_fields(sources: Sequence[EnvSource]) -> list[Manifest]:
    """The list ``envFrom`` of the manifest."""
    return [_entry(source) if isinstance(source, EnvFrom) else _all_keys(source) for source in sources]


def env_fields(env: Mapping[EnvName, EnvValue]) -> list[Manifest]:
    """The list ``env`` of the manifest, in the order given: later variables may refer to earlier ones."""
    return [
        {"name": name, "value": value}
        if isinstance(value, str)
        else {"name": name, "valueFrom": _source(value)}
        for name, value in env.items()
    ]


def env_references(
    env: Mapping[EnvName, EnvValue] | None, sources: Sequence[EnvSource] | None
) -> Iterator[tuple[str, KubernetesObject]]:
    """Every object that the variables are read from, with the argument that says so."""
    for index, source in enumerate(sources or ()):
        yield f"env_from[{index}]", source.source if isinstance(source, EnvFrom) else source
    for name, value in (env or {}).items():
        if isinstance(value, KeyRef):
            yield f"env.{name}", value.source


def _all_keys(source: ConfigMap | Secret | MakesSecret) -> Manifest:
    origin = _secret_of(source)
    return {"configMapRef" if isinstance(origin, ConfigMap) else "secretRef": {"name": origin.name}}


def _entry(given: EnvFrom) -> Manifest:
    entry = _all_keys(given.source)
    if given.optional is not None:
        for reference in entry.values():
            reference["optional"] = given.optional
    return entry if given.prefix is None else {"prefix": given.prefix, **entry}


def _source(value: KeyRef | PodField | ResourceField) -> Manifest:
    if not isinstance(value, KeyRef):
        return value.fields()
    reference: Manifest = {"name": value.source.name, "key": value.key}
    if value.optional is not None:
        reference["optional"] = value.optional
    kind: Literal["configMapKeyRef", "secretKeyRef"] = (
        "configMapKeyRef" if isinstance(value.source, ConfigMap) else "secretKeyRef"
    )
    return {kind: reference}


def _secret_of(source: ConfigMap | Secret | MakesSecret) -> ConfigMap | Secret:
    return source.secret if isinstance(source, MakesSecret) else source
