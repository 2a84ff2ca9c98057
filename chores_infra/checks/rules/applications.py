"""Applications and what they read: folders that none reads, files that are no manifests, empty paths."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from chores_infra.checks.applications import APPLIED, ARGOCD, Application, Source, Tool
from chores_infra.checks.context import Context
from chores_infra.checks.finding import Severity
from chores_infra.checks.repository import File, Repository, SourceReading
from chores_infra.checks.resources import resources_of
from chores_infra.checks.rule import Hit, Place, Rule
from chores_infra.gitops.classify import looks_like_a_manifest
from chores_infra.gitops.roles import Role

__all__ = ["ApplicationReadsNothing", "FolderUnread", "NoManifest"]

_ARGOCD_KINDS: Final = ("Application", "ApplicationSet", "AppProject")


class FolderUnread(Rule):
    """Manifests in a folder that no Application reads.

    They look deployed and are not: a Secret that everything waits for, a policy that everybody relies on. It
    happens when an Application reads only a chart and the manifests beside it were meant to come along, or
    when a folder is nested and `directory.recurse` is not set.
    """

    id = "folder-unread"
    title = "A folder of manifests is read by no Application"
    severity = Severity.WARNING
    help = "add an Application for it, set directory.recurse on the one above it, or remove it"
    bad = """\
# file: apps/shop.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://example.com/infrastructure, path: shop, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
# file: shop/settings.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {LEVEL: info}
# file: shop/policies/quota.yaml
apiVersion: v1
kind: ResourceQuota
metadata: {name: quota, namespace: shop}
spec: {hard: {pods: "10"}}
"""
    good = """\
# file: apps/shop.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source:
    repoURL: https://example.com/infrastructure
    path: shop
    targetRevision: main
    directory: {recurse: true}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
# file: shop/settings.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {LEVEL: info}
# file: shop/policies/quota.yaml
apiVersion: v1
kind: ResourceQuota
metadata: {name: quota, namespace: shop}
spec: {hard: {pods: "10"}}
"""

    def check(self, context: Context) -> Iterator[Hit]:
        """One finding for each folder; those of which something is read are about single files."""
        repository = context.repository
        if not repository.is_managed:
            return
        read_by_tools = [
            reading.source.folder
            for reading in repository.readings
            if reading.tool in {Tool.HELM, Tool.KUSTOMIZE, Tool.PLUGIN} and repository.is_own(reading.source)
        ]
        for folder, files in _folders_with_manifests(repository).items():
            if any(each is not None and folder.is_relative_to(each) for each in read_by_tools):
                continue
            if not any(file.name in repository.readers for file in files):
                hint = _hint(repository, folder)
                shown = files[0].shown.rpartition("/")[0] or "."
                yield Hit(Place(shown), f"no Application reads {folder}{hint}")


class NoManifest(Rule):
    """A file that is no manifest, in a folder that an Application applies.

    Argo CD takes every `.yaml`, `.yml` and `.json` of the folder for manifests. One that only looks like one
    (an entry of a catalog, the configuration of a tool) makes the sync of the whole application fail.
    """

    id = "no-manifest"
    title = "An Application applies a file that is no manifest"
    severity = Severity.ERROR
    help = "move it out of the folder, or exclude it in the Application (source.directory.exclude)"
    bad = """\
# file: apps/shop.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://example.com/infrastructure, path: shop, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
# file: shop/settings.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {LEVEL: info}
# file: shop/catalog-info.yaml
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: shop}
spec: {type: service, lifecycle: production, owner: team}
"""
    good = """\
# file: apps/shop.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source:
    repoURL: https://example.com/infrastructure
    path: shop
    targetRevision: main
    directory: {exclude: catalog-info.yaml}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
