"""Our constructs as real cdk8s constructs: places, names, namespaces, labels, ids, order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cdk8s
import constructs
import pytest

from chores_infra.construct import Component, Construct, Tree
from chores_infra.constructs.config import ConfigMap
from chores_infra.errors import ConstructError, HostError
from chores_infra.hosts import foreign_host
from chores_infra.hosts.cdk8s import ForeignObject, collect
from chores_infra.kubernetes_object import KubernetesObject

Written = Callable[[], dict[str, str]]


class Shop(Component):
    """Two objects, one inside a component of its own."""

    def __init__(self, scope: Any, id: str = "shop") -> None:
        super().__init__(scope, id, namespace="shop", labels={"team": "toys"})
        self.settings = ConfigMap(self, "settings", name="shop-settings", data={"DEBUG": "False"})
        self.cache = Component(self, "cache", labels={"part": "cache"})
        self.limits = ConfigMap(self.cache, "limits", name="cache-limits", data={"size": "10"})


class HalfBuilt(Component):
    def __init__(self, scope: Any, id: str) -> None:
        super().__init__(scope, id)
        ConfigMap(self, "first", name="first", data={})
        ConfigMap(self, "second", name="Not A Name", data={})


def names(items: list[KubernetesObject | ForeignObject]) -> list[str]:
    return [item.manifest["metadata"]["name"] for item in items]


def paths(scope: constructs.Construct) -> list[str]:
    return [item.path if isinstance(item, ForeignObject) else item.node.path for item in collect(scope)]


def test_a_root_component_under_an_app_becomes_a_chart_of_its_own(app: cdk8s.App, written: Written) -> None:
    shop = Shop(app)

    app.synth()

    assert isinstance(shop.cdk8s, cdk8s.Chart)
    assert written() == {
        "shop.k8s.yaml": """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: shop-settings
  namespace: shop
  labels:
    team: toys
data:
  DEBUG: "False"
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: cache-limits
  namespace: shop
  labels:
    team: toys
    part: cache
data:
  size: "10"
