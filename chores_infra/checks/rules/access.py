"""Rights that reach further than a program needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from chores_infra.checks.context import Context
from chores_infra.checks.fields import at, items, text
from chores_infra.checks.finding import Severity
from chores_infra.checks.resources import Resource
from chores_infra.checks.rule import Hit, Rule

__all__ = ["AccessBroad"]

_RBAC: Final = "rbac.authorization.k8s.io"
_READING: Final = frozenset({"get", "list", "watch", "*"})
_ANY: Final = "*"


class Bound(NamedTuple):
    """A binding that gives a role to accounts: which accounts, and whether in the whole cluster."""

    accounts: str
    everywhere: bool


class AccessBroad(Rule):
    """A ServiceAccount with rights that reach further than a program needs.

    Whoever gets into a pod has its rights: with `cluster-admin`, or with every verb on every resource, the
    cluster. Reading Secrets in the whole cluster is no less: among them are the tokens of those that may do
    everything. Wildcards also give rights on kinds that are installed later.
    """

    id = "access-broad"
    title = "A ServiceAccount has rights that reach further than a program needs"
    severity = Severity.WARNING
    help = (
        "name the resources and verbs that the program uses, in a Role of its namespace where that is enough"
    )
    bad = """\
apiVersion: v1
kind: ServiceAccount
metadata: {name: shop, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: shop, namespace: shop}]
"""
    good = """\
apiVersion: v1
kind: ServiceAccount
metadata: {name: shop, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: shop, namespace: shop}
rules: [{apiGroups: [""], resources: [configmaps], verbs: [get, list, watch]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: shop, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: shop}
subjects: [{kind: ServiceAccount, name: shop, namespace: shop}]
"""

    def check(self, context: Context) -> Iterator[Hit]:
        """At bindings of ``cluster-admin``, and at the rules of roles that are bound to ServiceAccounts."""
        bound: dict[tuple[str, str, str | None, str], list[Bound]] = defaultdict(list)
        for binding in context.repository.of_kind(_RBAC, "ClusterRoleBinding", "RoleBinding"):
            accounts = _accounts(binding)
            if not accounts:
                continue
            kind, name = text(binding.at("roleRef", "kind")), text(binding.at("roleRef", "name"))
            everywhere = binding.kind == "ClusterRoleBinding"
            if (kind, name) == ("ClusterRole", "cluster-admin"):
                where = "the cluster" if everywhere else f"namespace {binding.namespace}"
                yield Hit(binding, f"{accounts} may do everything in {where}", ("roleRef", "name"))
            namespace = None if kind == "ClusterRole" else binding.namespace
            bound[binding.cluster, kind, namespace, name].append(Bound(accounts, everywhere))
        for role in context.repository.of_kind(_RBAC, "ClusterRole", "Role"):
            holders = bound.get((role.cluster, role.kind, role.namespace, role.name), [])
            if holders:
                yield from _broad(role, holders)


def _accounts(binding: Resource) -> str:
    """The ServiceAccounts that a binding gives rights to, for a message; empty where there are none."""
    subjects = [each for each in items(binding.at("subjects")) if at(each, "kind") == "ServiceAccount"]
    names = [
        "/".join(filter(None, (text(at(each, "namespace")) or binding.namespace, text(at(each, "name")))))
        for each in subjects
    ]
    return ", ".join(f"ServiceAccount {name}" for name in names)


def _broad(role: Resource, holders: list[Bound]) -> Iterator[Hit]:
    everywhere = [each for each in holders if each.everywhere]
    for number, rule in enumerate(items(role.at("rules"))):
        groups, resources, verbs = (_listed(rule, field) for field in ("apiGroups", "resources", "verbs"))
        accounts = ", ".join(dict.fromkeys(each.accounts for each in everywhere or holders))
        reads_core = not (groups.isdisjoint({"", _ANY}) or verbs.isdisjoint(_READING))
        path = ("rules", number, "resources")
        if _ANY in verbs and _ANY in resources and _is_wide(groups):
            yield Hit(role, f"{accounts} may do everything with every resource", path)
        elif _ANY in resources and reads_core:
            yield Hit(role, f"{accounts} may read every resource, Secrets among them", path)
        elif everywhere and "secrets" in resources and reads_core and not at(rule, "resourceNames"):
            yield Hit(role, f"{accounts} may read the Secrets of all namespaces", path)


def _listed(rule: Mapping[str, Any], field: str) -> frozenset[str]:
    return frozenset(each for each in items(at(rule, field)) if isinstance(each, str))


def _is_wide(groups: frozenset[str]) -> bool:
    """Whether these are groups of Kubernetes itself; an operator owns every resource of its own."""
    return _ANY in groups or any("." not in group or group.endswith(".k8s.io") for group in groups)
