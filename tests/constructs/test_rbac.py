"""Roles: what they allow, to whom they are granted, and what nobody means to allow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chores_infra import kinds
from chores_infra.construct import Component, Tree
from chores_infra.constructs.cluster import ServiceAccount
from chores_infra.constructs.rbac import (
    ClusterRole,
    ClusterRoleBinding,
    GroupSubject,
    NonResourceRule,
    PolicyRule,
    Role,
    RoleBinding,
    UserSubject,
)
from chores_infra.constructs.scheduling import LabelSelector
from chores_infra.kubernetes_object import KubernetesObject

Refused = Callable[..., dict[str, str]]

PODS = PolicyRule(resources=["pods"], verbs=["get", "list"])
VIEW = ClusterRole.existing("view")
GROUP = "rbac.authorization.k8s.io"


def rendered(made: KubernetesObject) -> dict[str, Any]:
    manifest = made.manifest
    assert [str(problem) for problem in kinds.validate(manifest)] == []
    return manifest


def role(shop: Component | Tree, **arguments: Any) -> Role:
    return Role(shop, "role", **({"name": "reader", "rules": [PODS]} | arguments))


def rule(**arguments: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"resources": ["pods"], "verbs": ["get"]}
    return {"rules": [PolicyRule(**(given | arguments))]}


def test_a_role_says_its_rules(shop: Component) -> None:
    rules = [
        PODS,
        PolicyRule(
            api_groups=["apps"],
            resources=["deployments", "deployments/scale"],
            resource_names=["web"],
            verbs=["get", "patch"],
        ),
    ]
    # https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/role-v1/
    assert rendered(role(shop, rules=rules)) == {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": {"name": "reader", "namespace": "shop"},
        "rules": [
            {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]},
            {
                "apiGroups": ["apps"],
                "resources": ["deployments", "deployments/scale"],
                "resourceNames": ["web"],
                "verbs": ["get", "patch"],
            },
        ],
    }


class TestGranting:
    def test_a_role_is_granted_in_the_same_line(self, tree: Tree, shop: Component) -> None:
        account = ServiceAccount(shop, "account", name="web")
        made = role(shop, granted_to=[account])
        assert [found.node.path for found in tree.objects()] == [
            "shop/account",
            "shop/role",
            "shop/role/binding",
        ]
        assert made.binding is not None
        assert rendered(made.binding) == {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "RoleBinding",
            "metadata": {"name": "reader", "namespace": "shop"},
            "roleRef": {"apiGroup": GROUP, "kind": "Role", "name": "reader"},
            "subjects": [{"kind": "ServiceAccount", "name": "web", "namespace": "shop"}],
        }

    def test_a_role_that_is_granted_to_nobody_has_no_binding(self, tree: Tree, shop: Component) -> None:
        assert role(shop).binding is None
        assert len(list(tree.objects())) == 1

    def test_the_binding_lives_where_the_role_lives(self, tree: Tree) -> None:
        made = role(tree, namespace="shop", granted_to=[ServiceAccount.existing("web")])
        assert made.binding is not None
        assert made.binding.namespace == "shop"
        assert rendered(made.binding)["subjects"][0]["namespace"] == "shop"

    def test_accounts_of_other_namespaces_people_and_groups(self, shop: Component) -> None:
        binding = RoleBinding(
            shop,
            "binding",
            name="viewers",
            role=VIEW,
            subjects=[
                ServiceAccount.existing("ci", namespace="ci"),
                UserSubject("jane@example.com"),
                GroupSubject("developers"),
            ],
        )
        manifest = rendered(binding)
        assert manifest["roleRef"] == {"apiGroup": GROUP, "kind": "ClusterRole", "name": "view"}
        assert manifest["subjects"] == [
            {"kind": "ServiceAccount", "name": "ci", "namespace": "ci"},
            {"kind": "User", "apiGroup": GROUP, "name": "jane@example.com"},
            {"kind": "Group", "apiGroup": GROUP, "name": "developers"},
        ]

    def test_a_cluster_role_is_granted_everywhere(self, shop: Component) -> None:
        made = ClusterRole(
            shop,
            "scraper",
            name="scraper",
            rules=[NonResourceRule(urls=["/metrics", "/healthz/*"], verbs=["get"])],
            granted_to=[ServiceAccount.existing("prometheus", namespace="monitoring")],
        )
        assert rendered(made) == {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRole",
            "metadata": {"name": "scraper"},
            "rules": [{"nonResourceURLs": ["/metrics", "/healthz/*"], "verbs": ["get"]}],
        }
        assert made.binding is not None
        assert rendered(made.binding) == {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": "scraper"},
            "roleRef": {"apiGroup": GROUP, "kind": "ClusterRole", "name": "scraper"},
            "subjects": [{"kind": "ServiceAccount", "name": "prometheus", "namespace": "monitoring"}],
        }

    @pytest.mark.parametrize(
        ("subjects", "argument"),
        [
            (["web"], "subjects[0]"),
            ([], "subjects"),
            ([UserSubject("")], "subjects[0].name"),
            ([UserSubject("system:serviceaccount:shop:web")], "subjects[0].name"),
            ([GroupSubject("a"), GroupSubject("a")], "subjects[1]"),
            # The same account, once by the namespace of the binding.
            (
                [ServiceAccount.existing("web"), ServiceAccount.existing("web", namespace="shop")],
                "subjects[1]",
            ),
        ],
    )
    def test_nobody(self, shop: Component, refused: Refused, subjects: Any, argument: str) -> None:
        problems = refused(lambda: RoleBinding(shop, "b", name="b", role=VIEW, subjects=subjects))
        assert list(problems) == [argument]

    def test_accounts_live_in_a_namespace_that_is_known(self, tree: Tree, refused: Refused) -> None:
        nowhere = [ServiceAccount.existing("web")]
        said = "the namespace of ServiceAccount 'web' is not known"
        for make in (
            lambda: role(tree, granted_to=nowhere),
            lambda: ClusterRole(tree, "c", name="c", rules=[PODS], granted_to=nowhere),
        ):
            assert said in refused(make)["granted_to[0]"]
        assert (
            said
            in refused(lambda: ClusterRoleBinding(tree, "b", name="b", role=VIEW, subjects=nowhere))[
                "subjects[0]"
            ]
        )
        assert list(tree.objects()) == []

    def test_a_role_is_granted_in_its_own_namespace(self, shop: Component, refused: Refused) -> None:
        theirs = Role.existing("reader", namespace="elsewhere")
        subjects = [GroupSubject("developers")]
        assert list(refused(lambda: RoleBinding(shop, "a", name="a", role=theirs, subjects=subjects))) == [
            "role"
        ]
        given: dict[str, Any] = {"name": "b", "role": Role.existing("reader"), "subjects": subjects}
        assert list(refused(lambda: ClusterRoleBinding(shop, "b", **given))) == ["role"]


class TestAggregation:
    def test_a_role_gathers_the_rules_of_others(self, shop: Component) -> None:
        """The cluster fills ``rules`` in; given here, each sync would empty them again."""
        selector = LabelSelector(match_labels={"example.com/aggregate-to-monitoring": "true"})
        manifest = rendered(ClusterRole(shop, "monitoring", name="monitoring", aggregates=[selector]))
        del manifest["metadata"], manifest["apiVersion"], manifest["kind"]
        assert manifest == {
            "aggregationRule": {
                "clusterRoleSelectors": [{"matchLabels": {"example.com/aggregate-to-monitoring": "true"}}]
            }
        }

    def test_rules_are_added_to_kubernetes_own_roles(self, shop: Component) -> None:
        made = ClusterRole(
            shop, "view", name="shop-view", rules=[PODS], aggregate_to={"view", "edit"}, labels={"a": "b"}
        )
        assert rendered(made)["metadata"]["labels"] == {
            "a": "b",
            "rbac.authorization.k8s.io/aggregate-to-edit": "true",
            "rbac.authorization.k8s.io/aggregate-to-view": "true",
        }

    @pytest.mark.parametrize("arguments", [{}, {"rules": [PODS], "aggregates": [LabelSelector()]}])
    def test_it_has_rules_or_gathers_them(
        self, shop: Component, refused: Refused, arguments: dict[str, Any]
    ) -> None:
        assert list(refused(lambda: ClusterRole(shop, "c", name="c", **arguments))) == ["rules"]


class TestWildcards:
    @pytest.mark.parametrize(
        ("arguments", "place"),
        [
            ({"api_groups": ["*"]}, "api_groups[0]"),
            ({"resources": ["*"]}, "resources[0]"),
            ({"resources": ["*/scale"]}, "resources[0]"),
            ({"verbs": ["get", "*"]}, "verbs[1]"),
        ],
    )
    def test_everything_is_asked_for(
        self, shop: Component, refused: Refused, arguments: dict[str, Any], place: str
    ) -> None:
        problems = refused(lambda: role(shop, **rule(**arguments)))
        assert list(problems) == [f"rules[0].{place}"]
        assert "or give wildcard=True" in problems[f"rules[0].{place}"]
        assert rendered(role(shop, **rule(**arguments, wildcard=True)))

    def test_of_paths_too(self, shop: Component, refused: Refused) -> None:
        everything: dict[str, Any] = {"urls": ["*"], "verbs": ["*"]}
        careless, meant = NonResourceRule(**everything), NonResourceRule(**everything, wildcard=True)
        problems = refused(lambda: ClusterRole(shop, "c", name="c", rules=[careless]))
        assert list(problems) == ["rules[0].urls[0]", "rules[0].verbs[0]"]
        assert rendered(ClusterRole(shop, "c", name="c", rules=[meant]))


@pytest.mark.parametrize(
    ("arguments", "place", "said"),
    [
        ({"resources": ["deployments"]}, "resources[0]", "is of the API group 'apps'"),
        ({"resources": ["pods", "ingresses/status"]}, "resources[1]", "'networking.k8s.io'"),
        ({"resources": ["networkpolicy"]}, "resources[0]", "did you mean 'networkpolicies'?"),
        ({"resources": ["Pods"]}, "resources[0]", "in lower case"),
        ({"api_groups": ["apps/v1"], "resources": ["deployments"]}, "api_groups[0]", "without its version"),
        ({"verbs": ["gets"]}, "verbs[0]", "did you mean 'get'?"),
        ({"verbs": ["delete-collection"]}, "verbs[0]", "a verb in lower case"),
        ({"verbs": []}, "verbs", "at least one"),
        ({"resources": []}, "resources", "at least one"),
        ({"resource_names": ["a"], "verbs": ["get", "create"]}, "verbs[1]", "is not asked by name"),
        ({"resource_names": ["a/b"]}, "resource_names[0]", "without '/'"),
    ],
)
def test_a_rule_that_would_allow_nothing(
    shop: Component, refused: Refused, arguments: dict[str, Any], place: str, said: str
) -> None:
    problems = refused(lambda: role(shop, **rule(**arguments)))
    assert list(problems) == [f"rules[0].{place}"]
    assert said in problems[f"rules[0].{place}"]


@pytest.mark.parametrize(
    "arguments",
    [
        {"resources": ["events"], "api_groups": ["", "events.k8s.io"]},
        {"resources": ["pods", "deployments"], "api_groups": ["", "apps"]},
        {"resources": ["pods"], "api_groups": ["metrics.k8s.io"]},  # an API that is not in our kinds
        {"resources": ["widgets"], "api_groups": ["example.com"], "verbs": ["polish"]},
        {"resources": ["users", "groups"], "verbs": ["impersonate"]},  # no kinds at all
        {"resources": ["pods/exec"], "resource_names": ["web-0"], "verbs": ["create"]},  # asked by name
    ],
)
def test_a_rule_that_may_be_right(shop: Component, arguments: dict[str, Any]) -> None:
    assert rendered(role(shop, **rule(**arguments)))


def test_paths_are_of_the_cluster(shop: Component, refused: Refused) -> None:
    paths = NonResourceRule(urls=["/metrics"], verbs=["get"])
    assert list(refused(lambda: role(shop, rules=[paths]))) == ["rules[0]"]
    for url in ("metrics", "/a*b", "/a b"):
        wrong = NonResourceRule(urls=[url], verbs=["get"])
        assert list(refused(lambda w=wrong: ClusterRole(shop, "c", name="c", rules=[w]))) == [
            "rules[0].urls[0]"
        ]
