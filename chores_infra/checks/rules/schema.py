"""Manifests that the API server refuses, or takes otherwise than they are meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from chores_infra.checks.context import Context
from chores_infra.checks.fields import at
from chores_infra.checks.finding import Severity
from chores_infra.checks.resources import Resource
from chores_infra.checks.rule import Hit, Rule
from chores_infra.kinds import Catalog
from chores_infra.kinds.problem import Problem
from chores_infra.kinds.suggestions import nearest

__all__ = ["ClusterScopedNamespace", "RuleNotChecked", "Schema", "UnknownKind"]

_CUSTOM: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+/v\d+(?:(?:alpha|beta)\d+)?")
"""An API version that a CustomResourceDefinition may have."""


class Schema(Rule):
    """A manifest that is not what the API server accepts.

    Unknown fields are dropped or refused, depending on who applies the manifest; wrong types, values and
    names are refused. A field at the wrong level is the most common: it looks right, and does nothing.
    """

    id = "schema"
    title = "A manifest is not what the API server accepts"
    severity = Severity.ERROR
    help = "correct the field; chores-infra kinds show says what it may hold"
    bad = """\
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, namespace: shop}
spec:
  template:
    spec:
      backoffLimit: 3
      restartPolicy: Never
      containers:
      - name: migrate
        image: registry.example.com/shop:1.4.2
"""
    good = """\
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, namespace: shop}
spec:
  backoffLimit: 3
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: migrate
        image: registry.example.com/shop:1.4.2
"""

    def check(self, context: Context) -> Iterator[Hit]:
        """Every problem of every manifest; of a kind that is not known, those of its metadata."""
        for resource in context.repository.resources:
            for problem in _problems(resource):
                value = at(resource.manifest, *problem.path)
                # To the server 8080.0 is an integer; to whoever wrote it, it was a slip.
                whole = isinstance(value, float) and value.is_integer()
                yield Hit(resource, problem.message, problem.path, Severity.WARNING if whole else None)


def _problems(resource: Resource) -> Sequence[Problem]:
    if resource.known is not None:
        return resource.checked.problems
    if not _CUSTOM.fullmatch(resource.api_version) or resource.application is None:
        return ()
    # The names and metadata of every custom resource follow the rules of those of a ConfigMap.
    like = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": resource.manifest.get("metadata")}
    return resource.catalog.check(like, "read").problems


class UnknownKind(Rule):
    """A kind of which no schema is known.

    A custom resource of the cluster has a schema there that is not known here: give its definition with
    `--crds`, or add it with `chores-infra kinds add`. In a group that is known wholly, a kind that is not
    known does not exist.
    """

    id = "unknown-kind"
    title = "A kind is not known"
    severity = Severity.INFO
    help = "correct apiVersion and kind, or give the CustomResourceDefinition with --crds"
    bad = """\
apiVersion: example.com/v1
kind: Widget
metadata: {name: one, namespace: shop}
"""
    good = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: one, namespace: shop}
"""

    def check(self, context: Context) -> Iterator[Hit]:
        """An error where the kind cannot exist, else an info."""
        for resource in context.repository.resources:
            if resource.known is None:
                for problem in resource.checked.problems:
                    severity = self._severity_of(resource, context.catalog)
                    yield Hit(resource, problem.message, problem.path, severity)

    def _severity_of(self, resource: Resource, catalog: Catalog) -> Severity:
        """What is certain: groups without a dot are the API server's own, with no other kinds in them."""
        known = catalog.of_group(resource.group)
        if "." not in resource.group or (resource.group.endswith(".k8s.io") and known):
            return Severity.ERROR
        if resource.kind in known:
            return Severity.ERROR  # of this kind other versions are known, and this is none of them
        groups = {version.rpartition("/")[0] for version in catalog.versions(resource.kind)}
        if nearest(resource.kind, known) is not None or any(
            _is_slip(resource.group, each) for each in groups
        ):
            return Severity.WARNING
        return Severity.INFO


def _is_slip(group: str, other: str) -> bool:
    """Whether one part of a group is spelled a little otherwise; families of providers differ by whole parts.

    >>> _is_slip("externl-secrets.io", "external-secrets.io"), _is_slip("iam.aws.io", "eks.aws.io")
    (True, False)
    """
    parts, others = group.split("."), other.split(".")
    differing = [pair for pair in zip(parts, others, strict=False) if pair[0] != pair[1]]
    return (
        len(parts) == len(others)
        and len(differing) == 1
        and nearest(*differing[0][:1], differing[0][1:]) is not None
    )


class RuleNotChecked(Rule):
    """A rule of the API server that could not be evaluated here.

    Custom resources carry rules in the Common Expression Language. Those that compare with the object in the
    cluster cannot be told from a manifest, and the others need the extra `chores-infra[cel]`.
    """

    id = "rule-not-checked"
    title = "A rule of a kind could not be evaluated"
    severity = Severity.INFO
    help = "install chores-infra[cel], if that is the reason; otherwise only the cluster can tell"
    bad = """\
apiVersion: postgresql.cnpg.io/v1
kind: Database
metadata: {name: shop, namespace: shop}
spec: {name: shop, owner: shop, cluster: {name: shop-db}}
"""
    good = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: shop, namespace: shop}
data: {LEVEL: info}
"""

    def check(self, context: Context) -> Iterator[Hit]:
        """At the value that the rule is about."""
        for resource in context.repository.resources:
            for skipped in resource.checked.not_checked:
                yield Hit(resource, skipped.message, skipped.path)


class ClusterScopedNamespace(Rule):
    """A namespace on an object that lives in none.

    The API server drops it. It is harmless until somebody believes it: looks for the object there, or makes a
    second one "in another namespace", which is the same object.
    """

    id = "cluster-scoped-namespace"
    title = "A cluster-scoped object names a namespace"
    severity = Severity.WARNING
    help = "remove metadata.namespace"
    bad = """\
apiVersion: v1
kind: PersistentVolume
metadata: {name: data, namespace: shop}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  hostPath: {path: /data}
"""
    good = """\
apiVersion: v1
kind: PersistentVolume
metadata: {name: data}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  hostPath: {path: /data}
"""

    def check(self, context: Context) -> Iterator[Hit]:
        """At the namespace."""
        for resource in context.repository.resources:
            if resource.declared_namespace and not resource.namespaced:
                dropped = resource.declared_namespace
                message = f"{resource.kind} lives in no namespace, and the API server drops {dropped!r}"
                yield Hit(resource, message, ("metadata", "namespace"))
