"""What others do to our nodes on cdk8s takes effect on our constructs, or is refused; nothing is dropped."""

from __future__ import annotations

import cdk8s
import constructs
import pytest

from chores_infra.constructs.config import ConfigMap
from chores_infra.constructs.resource import Resource
from chores_infra.errors import ConstructError, HostError, ManifestError
from chores_infra.hosts.cdk8s import collect, our_errors


@pytest.fixture
def settings(app: cdk8s.App) -> ConfigMap:
    chart = cdk8s.Chart(app, "chart", namespace="toys", labels={"team": "toys"})
    return ConfigMap(chart, "settings", name="settings", data={"DEBUG": "no"})


@pytest.fixture
def node(settings: ConfigMap, app: cdk8s.App) -> cdk8s.ApiObject:
    """Our node as others find it: from the tree, by its type."""
    (found,) = (node for node in app.node.find_all() if isinstance(node, cdk8s.ApiObject))
    return found


def served(node: cdk8s.ApiObject) -> dict[str, object]:
    """What ``app.synth()`` would write."""
    (manifest,) = node.chart.to_json()
    assert isinstance(manifest, dict)
    return manifest


def test_trap_add_json_patch_is_refused_with_the_way_out(node: cdk8s.ApiObject) -> None:
    with pytest.raises(HostError, match=r"^chart/settings: JSON patches do not reach .* `patch\(\{...\}\)`"):
        node.add_json_patch(cdk8s.JsonPatch.add("/data/DEBUG", "yes"))


class TestTrapMetadataEdits:
    def test_labels_and_annotations_reach_our_manifest(
        self, settings: ConfigMap, node: cdk8s.ApiObject
    ) -> None:
        node.metadata.add_label("tier", "web")
        node.metadata.add_annotation("example.com/owner", "toys")

        assert settings.manifest["metadata"] == {
            "name": "settings",
            "namespace": "toys",
            "labels": {"team": "toys", "tier": "web"},
            "annotations": {"example.com/owner": "toys"},
        }
        assert served(node) == settings.manifest

    def test_they_are_read_back(self, node: cdk8s.ApiObject) -> None:
        node.metadata.add_label("tier", "web")

        assert node.metadata.get_label("tier") == "web"
        assert node.metadata.get_label("team") == "toys"
        assert (node.metadata.name, node.metadata.namespace) == ("settings", "toys")

    def test_finalizers_are_added_to_those_that_are_there(
        self, settings: ConfigMap, node: cdk8s.ApiObject
    ) -> None:
        node.metadata.add_finalizers("example.com/first")
        node.metadata.add_finalizers("example.com/second")

        assert settings.manifest["metadata"]["finalizers"] == ["example.com/first", "example.com/second"]

    def test_any_other_field_reaches_our_manifest(self, settings: ConfigMap, node: cdk8s.ApiObject) -> None:
        node.metadata.add("generateName", "settings-")

        assert settings.manifest["metadata"]["generateName"] == "settings-"
        assert served(node) == settings.manifest

    def test_the_identity_is_refused(self, node: cdk8s.ApiObject) -> None:
        with pytest.raises(ConstructError, match=r"metadata.namespace identifies the object"):
            node.metadata.add("namespace", "other")

    def test_an_owner_is_refused(self, node: cdk8s.ApiObject) -> None:
        with pytest.raises(
            HostError, match=r"^chart/settings: owner references need the uid of a live object"
        ):
            node.metadata.add_owner_reference(api_version="v1", kind="Toy", name="toy", uid="1")


class TestTrapDependencies:
    @pytest.fixture
    def late(self, node: cdk8s.ApiObject) -> cdk8s.ApiObject:
        return cdk8s.ApiObject(node.chart, "late", api_version="v1", kind="Secret", metadata={"name": "late"})

    def test_add_dependency_of_the_object(
        self, app: cdk8s.App, node: cdk8s.ApiObject, late: cdk8s.ApiObject
    ) -> None:
        node.add_dependency(late)

        assert [item.manifest["metadata"]["name"] for item in collect(app)] == ["late", "settings"]

    def test_add_dependency_of_its_node(
        self, app: cdk8s.App, node: cdk8s.ApiObject, late: cdk8s.ApiObject
    ) -> None:
        node.node.add_dependency(late)

        assert [item.manifest["metadata"]["name"] for item in collect(app)] == ["late", "settings"]


def test_a_patch_of_our_own_is_served(settings: ConfigMap, node: cdk8s.ApiObject) -> None:
    settings.patch({"data": {"DEBUG": "yes"}})

    assert served(node)["data"] == {"DEBUG": "yes"}


def test_removing_our_node_removes_it_from_what_is_collected(app: cdk8s.App, node: cdk8s.ApiObject) -> None:
    scope = node.node.scope
    assert isinstance(scope, constructs.Construct)
    scope.node.try_remove_child("settings")

    assert collect(app) == []


def test_what_cdk8s_writes_is_held_to_its_kind_as_well(app: cdk8s.App) -> None:
    budget = Resource(
        cdk8s.Chart(app, "shop"),
        "budget",
        api_version="policy/v1",
        kind="PodDisruptionBudget",
        name="shop",
        fields={"spec": {"minAvailabel": 1}},
    )
    mistake = r"shop/budget \(PodDisruptionBudget shop\): spec.minAvailabel"
    with pytest.raises(ManifestError, match=mistake), our_errors():
        app.synth()
    budget.patch({"spec": {"minAvailabel": None, "minAvailable": 1}})
    app.synth()
