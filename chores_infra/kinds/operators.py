"""Which release of an operator serves which API version: ``operators.toml``, and the question to ask it.

The built-in groups have no operator: the release of Kubernetes decides (``kinds.kubernetes_versions``). It is
configured beside those of the operators, and has no default: without it nothing is said.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from chores_infra.errors import ConfigurationError

__all__ = ["KUBERNETES", "Support", "check_releases", "default_releases", "judged", "parse_release", "served"]

KUBERNETES = "kubernetes"

Status = Literal["served", "deprecated", "removed", "not yet"]

_RELEASE = re.compile(r"v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:[-+].*)?", re.ASCII)


class Support(NamedTuple):
    """How the configured release of an operator treats an API version.

    ``"served"`` is fine, ``"deprecated"`` is served and has a successor (a warning), ``"removed"`` and
    ``"not yet"`` are not served (an error). ``message`` says so in one sentence; ``instead`` is the API
    version to use, if there is one; ``source`` is where the operator publishes it.
    """

    api_version: str
    operator: str
    release: str
    status: Status
    message: str
    instead: str | None
    source: str

    @property
    def is_served(self) -> bool:
        """Whether the cluster accepts manifests of this API version."""
        return self.status in {"served", "deprecated"}


def served(api_version: str, operators: Mapping[str, str] | None = None) -> Support | None:
    """Say how the configured operators treat an API version; None if none of them is responsible for it.

    ``operators`` maps operators (``external-secrets``, ``traefik``, ``argo-cd``, ``provider-sql``) to their
    releases; those left out have the default. Raises ConfigurationError for an unknown operator or for text
    that is no release.

    >>> served("external-secrets.io/v1beta1", {"external-secrets": "0.17.0"}).status
    'removed'
    >>> print(served("external-secrets.io/v1").message)
    external-secrets.io/v1 is served since External Secrets Operator 0.16.0 (configured: 0.11.0)
    """
    check_releases(operators or {})
    configured = {**default_releases(), **(operators or {})}
    for operator, entry in _table().items():
        record = entry["serves"].get(api_version)
        if record is not None:
            return judged(api_version, operator, configured[operator], entry["name"], record)
    return None


def check_releases(operators: Mapping[str, str]) -> None:
    """Raise ConfigurationError for an operator that is not known, or text that is no release of it."""
    for operator, release in operators.items():
        if operator not in (*_table(), KUBERNETES):
            known = ", ".join((*_table(), KUBERNETES))
            raise ConfigurationError(f"unknown operator {operator}; known are {known}")
        parse_release(operator, release)


def default_releases() -> dict[str, str]:
    """Return the release of each operator that counts when none is configured: the seed's."""
    return {operator: entry["default"] for operator, entry in _table().items()}


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "operators.toml").read_text("utf-8"))


def judged(subject: str, operator: str, release: str, name: str, record: dict[str, str]) -> Support:
    """Say how a release treats an API version, or one kind of it, from what a table says about it."""
    configured = parse_release(operator, release)
    instead = record.get("instead")
    status: Status = "served"
    message = f"{subject} is served by {name} {release}"
    hint = f"; use {instead}" if instead else ""
    if "since" in record and configured < parse_release(operator, record["since"]):
        status = "not yet"
        message = f"{subject} is served since {name} {record['since']} (configured: {release}){hint}"
    elif "until" in record and configured >= parse_release(operator, record["until"]):
        status = "removed"
        message = (
            f"{subject} is no longer served since {name} {record['until']} (configured: {release}){hint}"
        )
    elif "deprecated" in record and configured >= parse_release(operator, record["deprecated"]):
        status = "deprecated"
        message = f"{subject} is deprecated since {name} {record['deprecated']} (configured: {release}){hint}"
    return Support(subject.partition(" ")[0], operator, release, status, message, instead, record["source"])


def parse_release(operator: str, release: str) -> tuple[int, int, int]:
    """Read a release as its numbers. Raises ConfigurationError for text that is none."""
    match = _RELEASE.fullmatch(release)
    if match is None:
        raise ConfigurationError(f"{release!r} is no release of {operator}; write it like 0.16.2")
    major, minor, patch = match.groups(default="0")
    return int(major), int(minor), int(patch)