"""
    }


def test_every_construct_is_a_real_cdk8s_construct_at_the_same_path(app: cdk8s.App) -> None:
    shop = Shop(app)

    found = {node.node.path: node for node in app.node.find_all()}

    assert list(found) == ["", "shop", "shop/settings", "shop/cache", "shop/cache/limits"]
    assert found["shop/cache"] is shop.cache.cdk8s
    settings = found["shop/settings"]
    assert isinstance(settings, cdk8s.ApiObject)
    assert (settings.api_version, settings.kind, settings.name) == ("v1", "ConfigMap", "shop-settings")


def test_an_object_directly_under_an_app_gets_a_chart(app: cdk8s.App, written: Written) -> None:
    ConfigMap(app, "settings", name="settings", data={})

    app.synth()

    assert list(written()) == ["settings.k8s.yaml"]
    assert paths(app) == ["settings"]


def test_names_are_explicit_so_cdk8s_never_hashes_a_path_into_them(app: cdk8s.App) -> None:
    shop = Shop(cdk8s.Chart(app, "outer"))

    chart = shop.cdk8s.node.scope
    assert isinstance(chart, cdk8s.Chart)
    assert [manifest["metadata"]["name"] for manifest in chart.to_json()] == ["shop-settings", "cache-limits"]


def test_the_same_scope_has_the_same_host(app: cdk8s.App) -> None:
    chart = cdk8s.Chart(app, "chart", namespace="toys", labels={"team": "toys"})

    host = foreign_host(chart)

    assert foreign_host(chart) is host
    assert Shop(chart).node.host is host
    assert (host.path, host.namespace, host.labels) == ("chart", "toys", {"team": "toys"})


def test_a_components_own_scope_is_not_there_on_a_tree() -> None:
    with pytest.raises(HostError, match=r"^shop does not hang on a cdk8s scope.*cdk8s App or Chart$"):
        Shop(Tree()).cdk8s  # noqa: B018


class TestTrapChartNamespaceAndLabels:
    def test_they_apply_to_ours(self, app: cdk8s.App) -> None:
        chart = cdk8s.Chart(app, "chart", namespace="toys", labels={"team": "toys", "tier": "chart"})
        plain = ConfigMap(chart, "plain", name="plain", data={})
        own = ConfigMap(chart, "own", name="own", namespace="other", labels={"tier": "own"}, data={})

        assert plain.manifest["metadata"] == {
            "name": "plain",
            "namespace": "toys",
            "labels": {"team": "toys", "tier": "chart"},
        }
        assert own.manifest["metadata"] == {
            "name": "own",
            "namespace": "other",
            "labels": {"team": "toys", "tier": "own"},
        }
        assert chart.to_json() == [plain.manifest, own.manifest]

    def test_the_chart_of_a_root_component_gives_them_to_foreign_objects(self, app: cdk8s.App) -> None:
        shop = Shop(app)

        foreign = cdk8s.ApiObject(shop.cdk8s, "foreign", api_version="v1", kind="Secret")

        assert foreign.metadata.namespace == "shop"
        assert foreign.metadata.get_label("team") == "toys"

    def test_a_construct_of_theirs_between_passes_on_those_of_our_component(self, app: cdk8s.App) -> None:
        chart = cdk8s.Chart(app, "chart", namespace="toys", labels={"team": "chart"})
        between = constructs.Construct(Shop(chart).cache.cdk8s, "theirs")

        settings = ConfigMap(between, "settings", name="deep", data={})

        assert settings.node.path == "chart/shop/cache/theirs/settings"
        assert settings.manifest["metadata"] == {
            "name": "deep",
            "namespace": "shop",
            "labels": {"team": "toys", "part": "cache"},
        }

    def test_a_chart_of_theirs_under_our_component_decides_again(self, app: cdk8s.App) -> None:
        inner = cdk8s.Chart(Shop(app).cdk8s, "inner", namespace="inner")

        settings = ConfigMap(inner, "settings", name="inner", data={})

        assert settings.manifest["metadata"] == {"name": "inner", "namespace": "inner"}


class TestTrapDuplicateIds:
    def test_ours_where_theirs_is(self, app: cdk8s.App) -> None:
        chart = cdk8s.Chart(app, "chart")
        cdk8s.ApiObject(chart, "settings", api_version="v1", kind="Secret", metadata={"name": "theirs"})

        with pytest.raises(
            ConstructError, match=r"^chart/settings: id: cdk8s: There is already .* another id$"
        ):
            ConfigMap(chart, "settings", name="ours", data={})

        assert names(collect(chart)) == ["theirs"]

    def test_theirs_where_ours_is(self, app: cdk8s.App) -> None:
        shop = Shop(app)

        with pytest.raises(RuntimeError, match="There is already a Construct with name 'settings'"):
            cdk8s.ApiObject(shop.cdk8s, "settings", api_version="v1", kind="Secret")

        assert names(collect(app)) == ["shop-settings", "cache-limits"]

    def test_ours_where_ours_is(self, app: cdk8s.App) -> None:
        shop = Shop(app)

        with pytest.raises(ConstructError, match=r"^shop/settings: id: this scope already has a ConfigMap"):
            ConfigMap(shop, "settings", name="again", data={})

    def test_ours_where_ours_is_through_the_cdk8s_scope(self, app: cdk8s.App) -> None:
        with pytest.raises(ConstructError, match=r"^shop/settings: id: cdk8s: There is already a Construct"):
            ConfigMap(Shop(app).cdk8s, "settings", name="again", data={})

    @pytest.mark.parametrize("id", ["constructor", "toString", "__proto__", "hasOwnProperty"])
    def test_an_id_that_every_javascript_object_has_is_refused(self, app: cdk8s.App, id: str) -> None:
        with pytest.raises(ConstructError, match=f"^shop/{id}: id: cdk8s: There is already a Construct"):
            ConfigMap(Shop(app), id, name="mine", data={})


def test_trap_integer_like_ids_keep_their_place(app: cdk8s.App) -> None:
    chart = cdk8s.Chart(app, "chart")
    ids = ["b", "10", "9", "a", "0", "4294967295", "007"]
    for name in ids:
        ConfigMap(chart, name, name=f"n{name}", data={})

    assert paths(chart) == [f"chart/{name}" for name in ids]
    assert [found.name for found in chart.api_objects] == [f"n{name}" for name in ids]


class TestAConstructThatFails:
    @pytest.fixture(params=["tree", "cdk8s"])
    def scope(self, request: pytest.FixtureRequest, app: cdk8s.App) -> Any:
        return app if request.param == "cdk8s" else Tree()

    def test_leaves_nothing_in_the_tree(self, scope: Any) -> None:
        with pytest.raises(ConstructError, match=r"^shop/second: name: "):
            HalfBuilt(scope, "shop")

        Shop(scope)

        tree = scope if isinstance(scope, Tree) else foreign_host(scope)
        assert [found.name for found in tree.objects()] == ["shop-settings", "cache-limits"]

    def test_leaves_nothing_in_cdk8s(self, app: cdk8s.App) -> None:
        with pytest.raises(ConstructError):
            HalfBuilt(app, "shop")

        assert app.node.children == []

    def test_leaves_its_siblings_alone(self, app: cdk8s.App) -> None:
        shop = Shop(app)
        with pytest.raises(ConstructError):
            HalfBuilt(shop, "half")
        with pytest.raises(ConstructError):
            HalfBuilt(shop, "cache")

        assert paths(app) == ["shop/settings", "shop/cache/limits"]

    def test_what_cdk8s_refuses_leaves_its_id_free(self, app: cdk8s.App) -> None:
        class Strange(KubernetesObject):
            api_version = "a/b/c"
            kind = "Strange"

        with pytest.raises(ConstructError, match=r"^strange: cdk8s refuses it: invalid apiVersion a/b/c"):
            Strange(app, "strange", name="strange")

        ConfigMap(app, "strange", name="fine", data={})
        assert names(collect(app)) == ["fine"]


class TestCollect:
    def test_ours_are_given_as_they_are_and_foreign_ones_as_manifests(self, app: cdk8s.App) -> None:
        shop = Shop(app)
        cdk8s.ApiObject(
            shop.cache.cdk8s, "token", api_version="v1", kind="Secret", metadata={"name": "token"}
        )

        assert collect(app) == [
            shop.settings,
            shop.limits,
            ForeignObject(
                "shop/cache/token",
                {
                    "apiVersion": "v1",
                    "kind": "Secret",
                    "metadata": {"labels": {"team": "toys"}, "name": "token", "namespace": "shop"},
                },
            ),
        ]

    def test_trap_dependencies_decide_the_order_as_in_synth(self, app: cdk8s.App) -> None:
        shop = Shop(app)
        token = cdk8s.ApiObject(
            shop.cdk8s, "token", api_version="v1", kind="Secret", metadata={"name": "token"}
        )

        shop.settings.node.handle.add_dependency(token)  # an object of ours on one of theirs
        token.add_dependency(shop.cache.cdk8s)  # one of theirs on all in a component of ours

        assert paths(app) == ["shop/cache/limits", "shop/token", "shop/settings"]
        assert [manifest["metadata"]["name"] for manifest in shop.node.handle.to_json()] == [
            "cache-limits",
            "token",
            "shop-settings",
        ]

    def test_charts_that_depend_on_each_other_come_in_the_order_of_synth(
        self, app: cdk8s.App, written: Written
    ) -> None:
        for name in ("a", "b", "c"):
            Shop(app, name)
        first, second, third = app.charts
        first.add_dependency(third)
        ConfigMap(second, "extra", name="extra", data={})

        order = paths(app)
        app.synth()

        assert [path.partition("/")[0] for path in order] == ["c", "c", "a", "a", "b", "b", "b"]
        assert list(written()) == ["0000-c.k8s.yaml", "0001-a.k8s.yaml", "0002-b.k8s.yaml"]

    def test_a_chart_gives_what_is_in_it_and_in_charts_under_it(self, app: cdk8s.App) -> None:
        Shop(app, "other")
        chart = cdk8s.Chart(app, "chart")
        ConfigMap(chart, "outer", name="outer", data={})
        inner = cdk8s.Chart(chart, "inner")
        ConfigMap(inner, "inner", name="inner", data={})
        cdk8s.ApiObject(inner, "theirs", api_version="v1", kind="Secret", metadata={"name": "theirs"})
        cdk8s.ApiObject(chart, "late", api_version="v1", kind="Secret", metadata={"name": "late"})
        cdk8s.Chart(app, "chart2")

        assert paths(chart) == ["chart/inner/inner", "chart/inner/theirs", "chart/outer", "chart/late"]

    def test_an_empty_app_has_nothing(self, app: cdk8s.App) -> None:
        assert collect(app) == []

    def test_a_circle_of_dependencies_is_our_error(self, app: cdk8s.App) -> None:
        shop = Shop(app)
        shop.settings.node.handle.add_dependency(shop.limits.node.handle)
        shop.limits.node.handle.add_dependency(shop.settings.node.handle)

        with pytest.raises(HostError, match="cdk8s: Dependency cycle detected: shop/"):
            collect(app)

    def test_validations_run_and_their_findings_are_our_error(self, app: cdk8s.App) -> None:
        import cdk8s_plus_33 as plus

        shop = Shop(app)
        plus.Ingress(shop.cdk8s, "empty")

        with pytest.raises(HostError, match=r"Validation failed.*\n.*\[shop/empty\]"):
            collect(app)

    def test_anything_else_than_an_app_or_chart_is_refused(self, app: cdk8s.App) -> None:
        with pytest.raises(HostError, match="ComponentScope is rendered by its App or Chart"):
            collect(Shop(app).cache.cdk8s)


def test_a_chart_without_an_app_cannot_be_rendered() -> None:
    chart = cdk8s.Chart(constructs.RootConstruct("root"), "chart")

    with pytest.raises(HostError, match=r"^root/chart is not in a cdk8s App"):
        collect(chart)


def test_a_construct_that_is_neither_component_nor_object_is_a_scope_too(app: cdk8s.App) -> None:
    group = Construct(app, "group")

    ConfigMap(group, "settings", name="grouped", data={})

    assert paths(app) == ["group/settings"]
