"""Generators: where the parameters of ApplicationSets come from."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.construct import Tree
from chores_infra.constructs.argocd import (
    ApplicationSet,
    ApplicationTemplate,
    AzureDevOpsRepository,
    BasicAuth,
    BitbucketRepository,
    BitbucketServerRepository,
    ClusterGenerator,
    Destination,
    Generator,
    GitDirectories,
    GitDirectory,
    GiteaRepository,
    GitFiles,
    GithubRepository,
    GitlabProject,
    GitPath,
    ListGenerator,
    MatrixGenerator,
    MergeGenerator,
    OtherGenerator,
    PullRequestFilter,
    PullRequestGenerator,
    Repository,
)
from chores_infra.constructs.config import ConfigMap, Secret
from chores_infra.constructs.scheduling import LabelSelector, Requirement

URL = "https://github.com/example/infrastructure"
TEMPLATE = ApplicationTemplate(
    name="{{ $.name }}",
    source=GitDirectory(repo_url=URL, path="shop"),
    destination=Destination(namespace="shop"),
)
SECRET = Secret.existing("git")
TOKEN = SECRET.key("token")
AUTHORITY = ConfigMap.existing("ca").key("ca.crt")
TOKEN_REF = {"secretName": "git", "key": "token"}
LIST = ListGenerator(elements=[{"env": "live"}])
FOLDERS = GitDirectories(repo_url=URL, revision="main", paths=["apps/*"])


def made(tree: Tree, generator: Generator) -> ApplicationSet:
    return ApplicationSet(tree, "set", name="set", generators=[generator], template=TEMPLATE)


# What each takes stands in the CRD, spec.generators.
GENERATORS: list[tuple[Generator, dict[str, Any]]] = [
    (
        ListGenerator(elements=[{"env": "live", "hosts": ["a", "b"]}], elements_yaml="{{ .more | toJson }}"),
        {
            "list": {
                "elements": [{"env": "live", "hosts": ["a", "b"]}],
                "elementsYaml": "{{ .more | toJson }}",
            }
        },
    ),
    (
        GitDirectories(
            repo_url=URL,
            revision="HEAD",
            paths=["apps/*", GitPath(path="apps/old", exclude=True)],
            values={"team": "shop"},
            path_param_prefix="app",
            requeue_after_seconds=60,
        ),
        {
            "git": {
                "repoURL": URL,
                "revision": "HEAD",
                "directories": [{"path": "apps/*"}, {"path": "apps/old", "exclude": True}],
                "values": {"team": "shop"},
                "pathParamPrefix": "app",
                "requeueAfterSeconds": 60,
            }
        },
    ),
    (
        GitFiles(repo_url=URL, revision="main", paths=["apps/*/config.json"]),
        {"git": {"repoURL": URL, "revision": "main", "files": [{"path": "apps/*/config.json"}]}},
    ),
    (ClusterGenerator(), {"clusters": {}}),
    (
        ClusterGenerator(
            clusters=LabelSelector(match_labels={"env": "live"}), values={"revision": "v1"}, flat_list=True
        ),
        {
            "clusters": {
                "selector": {"matchLabels": {"env": "live"}},
                "values": {"revision": "v1"},
                "flatList": True,
            }
        },
    ),
    (
        MatrixGenerator(generators=[FOLDERS, ClusterGenerator()]),
        {"matrix": {"generators": [FOLDERS.fields(), {"clusters": {}}]}},
    ),
    (
        MergeGenerator(
            generators=[ClusterGenerator(), ListGenerator(elements=[{"server": "a"}])],
            merge_keys=["server"],
            selector=LabelSelector(
                match_expressions=[Requirement(key="env", operator="In", values=["live"])]
            ),
        ),
        {
            "merge": {
                "generators": [{"clusters": {}}, {"list": {"elements": [{"server": "a"}]}}],
                "mergeKeys": ["server"],
            },
            "selector": {"matchExpressions": [{"key": "env", "operator": "In", "values": ["live"]}]},
        },
    ),
    (
        PullRequestGenerator(
            repository=GithubRepository(
                owner="example",
                repo="shop",
                api="https://git.example.com/",
                token=TOKEN,
                labels=["preview"],
            ),
            filters=[
                PullRequestFilter(branch_match="^feature-", target_branch_match="main", title_match="x")
            ],
            values={"team": "shop"},
            continue_on_repo_not_found_error=True,
            requeue_after_seconds=1800,
        ),
        {
            "pullRequest": {
                "github": {
                    "owner": "example",
                    "repo": "shop",
                    "api": "https://git.example.com/",
                    "tokenRef": TOKEN_REF,
                    "labels": ["preview"],
                },
                "filters": [{"branchMatch": "^feature-", "targetBranchMatch": "main", "titleMatch": "x"}],
                "values": {"team": "shop"},
                "continueOnRepoNotFoundError": True,
                "requeueAfterSeconds": 1800,
            }
        },
    ),
    (
        OtherGenerator(name="scmProvider", settings={"github": {"organization": "example"}}),
        {"scmProvider": {"github": {"organization": "example"}}},
    ),
]
REPOSITORIES: list[tuple[Repository, dict[str, Any]]] = [
    (
        GithubRepository(owner="example", repo="shop", app_secret=SECRET),
        {"github": {"owner": "example", "repo": "shop", "appSecretName": "git"}},
    ),
    (
        GitlabProject(
            project="example/shop",
            token=TOKEN,
            pull_request_state="opened",
            insecure=False,
            ca=AUTHORITY,
            labels=["preview"],
        ),
        {
            "gitlab": {
                "project": "example/shop",
                "tokenRef": TOKEN_REF,
                "pullRequestState": "opened",
                "insecure": False,
                "caRef": {"configMapName": "ca", "key": "ca.crt"},
                "labels": ["preview"],
            }
        },
    ),
    (
        GiteaRepository(owner="example", repo="shop", api="https://git.example.com", token=TOKEN),
        {
            "gitea": {
                "owner": "example",
                "repo": "shop",
                "api": "https://git.example.com",
                "tokenRef": TOKEN_REF,
            }
        },
    ),
    (
        BitbucketRepository(owner="example", repo="shop", bearer_token=TOKEN),
        {"bitbucket": {"owner": "example", "repo": "shop", "bearerToken": {"tokenRef": TOKEN_REF}}},
    ),
    (
        BitbucketServerRepository(
            project="example",
            repo="shop",
            api="https://git.example.com",
            basic_auth=BasicAuth(username="argo", password=SECRET.key("password")),
            ca=AUTHORITY,
        ),
        {
            "bitbucketServer": {
                "project": "example",
                "repo": "shop",
                "api": "https://git.example.com",
                "basicAuth": {
                    "username": "argo",
                    "passwordRef": {"secretName": "git", "key": "password"},
                },
                "caRef": {"configMapName": "ca", "key": "ca.crt"},
            }
        },
    ),
    (
        AzureDevOpsRepository(organization="example", project="web", repo="shop", token=TOKEN),
        {
            "azuredevops": {
                "organization": "example",
                "project": "web",
                "repo": "shop",
                "tokenRef": TOKEN_REF,
            }
        },
    ),
]
GENERATORS += [
    (PullRequestGenerator(repository=repository), {"pullRequest": rendered})
    for repository, rendered in REPOSITORIES
]


@pytest.mark.parametrize(("generator", "rendered"), GENERATORS)
def test_what_argo_cd_reads(tree: Tree, valid: Any, generator: Generator, rendered: Any) -> None:
    assert valid(made(tree, generator))["generators"] == [rendered]


def pull_requests(**arguments: Any) -> PullRequestGenerator:
    return PullRequestGenerator(repository=GithubRepository(owner="a", repo="b", **arguments))


@pytest.mark.parametrize(
    ("generator", "argument", "message"),
    [
        (Generator(), "", "says nothing by itself"),
        (ListGenerator(), ".elements", "at least one"),
        (ListGenerator(elements=[{"a": object()}]), ".elements[0].a", "found an object"),
        (GitFiles(repo_url="github.com", revision="main", paths=["a"]), ".repo_url", "git repository"),
        (GitFiles(repo_url=URL, revision="main", paths=[]), ".paths", "at least one"),
        (MatrixGenerator(generators=[LIST]), ".generators", "expected at least"),
        (MatrixGenerator(generators=[LIST, LIST, LIST]), ".generators", "at most 2"),
        (MergeGenerator(generators=[LIST, LIST], merge_keys=[]), ".merge_keys", "at least one"),
        (
            MatrixGenerator(
                generators=[
                    LIST,
                    MatrixGenerator(generators=[LIST, MatrixGenerator(generators=[LIST, LIST])]),
                ]
            ),
            ".generators[1]",
            "only once more",
        ),
        (pull_requests(token=AUTHORITY), ".repository.token", "expected a key of a Secret"),
        (pull_requests(token=TOKEN, app_secret=SECRET), ".repository.app_secret", "not both"),
        (pull_requests(api="git.example.com"), ".repository.api", "the URL of an API"),
        (
            PullRequestGenerator(repository=GitlabProject(project="a", ca=TOKEN)),
            ".repository.ca",
            "expected a key of a ConfigMap",
        ),
        (
            PullRequestGenerator(
                repository=BitbucketRepository(
                    owner="a", repo="b", basic_auth=BasicAuth(username="a", password=AUTHORITY)
                )
            ),
            ".repository.basic_auth.password",
            "expected a key of a Secret",
        ),
        (
            PullRequestGenerator(
                repository=GithubRepository(owner="a", repo="b"), filters=[PullRequestFilter()]
            ),
            ".filters[0]",
            "branch_match",
        ),
        (PullRequestGenerator(repository=Repository()), ".repository", "says nothing by itself"),
        (OtherGenerator(name="selector", settings={}), ".name", "no generator"),
    ],
)
def test_generators_that_cannot_be(
    tree: Tree, refused: Any, generator: Generator, argument: str, message: str
) -> None:
    problems = refused(lambda: made(tree, generator))
    assert list(problems) == [f"generators[0]{argument}"]
    assert message in problems[f"generators[0]{argument}"]


@pytest.mark.parametrize(
    ("generator", "names"),
    [
        (ListGenerator(elements=[{"a": 1, "b": 2}, {"a": 3}]), {"a"}),
        (ListGenerator(elements=[{"a": 1}], elements_yaml="{{ .x }}"), None),
        (FOLDERS, {"path"}),
        (
            GitDirectories(
                repo_url=URL, revision="main", paths=["a"], values={"x": "y"}, path_param_prefix="app"
            ),
            {"app", "values"},
        ),
        (GitFiles(repo_url=URL, revision="main", paths=["a"]), None),
        (ClusterGenerator(), None),
        (MatrixGenerator(generators=[LIST, FOLDERS]), {"env", "path"}),
        (MergeGenerator(generators=[LIST, ClusterGenerator()], merge_keys=["env"]), None),
    ],
)
def test_the_parameters_that_a_generator_gives(generator: Generator, names: set[str] | None) -> None:
    assert generator.parameters() == names
