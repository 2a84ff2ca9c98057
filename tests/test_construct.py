"""The construct tree: places, names that are taken, what is handed on, and the escape hatch."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra.construct import Component, Construct, Tree
from chores_infra.constructs.cluster import Namespace
from chores_infra.constructs.config import ConfigMap, Secret
from chores_infra.errors import ConstructError, HostError
from chores_infra.kubernetes_object import KubernetesObject

IDS = st.text("ab-. é", min_size=1, max_size=4)


def settings_in(scope: Any, id: str = "settings", **arguments: Any) -> ConfigMap:
    return ConfigMap(scope, id, **({"name": "shop-config", "data": {"A": "1"}} | arguments))


@pytest.fixture
def tree() -> Tree:
    return Tree()


class TestPlaces:
    def test_a_construct_knows_its_path_parent_and_children(self, tree: Tree) -> None:
        shop = Component(tree, "shop")
        web = Component(shop, "web")
        settings = settings_in(web)
        assert settings.node.path == "shop/web/settings"
        assert settings.node.parent is web
        assert list(settings.node.ancestors()) == [web, shop]
        assert shop.node.children == {"web": web}
        assert tree.roots == {"shop": shop}

    def test_the_path_of_the_host_comes_first(self) -> None:
        assert settings_in(Tree(path="fleet")).node.path == "fleet/settings"

    @given(ids=st.lists(IDS, unique=True, max_size=6))
    def test_objects_come_depth_first_in_the_order_of_creation(self, ids: list[str]) -> None:
        tree = Tree()
        made = []
        for name in ids:
            component = Component(tree, name)
            made += [settings_in(component, "one"), settings_in(Component(component, "two"), "three")]
        assert list(tree.objects()) == made

    @pytest.mark.parametrize("id", ["", "a/b", None, 5])
    def test_an_id_is_text_without_a_slash(self, tree: Tree, id: Any) -> None:
        with pytest.raises(ConstructError, match="id: expected a non-empty text without '/'"):
            Component(tree, id)

    def test_an_id_is_taken_once_in_a_scope(self, tree: Tree) -> None:
        shop = Component(tree, "shop")
        settings_in(shop)
        settings_in(Component(tree, "other"))
        with pytest.raises(ConstructError, match="shop/settings: id: this scope already has a Config"):
            settings_in(shop)

    @pytest.mark.parametrize("scope", [None, "shop", object()])
    def test_a_scope_is_a_tree_or_construct(self, scope: Any) -> None:
        with pytest.raises(HostError, match="is no scope: expected a chores_infra Tree or construct"):
            settings_in(scope)

    def test_representations_name_the_place(self, tree: Tree) -> None:
        shop = Component(tree, "shop")
        assert repr(shop) == "<Component shop>"
        assert repr(settings_in(shop)) == "<ConfigMap shop/settings>"
        assert repr(Secret.existing("ecr")) == "<Secret Secret.existing('ecr')>"


class TestWhatIsHandedOn:
    def test_the_nearest_namespace_wins(self) -> None:
        tree = Tree(namespace="of-the-tree")
        outer = Component(tree, "outer", namespace="outer")
        plain = Construct(Component(outer, "plain"), "construct")
        inner = Component(plain, "inner", namespace="inner")
        assert settings_in(tree).manifest["metadata"]["namespace"] == "of-the-tree"
        assert settings_in(plain).manifest["metadata"]["namespace"] == "outer"
        assert settings_in(inner).manifest["metadata"]["namespace"] == "inner"
        assert settings_in(inner, "own", namespace="own").manifest["metadata"]["namespace"] == "own"

    def test_objects_of_the_cluster_have_no_namespace(self) -> None:
        namespace = Namespace(Tree(namespace="shop"), "namespace", name="shop")
        assert namespace.manifest["metadata"] == {"name": "shop"}

    def test_labels_add_up_and_the_nearest_wins(self) -> None:
        tree = Tree(labels={"a": "tree", "t": "tree"})
        outer = Component(tree, "outer", labels={"a": "outer", "o": "outer"})
        inner = Component(outer, "inner", labels={"a": "inner", "o": "inner"})
        settings = settings_in(inner, labels={"a": "own"})
        assert settings.manifest["metadata"]["labels"] == {"a": "own", "t": "tree", "o": "inner"}

    def test_without_any_there_is_no_field(self, tree: Tree) -> None:
        assert settings_in(tree).manifest["metadata"] == {"name": "shop-config"}

    def test_what_is_handed_on_is_checked_where_it_is_said(self, tree: Tree) -> None:
        with pytest.raises(ConstructError) as caught:
            Component(tree, "shop", namespace="A B", labels={"a b": "c"})
        assert caught.value.path == "shop"
        assert [problem.argument for problem in caught.value.problems] == ["labels", "namespace"]
        with pytest.raises(ConstructError, match="Tree: namespace: expected a DNS label"):
            Tree(namespace="A B")


class TestManifests:
    def test_identity_comes_first(self, tree: Tree) -> None:
        manifest = settings_in(tree, namespace="shop", annotations={"a": "b"}, labels={"c": "d"}).manifest
        assert list(manifest) == ["apiVersion", "kind", "metadata", "data"]
        assert list(manifest["metadata"]) == ["name", "namespace", "labels", "annotations"]

    def test_changing_a_manifest_changes_nothing_else(self, tree: Tree) -> None:
        settings = settings_in(tree, labels={"c": "d"})
        before = settings.manifest
        changed = settings.manifest
        changed["data"]["A"] = "2"
        changed["metadata"]["labels"]["c"] = "x"
        assert settings.manifest == before

    def test_the_base_class_renders_nothing_of_its_own(self, tree: Tree) -> None:
        class Odd(KubernetesObject):
            api_version, kind = "v1", "Odd"

        with pytest.raises(NotImplementedError):
            _ = Odd(tree, "odd", name="odd").manifest


class TestPatches:
    def test_they_apply_in_order_and_a_null_removes(self, tree: Tree) -> None:
        settings = settings_in(tree)
        settings.patch({"data": {"B": "2"}, "immutable": True})
        settings.patch({"data": {"A": None, "B": "3"}, "metadata": {"labels": {"x": "y"}}})
        assert settings.manifest == {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "shop-config", "labels": {"x": "y"}},
            "data": {"B": "3"},
            "immutable": True,
        }

    def test_they_are_copies(self, tree: Tree) -> None:
        settings = settings_in(tree)
        changes = {"data": {"B": "2"}}
        settings.patch(changes)
        changes["data"]["B"] = "3"
        settings.manifest["data"]["B"] = "4"
        assert settings.manifest["data"]["B"] == "2"

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"kind": "Secret"}, "kind"),
            ({"apiVersion": "v2"}, "apiVersion"),
            ({"metadata": {"name": "x"}}, "metadata.name"),
            ({"metadata": {"namespace": None}}, "metadata.namespace"),
            ({"metadata": None}, "metadata"),
        ],
    )
    def test_identity_cannot_be_patched(self, tree: Tree, changes: Any, field: str) -> None:
        with pytest.raises(ConstructError, match=f"settings: patch: {field} identifies the object"):
            settings_in(tree).patch(changes)

    @pytest.mark.parametrize("changes", [None, [], "text", 5])
    def test_a_patch_is_a_mapping(self, tree: Tree, changes: Any) -> None:
        with pytest.raises(ConstructError, match="settings: patch: expected a mapping of fields"):
            settings_in(tree).patch(changes)

    def test_a_patch_that_contains_itself_is_refused(self, tree: Tree) -> None:
        changes: dict[str, Any] = {}
        changes["data"] = [changes]
        with pytest.raises(ConstructError, match="settings: patch: nested deeper than 100 levels; does it"):
            settings_in(tree).patch(changes)


class TestExisting:
    def test_it_refers_to_what_another_party_makes(self, tree: Tree) -> None:
        registry = Secret.existing("ecr-registry", namespace="shop")
        assert (registry.name, registry.namespace, registry.is_external) == ("ecr-registry", "shop", True)
        assert not settings_in(tree).is_external
        assert list(tree.objects()) == [*tree.roots.values()]

    @pytest.mark.parametrize("name", ["A B", "", None, 5, "x" * 254])
    def test_its_name_is_checked(self, name: Any) -> None:
        with pytest.raises(ConstructError, match=r"Secret.existing\(.*\): name: expected a DNS name"):
            Secret.existing(name)

    def test_its_name_is_held_to_the_rule_of_its_kind(self) -> None:
        with pytest.raises(ConstructError, match="name: expected a DNS label"):
            Namespace.existing("a.b")

    def test_objects_of_the_cluster_take_no_namespace(self) -> None:
        with pytest.raises(ConstructError, match="namespace: expected nothing here"):
            Namespace.existing("shop", namespace="shop")

    def test_what_it_holds_is_not_known_here(self) -> None:
        with pytest.raises(ConstructError, match="another party makes it"):
            _ = ConfigMap.existing("shop-config").manifest
        with pytest.raises(ConstructError, match="another party makes it"):
            ConfigMap.existing("shop-config").patch({"data": {}})
