"""What a reference leads to: an object that is here, one that may be somewhere else, or nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from chores_infra.checks.providers import Provider, providers_in
from chores_infra.checks.references import Reference, Target, references_of
from chores_infra.checks.references.targets import CLUSTER_SCOPED
from chores_infra.checks.repository import Identity, Repository
from chores_infra.checks.resources import IN_CLUSTER

if TYPE_CHECKING:
    from chores_infra.checks.scripts import ScriptMade

__all__ = ["Presence", "Resolution", "Resolver"]


class Presence(StrEnum):
    """Whether what a reference names is there."""

    FOUND = "found"
    BUILT_IN = "built in"
    """Kubernetes itself, or every cluster, has it."""
    EXTERNAL = "external"
    """Declared in the configuration: another party makes it."""
    UNKNOWN = "unknown"
    """It may be made by what is not in the repository: a chart, an operator, a person."""
    MISSING = "missing"
    """Everything that fills its namespace is here, and it is not among that."""


class Resolution(NamedTuple):
    """What a reference leads to.

    ``reason`` says why it is not known, ``near`` is a name much like it, and ``elsewhere`` another namespace
    that has an object of this kind and name.
    """

    presence: Presence
    providers: Sequence[Provider] = ()
    reason: str = ""
    near: str | None = None
    elsewhere: str | None = None


_BUILT_IN: Final = (
    "ServiceAccount/*/default",
    "ConfigMap/*/kube-root-ca.crt",
    "Service/default/kubernetes",
    "AppProject/*/default",
    "PriorityClass/system-cluster-critical",
    "PriorityClass/system-node-critical",
    "ClusterRole/cluster-admin",
    "ClusterRole/admin",
    "ClusterRole/edit",
    "ClusterRole/view",
    "ClusterRole/system:*",
    "Role/kube-system/*",
    "Role/kube-public/*",
    "Namespace/default",
    "Namespace/kube-*",
)
"""What every cluster has, such as the roles of https://kubernetes.io/docs/reference/access-authn-authz/rbac/."""

_IN_PART: Final = "another application may make it"
_NOT_MANAGED: Final = "no Application says that this is all there is"


