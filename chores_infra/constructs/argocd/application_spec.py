"""What an Application says of itself: sources, destination and policy; templates say it with parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from chores_infra.arguments import Later, OneOf, Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.argocd.parameters import WithParameters, has_parameters
from chores_infra.constructs.argocd.projects import AppProject
from chores_infra.constructs.argocd.sources import Source
from chores_infra.constructs.argocd.sync import SyncPolicy
from chores_infra.constructs.parts import Part
from chores_infra.fields import DnsLabel, Items, Matching, NonNegative, Text
from chores_infra.wording import shown

if TYPE_CHECKING:
    from chores_infra.constructs.argocd.hydrator import SourceHydrator
else:
    SourceHydrator = Annotated[Any, Later("chores_infra.constructs.argocd.hydrator", "SourceHydrator")]

__all__ = ["ApplicationSpec", "Destination", "IgnoreDifference", "Info", "Project"]

IN_CLUSTER = "https://kubernetes.default.svc"

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
Project = Annotated[AppProject | Text, OneOf("an AppProject, or the name 'default'")]


@value_object
class Destination:
    """The cluster (by the URL of its API server, or by name) and the namespace that an Application goes to.

    Without ``server`` and ``name`` it is the cluster in which Argo CD runs.
    """

    namespace: Annotated[DnsLabel, WithParameters()] | None = None
    server: Annotated[ServerUrl, WithParameters()] | None = None
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


@value_object
class ApplicationSpec:
    """The arguments that an Application and the template of an ApplicationSet share."""

    destination: Destination
    project: Project = "default"
    source: Source | None = None
    sources: Items[Source] | None = None
    source_hydrator: SourceHydrator | None = None
    sync_policy: SyncPolicy | None = None
    ignore_differences: Items[IgnoreDifference] = ()
    info: Items[Info] = ()
    revision_history_limit: NonNegative | None = None

    def check_spec(self, problems: Problems, namespace: str, prefix: str = "") -> None:
        """Note what does not go together, and what the project does not permit in that namespace."""
        source, sources, hydrator = self.source, self.sources, self.source_hydrator
        if sum([source is not None, bool(sources), hydrator is not None]) != 1:
            problems.add(f"{prefix}source", "give exactly one of source, sources and source_hydrator")
        if sources:
            _check_references(problems, prefix, sources)
        elif source is not None:
            _check_single(problems, prefix, source)
        destination, project = self.destination, self.project
        if self.sync_policy and self.sync_policy.creates_namespace and destination.namespace is None:
            problems.add(f"{prefix}destination.namespace", "create_namespace needs the namespace to create")
        if isinstance(project, AppProject):
            project.check_application(
                problems, self._repositories(), destination.fields(), namespace, prefix=prefix
            )
        elif project != "default":
            problems.add(
                f"{prefix}project",
                f"expected an AppProject, or the name 'default', found {shown(project)}; declare "
                "a project that another party makes: AppProject.existing(name)",
            )

    def check_without_parameters(self, problems: Problems) -> None:
        """Note parameters: nothing fills them in but an ApplicationSet."""
        parts: list[tuple[str, Any]] = [("destination", self.destination), ("source", self.source)]
        parts += [(f"sources[{index}]", source) for index, source in enumerate(self.sources or ())]
        if self.source_hydrator is not None:
            parts.append(("source_hydrator.dry", self.source_hydrator.dry))
        for place, part in parts:
            for argument, value in vars(part).items() if part is not None else ():
                texts = value if isinstance(value, list) else [value]
                for text in [text for text in texts if isinstance(text, str) and has_parameters(text)]:
                    # Two braces in a glob are no parameter.
                    if argument not in {"include", "exclude"}:
                        message = f"only the template of an ApplicationSet may have {shown(text)}"
                        problems.add(f"{place}.{argument}", message)

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
        return spec

    def _repositories(self) -> Iterator[str]:
        for source in [self.source] if self.source is not None else self.sources or ():
            yield source.repository
        if self.source_hydrator is not None:
            yield from self.source_hydrator.repositories


def _check_single(problems: Problems, prefix: str, source: Source) -> None:
    if source.reference is not None:
        problems.add(f"{prefix}source.ref", "a ref is for the other sources of the Application; use sources")
    for argument in source.used_references():
        problems.add(
            f"{prefix}source.{argument}", "'$...' names another source of the Application; use sources"
        )


def _check_references(problems: Problems, prefix: str, sources: Sequence[Source]) -> None:
    known: set[str] = set()
    names: set[str] = set()
    for index, source in enumerate(sources):
        place = f"{prefix}sources[{index}]"
        reference = source.reference
        if reference is not None and reference in known:
            problems.add(f"{place}.ref", f"another source is called {reference!r} already")
        known |= {reference} if reference is not None else set()
        if source.name is not None and source.name in names:
            problems.add(f"{place}.name", f"another source is called {source.name!r} already")
        names |= {source.name} if source.name is not None else set()
    for index, source in enumerate(sources):
        for argument, reference in source.used_references().items():
            if reference not in known:
                problems.add(
                    f"{prefix}sources[{index}].{argument}",
                    f"no source has the ref {reference!r}; the refs are {', '.join(sorted(known)) or 'none'}",
                )
