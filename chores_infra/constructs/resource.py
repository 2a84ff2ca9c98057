"""An object of any kind, for kinds without a construct of their own."""

from __future__ import annotations

from typing import Any, Self

from chores_infra import kinds
from chores_infra.arguments import Problems, checked
from chores_infra.construct import Manifest, Scope
from chores_infra.fields import Annotations, DnsLabel, Labels, Pairs, PathSegment, Text
from chores_infra.kubernetes_object import KubernetesObject, checked_existing
from chores_infra.patches import plain_copy

__all__ = ["Resource"]


class Resource(KubernetesObject):
    """Any Kubernetes object: identity and metadata typed, everything else given as ``fields``.

    The manifest is validated against its kind when it is rendered, like every other.

    >>> from chores_infra.construct import Tree
    >>> quota = Resource(
    ...     Tree(namespace="chores-tracker"),
    ...     "quota",
    ...     api_version="v1",
    ...     kind="ResourceQuota",
    ...     name="chores-tracker",
    ...     fields={"spec": {"hard": {"pods": "20"}}},
    ... )
    >>> quota.manifest["spec"]
    {'hard': {'pods': '20'}}

    Raises:
        ConstructError: an illegal name, or ``fields`` that repeat what has an argument of its own.
    """

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        api_version: Text,
        kind: Text,
        name: PathSegment,
        fields: Pairs[str, Any],
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        for field in ("apiVersion", "kind", "metadata"):
            if field in fields:
                problems.add(f"fields.{field}", "give it as an argument of its own, not among the fields")
        known = kinds.find(api_version, kind)
        if known is not None and not known.namespaced and namespace is not None:
            problems.add("namespace", f"{kind} is cluster-scoped; leave the namespace out")
        try:
            self._fields: Manifest = plain_copy(fields)
        except ValueError as error:
            problems.add("fields", str(error))
        problems.raise_if_any()
        self.api_version = api_version
        self.kind = kind
        self.namespaced = known is None or known.namespaced
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    @classmethod
    @checked_existing
    def existing(  # type: ignore[override]  # what it is has to be said: the class does not tell
        cls, name: str, *, api_version: Text, kind: Text, namespace: str | None = None
    ) -> Self:
        """Declare an object of any kind that another party makes, so that ours can refer to it."""
        external = cls._external(name, namespace)
        external.api_version = api_version
        external.kind = kind
        return external

    def fields(self) -> Manifest:
        """The fields as they were given."""
        return dict(plain_copy(self._fields))