class Resolver:
    """Resolves the references of a repository.

    ``externals`` are patterns ``Kind/namespace/name``, or ``Kind/name`` for what lives in no namespace, of
    objects that other parties make.
    """

    def __init__(self, repository: Repository, externals: Sequence[str] = ()) -> None:
        self.repository = repository
        self.externals = tuple(externals)
        self.providers: Mapping[Identity, Sequence[Provider]] = providers_in(repository)

    @cached_property
    def references(self) -> Sequence[tuple[Reference, Resolution]]:
        """Every reference of the repository, and what it leads to."""
        found = [
            (reference, self.resolve(reference))
            for resource in self.repository.resources
            for reference in references_of(resource)
            if not reference.guessed or self._has_kind(reference.target)
        ]
        used = Counter((reference.target.kind, reference.name) for reference, _ in found)
        return [
            (reference, resolution._replace(near=_usual(reference, used)))
            if resolution.presence is Presence.UNKNOWN and resolution.near is None
            else (reference, resolution)
            for reference, resolution in found
        ]

    def resolve(self, reference: Reference) -> Resolution:
        """What a reference leads to."""
        if providers := self._providers(reference):
            return Resolution(Presence.FOUND, providers)
        name = str(reference)
        if _listed(name, _BUILT_IN):
            return Resolution(Presence.BUILT_IN)
        if _listed(name, self.externals):
            return Resolution(Presence.EXTERNAL)
        return self._not_here(reference)

    def _not_here(self, reference: Reference) -> Resolution:
        """Whether what no manifest makes, and nobody declared, is missing for certain."""
        if not self.repository.is_whole:
            return Resolution(Presence.UNKNOWN, reason=_IN_PART)
        scripts = [script for script in self._scripts if script.fits(reference)]
        for script in scripts:
            if script.names(reference.namespace):
                return Resolution(Presence.UNKNOWN, reason=f"a script of {script.by} makes it")
        near, reason = self._near(reference), self._why_unknown(reference)
        if reason and not self._is_written_here(reference.target):
            # A namespace that nothing fills may be a slip; one that is filled has objects of its own.
            filled = reference.namespace is None or reference.namespace in self._namespaces
            elsewhere = None if filled else self._elsewhere(reference)
            return Resolution(Presence.UNKNOWN, reason=reason, near=near, elsewhere=elsewhere)
        if scripts:
            reason = f"a script of {scripts[0].by} makes one in other namespaces"
        return Resolution(Presence.MISSING, reason=reason, near=near, elsewhere=self._elsewhere(reference))

    def _has_kind(self, target: Target) -> bool:
        return any(self.repository.has_kind(group, target.kind) for group in target.groups)

    def _is_written_here(self, target: Target) -> bool:
        """Whether this repository is where such objects are written.

        Charts bring what Kubernetes itself knows. A store, an issuer, a provider's configuration or a bucket
        is somebody's own, and most likely beside the others of its kind.
        """
        return (
            self.repository.is_managed
            and self.repository.is_whole
            and any(
                "." in group
                and not group.endswith(".k8s.io")
                and self.repository.has_kind(group, target.kind)
                for group in target.groups
            )
        )

    def _providers(self, reference: Reference) -> Sequence[Provider]:
        """Who makes it; where the reference does not say in which namespace, anywhere in the cluster."""
        target = reference.target
        found: list[Provider] = []
        for group in target.groups:
            place = (reference.source.cluster, group, target.kind, reference.name)
            if reference.namespace is None:
                found += self._anywhere.get(place, ())
            else:
                identity = Identity(*place[:3], reference.namespace, reference.name)
                found += self.providers.get(identity, ())
                # Whether a kind that is not known lives in a namespace is not known either.
                found += self.providers.get(identity._replace(namespace=None), ())
        return found

    @cached_property
    def _anywhere(self) -> Mapping[tuple[str, str, str, str], Sequence[Provider]]:
        found: dict[tuple[str, str, str, str], list[Provider]] = defaultdict(list)
        for identity, providers in self.providers.items():
            found[identity.cluster, identity.group, identity.kind, identity.name] += providers
        return found

    @cached_property
    def _scripts(self) -> Sequence[ScriptMade]:
        from chores_infra.checks.scripts import made_by_scripts

        return [made for resource in self.repository.resources for made in made_by_scripts(resource)]

    def _elsewhere(self, reference: Reference) -> str | None:
        """The namespace that has it, where it is the only one."""
        cluster, name, target = reference.source.cluster, reference.name, reference.target
        found = {
            provider.namespace
            for group in target.groups
            for provider in self._anywhere.get((cluster, group, target.kind, name), ())
        }
        return found.pop() if len(found) == 1 else None

    def _near(self, reference: Reference) -> str | None:
        """The name of an object of this kind and place that is spelled much like the one meant."""
        from difflib import get_close_matches

        names: set[str] = set()
        for group in reference.target.groups:
            place = (reference.source.cluster, group, reference.target.kind, reference.namespace)
            names |= self._names.get(place, set())
        found = get_close_matches(reference.name, sorted(names), 1, 0.75)
        return found[0] if found else None

    @cached_property
    def _names(self) -> Mapping[tuple[str, str, str, str | None], set[str]]:
        found: dict[tuple[str, str, str, str | None], set[str]] = defaultdict(set)
        for identity in self.providers:
            found[identity[:4]].add(identity.name)
        return found

    def _why_unknown(self, reference: Reference) -> str:
        """Why the object may be there although no manifest makes it; empty where it cannot."""
        target = reference.target
        if reference.namespace is not None:
            return self.why_unknown(reference.source.cluster, reference.namespace)
        if target.kind not in CLUSTER_SCOPED:
            return "its namespace is not known"
        if not self.repository.is_managed:
            return _NOT_MANAGED
        if not self.repository.is_whole:
            return _IN_PART
        if not self._has_kind(target):
            return f"no {target.kind} is in the repository"
        foreign = sorted(each.name for each in self.repository.applications if each.applies_foreign)
        return f"Application {foreign[0]} brings objects from elsewhere" if foreign else ""

    def why_unknown(self, cluster: str, namespace: str | None) -> str:
        """Why a namespace may hold what no manifest makes; empty where everything in it is here."""
        if not self.repository.is_managed:
            return _NOT_MANAGED
        if not self.repository.is_whole:
            return _IN_PART
        if namespace not in self._namespaces:
            return f"nothing in the repository fills namespace {namespace}"
        foreign = sorted(self._foreign.get((cluster, namespace or ""), ()))
        return f"{foreign[0]} fills namespace {namespace} from elsewhere" if foreign else ""

    @cached_property
    def _foreign(self) -> Mapping[tuple[str, str], set[str]]:
        """The Applications that bring objects which are not in the repository, by the namespace they fill."""
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for application in self.repository.applications:
            if application.applies_foreign and application.namespace:
                found[application.cluster, application.namespace].add(f"Application {application.name}")
            if own := application.resource.namespace:
                found[IN_CLUSTER, own].add("the installation of Argo CD")
        return found

    @cached_property
    def _namespaces(self) -> frozenset[str]:
        return frozenset(each.namespace for each in self.repository.resources if each.namespace)


def _usual(reference: Reference, used: Mapping[tuple[str, str], int]) -> str | None:
    """The name that several others use for what is made elsewhere, if this one is a slip away from it."""
    kind, name = reference.target.kind, reference.name
    if used[kind, name] > 1:
        return None
    digits = _digits(name)
    usual = [
        other
        for (other_kind, other), count in used.items()
        if other_kind == kind and count > 2 and _digits(other) == digits
    ]
    if not usual:
        return None
    from difflib import get_close_matches

    found = get_close_matches(name, usual, 1, 0.85)
    return found[0] if found else None


def _digits(name: str) -> list[str]:
    """What tells names in a row from each other."""
    return [each for each in name if each.isdigit()]


def _listed(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
