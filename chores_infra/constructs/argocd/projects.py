"""The AppProject: where the Applications of a team may come from, where they may go, and who may do what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from chores_infra.arguments import Later, Problems, checked
from chores_infra.construct import Manifest, Scope
from chores_infra.constructs.argocd.parameters import has_parameters
from chores_infra.constructs.argocd.permissions import (
    DestinationServiceAccount,
    GroupKind,
    KeyId,
    OrphanedResources,
    ProjectDestination,
    Role,
    SyncWindow,
)
from chores_infra.fields import Annotations, DnsLabel, DnsSubdomain, Items, Labels, Matching, Text
from chores_infra.kubernetes_object import KubernetesObject

if TYPE_CHECKING:
    from chores_infra.constructs.argocd.integrity import GitPolicy
else:
    GitPolicy = Annotated[Any, Later("chores_infra.constructs.argocd.integrity", "GitPolicy")]

__all__ = ["AppProject"]

Description = Annotated[str, Matching(r"(?s).*", 255, "a description of at most 255 characters")]


class AppProject(KubernetesObject):
    """What the Applications of one team may do.

    ``source_repos`` and ``destinations`` may be patterns (``https://github.com/example/*``); ``"!..."``
    forbids. Applications that name the project are held to it when they are constructed. Kinds of cluster
    scope are forbidden unless they are in ``cluster_resource_whitelist``. ``source_integrity`` says which
    commits are trusted (Argo CD 3.5 and later; ``signature_keys`` is the older way).

    Raises:
        ConstructError: an illegal name, two roles of one name, or a policy of another project or role.
    """

    api_version = "argoproj.io/v1alpha1"
    kind = "AppProject"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        source_repos: Items[Text],
        destinations: Items[ProjectDestination],
        description: Description | None = None,
        cluster_resource_whitelist: Items[GroupKind] | None = None,
        cluster_resource_blacklist: Items[GroupKind] | None = None,
        namespace_resource_whitelist: Items[GroupKind] | None = None,
        namespace_resource_blacklist: Items[GroupKind] | None = None,
        roles: Items[Role] = (),
        sync_windows: Items[SyncWindow] = (),
        source_namespaces: Items[Text] = (),
        orphaned_resources: OrphanedResources | None = None,
        permit_only_project_scoped_clusters: bool | None = None,
        destination_service_accounts: Items[DestinationServiceAccount] = (),
        source_integrity: Items[GitPolicy] = (),
        signature_keys: Items[KeyId] = (),
        namespace: DnsLabel = "argo-cd",
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        _check_roles(problems, name, roles)
        for argument, kinds in (
            ("namespace_resource_whitelist", namespace_resource_whitelist),
            ("namespace_resource_blacklist", namespace_resource_blacklist),
        ):
            for index, kind in enumerate(kinds or ()):
                if kind.name is not None:
                    problems.add(f"{argument}[{index}].name", "only kinds of cluster scope can be narrowed")
        problems.add_repeats(
            (f"destination_service_accounts[{index}]", f"{account.server} {account.namespace or ''}".rstrip())
            for index, account in enumerate(destination_service_accounts)
        )
        if signature_keys and source_integrity:
            problems.add("signature_keys", "Argo CD takes source_integrity or signature_keys, not both")
        problems.raise_if_any()
        self.source_repos = source_repos
        self.destinations = destinations
        self.description = description
        self.resources = {
            "clusterResourceWhitelist": cluster_resource_whitelist,
            "clusterResourceBlacklist": cluster_resource_blacklist,
            "namespaceResourceWhitelist": namespace_resource_whitelist,
            "namespaceResourceBlacklist": namespace_resource_blacklist,
        }
        self.roles = roles
        self.sync_windows = sync_windows
        self.source_namespaces = source_namespaces
        self.orphaned_resources = orphaned_resources
        self.permit_only_project_scoped_clusters = permit_only_project_scoped_clusters
        self.destination_service_accounts = destination_service_accounts
        self.source_integrity = source_integrity
        self.signature_keys = signature_keys
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``: what is permitted."""
        spec: Manifest = {}
        if self.description is not None:
            spec["description"] = self.description
        spec["sourceRepos"] = list(self.source_repos)
        spec["destinations"] = [destination.fields() for destination in self.destinations]
        for field, kinds in self.resources.items():
            if kinds is not None:
                spec[field] = [kind.fields() for kind in kinds]
        if self.roles:
            spec["roles"] = [role.fields() for role in self.roles]
        if self.sync_windows:
            spec["syncWindows"] = [window.fields() for window in self.sync_windows]
        if self.source_namespaces:
            spec["sourceNamespaces"] = list(self.source_namespaces)
        if self.orphaned_resources is not None:
            spec["orphanedResources"] = self.orphaned_resources.fields()
        if self.permit_only_project_scoped_clusters is not None:
            spec["permitOnlyProjectScopedClusters"] = self.permit_only_project_scoped_clusters
        if self.destination_service_accounts:
            spec["destinationServiceAccounts"] = [
                account.fields() for account in self.destination_service_accounts
            ]
        if self.source_integrity:
            policies = [policy.fields() for policy in self.source_integrity]
            spec["sourceIntegrity"] = {"git": {"policies": policies}}
        if self.signature_keys:
            spec["signatureKeys"] = [{"keyID": key} for key in self.signature_keys]
        return {"spec": spec}

    def check_application(
        self,
        problems: Problems,
        repositories: Iterable[str],
        destination: Mapping[str, str],
        namespace: str,
        prefix: str = "",
    ) -> None:
        """Note what the project does not permit an Application.

        Nothing is known of an external project, nor of what a generator will fill in.
        """
        if self.is_external:
            return
        for repository in repositories:
            if not has_parameters(repository) and not _permits_source(repository, self.source_repos):
                problems.add(
                    f"{prefix}project",
                    f"AppProject {self.name!r} does not permit sources from {repository}; "
                    f"it permits {', '.join(self.source_repos) or 'none'}",
                )
        known = not any(has_parameters(value) for value in destination.values())
        if known and not self._permits_destination(destination):
            cluster = destination.get("name") or destination["server"]
            problems.add(
                f"{prefix}project",
                f"AppProject {self.name!r} does not permit namespace {destination.get('namespace')!r} of "
                f"{cluster}; add it to the project's destinations",
            )
        if self.namespace != namespace and not any(
            _matches(namespace, pattern, within="") for pattern in self.source_namespaces
        ):
            problems.add(
                "namespace",
                f"AppProject {self.name!r} serves Applications in {self.namespace!r}; add {namespace!r} to "
                "its source_namespaces",
            )

    def _permits_destination(self, destination: Mapping[str, str]) -> bool:
        permitted = False
        for rule in self.destinations:
            matched, refused = _match_destination(rule, destination)
            if refused:
                return False
            permitted = permitted or matched
        return permitted


def _match_destination(rule: ProjectDestination, destination: Mapping[str, str]) -> tuple[bool, bool]:
    """Whether a destination of the project matches, and whether one of its ``!`` patterns refuses."""
    pairs = []
    for field, pattern in (("server", rule.server), ("name", rule.name)):
        # Which server a cluster's name stands for is known in the cluster only: then nothing is held
        # against the destination.
        if pattern is not None and field in destination:
            pairs.append((pattern, destination[field]))
    if "namespace" in destination:
        pairs.append((rule.namespace, destination["namespace"]))
    matches = [_matches(value, pattern, within="") for pattern, value in pairs]
    refused = any(
        pattern.startswith("!") and not matched for (pattern, _), matched in zip(pairs, matches, strict=True)
    )
    return all(matches), refused


def _permits_source(url: str, patterns: Sequence[str]) -> bool:
    url = _normalized(url)
    permitted = False
    for pattern in patterns:
        negation, plain = ("!", pattern[1:]) if pattern.startswith("!") else ("", pattern)
        matched = _matches(url, negation + _normalized(plain), within="/")
        if negation and not matched:
            return False
        permitted = permitted or matched
    return permitted


def _normalized(url: str) -> str:
    """One spelling of the ways to write a repository's URL, as Argo CD compares them."""
    url = url.strip().lower().removesuffix(".git")
    if "://" not in url and "@" in url:
        url = "ssh://" + url.replace(":", "/", 1)
    return url.removeprefix("ssh://")


def _matches(value: str, pattern: str, *, within: str) -> bool:
    """Whether a glob matches; ``*`` stops at ``within``, ``**`` does not, ``!`` at the start negates."""
    if pattern.startswith("!"):
        return not _matches(value, pattern[1:], within=within)
    return pattern == "*" or _glob(pattern, within).fullmatch(value) is not None


@cache
def _glob(pattern: str, within: str) -> re.Pattern[str]:
    one = f"[^{within}]" if within else "."
    known = {"**": ".*", "*": f"{one}*", "?": one, "{": "(?:", "}": ")", ",": "|"}
    if "{" not in pattern:
        known[","] = ","
    parts = re.findall(r"\*\*|.", pattern)
    return re.compile("".join(known.get(part) or re.escape(part) for part in parts))


def _check_roles(problems: Problems, project: str, roles: Sequence[Role]) -> None:
    seen: set[str] = set()
    for index, role in enumerate(roles):
        if role.name in seen:
            problems.add(f"roles[{index}].name", f"another role is called {role.name!r} already")
        seen.add(role.name)
        for number, policy in enumerate(role.policies or ()):
            _, subject, resource, _, target, _ = (part.strip() for part in policy.split(","))
            if subject != f"proj:{project}:{role.name}":
                problems.add(
                    f"roles[{index}].policies[{number}]",
                    f"expected the subject 'proj:{project}:{role.name}', found {subject!r}",
                )
            if resource != "clusters" and not target.startswith((f"{project}/", "*")):
                problems.add(
                    f"roles[{index}].policies[{number}]",
                    f"expected an object of this project such as '{project}/*', found {target!r}",
                )
