"""Who may do what in the cluster: roles, and to whom they are granted.

Sources: https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/ and
https://kubernetes.io/docs/reference/access-authn-authz/rbac/
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from chores_infra.arguments import OneOf, Problems, checked, value_object
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.cluster import ServiceAccount
from chores_infra.constructs.parts import Part, rendered
from chores_infra.constructs.rbac_rules import NonResourceRule, PolicyRule
from chores_infra.constructs.references import check_same_namespace
from chores_infra.constructs.scheduling import LabelSelector
from chores_infra.fields import Annotations, DnsLabel, Items, Labels, PathSegment, Text, Unordered
from chores_infra.kubernetes_object import KubernetesObject

__all__ = [
    "ClusterRole",
    "ClusterRoleBinding",
    "GroupSubject",
    "NonResourceRule",
    "PolicyRule",
    "Role",
    "RoleBinding",
    "UserSubject",
]

_GROUP = "rbac.authorization.k8s.io"
_SERVICE_ACCOUNT = "system:serviceaccount:"


@value_object(kw_only=False)
class UserSubject(Part):
    """A person or program, by the name that whoever signs them in gives: ``UserSubject("jane")``."""

    name: Text

    def check(self, problems: Problems) -> None:
        """Service accounts are objects."""
        if self.name.startswith(_SERVICE_ACCOUNT):
            problems.add("name", "give the ServiceAccount itself, or ServiceAccount.existing(...)")

    def fields(self) -> Manifest:
        """The subject, for the manifest."""
        return {"kind": "User", "apiGroup": _GROUP, "name": self.name}


@value_object(kw_only=False)
class GroupSubject(Part):
    """Everybody in a group, by the name that whoever signs them in gives: ``GroupSubject("developers")``."""

    name: Text

    def fields(self) -> Manifest:
        """The subject, for the manifest."""
        return {"kind": "Group", "apiGroup": _GROUP, "name": self.name}


Subject: TypeAlias = Annotated[
    ServiceAccount | UserSubject | GroupSubject,
    OneOf("a ServiceAccount, a UserSubject or a GroupSubject; not a name"),
]
Subjects = Annotated[Items[Subject], Field(min_length=1)]
Rules = Annotated[Items[PolicyRule], Field(min_length=1)]


class _Binding(KubernetesObject):
    """The base of both bindings: a role, and to whom it is granted."""

    role: Role | ClusterRole
    subjects: Sequence[Subject]

    api_version = f"{_GROUP}/v1"

    def fields(self) -> Manifest:
        """``roleRef`` and ``subjects``."""
        role = {"apiGroup": _GROUP, "kind": self.role.kind, "name": self.role.name}
        return {"roleRef": role, "subjects": [self._subject(subject) for subject in self.subjects]}

    def _subject(self, subject: Subject) -> Manifest:
        if not isinstance(subject, ServiceAccount):
            return subject.fields()
        namespace = subject.namespace or self.namespace
        return {"kind": "ServiceAccount", "name": subject.name, "namespace": namespace}


class Role(KubernetesObject):
    """What may be done within a namespace.

    ``granted_to`` binds it in the same line: the RoleBinding, of the same name, is ``.binding``.

    >>> from chores_infra.construct import Tree
    >>> tree = Tree(namespace="shop")
    >>> account = ServiceAccount(tree, "account", name="shop")
    >>> reader = Role(
    ...     tree,
    ...     "reader",
    ...     name="pod-reader",
    ...     rules=[PolicyRule(resources=["pods"], verbs=["get", "list"])],
    ...     granted_to=[account],
    ... )
    >>> reader.binding.manifest["subjects"]
    [{'kind': 'ServiceAccount', 'name': 'shop', 'namespace': 'shop'}]

    Raises:
        ConstructError: a rule for what the API group does not have, a wildcard that was not asked for, or a
            ServiceAccount whose namespace is not known.
    """

    api_version = f"{_GROUP}/v1"
    kind = "Role"
    #: What ``granted_to`` made.
    binding: RoleBinding | None = None

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: PathSegment,
        rules: Rules,
        granted_to: Subjects | None = None,
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        _check_subjects("granted_to", granted_to or (), namespace_in(scope, namespace), problems)
        problems.raise_if_any()
        self.rules = rules
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)
        if granted_to is not None:
            self.binding = RoleBinding(
                self, "binding", name=name, role=self, subjects=granted_to, namespace=self.namespace
            )

    def fields(self) -> Manifest:
        """``rules``."""
        return {"rules": rendered(self.rules)}


class ClusterRole(KubernetesObject):
    """What may be done in all namespaces, with what lives in none, and with paths that are no resources.

    ``granted_to`` grants it everywhere, by a ClusterRoleBinding of the same name, which is ``.binding``;
    a :class:`RoleBinding` grants it in one namespace. ``aggregates`` gathers the rules of the ClusterRoles
    with certain labels; ``aggregate_to`` adds these rules to Kubernetes' own roles for people.

    >>> from chores_infra.construct import Tree
    >>> role = ClusterRole(
    ...     Tree(),
    ...     "scraper",
    ...     name="scraper",
    ...     rules=[NonResourceRule(urls=["/metrics"], verbs=["get"])],
    ...     granted_to=[ServiceAccount.existing("prometheus", namespace="monitoring")],
    ... )
    >>> role.manifest["rules"]
    [{'nonResourceURLs': ['/metrics'], 'verbs': ['get']}]

    Raises:
        ConstructError: a rule for what the API group does not have, a wildcard that was not asked for, or a
            ServiceAccount whose namespace is not known.
    """

    api_version = f"{_GROUP}/v1"
    kind = "ClusterRole"
    namespaced = False
    #: What ``granted_to`` made.
    binding: ClusterRoleBinding | None = None

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: PathSegment,
        rules: Annotated[Items[PolicyRule | NonResourceRule], Field(min_length=1)] | None = None,
        aggregates: Annotated[Items[LabelSelector], Field(min_length=1)] | None = None,
        aggregate_to: Unordered[Literal["view", "edit", "admin"]] | None = None,
        granted_to: Subjects | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        if (rules is None) == (aggregates is None):
            problems.add("rules", "give rules, or aggregates, which replaces them; one of the two")
        _check_subjects("granted_to", granted_to or (), None, problems)
        problems.raise_if_any()
        self.rules = rules
        self.aggregates = aggregates
        own = {f"{_GROUP}/aggregate-to-{role}": "true" for role in sorted(aggregate_to or ())}
        super().__init__(scope, id, name=name, labels={**(labels or {}), **own}, annotations=annotations)
        if granted_to is not None:
            self.binding = ClusterRoleBinding(self, "binding", name=name, role=self, subjects=granted_to)

    def fields(self) -> Manifest:
        """``rules``, or whose rules are gathered: the cluster fills those in, and no sync may empty them."""
        if self.aggregates is not None:
            return {"aggregationRule": {"clusterRoleSelectors": rendered(self.aggregates)}}
        return {"rules": rendered(self.rules)}


class RoleBinding(_Binding):
    """Grants a role within a namespace: one of the namespace, or a ClusterRole for this namespace alone.

    Which role is granted can never change once it is live.

    >>> from chores_infra.construct import Tree
    >>> tree, view = Tree(namespace="shop"), ClusterRole.existing("view")
    >>> people = [GroupSubject("developers")]
    >>> RoleBinding(tree, "viewers", name="viewers", role=view, subjects=people).manifest["roleRef"]
    {'apiGroup': 'rbac.authorization.k8s.io', 'kind': 'ClusterRole', 'name': 'view'}

    Raises:
        ConstructError: a Role of another namespace, or a ServiceAccount whose namespace is not known.
    """

    kind = "RoleBinding"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: PathSegment,
        role: Annotated[Role | ClusterRole, OneOf("a Role or a ClusterRole, not its name")],
        subjects: Subjects,
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        own = namespace_in(scope, namespace)
        check_same_namespace(problems, "role", role, own)
        _check_subjects("subjects", subjects, own, problems)
        problems.raise_if_any()
        self.role = role
        self.subjects = subjects
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)


class ClusterRoleBinding(_Binding):
    """Grants a ClusterRole in all namespaces, and for what lives in none.

    Which role is granted can never change once it is live.

    Raises:
        ConstructError: a ServiceAccount whose namespace is not known.
    """

    kind = "ClusterRoleBinding"
    namespaced = False

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: PathSegment,
        role: ClusterRole,
        subjects: Subjects,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        _check_subjects("subjects", subjects, None, problems)
        problems.raise_if_any()
        self.role = role
        self.subjects = subjects
        super().__init__(scope, id, name=name, labels=labels, annotations=annotations)


def _check_subjects(
    argument: str, subjects: Sequence[Subject], namespace: str | None, problems: Problems
) -> None:
    """Note service accounts that could not be named, and whoever is named twice."""
    keys: list[tuple[str, str]] = []
    for index, subject in enumerate(subjects):
        place = f"{argument}[{index}]"
        if not isinstance(subject, ServiceAccount):
            keys.append((place, f"{type(subject).__name__} {subject.name}"))
        elif home := subject.namespace or namespace:
            keys.append((place, f"ServiceAccount {home}/{subject.name}"))
        else:
            problems.add(
                place,
                f"the namespace of ServiceAccount {subject.name!r} is not known; give namespace=... to it, "
                "or to the component around it",
            )
    problems.add_repeats(keys)
