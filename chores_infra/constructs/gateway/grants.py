"""ReferenceGrants: a namespace lets objects of another one refer to what it holds.

Without one, a route to a Service of another namespace and a Gateway with a certificate of another namespace
are accepted and do not work. Constructs that refer across namespaces make theirs by themselves.

Source: https://gateway-api.sigs.k8s.io/api-types/referencegrant/
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from chores_infra.arguments import OneOf, Problems, checked, value_object
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.references import check_same_namespace
from chores_infra.fields import Annotations, DnsLabel, DnsSubdomain, Items, Labels, Matching
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["GROUP", "GrantFrom", "GrantTo", "ReferenceGrant", "check_grantable", "grant_access", "group_of"]

GROUP = "gateway.networking.k8s.io"
_LONGEST_NAME = 253

GroupName = Annotated[
    str,
    Matching(
        r"(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*)?",
        253,
        "an API group such as 'apps', or '' for Services and Secrets",
    ),
]
KindName = Annotated[
    str, Matching(r"[a-zA-Z](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?", 63, "a kind of objects such as 'HTTPRoute'")
]


@value_object
class GrantFrom:
    """Objects that may refer: those of one kind in one namespace."""

    kind: KindName
    namespace: DnsLabel
    group: GroupName = GROUP

    def fields(self) -> Manifest:
        """One item of ``from``."""
        return {"group": self.group, "kind": self.kind, "namespace": self.namespace}


@value_object
class GrantTo:
    """What may be referred to: every object of one kind, or the one of that name."""

    kind: KindName
    group: GroupName = ""
    name: DnsSubdomain | None = None

    def fields(self) -> Manifest:
        """One item of ``to``."""
        named = {} if self.name is None else {"name": self.name}
        return {"group": self.group, "kind": self.kind, **named}


class ReferenceGrant(KubernetesObject):
    """Lets objects of other namespaces refer to objects of this one.

    ``to`` takes the objects themselves, or ``GrantTo(kind="Service")`` for all of a kind.

    >>> from chores_infra.construct import Tree
    >>> from chores_infra.constructs.config import Secret
    >>> grant = ReferenceGrant(
    ...     Tree(namespace="certificates"),
    ...     "grant",
    ...     name="gateways",
    ...     allow_from=[GrantFrom(kind="Gateway", namespace="edge")],
    ...     to=[Secret.existing("wildcard-tls")],
    ... )
    >>> grant.manifest["spec"]["to"]
    [{'group': '', 'kind': 'Secret', 'name': 'wildcard-tls'}]

    Raises:
        ConstructError: an illegal name, or an object of another namespace than the grant's.
    """

    # Every release that has ReferenceGrants serves it; v1 came late.
    api_version = "gateway.networking.k8s.io/v1beta1"
    kind = "ReferenceGrant"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        allow_from: Annotated[Items[GrantFrom], Field(min_length=1, max_length=16)],
        to: Annotated[
            Items[Annotated[KubernetesObject | GrantTo, OneOf("an object, or GrantTo(kind=...)")]],
            Field(min_length=1, max_length=16),
        ],
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        here = namespace_in(scope, namespace)
        for index, target in enumerate(to):
            if isinstance(target, KubernetesObject):
                check_same_namespace(problems, f"to[{index}]", target, here)
        problems.raise_if_any()
        self.allow_from = list(allow_from)
        self.to = [target if isinstance(target, GrantTo) else _grant_to(target) for target in to]
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def allows(self, source: GrantFrom, target: KubernetesObject) -> bool:
        """Whether it lets these objects refer to that one."""
        wanted = _grant_to(target)
        return (
            self.namespace == target.namespace
            and source in self.allow_from
            and any(to in {wanted, GrantTo(kind=wanted.kind, group=wanted.group)} for to in self.to)
        )

    def fields(self) -> Manifest:
        """``spec``."""
        sources = [source.fields() for source in self.allow_from]
        return {"spec": {"from": sources, "to": [target.fields() for target in self.to]}}


def check_grantable(
    problems: Problems, argument: str, target: KubernetesObject, namespace: str | None
) -> None:
    """Note a reference into a namespace from nobody knows where: no grant can be made for it."""
    if target.namespace is not None and namespace is None:
        problems.add(
            argument,
            f"{target.kind} {target.name!r} lives in namespace {target.namespace!r}, which has to grant the "
            "reference; say in which namespace this object lives: namespace=...",
        )


def grant_access(referrer: KubernetesObject, targets: Iterable[KubernetesObject]) -> None:
    """Make the grants that an object needs for what it refers to, under it, unless there are such already.

    Each is in the namespace of what is referred to, as the referring side cannot grant itself anything.
    """
    for target in targets:
        if target.namespace is None or referrer.namespace in {None, target.namespace}:
            continue
        source = GrantFrom(kind=referrer.kind, namespace=referrer.namespace or "")
        grants = (made for made in referrer.node.host.objects() if isinstance(made, ReferenceGrant))
        if not any(grant.allows(source, target) for grant in grants):
            name = _grant_name(source, target)
            ReferenceGrant(
                referrer, name, name=name, namespace=target.namespace, allow_from=[source], to=[target]
            )


def group_of(target: KubernetesObject) -> str:
    """The API group of an object: nothing for Services and Secrets."""
    return target.api_version.rpartition("/")[0]


def _grant_to(target: KubernetesObject) -> GrantTo:
    return GrantTo(kind=target.kind, group=group_of(target), name=target.name)


def _grant_name(source: GrantFrom, target: KubernetesObject) -> str:
    """One name per reference. It ends with the referring namespace, so environments have different ones."""
    end = f"-from-{source.kind.lower()}-in-{source.namespace}"
    start = f"{target.kind.lower()}-{target.name}"
    if len(start) + len(end) > _LONGEST_NAME:
        digest = hashlib.sha256(start.encode()).hexdigest()[:12]
        start = f"{start[: _LONGEST_NAME - len(end) - 14].rstrip('-.')}-{digest}"
    return start + end
