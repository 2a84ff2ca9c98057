"""Applications and what their AppProject lets them do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any, Final

from chores_infra.checks.applications import ARGOCD, Application, same_repository
from chores_infra.checks.context import Context
from chores_infra.checks.fields import at, items, text
from chores_infra.checks.finding import Severity
from chores_infra.checks.resources import IN_CLUSTER, Resource
from chores_infra.checks.rule import Hit, Rule

__all__ = ["ProjectForbids"]

_SERVER: Final = "https://kubernetes.default.svc"


class ProjectForbids(Rule):
    """An Application that does what its project does not allow.

    An AppProject lists the repositories, the clusters and namespaces, and the kinds that its Applications may
    use. Argo CD refuses an Application outside of it, or fails the sync at the first object of a kind, or in
    a namespace, that the project does not allow.
    """

    id = "project-forbids"
    title = "A project does not allow what an Application does"
    severity = Severity.ERROR
    help = "add it to the AppProject, or choose another project"
    bad = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: shops, namespace: argo-cd}
spec:
  sourceRepos: ["https://charts.example.com"]
  destinations: [{server: https://kubernetes.default.svc, namespace: shop}]
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: blog, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: shops
  source: {repoURL: https://charts.example.com, chart: blog, targetRevision: 1.4.2}
  destination: {server: https://kubernetes.default.svc, namespace: blog}
"""
    good = bad.replace("namespace: blog}", "namespace: shop}")

    def check(self, context: Context) -> Iterator[Hit]:
        """At the source or destination of the Application, or at the object."""
        projects = {
            (project.namespace, project.name): project
            for project in context.repository.of_kind(ARGOCD, "AppProject")
        }
        for application in context.repository.applications:
            name = text(application.spec.get("project"))
            project = projects.get((application.resource.namespace, name))
            if project is not None:
                yield from _sources(application, project)
                yield from _destination(application, project)
        for resource in context.repository.resources:
            if resource.application is not None and resource.known is not None:
                name = text(resource.application.spec.get("project"))
                project = projects.get((resource.application.resource.namespace, name))
                if project is not None:
                    yield from _object(resource, resource.application, project)


def _sources(application: Application, project: Resource) -> Iterator[Hit]:
    """https://argo-cd.readthedocs.io/en/stable/user-guide/projects/#managing-projects ."""
    patterns = [text(each) for each in items(project.at("spec", "sourceRepos"))]
    for source in application.sources:
        if source.repo_url and "{{" not in source.repo_url and not _source_allowed(source.repo_url, patterns):
            message = f"project {project.name} does not allow the repository {source.repo_url}"
            yield Hit(application.resource, message, (*source.field, "repoURL"))


def _source_allowed(url: str, patterns: Sequence[str]) -> bool:
    def fits(pattern: str) -> bool:
        plain = same_repository(pattern) if "*" not in pattern else pattern
        return pattern == "*" or plain == same_repository(url) or fnmatchcase(url, pattern)

    if any(fits(pattern[1:]) for pattern in patterns if pattern.startswith("!")):
        return False
    return any(fits(pattern) for pattern in patterns if not pattern.startswith("!"))


def _destination(application: Application, project: Resource) -> Iterator[Hit]:
    namespace = application.namespace
    if namespace is None or "{{" in namespace or _place_allowed(application, namespace, project):
        return
    message = f"project {project.name} does not allow namespace {namespace} of {application.cluster}"
    path = (*application.fields, "destination", "namespace")
    yield Hit(application.resource, message, path)


def _place_allowed(application: Application, namespace: str | None, project: Resource) -> bool:
    """Whether a namespace of the Application's cluster is a destination; yes where it is not known."""
    destinations = items(project.at("spec", "destinations"))
    verdicts = [_is_meant(each, application, namespace) for each in destinations]
    denied = any(verdict == "denied" for verdict in verdicts)
    return not denied and any(verdict in {"allowed", "unknown"} for verdict in verdicts)


def _is_meant(destination: Any, application: Application, namespace: str | None) -> str:
    """What a destination says about a place: ``allowed``, ``denied``, ``other`` or ``unknown``."""
    pattern, server = text(at(destination, "namespace")), text(at(destination, "server"))
    name = text(at(destination, "name"))
    denies_namespace, denies_server = pattern.startswith("!"), server.startswith("!")
    in_namespace = fnmatchcase(namespace or "", pattern.removeprefix("!"))
    at_server = _is_server(server.removeprefix("!"), name, application)
    if at_server is None:
        return "unknown"
    if denies_namespace or denies_server:
        return "denied" if in_namespace and at_server else "other"
    return "allowed" if in_namespace and at_server else "other"


def _is_server(server: str, name: str, application: Application) -> bool | None:
    """Whether a destination is the Application's cluster; None where one says its name, the other its URL."""
    if application.cluster == IN_CLUSTER:
        return fnmatchcase(_SERVER, server) if server else fnmatchcase(IN_CLUSTER, name)
    if server == "*" or name == "*":
        return True
    is_url = "://" in application.cluster
    if (is_url and not server) or (not is_url and not name):
        return None
    return fnmatchcase(application.cluster, server if is_url else name)


def _object(resource: Resource, application: Application, project: Resource) -> Iterator[Hit]:
    """https://argo-cd.readthedocs.io/en/stable/operator-manual/project-specification/ ."""
    spec = project.manifest.get("spec")
    scope = "namespace" if resource.namespaced else "cluster"
    allowed, denied = at(spec, f"{scope}ResourceWhitelist"), at(spec, f"{scope}ResourceBlacklist")
    # Without a list every kind of a namespace is allowed, and none of the cluster.
    is_allowed = _listed(resource, allowed) or (allowed is None and resource.namespaced)
    if not is_allowed or _listed(resource, denied):
        message = (
            f"Application {application} applies it, and project {project.name} does not allow {resource.kind}"
        )
        yield Hit(resource, message, ("kind",))
        return
    namespace = resource.namespace
    if namespace in (None, application.namespace) or _place_allowed(application, namespace, project):
        return
    message = f"project {project.name} of Application {application} does not allow this namespace"
    yield Hit(resource, message, ("metadata", "namespace"))


def _listed(resource: Resource, kinds: Any) -> bool:
    return any(
        fnmatchcase(resource.group, text(at(each, "group")))
        and fnmatchcase(resource.kind, text(at(each, "kind")))
        and (not at(each, "name") or fnmatchcase(resource.name, text(at(each, "name"))))
        for each in items(kinds)
    )
