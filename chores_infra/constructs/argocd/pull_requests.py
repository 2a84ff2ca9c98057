"""One Application per open pull request of a repository, for previews.

Source: https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-Pull-Request/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.argocd.generators import Generator
from chores_infra.constructs.config import ConfigMap, KeyRef, SecretSource
from chores_infra.constructs.families import Family
from chores_infra.constructs.parts import Part, present, rendered, spelled
from chores_infra.constructs.references import check_secret_key, secret_of
from chores_infra.fields import Items, Matching, Pairs, Positive, Text
from chores_infra.kubernetes_object import KubernetesObject

__all__ = [
    "AzureDevOpsRepository",
    "BasicAuth",
    "BitbucketRepository",
    "BitbucketServerRepository",
    "GiteaRepository",
    "GithubRepository",
    "GitlabProject",
    "PullRequestFilter",
    "PullRequestGenerator",
    "Repository",
]

ApiUrl = Annotated[
    str,
    Matching(r"https?://[A-Za-z0-9\[][^\s@]*", 1024, "the URL of an API, such as 'https://git.example.com/'"),
]


@value_object
class BasicAuth:
    """A name, and its password in a key of a Secret."""

    username: Text
    password: KeyRef

    def check(self, problems: Problems) -> None:
        """Refuse a password in a ConfigMap."""
        check_secret_key(problems, "password", self.password)

    def fields(self) -> Manifest:
        """``basicAuth``."""
        return {"username": self.username, "passwordRef": _secret_key(self.password)}


@value_object
class Repository(Family):
    """The base of the hosts whose pull requests Argo CD reads: ``GithubRepository`` and others.

    ``api`` is the URL of a host of one's own. Without a ``token`` only public repositories can be read.
    """

    #: The field of the API that it is written to.
    field: ClassVar[str]

    def check(self, problems: Problems) -> None:
        """Refuse the bare base, tokens in ConfigMaps, and two ways to sign in."""
        super().check(problems)
        ways = [name for name in ("token", "bearer_token", "basic_auth", "app_secret") if name in vars(self)]
        if len(ways) > 1:
            problems.add(ways[1], f"give {ways[0]} or {ways[1]}, not both")
        for argument in ("token", "bearer_token"):
            if isinstance(vars(self).get(argument), KeyRef):
                check_secret_key(problems, argument, vars(self)[argument])
        ca: KeyRef | None = vars(self).get("ca")
        if ca is not None and not isinstance(ca.source, ConfigMap):
            problems.add("ca", f"expected a key of a ConfigMap, found one of Secret {ca.source.name!r}")

    def references(self) -> Iterator[tuple[str, KubernetesObject]]:
        """The objects that it reads, by argument: Argo CD looks for them where the ApplicationSet is."""
        for argument, value in vars(self).items():
            if isinstance(value, KeyRef):
                yield argument, value.source
            elif isinstance(value, BasicAuth):
                yield f"{argument}.password", value.password.source
            elif isinstance(value, KubernetesObject):
                yield argument, value

    def fields(self) -> Manifest:
        """The repository, and how it is read."""
        fields: Manifest = {}
        for argument, value in vars(self).items():
            if value is not None:
                field, write = _WRITTEN.get(argument, (spelled(argument), rendered))
                fields[field] = write(value)
        return fields


@value_object
class GithubRepository(Repository):
    """A repository of GitHub. ``app_secret`` is the Secret of a GitHub App, instead of a token."""

    field: ClassVar[str] = "github"
    owner: Text
    repo: Text
    api: ApiUrl | None = None
    token: KeyRef | None = None
    app_secret: SecretSource | None = None
    labels: Items[Text] | None = None


@value_object
class GitlabProject(Repository):
    """A project of GitLab, by its number or path."""

    field: ClassVar[str] = "gitlab"
    project: Text
    api: ApiUrl | None = None
    token: KeyRef | None = None
    labels: Items[Text] | None = None
    pull_request_state: Literal["opened", "closed", "merged", "locked"] | None = None
    insecure: bool | None = None
    ca: KeyRef | None = None


@value_object
class GiteaRepository(Repository):
    """A repository of Gitea."""

    field: ClassVar[str] = "gitea"
    owner: Text
    repo: Text
    api: ApiUrl
    token: KeyRef | None = None
    labels: Items[Text] | None = None
    insecure: bool | None = None


@value_object
class BitbucketRepository(Repository):
    """A repository of Bitbucket Cloud."""

    field: ClassVar[str] = "bitbucket"
    owner: Text
    repo: Text
    api: ApiUrl | None = None
    basic_auth: BasicAuth | None = None
    bearer_token: KeyRef | None = None


@value_object
class BitbucketServerRepository(Repository):
    """A repository of a Bitbucket Server."""

    field: ClassVar[str] = "bitbucketServer"
    project: Text
    repo: Text
    api: ApiUrl
    basic_auth: BasicAuth | None = None
    bearer_token: KeyRef | None = None
    insecure: bool | None = None
    ca: KeyRef | None = None


@value_object
class AzureDevOpsRepository(Repository):
    """A repository of Azure DevOps."""

    field: ClassVar[str] = "azuredevops"
    organization: Text
    project: Text
    repo: Text
    api: ApiUrl | None = None
    token: KeyRef | None = None
    labels: Items[Text] | None = None


@value_object
class PullRequestFilter(Part):
    """Which pull requests are meant, by regular expressions (Go's); all that are given must match."""

    branch_match: Text | None = None
    target_branch_match: Text | None = None
    title_match: Text | None = None

    def check(self, problems: Problems) -> None:
        """Refuse a filter that lets everything pass."""
        if not vars(self):
            problems.add("", "give branch_match, target_branch_match or title_match")


@value_object
class PullRequestGenerator(Generator):
    """One Application per open pull request: ``{{.number}}``, ``{{.branch}}``, ``{{.head_sha}}``.

    One of ``filters`` has to match. Argo CD asks every half hour, or ``requeue_after_seconds``.
    """

    field: ClassVar[str] = "pullRequest"
    repository: Repository
    filters: Items[PullRequestFilter] = ()
    values: Pairs[Text, str] | None = None
    continue_on_repo_not_found_error: bool | None = None
    requeue_after_seconds: Positive | None = None

    def references(self) -> Iterator[tuple[str, KubernetesObject]]:
        """Those of the repository."""
        return ((f"repository.{argument}", target) for argument, target in self.repository.references())

    def generator(self) -> Manifest:
        """The repository, and which of its pull requests."""
        return present(
            {
                self.repository.field: self.repository.fields(),
                "filters": [each.fields() for each in self.filters] or None,
                "values": None if self.values is None else dict(self.values),
                "continueOnRepoNotFoundError": self.continue_on_repo_not_found_error,
                "requeueAfterSeconds": self.requeue_after_seconds,
            }
        )


def _secret_key(reference: KeyRef) -> Manifest:
    return {"secretName": reference.source.name, "key": reference.key}


#: Arguments that the API spells and writes in its own way.
_WRITTEN: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "token": ("tokenRef", _secret_key),
    "bearer_token": ("bearerToken", lambda token: {"tokenRef": _secret_key(token)}),
    "basic_auth": ("basicAuth", BasicAuth.fields),
    "app_secret": ("appSecretName", lambda secret: secret_of(secret).name),
    "ca": ("caRef", lambda ca: {"configMapName": ca.source.name, "key": ca.key}),
}
