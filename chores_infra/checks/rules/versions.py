"""API versions that the cluster does not serve, or not much longer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chores_infra.checks.context import Context
from chores_infra.checks.finding import Severity
from chores_infra.checks.rule import Hit, Rule
from chores_infra.kinds import kubernetes_versions
from chores_infra.kinds.operators import KUBERNETES, Support
from chores_infra.kinds.operators import served as served_by_operator

__all__ = ["ApiVersion"]


class ApiVersion(Rule):
    """An API version that the cluster does not serve, or not much longer.

    One that is not served is refused with "no matches for kind", and the sync of the whole application fails.
    One that has a successor works until the next upgrade. What runs in the cluster is said in the
    configuration (`[operators]`) or by `--kube-version`; of what is not said there, only an info tells that
    newer releases no longer serve it.
    """

    id = "api-version"
    title = "An API version is not served, or not much longer"
    severity = Severity.INFO
    help = "use the API version that is served; [operators] in the configuration says what runs"
    bad = """\
apiVersion: traefik.containo.us/v1alpha1
kind: Middleware
metadata: {name: compress, namespace: shop}
spec: {compress: {}}
"""
    good = """\
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: compress, namespace: shop}
spec: {compress: {}}
"""

    def check(self, context: Context) -> Iterator[Hit]:
        """At the API version: errors and warnings for what is said to run, infos for the rest."""
        for resource in context.repository.resources:
            support = _support(resource.api_version, resource.kind, context.releases)
            if support is not None and support.status != "served":
                severity = Severity.WARNING if support.is_served else Severity.ERROR
                yield Hit(resource, support.message, ("apiVersion",), severity)
            elif support is None:
                newest = _newest(resource.api_version)
                if newest is not None and newest.status in {"removed", "deprecated"}:
                    message = f"{newest.message.partition(' (')[0]}; no release of it is configured"
                    yield Hit(resource, message, ("apiVersion",))


def _support(api_version: str, kind: str, releases: Mapping[str, str]) -> Support | None:
    """How what runs treats an API version; None where it is not said what runs, or nobody is responsible."""
    if KUBERNETES in releases:
        found = kubernetes_versions.served(api_version, kind, releases[KUBERNETES])
        if found is not None:
            return found
    operators = {name: release for name, release in releases.items() if name != KUBERNETES}
    found = served_by_operator(api_version, operators)
    return found if found is not None and found.operator in operators else None


def _newest(api_version: str) -> Support | None:
    """How the newest releases of the operators treat an API version."""
    known = served_by_operator(api_version)
    return None if known is None else served_by_operator(api_version, {known.operator: "9999.0.0"})
