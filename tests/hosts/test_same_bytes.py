"""One set of constructs, two hosts: what they render is the same, byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import cdk8s
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chores_infra.app import Target
from chores_infra.apps.chores_tracker import ChoresTracker
from chores_infra.construct import Component, Manifest, Tree
from chores_infra.constructs.cluster import ServiceAccount
from chores_infra.constructs.containers import Container
from chores_infra.constructs.images import Image
from chores_infra.constructs.rbac import PolicyRule, Role
from chores_infra.constructs.resource import Resource
from chores_infra.constructs.statefulsets import GoverningService, StatefulSet
from chores_infra.environments import Environment
from chores_infra.hosts.cdk8s import App, ForeignObject, collect
from chores_infra.kubernetes_object import KubernetesObject
from chores_infra.release.engines import on_cdk8s
from chores_infra.rendering.yaml_text import dump_all
from chores_infra.synthesis import render
from chores_infra.versions import Version


@dataclass(frozen=True)
class Leaf:
    """A Resource to be created, with a patch."""

    arguments: dict[str, Any]
    patch: Manifest

    def create(self, scope: Any, id: str) -> None:
        Resource(scope, id, **self.arguments).patch(self.patch)


@dataclass(frozen=True)
class Branch:
    """A component to be created, with what is in it."""

    namespace: str | None
    labels: dict[str, str]
    children: dict[str, Leaf | Branch]

    def create(self, scope: Any, id: str) -> None:
        component = Component(scope, id, namespace=self.namespace, labels=self.labels)
        for child_id, child in self.children.items():
            child.create(component, child_id)


# Ids that JavaScript would put in another order, and ids that say nothing to it.
ids = st.integers(0, 2**33).map(str) | st.text(
    st.characters(exclude_characters="/\n", exclude_categories=["Cs"]), min_size=1, max_size=6
)
names = st.from_regex(r"[a-z]([-a-z0-9]{0,5}[a-z0-9])?", fullmatch=True)
labels = st.dictionaries(names, names, max_size=2)
# What cdk8s cannot carry is in here: it need not carry ours.
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ids, inner, max_size=3),
    max_leaves=6,
)
leaves = st.builds(
    Leaf,
    st.fixed_dictionaries(
        {
            "api_version": st.sampled_from(["v1", "apps/v1", "example.com/v1alpha1"]),
            "kind": st.sampled_from(["ConfigMap", "Deployment", "CronJob", "Toy"]),
            "name": names,
            "fields": st.dictionaries(ids, values, max_size=3),
        },
        optional={"namespace": names, "labels": labels, "annotations": labels},
    ),
    st.dictionaries(ids, values, max_size=1),
)


def branches(children: st.SearchStrategy[Leaf | Branch]) -> st.SearchStrategy[Branch]:
    taken = {"__proto__", "constructor", "toString", "valueOf"}
    return st.builds(
        Branch,
        namespace=st.none() | names,
        labels=labels,
        children=st.dictionaries(ids.filter(lambda text: text not in taken), children, max_size=4),
    )


trees = st.recursive(leaves, branches, max_leaves=8).filter(lambda node: isinstance(node, Branch))


def rendered(objects: Iterable[KubernetesObject | ForeignObject]) -> tuple[list[str], str]:
    """The paths and the bytes."""
    ours = [item for item in objects if isinstance(item, KubernetesObject)]
    return [item.node.path for item in ours], dump_all(item.manifest for item in ours)


@settings(max_examples=60)
@given(trees, trees)
def test_both_hosts_give_the_same_bytes_for_generated_trees(first: Branch, second: Branch) -> None:
    tree, app = Tree(), App()
    for scope in (tree, app):
        first.create(scope, "first")
        second.create(scope, "2")

    assert rendered(collect(app)) == rendered(tree.objects())


@settings(max_examples=20)
@given(trees, st.none() | names, labels)
def test_a_chart_gives_what_a_tree_gives(
    made: Branch, namespace: str | None, given_labels: dict[str, str]
) -> None:
    tree = Tree(path="chart", namespace=namespace, labels=given_labels)
    chart = cdk8s.Chart(App(), "chart", namespace=namespace, labels=given_labels)
    for scope in (tree, chart):
        made.create(scope, "made")

    assert rendered(collect(chart)) == rendered(tree.objects())


def database(scope: Any) -> StatefulSet:
    program = Container(name="db", image=Image(repository="mysql", tag="8.4.3"), ports=[3306])
    service = GoverningService(name="db")
    return StatefulSet(scope, "db", name="db", selector={"app": "db"}, service=service, containers=[program])


def reader(scope: Any) -> Role:
    rules = [PolicyRule(resources=["pods"], verbs=["get"])]
    return Role(scope, "reader", name="reader", rules=rules, granted_to=[ServiceAccount.existing("web")])


@pytest.mark.parametrize("create", [database, reader])
def test_what_a_construct_makes_along_with_itself_is_the_same_too(create: Callable[[Any], Any]) -> None:
    tree, app = Tree(namespace="shop"), App()
    create(tree)
    create(cdk8s.Chart(app, "chart", namespace="shop"))

    paths, text = rendered(tree.objects())
    assert rendered(collect(app)) == ([f"chart/{path}" for path in paths], text)
    assert len(paths) > 1


@pytest.mark.parametrize("environment", Environment)
@pytest.mark.parametrize("version", ["v3.0.0", "v3.1.0"])
def test_both_hosts_give_the_same_bytes_for_the_reference_app(environment: Environment, version: str) -> None:
    release = Version.parse(version)
    target = Target(environment, release, ChoresTracker.tag_format.tag(release))

    direct = render(ChoresTracker, target)
    on_node = render(ChoresTracker, target, engine=on_cdk8s())

    assert on_node.files == direct.files
    assert len(direct.files) >= 7
