"""Inside a cdk8s app of somebody's own: beside cdk8s-plus, Include and raw objects, and around them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cdk8s
import cdk8s_plus_33 as plus
import constructs
import jsii
import pytest
import yaml
from cdk8s_plus_33 import k8s

from chores_infra.construct import Component
from chores_infra.constructs.config import ConfigMap
from chores_infra.constructs.resource import Resource
from chores_infra.errors import ConstructError, HostError
from chores_infra.hosts import foreign_host
from chores_infra.hosts.cdk8s import ForeignObject, collect, our_errors

INCLUDED = """\
apiVersion: v1
kind: ServiceAccount
metadata:
  name: included
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: included
data:
  mode: "0644"
"""


class Web(Component):
    """Ours, with theirs inside."""

    def __init__(self, scope: Any, id: str) -> None:
        super().__init__(scope, id, labels={"part": "web"})
        self.settings = ConfigMap(self, "settings", name="web-settings", data={"LEVEL": "info"})
        self.claim = k8s.KubePersistentVolumeClaim(
            self.cdk8s,
            "claim",
            metadata=k8s.ObjectMeta(name="web-data"),
            spec=k8s.PersistentVolumeClaimSpec(access_modes=["ReadWriteOnce"]),
        )


class TeamChart(cdk8s.Chart):
    """A chart as a user of cdk8s writes it, with a component of ours in the middle."""

    def __init__(self, scope: cdk8s.App, id: str, included: Path) -> None:
        super().__init__(scope, id, namespace="toys", labels={"team": "toys"})
        self.account = plus.ServiceAccount(self, "account", metadata={"name": "web"})
        self.web = Web(self, "web")
        self.included = cdk8s.Include(self, "included", url=str(included))
        cdk8s.ApiObject(self, "raw", api_version="example.com/v1", kind="Toy", metadata={"name": "raw"})


@pytest.fixture
def chart(app: cdk8s.App, tmp_path: Path) -> TeamChart:
    included = tmp_path / "included.yaml"
    included.write_text(INCLUDED, "utf-8")
    return TeamChart(app, "team", included)


def test_everything_is_collected_in_the_order_of_the_chart(chart: TeamChart) -> None:
    found = [
        (item.path if isinstance(item, ForeignObject) else item, item.manifest["kind"])
        for item in collect(chart)
    ]

    assert found == [
        ("team/account/Resource", "ServiceAccount"),
        (chart.web.settings, "ConfigMap"),
        ("team/web/claim", "PersistentVolumeClaim"),
        ("team/included/included-serviceaccount", "ServiceAccount"),
        ("team/included/included-configmap", "ConfigMap"),
        ("team/raw", "Toy"),
    ]


def test_what_is_collected_is_what_cdk8s_writes(
    app: cdk8s.App, chart: TeamChart, written: Callable[[], dict[str, str]]
) -> None:
    app.synth()

    documents = list(yaml.safe_load_all(written()["team.k8s.yaml"]))
    assert documents == [item.manifest for item in collect(app)]
    assert [document["metadata"].get("namespace") for document in documents] == ["toys"] * 6
    assert [document["metadata"]["labels"] for document in documents] == [
        {"team": "toys"},
        {"team": "toys", "part": "web"},
        *[{"team": "toys"}] * 4,
    ]


def test_theirs_can_refer_to_ours_by_name(app: cdk8s.App, chart: TeamChart) -> None:
    mounted = plus.ConfigMap.from_config_map_name(chart, "ref", chart.web.settings.name)
    pod = plus.Pod(chart, "pod", containers=[plus.ContainerProps(image="web:1.0.0")])
    pod.containers[0].env.copy_from(plus.Env.from_config_map(mounted))

    manifest = collect(app)[-1].manifest
    assert manifest["spec"]["containers"][0]["envFrom"] == [{"configMapRef": {"name": "web-settings"}}]


def test_a_dependency_of_a_cdk8s_plus_object_on_ours(app: cdk8s.App, chart: TeamChart) -> None:
    chart.account.node.add_dependency(chart.web.cdk8s)

    assert [item.manifest["metadata"]["name"] for item in collect(app)][:3] == [
        "web-settings",
        "web-data",
        "web",
    ]


@pytest.mark.parametrize(
    "kind", [cdk8s.YamlOutputType.FILE_PER_RESOURCE, cdk8s.YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE]
)
def test_ours_are_written_by_every_output_type(tmp_path: Path, kind: cdk8s.YamlOutputType) -> None:
    app = cdk8s.App(outdir=str(tmp_path / "out"), yaml_output_type=kind)
    web = Web(cdk8s.Chart(app, "team"), "web")

    app.synth()

    (file,) = (tmp_path / "out").rglob("ConfigMap.web-settings.k8s.yaml")
    assert yaml.safe_load(file.read_text("utf-8")) == web.settings.manifest


class TestTrapErrorsThroughJavaScript:
    @pytest.fixture
    def unwritable(self, app: cdk8s.App) -> cdk8s.App:
        """An app that cdk8s cannot write, because of one null."""
        Resource(
            cdk8s.Chart(app, "chart"),
            "settings",
            api_version="example.com/v1",
            kind="Settings",
            name="settings",
            fields={"data": {"limit": [None]}},
        )
        return app

    def test_ours_is_raised_again_as_what_it_was(self, unwritable: cdk8s.App) -> None:
        expected = r"^chart/settings: data.limit\[0\] cannot be written by cdk8s"
        with pytest.raises(HostError, match=expected), our_errors():
            unwritable.synth()

    def test_without_our_help_the_message_is_complete_still(self, unwritable: cdk8s.App) -> None:
        with pytest.raises(RuntimeError, match=r"chart/settings: data.limit\[0\] cannot be written by cdk8s"):
            unwritable.synth()

    def test_that_of_cdk8s_is_ours_with_its_words(self, app: cdk8s.App) -> None:
        with pytest.raises(HostError, match=r"^cdk8s: cannot find a parent chart"), our_errors():
            cdk8s.ApiObject(app, "lonely", api_version="v1", kind="Secret")

    def test_an_older_error_of_ours_is_not_taken_for_it(self, app: cdk8s.App) -> None:
        try:
            foreign_host("no scope")
        except HostError:
            with pytest.raises(HostError, match=r"^cdk8s: cannot find a parent chart"), our_errors():
                cdk8s.ApiObject(app, "lonely", api_version="v1", kind="Secret")

    def test_one_of_ours_from_deep_inside_theirs(self, app: cdk8s.App) -> None:
        """A validation in Python, which cdk8s calls from Node.js."""

        @jsii.implements(constructs.IValidation)
        class CreatesTooLate:
            def validate(self) -> list[str]:
                ConfigMap(app, "late", name="Not A Name", data={})
                return []

        ConfigMap(app, "settings", name="settings", data={})
        app.node.add_validation(CreatesTooLate())

        with pytest.raises(ConstructError, match=r"^late: name: "):
            collect(app)

    def test_an_error_that_is_neither_stays_what_it_is(self) -> None:
        error = RuntimeError("mine")
        with pytest.raises(RuntimeError) as raised, our_errors():
            raise error from HostError("a cause of their own")
        assert raised.value is error


def test_an_object_that_renders_nothing_is_left_out(app: cdk8s.App) -> None:
    class Nothing(cdk8s.ApiObject):
        def to_json(self) -> None:
            return None

    chart = cdk8s.Chart(app, "chart")
    Nothing(chart, "nothing", api_version="v1", kind="Secret")
    cdk8s.ApiObject(chart, "something", api_version="v1", kind="Secret", metadata={"name": "a"})

    assert collect(app) == [
        ForeignObject("chart/something", {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}})
    ]
