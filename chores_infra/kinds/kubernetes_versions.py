"""Which release of Kubernetes serves which built-in kind, under which API version.

``kubernetes_versions.json`` says what each release since 1.25 knows, read from its published definitions
(``chores_infra.kindgen.api_versions``); ``kubernetes_versions.toml`` what was removed before, and what is on
its way out, from https://kubernetes.io/docs/reference/using-api/deprecation-guide/. Alpha versions count as
known, although a cluster serves them only where it was told to.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from chores_infra.kinds.operators import KUBERNETES, Support, judged, parse_release

__all__ = ["served"]

_HERE = Path(__file__).parent
_GUIDE = "https://kubernetes.io/docs/reference/using-api/deprecation-guide/"


def served(api_version: str, kind: str, release: str) -> Support | None:
    """Say how a release of Kubernetes treats a kind; None if it is no built-in kind of any release.

    ``release`` is the cluster's (``"1.33"``, ``"v1.33.4"``). A release newer than the newest known one
    counts as that. Raises ConfigurationError for text that is no release.

    >>> support = served("policy/v1beta1", "PodDisruptionBudget", "1.25")
    >>> support.status, support.instead
    ('removed', 'policy/v1')
    >>> print(served("batch/v1beta1", "CronJob", "1.24").message)
    batch/v1beta1 CronJob is deprecated since Kubernetes 1.21 (configured: 1.24); use batch/v1
    """
    minor = parse_release(KUBERNETES, release)[1]
    record = _removed().get(api_version, {}).get(kind) or _derived(api_version, kind, minor)
    if record is None:
        return None
    return judged(f"{api_version} {kind}", KUBERNETES, release, "Kubernetes", record)


def _derived(api_version: str, kind: str, minor: int) -> dict[str, str] | None:
    minors = _minors()
    span = minors.get(api_version, {}).get(kind)
    if span is None:
        return None
    oldest, newest = _range()
    record = {"source": _GUIDE}
    if span[0] > oldest:
        record["since"] = f"1.{span[0]}"
    if span[1] < newest:
        record["until"] = f"1.{span[1] + 1}"
    better = _successor(api_version, kind, min(max(minor, oldest), newest))
    if better is not None:
        record["instead"] = better
        record["deprecated"] = f"1.{minors[better][kind][0]}"
    return record


def _successor(api_version: str, kind: str, minor: int) -> str | None:
    """Return the stable version of a kind that a release serves beside a beta or alpha one."""
    group, _, version = api_version.rpartition("/")
    if "beta" not in version and "alpha" not in version:
        return None
    found = [
        other
        for other, kinds in _minors().items()
        if kind in kinds and kinds[kind][0] <= minor <= kinds[kind][1] and _stable(other)[0] == group
    ]
    return max(found, key=lambda other: _stable(other)[1], default=None)


def _stable(api_version: str) -> tuple[str, int]:
    """Split a stable API version into its group and number: the text before it for any other."""
    group, _, version = api_version.rpartition("/")
    number = version.removeprefix("v")
    return (group, int(number)) if number.isdigit() else (api_version, 0)


@cache
def _minors() -> dict[str, dict[str, list[int]]]:
    minors: dict[str, dict[str, list[int]]] = from_json((_HERE / "kubernetes_versions.json").read_bytes())[
        "minors"
    ]
    return minors


@cache
def _range() -> tuple[int, int]:
    spans = [span for kinds in _minors().values() for span in kinds.values()]
    return min(span[0] for span in spans), max(span[1] for span in spans)


@cache
def _removed() -> dict[str, Any]:
    return tomllib.loads((_HERE / "kubernetes_versions.toml").read_text("utf-8"))
