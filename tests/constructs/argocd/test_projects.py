"""AppProjects: what they permit, and what they are asked."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.construct import Tree
from chores_infra.constructs.argocd import (
    Application,
    AppProject,
    Destination,
    DestinationServiceAccount,
    GitDirectory,
    GitPolicy,
    GroupKind,
    JwtToken,
    OrphanedResource,
    OrphanedResources,
    ProjectDestination,
    Role,
    SourceHydrator,
    SyncWindow,
)

ANYWHERE = [ProjectDestination(server="*", namespace="*")]


def project(scope: Any, **arguments: Any) -> AppProject:
    return AppProject(
        scope, "project", **{"name": "shop", "source_repos": ["*"], "destinations": ANYWHERE, **arguments}
    )


def test_everything_about_a_project(tree: Tree, valid: Any) -> None:
    made = project(
        tree,
        description="All that the shop runs",
        source_repos=["https://github.com/example/*", "!https://github.com/example/secret"],
        destinations=[
            ProjectDestination(namespace="shop-*", server="https://kubernetes.default.svc"),
            ProjectDestination(namespace="!kube-system", name="blue"),
        ],
        cluster_resource_whitelist=[GroupKind(group="", kind="Namespace", name="shop-*")],
        cluster_resource_blacklist=[GroupKind(group="*", kind="*")],
        namespace_resource_whitelist=[GroupKind(group="apps", kind="*")],
        namespace_resource_blacklist=[GroupKind(group="", kind="ResourceQuota")],
        roles=[
            Role(
                name="deployer",
                description="CI",
                policies=[
                    "p, proj:shop:deployer, applications, sync, shop/*, allow",
                    "p, proj:shop:deployer, applications, action/apps/Deployment/restart, shop/web, deny",
                ],
                groups=["example:deployers"],
            )
        ],
        sync_windows=[
            SyncWindow(
                kind="deny",
                schedule="0 22 * * 5",
                duration="48h",
                applications=["*"],
                namespaces=["shop"],
                clusters=["in-cluster"],
                manual_sync=True,
                time_zone="Europe/Berlin",
                use_and_operator=True,
                description="weekend",
            )
        ],
        source_namespaces=["team-shop"],
        orphaned_resources=OrphanedResources(
            warn=True, ignore=[OrphanedResource(group="", kind="ConfigMap", name="kube-root-ca.crt")]
        ),
        permit_only_project_scoped_clusters=False,
    )
    assert made.manifest["metadata"] == {"name": "shop", "namespace": "argo-cd"}
    assert valid(made) == {
        "description": "All that the shop runs",
        "sourceRepos": ["https://github.com/example/*", "!https://github.com/example/secret"],
        "destinations": [
            {"namespace": "shop-*", "server": "https://kubernetes.default.svc"},
            {"namespace": "!kube-system", "name": "blue"},
        ],
        "clusterResourceWhitelist": [{"group": "", "kind": "Namespace", "name": "shop-*"}],
        "clusterResourceBlacklist": [{"group": "*", "kind": "*"}],
        "namespaceResourceWhitelist": [{"group": "apps", "kind": "*"}],
        "namespaceResourceBlacklist": [{"group": "", "kind": "ResourceQuota"}],
        "roles": [
            {
                "name": "deployer",
                "description": "CI",
                "policies": [
                    "p, proj:shop:deployer, applications, sync, shop/*, allow",
                    "p, proj:shop:deployer, applications, action/apps/Deployment/restart, shop/web, deny",
                ],
                "groups": ["example:deployers"],
            }
        ],
        "syncWindows": [
            {
                "kind": "deny",
                "schedule": "0 22 * * 5",
                "duration": "48h",
                "applications": ["*"],
                "namespaces": ["shop"],
                "clusters": ["in-cluster"],
                "manualSync": True,
                "timeZone": "Europe/Berlin",
                "andOperator": True,
                "description": "weekend",
            }
        ],
        "sourceNamespaces": ["team-shop"],
        "orphanedResources": {
            "warn": True,
            "ignore": [{"group": "", "kind": "ConfigMap", "name": "kube-root-ca.crt"}],
        },
        "permitOnlyProjectScopedClusters": False,
    }


def permits(tree: Tree, made: AppProject, url: str, destination: Destination) -> Application:
    source = GitDirectory(repo_url=url, path=".")
    return Application(tree, "a", name="shop", project=made, source=source, destination=destination)


@pytest.mark.parametrize(
    ("patterns", "url", "permitted"),
    [
        (["*"], "https://github.com/example/infra", True),
        (["https://github.com/example/infra"], "https://github.com/example/infra.git", True),
        (["https://github.com/Example/infra.git"], "https://github.com/example/Infra", True),
        (["git@github.com:example/infra.git"], "ssh://git@github.com/example/infra", True),
        (["https://github.com/example/*"], "https://github.com/example/infra", True),
        # As in Argo CD, one star stays within one part of the path.
        (["https://github.com/*"], "https://github.com/example/infra", False),
        (["https://github.com/**"], "https://github.com/example/infra", True),
        (["https://github.com/{example,other}/infra"], "https://github.com/other/infra", True),
        (["https://github.com/example/other"], "https://github.com/example/infra", False),
        (["*", "!https://github.com/example/infra"], "https://github.com/example/infra", False),
        (["!https://github.com/example/other", "*"], "https://github.com/example/infra", True),
        ([], "https://github.com/example/infra", False),
    ],
)
def test_sources_that_are_permitted(
    tree: Tree, refused: Any, patterns: list[str], url: str, permitted: bool
) -> None:
    made = project(tree, source_repos=patterns)
    if permitted:
        permits(tree, made, url, Destination(namespace="shop"))
    else:
        problems = refused(lambda: permits(tree, made, url, Destination(namespace="shop")))
        assert f"does not permit sources from {url}" in problems["project"]


IN_CLUSTER = "https://kubernetes.default.svc"


@pytest.mark.parametrize(
    ("rules", "destination", "permitted"),
    [
        ([("shop", IN_CLUSTER, None)], Destination(namespace="shop"), True),
        ([("shop-*", "*", None)], Destination(namespace="shop-blue"), True),
        ([("shop", IN_CLUSTER, None)], Destination(namespace="orders"), False),
        ([("*", "https://other", None)], Destination(namespace="shop"), False),
        ([("*", "*", None), ("!kube-system", "*", None)], Destination(namespace="kube-system"), False),
        ([("*", "*", None), ("!kube-system", "*", None)], Destination(namespace="shop"), True),
        ([("shop", None, "blue")], Destination(name="blue", namespace="shop"), True),
        ([("shop", None, "blue")], Destination(name="green", namespace="shop"), False),
        # Which server a name stands for is not known here.
        ([("shop", "https://10.0.0.1", None)], Destination(name="blue", namespace="shop"), True),
        ([], Destination(namespace="shop"), False),
    ],
)
def test_destinations_that_are_permitted(
    tree: Tree,
    refused: Any,
    rules: list[tuple[str, str | None, str | None]],
    destination: Destination,
    permitted: bool,
) -> None:
    made = project(
        tree,
        destinations=[ProjectDestination(namespace=n, server=server, name=name) for n, server, name in rules],
    )
    url = "https://github.com/example/infra"
    if permitted:
        permits(tree, made, url, destination)
    else:
        assert (
            "does not permit namespace" in refused(lambda: permits(tree, made, url, destination))["project"]
        )


def test_applications_in_other_namespaces(tree: Tree, refused: Any) -> None:
    made = project(tree, source_namespaces=["team-*"])
    source = GitDirectory(repo_url="https://github.com/example/infra", path=".")

    def application(namespace: str) -> Application:
        return Application(
            tree,
            namespace,
            name="shop",
            project=made,
            source=source,
            destination=Destination(),
            namespace=namespace,
        )

    application("team-shop")
    assert "source_namespaces" in refused(lambda: application("other"))["namespace"]


@pytest.mark.parametrize(
    ("arguments", "argument", "message"),
    [
        ({"destinations": [ProjectDestination(namespace="a")]}, "destinations[0].server", "exactly one"),
        ({"description": "x" * 256}, "description", "255"),
        ({"roles": [Role(name="a"), Role(name="a")]}, "roles[1].name", "already"),
        ({"roles": [Role(name="a b")]}, "roles[0].name", "a role's name"),
        (
            {"roles": [Role(name="a", policies=["p, proj:shop:a, applications, sync, shop/*"])]},
            "roles[0].policies[0]",
            "a policy such as",
        ),
        (
            {"roles": [Role(name="a", policies=["p, proj:other:a, applications, sync, shop/*, allow"])]},
            "roles[0].policies[0]",
            "expected the subject 'proj:shop:a'",
        ),
        (
            {"roles": [Role(name="a", policies=["p, proj:shop:a, applications, sync, other/*, allow"])]},
            "roles[0].policies[0]",
            "an object of this project",
        ),
        (
            {"sync_windows": [SyncWindow(kind="allow", schedule="0 22 * * *", duration="1h")]},
            "sync_windows[0].applications",
            "what the window is for",
        ),
        (
            {"sync_windows": [SyncWindow(kind="allow", schedule="22:00", duration="1h", clusters=["*"])]},
            "sync_windows[0].schedule",
            "five fields",
        ),
        (
            {"namespace_resource_whitelist": [GroupKind(group="", kind="Pod", name="a")]},
            "namespace_resource_whitelist[0].name",
            "cluster scope",
        ),
    ],
)
def test_projects_that_cannot_be(
    tree: Tree, refused: Any, arguments: dict[str, Any], argument: str, message: str
) -> None:
    problems = refused(lambda: project(tree, **arguments))
    assert list(problems) == [argument]
    assert message in problems[argument]


def test_who_syncs_and_which_commits_are_trusted(tree: Tree, valid: Any) -> None:
    made = project(
        tree,
        destination_service_accounts=[
            DestinationServiceAccount(server="*", namespace="shop-*", default_service_account="deployer"),
            DestinationServiceAccount(
                server="https://kubernetes.default.svc", default_service_account="argo-cd:deployer"
            ),
        ],
        source_integrity=[
            GitPolicy(
                repos=["https://github.com/example/*"],
                mode="strict",
                keys=["D56C4FCA57A46444", "AAAABBBBCCCCDDDDEEEEFFFF0000111122223333"],
            ),
            GitPolicy(repos=["*"], mode="none"),
        ],
        roles=[Role(name="ci", jwt_tokens=[JwtToken(iat=1535390316, exp=1567000000, id="a")])],
        sync_windows=[
            SyncWindow(kind="allow", schedule="@daily", duration="1h", clusters=["*"], sync_overrun=True)
        ],
    )
    spec = valid(made)
    assert spec["destinationServiceAccounts"] == [
        {"server": "*", "namespace": "shop-*", "defaultServiceAccount": "deployer"},
        {"server": "https://kubernetes.default.svc", "defaultServiceAccount": "argo-cd:deployer"},
    ]
    assert spec["sourceIntegrity"]["git"]["policies"] == [
        {
            "repos": [{"url": "https://github.com/example/*"}],
            "gpg": {
                "mode": "strict",
                "keys": ["D56C4FCA57A46444", "AAAABBBBCCCCDDDDEEEEFFFF0000111122223333"],
            },
        },
        {"repos": [{"url": "*"}], "gpg": {"mode": "none", "keys": []}},
    ]
    assert spec["roles"][0]["jwtTokens"] == [{"iat": 1535390316, "exp": 1567000000, "id": "a"}]
    assert spec["syncWindows"][0]["syncOverrun"] is True


def test_the_older_way_to_trust_keys(tree: Tree, valid: Any) -> None:
    made = project(tree, signature_keys=["D56C4FCA57A46444"])
    assert valid(made)["signatureKeys"] == [{"keyID": "D56C4FCA57A46444"}]


ACCOUNT = DestinationServiceAccount(server="*", namespace="shop", default_service_account="deployer")


@pytest.mark.parametrize(
    ("arguments", "argument", "message"),
    [
        (
            {"destination_service_accounts": [ACCOUNT, ACCOUNT]},
            "destination_service_accounts[1]",
            "is there already",
        ),
        (
            {
                "destination_service_accounts": [
                    DestinationServiceAccount(server="*", default_service_account="deploy-*")
                ]
            },
            "destination_service_accounts[0].default_service_account",
            "the name of a ServiceAccount",
        ),
        (
            {
                "destination_service_accounts": [
                    DestinationServiceAccount(server="!blue", default_service_account="deployer")
                ]
            },
            "destination_service_accounts[0].server",
            "without '!'",
        ),
        ({"signature_keys": ["D56C4FCA"]}, "signature_keys[0]", "16 or 40 hexadecimal digits"),
        (
            {"source_integrity": [GitPolicy(repos=["*"], mode="head")]},
            "source_integrity[0].keys",
            "needs the keys",
        ),
        (
            {
                "source_integrity": [GitPolicy(repos=["*"], mode="none")],
                "signature_keys": ["D56C4FCA57A46444"],
            },
            "signature_keys",
            "not both",
        ),
        (
            {"roles": [Role(name="ci", jwt_tokens=[JwtToken(iat=2, exp=1)])]},
            "roles[0].jwt_tokens[0].exp",
            "after iat",
        ),
    ],
)
def test_trust_that_cannot_be(
    tree: Tree, refused: Any, arguments: dict[str, Any], argument: str, message: str
) -> None:
    problems = refused(lambda: project(tree, **arguments))
    assert list(problems) == [argument]
    assert message in problems[argument]


def test_a_project_permits_both_repositories_of_a_hydrator(tree: Tree, refused: Any) -> None:
    permits_one = project(tree, source_repos=["https://github.com/example/dry"])
    dry = GitDirectory(repo_url="https://github.com/example/dry", path="shop", target_revision="main")
    hydrator = SourceHydrator(dry=dry, branch="live", path="shop", repo_url="https://github.com/example/wet")
    problems = refused(
        lambda: Application(
            tree,
            "application",
            name="shop",
            project=permits_one,
            source_hydrator=hydrator,
            destination=Destination(namespace="shop"),
        )
    )
    assert "does not permit sources from https://github.com/example/wet" in problems["project"]