# file: shop/settings.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {LEVEL: info}
# file: shop/catalog-info.yaml
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: shop}
spec: {type: service, lifecycle: production, owner: team}
"""

    def check(self, context: Context) -> Iterator[Hit]:
        """At the first line of the document that is none."""
        for reading in context.repository.readings:
            for file in reading.files if reading.tool is Tool.DIRECTORY else ():
                yield from self._strangers(file, reading.application)

    def _strangers(self, file: File, application: Application) -> Iterator[Hit]:
        """What Argo CD fails on; what looks like no manifest at all it skips."""
        source = file.content.source
        others = any(what.role.applies for _, what in file.documents)
        fails = others or (source is not None and looks_like_a_manifest(source.text))
        for document, what in file.documents:
            if not what.role.applies and what.role is not Role.EMPTY:
                place = Place(file.shown, *document.position(()))
                outcome = "fails on" if fails else "skips"
                message = f"Application {application} reads this file and {outcome} it: it is {what}"
                yield Hit(place, message, severity=None if fails else Severity.INFO)


class ApplicationReadsNothing(Rule):
    """An Application whose path has no manifests.

    The path was renamed or mistyped. Argo CD reports that the path does not exist and syncs nothing; with
    pruning on, a folder that became empty takes everything that the Application made out of the cluster.
    """

    id = "application-reads-nothing"
    title = "The path of an Application has no manifests"
    severity = Severity.ERROR
    help = "correct source.path; it counts from the root of the repository"
    bad = """\
# file: apps/shop.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://example.com/infrastructure, path: shop, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
# file: apps/blog.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: blog, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://example.com/infrastructure, path: blogg, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: blog}
# file: shop/settings.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {LEVEL: info}
"""
    good = """\
# file: apps/shop.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://example.com/infrastructure, path: shop, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
# file: shop/settings.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {LEVEL: info}
"""

    def check(self, context: Context) -> Iterator[Hit]:
        """At the path, for sources of this repository."""
        repository = context.repository
        for reading in repository.readings:
            source = reading.source
            if not repository.is_own(source) or reading.tool is Tool.VALUES or source.folder is None:
                continue
            if not repository.below(source.folder):
                near = _near_folder(repository, source.folder)
                yield self._hit(reading, f"there is no folder {source.folder} in the repository{near}")
            elif reading.tool is Tool.DIRECTORY and not reading.files:
                yield self._hit(
                    reading, f"no file of {source.folder} is applied{_why_none(repository, source)}"
                )

    def _hit(self, reading: SourceReading, message: str) -> Hit:
        return Hit(reading.application.resource, message, (*reading.source.field, "path"))


def _folders_with_manifests(repository: Repository) -> dict[PurePosixPath, list[File]]:
    """The folders with files that Argo CD would apply, if it read them; not those of Applications."""
    found: dict[PurePosixPath, list[File]] = {}
    for file in repository.files:
        hidden = any(part.startswith(".") for part in file.name.parts)
        if file.name.suffix in APPLIED and not hidden and not file.content.skipped_by_argo_cd:
            resources = resources_of(file.shown, file.documents)
            if any(not each.is_a(ARGOCD, *_ARGOCD_KINDS) for each in resources):
                found.setdefault(file.name.parent, []).append(file)
    return found


def _hint(repository: Repository, folder: PurePosixPath) -> str:
    """What may have been meant: the Application of the folder above, or one of the same namespace."""
    for reading in repository.readings:
        own = reading.source.folder
        if own is not None and own in folder.parents and reading.tool is Tool.DIRECTORY:
            return f"; Application {reading.application} reads {own} without the folders below it"
    for application in repository.applications:
        if application.name == folder.name and application.applies_foreign:
            return f"; Application {application} reads only {_first_source(application)}"
    return ""


def _first_source(application: Application) -> str:
    for source in application.sources:
        if source.folder is None:
            return f"the chart {source.spec.get('chart')}"
    return "another repository"


def _near_folder(repository: Repository, folder: PurePosixPath) -> str:
    from difflib import get_close_matches

    known = {parent for file in repository.files for parent in file.name.parents}
    # What paths begin with makes them all alike: a slip is in one part.
    beside = {each.name: each for each in known if each.parent == folder.parent}
    near: list[PurePosixPath | str] = [
        beside[name] for name in get_close_matches(folder.name, beside, 1, 0.7)
    ]
    near = near or list(get_close_matches(folder.as_posix(), [each.as_posix() for each in known], 1, 0.9))
    return f"; did you mean {near[0]}?" if near else ""


def _why_none(repository: Repository, source: Source) -> str:
    if source.folder is not None and not source.recurses and not repository.folder(source.folder):
        return ": its manifests are in folders below it, and directory.recurse is not set"
    return ": directory.include and exclude leave nothing" if "directory" in source.spec else ""
