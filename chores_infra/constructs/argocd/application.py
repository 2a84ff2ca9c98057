"""The Application: what Argo CD brings into which cluster and namespace, and how it is synced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from chores_infra.arguments import Later, OneOf, Problems, checked, shown, value_object
from chores_infra.construct import Manifest, Scope
from chores_infra.constructs.argocd.projects import AppProject
from chores_infra.constructs.argocd.sources import Source
from chores_infra.constructs.argocd.sync import SyncPolicy
from chores_infra.constructs.parts import Part
from chores_infra.fields import (
    Annotations,
    DnsLabel,
    DnsSubdomain,
    Items,
    Labels,
    Matching,
    NonNegative,
    Text,
)
from chores_infra.kubernetes_object import KubernetesObject

if TYPE_CHECKING:
    from chores_infra.constructs.argocd.hydrator import SourceHydrator
else:
    SourceHydrator = Annotated[Any, Later("chores_infra.constructs.argocd.hydrator", "SourceHydrator")]

__all__ = ["Application", "ApplicationFinalizer", "Destination", "IgnoreDifference", "Info"]

IN_CLUSTER = "https://kubernetes.default.svc"
SYNC_WAVE = "argocd.argoproj.io/sync-wave"

ServerUrl = Annotated[
    str,
    Matching(
        r"https?://[A-Za-z0-9\[][^\s/@]*(?:/\S*)?",
        1024,
        f"the URL of a Kubernetes API server, such as '{IN_CLUSTER}'",
    ),
]
JsonPointer = Annotated[
    str,
    Matching(r"(?:/(?:[^~/\x00-\x1f]|~[01])*)+", 1024, "a JSON pointer (RFC 6901) such as '/spec/replicas'"),
]
# https://argo-cd.readthedocs.io/en/stable/user-guide/app_deletion/
ApplicationFinalizer: TypeAlias = Literal[
    "resources-finalizer.argocd.argoproj.io",
    "resources-finalizer.argocd.argoproj.io/foreground",
    "resources-finalizer.argocd.argoproj.io/background",
]


@value_object
class Destination:
    """The cluster (by the URL of its API server, or by name) and the namespace that an Application goes to.

    Without ``server`` and ``name`` it is the cluster in which Argo CD runs.
    """

    namespace: DnsLabel | None = None
    server: ServerUrl | None = None
    name: Text | None = None

    def check(self, problems: Problems) -> None:
        """Refuse a cluster that is given twice."""
        if self.server is not None and self.name is not None:
            problems.add("name", "give the cluster's server or its name, not both")

    def fields(self) -> Manifest:
        """``spec.destination``."""
        fields: Manifest = {"name": self.name} if self.name else {"server": self.server or IN_CLUSTER}
        if self.namespace is not None:
            fields["namespace"] = self.namespace
        return fields


@value_object
class IgnoreDifference(Part):
    """Fields of live objects that may differ from git, by JSON pointer, jq path, or who manages them."""

    kind: Text
    group: str | None = None
    name: Text | None = None
    namespace: Text | None = None
    json_pointers: Items[JsonPointer] | None = None
    jq_path_expressions: Items[Text] | None = None
    managed_fields_managers: Items[Text] | None = None

    def check(self, problems: Problems) -> None:
        """Refuse an entry that names no field."""
        if not (self.json_pointers or self.jq_path_expressions or self.managed_fields_managers):
            problems.add(
                "", "it ignores nothing; give json_pointers, jq_path_expressions or managed_fields_managers"
            )


@value_object
class Info(Part):
    """A line that the web interface shows with the Application, such as a link."""

    name: Text
    value: str


class Application(KubernetesObject):
    """What Argo CD keeps in step with git (or with a Helm chart).

    ``project`` is an AppProject, or ``"default"``. Give one ``source``, several ``sources``, or a
    ``source_hydrator``. The object lives where Argo CD looks for it: ``namespace``, not the namespace of the
    application.

    ``finalizers=["resources-finalizer.argocd.argoproj.io"]`` makes deleting the Application delete what it
    deployed; without it that stays.

    Raises:
        ConstructError: not exactly one of the kinds of source, an illegal name, URL, path or duration,
            a file of a source that is not there, or something that the project does not permit.
    """

    api_version = "argoproj.io/v1alpha1"
    kind = "Application"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        destination: Destination,
        project: Annotated[AppProject | Text, OneOf("an AppProject, or the name 'default'")] = "default",
        source: Source | None = None,
        sources: Items[Source] | None = None,
        source_hydrator: SourceHydrator | None = None,
        sync_policy: SyncPolicy | None = None,
        ignore_differences: Items[IgnoreDifference] = (),
        info: Items[Info] = (),
        revision_history_limit: NonNegative | None = None,
        finalizers: Items[ApplicationFinalizer] = (),
        sync_wave: int | None = None,
        namespace: DnsLabel = "argo-cd",
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        given = [source] if source is not None else list(sources or ())
        repositories = [each.repository for each in given]
        if source_hydrator is not None:
            repositories += source_hydrator.repositories
        if sum([source is not None, bool(sources), source_hydrator is not None]) != 1:
            problems.add("source", "give exactly one of source, sources and source_hydrator")
        if sources:
            _check_references(problems, sources)
        elif source is not None:
            _check_single(problems, source)
        if sync_policy and sync_policy.creates_namespace and destination.namespace is None:
            problems.add("destination.namespace", "create_namespace needs the namespace to create")
        if isinstance(project, AppProject):
            project.check_application(problems, repositories, destination.fields(), namespace)
        elif project != "default":
            problems.add(
                "project",
                f"expected an AppProject, or the name 'default', found {shown(project)}; declare "
                "a project that another party makes: AppProject.existing(name)",
            )
        if sync_wave is not None and annotations and SYNC_WAVE in annotations:
            problems.add("sync_wave", f"it is given twice; leave the annotation {SYNC_WAVE} out")
        problems.raise_if_any()
        self.project = project
        self.source = source
        self.sources = sources
        self.source_hydrator = source_hydrator
        self.destination = destination
        self.sync_policy = sync_policy
        self.ignore_differences = ignore_differences
        self.info = info
        self.revision_history_limit = revision_history_limit
        if sync_wave is not None:
            annotations = {**(annotations or {}), SYNC_WAVE: str(sync_wave)}
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)
        if finalizers:
            self._patches.append({"metadata": {"finalizers": list(finalizers)}})

    def fields(self) -> Manifest:
        """``spec``: project, sources, destination and policy."""
        project = self.project
        spec: Manifest = {"project": project if isinstance(project, str) else project.name}
        if self.source is not None:
            spec["source"] = self.source.fields()
        if self.sources:
            spec["sources"] = [source.fields() for source in self.sources]
        if self.source_hydrator is not None:
            spec["sourceHydrator"] = self.source_hydrator.fields()
        spec["destination"] = self.destination.fields()
        if self.sync_policy is not None:
            spec["syncPolicy"] = self.sync_policy.fields()
        if self.ignore_differences:
            spec["ignoreDifferences"] = [difference.fields() for difference in self.ignore_differences]
        if self.info:
            spec["info"] = [line.fields() for line in self.info]
        if self.revision_history_limit is not None:
            spec["revisionHistoryLimit"] = self.revision_history_limit
        return {"spec": spec}


def _check_single(problems: Problems, source: Source) -> None:
    if source.reference is not None:
        problems.add("source.ref", "a ref is for the other sources of the Application; use sources")
    for argument in source.used_references():
        problems.add(f"source.{argument}", "'$...' names another source of the Application; use sources")


def _check_references(problems: Problems, sources: Sequence[Source]) -> None:
    known: set[str] = set()
    names: set[str] = set()
    for index, source in enumerate(sources):
        reference = source.reference
        if reference is not None and reference in known:
            problems.add(f"sources[{index}].ref", f"another source is called {reference!r} already")
        known |= {reference} if reference is not None else set()
        if source.name is not None and source.name in names:
            problems.add(f"sources[{index}].name", f"another source is called {source.name!r} already")
        names |= {source.name} if source.name is not None else set()
    for index, source in enumerate(sources):
        for argument, reference in source.used_references().items():
            if reference not in known:
                problems.add(
                    f"sources[{index}].{argument}",
                    f"no source has the ref {reference!r}; the refs are {', '.join(sorted(known)) or 'none'}",
                )
