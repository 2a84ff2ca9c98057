"""Where an ApplicationSet gets its parameters from: a list, folders and files of git, the clusters.

Source: https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.argocd.sources import GitUrl, Revision
from chores_infra.constructs.families import Family
from chores_infra.constructs.parts import Part, present
from chores_infra.constructs.plain_values import check_plain, copied
from chores_infra.constructs.scheduling import LabelSelector
from chores_infra.fields import Items, Pairs, Positive, Text
from chores_infra.kubernetes_object import KubernetesObject

__all__ = [
    "ClusterGenerator",
    "Generator",
    "GitDirectories",
    "GitFiles",
    "GitPath",
    "ListGenerator",
    "OtherGenerator",
    "Parameters",
]

Parameters: TypeAlias = frozenset[str] | None
"""The names of parameters that a generator gives; None where only Argo CD can tell."""


@value_object
class Generator(Family):
    """The base of all generators. ``selector`` takes the sets of parameters that match these labels only."""

    #: The field of the API that it is written to.
    field: ClassVar[str]
    selector: LabelSelector | None = None

    def parameters(self) -> Parameters:
        """The parameters that the template may use."""
        return None

    def references(self) -> Iterator[tuple[str, KubernetesObject]]:
        """The objects that it reads, by argument: Argo CD looks for them where the ApplicationSet is."""
        yield from ()

    def generator(self) -> Manifest:
        """The content of the field."""
        raise NotImplementedError

    def fields(self) -> Manifest:
        """One item of ``generators``."""
        fields: Manifest = {self.field: self.generator()}
        if self.selector is not None:
            fields["selector"] = self.selector.fields()
        return fields


@value_object
class ListGenerator(Generator):
    """Sets of parameters as they stand here: ``elements=[{"env": "staging"}, {"env": "live"}]``.

    ``elements_yaml`` makes more of them from the parameters of another generator (in a ``MatrixGenerator``).
    """

    field: ClassVar[str] = "list"
    elements: Items[Pairs[Text, Any]] = ()
    elements_yaml: Text | None = None

    def check(self, problems: Problems) -> None:
        """Refuse nothing at all, and values that YAML cannot carry."""
        if not self.elements and self.elements_yaml is None:
            problems.add("elements", "expected at least one")
        for index, element in enumerate(self.elements):
            check_plain(problems, f"elements[{index}]", element)

    def parameters(self) -> Parameters:
        """Those that every element has."""
        if self.elements_yaml is not None:
            return None
        return frozenset.intersection(*(frozenset(element) for element in self.elements))

    def generator(self) -> Manifest:
        """``elements``."""
        elements = [copied(element) for element in self.elements]
        return present({"elements": elements, "elementsYaml": self.elements_yaml})


@value_object
class GitPath(Part):
    """Folders or files of the repository by a pattern; with ``exclude`` those are left out."""

    path: Text
    exclude: bool | None = None


@value_object
class _GitGenerator(Generator):
    """What the two generators from git have in common. The repository is asked every three minutes."""

    field: ClassVar[str] = "git"
    repo_url: GitUrl
    revision: Revision
    paths: Annotated[Items[GitPath | Text], Field(min_length=1)]
    values: Pairs[Text, str] | None = None
    path_param_prefix: Text | None = None
    requeue_after_seconds: Positive | None = None

    #: The field for the paths.
    of: ClassVar[str]

    def generator(self) -> Manifest:
        """The repository, the paths, and what is added."""
        paths = [GitPath(path=path) if isinstance(path, str) else path for path in self.paths]
        return present(
            {
                "repoURL": self.repo_url,
                "revision": self.revision,
                self.of: [path.fields() for path in paths],
                "values": None if self.values is None else dict(self.values),
                "pathParamPrefix": self.path_param_prefix,
                "requeueAfterSeconds": self.requeue_after_seconds,
            }
        )


@value_object
class GitDirectories(_GitGenerator):
    """One Application per folder of a repository: ``{{.path.path}}``, ``{{.path.basename}}``.

    ``paths`` are patterns (``"apps/*"``). With ``path_param_prefix="app"`` it is ``{{.app.path.path}}``.
    """

    of: ClassVar[str] = "directories"

    def parameters(self) -> Parameters:
        """``path`` (below the prefix), and ``values`` where some are added."""
        return frozenset({self.path_param_prefix or "path"} | ({"values"} if self.values else set()))


@value_object
class GitFiles(_GitGenerator):
    """One Application per JSON or YAML file of a repository, whose content are the parameters."""

    of: ClassVar[str] = "files"


@value_object
class ClusterGenerator(Generator):
    """One Application per cluster that Argo CD knows: ``{{.name}}``, ``{{.server}}``.

    ``clusters`` takes those whose Secret has these labels; without it the cluster of Argo CD itself is among
    them. With ``flat_list`` there is one set of parameters, ``{{.clusters}}``.
    """

    field: ClassVar[str] = "clusters"
    clusters: LabelSelector | None = None
    values: Pairs[Text, str] | None = None
    flat_list: bool | None = None

    def generator(self) -> Manifest:
        """The labels, and what is added."""
        return present(
            {
                "selector": None if self.clusters is None else self.clusters.fields(),
                "values": None if self.values is None else dict(self.values),
                "flatList": self.flat_list,
            }
        )


@value_object
class OtherGenerator(Generator):
    """A generator that has no class here, in the words of the API.

    ``OtherGenerator(name="scmProvider", settings={"github": {"organization": "example"}})``; the schema of
    ApplicationSets is held against it when it is rendered.
    """

    name: Text
    settings: Pairs[Text, Any]

    def check(self, problems: Problems) -> None:
        """Refuse values that YAML cannot carry."""
        if self.name == "selector":
            problems.add("name", "it is no generator; give the selector as an argument")
        check_plain(problems, "settings", self.settings)

    def fields(self) -> Manifest:
        """The settings under the name."""
        fields = {self.name: copied(self.settings)}
        return fields if self.selector is None else {**fields, "selector": self.selector.fields()}
