"""Where an Application's manifests come from: the base of all sources, and folders of manifests in git.

Source: https://argo-cd.readthedocs.io/en/stable/user-guide/directory/ and, for several sources in one
Application, https://argo-cd.readthedocs.io/en/stable/user-guide/multiple_sources/
"""

from __future__ import annotations

from typing import Annotated

from chores_infra.arguments import value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.argocd.parameters import WithParameters
from chores_infra.constructs.families import Family
from chores_infra.constructs.parts import Part, present
from chores_infra.fields import Items, Matching, Text

__all__ = [
    "GitDirectory",
    "GitReference",
    "GitSource",
    "GitUrl",
    "Jsonnet",
    "JsonnetVariable",
    "RepositoryPath",
    "Revision",
    "Source",
    "SourceName",
]

_HOST = r"[A-Za-z0-9](?:[-A-Za-z0-9.]*[A-Za-z0-9])?(?::[0-9]+)?"

GitUrl = Annotated[
    str,
    Matching(
        # Credentials would end up in Git, so an http URL has no user; in ssh it is the account's name.
        rf"https?://{_HOST}/\S+|(?:ssh|git)://(?:[^\s@/:]+@)?{_HOST}/\S+|[^\s@/:]+@[-A-Za-z0-9.]+:[^\s/]\S*",
        1024,
        "the URL of a git repository without credentials in it, such as "
        "'https://github.com/example/infrastructure' or 'git@github.com:example/infrastructure.git'",
    ),
]
_SEGMENT = r"(?:[^/.\x00-\x1f][^/\x00-\x1f]*|\.|\.[^/.\x00-\x1f][^/\x00-\x1f]*|\.\.[^/\x00-\x1f]+)"
RepositoryPath = Annotated[
    str,
    Matching(
        rf"{_SEGMENT}(?:/{_SEGMENT})*/?",
        1024,
        "a path inside the repository, such as 'base-apps/shop' or '.': no '/' first, no '..'",
    ),
]
Revision = Annotated[
    str,
    Matching(
        r"[^-\s](?:[^\x00-\x1f]*\S)?", 255, "a branch, tag, commit or range of versions, such as 'main'"
    ),
]
SourceName = Annotated[
    str, Matching(r"[A-Za-z0-9_-]+", 63, "a name of letters, digits, '_' and '-', such as 'values'")
]


@value_object
class Source(Family):
    """The base of everything that an Application can take manifests from.

    ``name`` is what the command line of Argo CD calls the source, where an Application has several.
    """

    name: SourceName | None = None

    @property
    def repository(self) -> str:
        """``repoURL``: what a project must permit."""
        raise NotImplementedError

    @property
    def reference(self) -> str | None:
        """The name under which the files of this source can be used by the others: ``$values/...``."""
        return None

    def used_references(self) -> dict[str, str]:
        """The references to other sources' files, by the argument that makes them."""
        return {}

    def fields(self) -> Manifest:
        """``spec.source``, or one item of ``spec.sources``."""
        raise NotImplementedError


@value_object
class GitSource(Source):
    """What sources in a folder of a git repository have in common.

    ``ref`` lets the other sources of the Application use its files as ``$<ref>/<path>``. Without
    ``target_revision`` Argo CD follows HEAD; where it is a range of versions, ``tag_prefix`` says which tags
    are meant: with ``"shop/"``, the tags ``shop/1.4.2`` and the like.
    """

    repo_url: Annotated[GitUrl, WithParameters()]
    path: RepositoryPath
    target_revision: Revision | None = None
    tag_prefix: Text | None = None
    ref: SourceName | None = None

    @property
    def repository(self) -> str:
        """The repository."""
        return self.repo_url

    @property
    def reference(self) -> str | None:
        """Its ``ref``."""
        return self.ref

    def tool(self) -> Manifest:
        """What renders the folder, by the field of the API, and how; empty where nothing was said."""
        raise NotImplementedError

    def fields(self) -> Manifest:
        """The repository, the folder and how it is rendered."""
        return {
            **present({"repoURL": self.repo_url, "targetRevision": self.target_revision, "path": self.path}),
            **self.tool(),
            **present({"tagPrefix": self.tag_prefix, "ref": self.ref, "name": self.name}),
        }


@value_object
class JsonnetVariable(Part):
    """A variable of Jsonnet; with ``code`` its value is evaluated, otherwise it is text."""

    name: Text
    value: str
    code: bool | None = None


@value_object
class Jsonnet(Part):
    """How ``.jsonnet`` files of the folder are evaluated."""

    spelling = {"external_variables": "extVars", "top_level_arguments": "tlas", "libraries": "libs"}  # noqa: RUF012  (a constant)

    external_variables: Items[JsonnetVariable] | None = None
    top_level_arguments: Items[JsonnetVariable] | None = None
    libraries: Items[RepositoryPath] | None = None


@value_object
class GitDirectory(GitSource):
    """Plain manifests in a folder of a git repository.

    ``include`` and ``exclude`` are globs of file names (``"*.yaml"``, ``"{a.yaml,b.yaml}"``).
    """

    recurse: bool | None = None
    include: Text | None = None
    exclude: Text | None = None
    jsonnet: Jsonnet | None = None

    def tool(self) -> Manifest:
        """``directory``."""
        directory = present(
            {
                "recurse": self.recurse,
                "include": self.include,
                "exclude": self.exclude,
                "jsonnet": None if self.jsonnet is None else self.jsonnet.fields(),
            }
        )
        return {"directory": directory} if directory else {}


@value_object
class GitReference(Source):
    """A git repository that renders nothing: the other sources use its files as ``$<ref>/<path>``."""

    repo_url: Annotated[GitUrl, WithParameters()]
    ref: SourceName
    target_revision: Revision | None = None

    @property
    def repository(self) -> str:
        """The repository."""
        return self.repo_url

    @property
    def reference(self) -> str | None:
        """Its ``ref``."""
        return self.ref

    def fields(self) -> Manifest:
        """The repository and its name among the sources."""
        revision = self.target_revision
        return present(
            {"repoURL": self.repo_url, "targetRevision": revision, "ref": self.ref, "name": self.name}
        )
