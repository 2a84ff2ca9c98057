"""A repository as Argo CD would see it: files, the Applications among them, and the objects they apply."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from chores_infra.checks.applications import ARGOCD, Application, Source, Tool, same_repository
from chores_infra.checks.resources import Resource, resources_of

if TYPE_CHECKING:
    from chores_infra.gitops.tree import TreeDocument, TreeFile

__all__ = ["File", "Identity", "Repository"]


class File(NamedTuple):
    """A file that was read; ``name`` is its path in the repository, ``shown`` the one that is reported."""

    name: PurePosixPath
    shown: str
    content: TreeFile

    @property
    def documents(self) -> Sequence[TreeDocument]:
        """Its documents, and what each of them is."""
        return self.content.documents


class Identity(NamedTuple):
    """What makes an object this one and no other: one cluster has it once."""

    cluster: str
    group: str
    kind: str
    namespace: str | None
    name: str


class SourceReading:
    """What one source of an Application reads in the repository."""

    def __init__(self, application: Application, source: Source, tool: Tool) -> None:
        self.application = application
        self.source = source
        self.tool = tool
        self.files: list[File] = []


class Repository:
    """Everything that rules look at.

    ``resources`` are all objects, one for each Application that applies them; those that none applies are in
    it too. ``is_managed`` says whether there are Applications at all: without any, everything is taken to be
    applied, as ``kubectl apply -f`` does. ``is_whole`` says whether this is everything that Argo CD reads of
    it, and not one application of many: only then is what is not here missing.
    """

    def __init__(self, files: Iterable[File], *, is_whole: bool = True) -> None:
        self.is_whole = is_whole
        self.files = sorted(files, key=lambda file: file.name)
        self._by_name = {file.name: file for file in self.files}
        self._by_folder: dict[PurePosixPath, list[File]] = defaultdict(list)
        for file in self.files:
            self._by_folder[file.name.parent].append(file)
        plain = {file.name: list(_resources(file)) for file in self.files}
        self.applications = list(self._find_applications(r for found in plain.values() for r in found))
        self.readings = [reading for each in self.applications for reading in self._readings(each)]
        self.resources: list[Resource] = []
        self.readers: dict[PurePosixPath, list[Application]] = defaultdict(list)
        for reading in self.readings:
            for file in reading.files:
                if reading.application not in self.readers[file.name]:
                    self.readers[file.name].append(reading.application)
        for file in self.files:
            readers = self.readers.get(file.name)
            if readers is None:
                self.resources += plain[file.name]
            else:
                self.resources += (found for reader in readers for found in _resources(file, reader))

    @property
    def is_managed(self) -> bool:
        """Whether Argo CD is told what to apply; of one application of many, the others may tell it."""
        return bool(self.applications) or not self.is_whole

    @cached_property
    def own_urls(self) -> frozenset[str]:
        """The URLs of this repository, as the Applications know it: those whose paths are here."""
        here: Counter[str] = Counter()
        away: Counter[str] = Counter()
        for application in self.applications:
            for source in application.sources:
                if source.folder is not None and source.repo_url:
                    counts = here if self._has_folder(source.folder) else away
                    counts[same_repository(source.repo_url)] += 1
        # Another repository may have a folder of the same name by chance; most of its paths are not here.
        return frozenset(url for url, count in here.items() if count >= away[url])

    @cached_property
    def by_identity(self) -> Mapping[Identity, Sequence[Resource]]:
        """The objects by what makes them unique."""
        found: dict[Identity, list[Resource]] = defaultdict(list)
        for resource in self.resources:
            if resource.name:
                found[identity(resource)].append(resource)
        return found

    @cached_property
    def _by_kind(self) -> Mapping[tuple[str, str], Sequence[Resource]]:
        found: dict[tuple[str, str], list[Resource]] = defaultdict(list)
        for resource in self.resources:
            found[resource.group, resource.kind].append(resource)
        return found

    def has_kind(self, group: str, name: str) -> bool:
        """Whether there is an object of a kind, in any version."""
        return (group, name) in self._by_kind

    def of_kind(self, group: str, *names: str) -> Iterator[Resource]:
        """The objects of some kinds of a group, in any version."""
        for name in names:
            yield from self._by_kind.get((group, name), ())

    def is_own(self, source: Source) -> bool:
        """Whether a source reads this repository."""
        return source.folder is not None and same_repository(source.repo_url) in self.own_urls

    def folder(self, folder: PurePosixPath) -> Sequence[File]:
        """The files right inside a folder."""
        return self._by_folder.get(folder, ())

    def below(self, folder: PurePosixPath) -> Sequence[File]:
        """The files inside a folder and those below it."""
        return self._below.get(folder, ())

    @cached_property
    def _below(self) -> Mapping[PurePosixPath, Sequence[File]]:
        """The files below every folder: thousands of Applications ask, and each would walk them all."""
        found: dict[PurePosixPath, list[File]] = defaultdict(list)
        for folder, files in self._by_folder.items():
            for parent in (folder, *folder.parents):
                found[parent] += files
        return {folder: sorted(files, key=lambda file: file.name) for folder, files in found.items()}

    def file(self, name: PurePosixPath) -> File | None:
        """The file with this path, or None."""
        return self._by_name.get(name)

    def source_line(self, shown: str, line: int) -> str | None:
        """The text of a line of a file, by the path that findings give; None where there is none."""
        file = self._by_shown.get(shown)
        source = None if file is None else file.content.source
        return None if source is None else source.line_text(line)

    @cached_property
    def _by_shown(self) -> Mapping[str, File]:
        return {file.shown: file for file in self.files}

    def _has_folder(self, folder: PurePosixPath) -> bool:
        return folder in self._below

    def _find_applications(self, resources: Iterable[Resource]) -> Iterator[Application]:
        for resource in resources:
            if resource.is_a(ARGOCD, "Application") and isinstance(resource.at("spec"), dict):
                yield Application(resource, name=resource.name, spec=resource.at("spec"))
            elif resource.is_a(ARGOCD, "ApplicationSet"):
                from chores_infra.checks.application_sets import generated

                yield from generated(resource, self._by_name, self._content)

    def _content(self, name: PurePosixPath) -> Any:
        file = self._by_name.get(name)
        return file.documents[0].document.value if file is not None and file.documents else None

    def _readings(self, application: Application) -> Iterator[SourceReading]:
        for source in application.sources:
            names = (
                {file.name.name for file in self.folder(source.folder)}
                if source.folder is not None
                else set()
            )
            reading = SourceReading(application, source, source.tool(names))
            if not self.is_own(source):
                application.applies_foreign |= reading.tool is not Tool.VALUES
            elif source.folder is None:
                pass
            elif reading.tool is Tool.DIRECTORY:
                reading.files = [
                    file
                    for file in self._candidates(source)
                    if source.reads(file.name) and not file.content.skipped_by_argo_cd
                ]
            elif reading.tool is Tool.KUSTOMIZE:
                from chores_infra.checks.kustomize import kustomized

                names_read, foreign = kustomized(source.folder, self._content, self._by_name)
                reading.files = [self._by_name[name] for name in names_read]
                application.applies_foreign |= foreign
            elif reading.tool is not Tool.VALUES:
                application.applies_foreign = True
            yield reading

    def _candidates(self, source: Source) -> Iterable[File]:
        if source.folder is None:
            return ()
        return self.below(source.folder) if source.recurses else self.folder(source.folder)


def identity(resource: Resource) -> Identity:
    """What makes an object this one and no other."""
    return Identity(resource.cluster, resource.group, resource.kind, resource.namespace, resource.name)


def _resources(file: File, application: Application | None = None) -> Iterator[Resource]:
    return resources_of(file.shown, file.documents, application)
