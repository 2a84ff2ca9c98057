"""``chores-infra graph`` and ``chores-infra impact``, as a person runs them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

Run = Callable[..., Any]

SHOP = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {LEVEL: info}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers: [{name: web, image: "example.com/web:1.4.2", envFrom: [{configMapRef: {name: settings}}]}]
"""


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "shop.yaml").write_text(SHOP)
    monkeypatch.chdir(tmp_path)


def test_impact_lists_what_breaks_and_where_it_stands(run: Run) -> None:
    done = run("impact", "ConfigMap/shop/settings", "base")

    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "without ConfigMap/shop/settings:\n"
        "  Pod/shop/web  (spec.containers[0].envFrom[0].configMapRef.name)  base/shop.yaml:8\n"
        "1 need it, 0 more are behind them\n"
    )


def test_impact_as_json(run: Run) -> None:
    data = json.loads(run("impact", "ConfigMap/shop/settings", "base", "--format", "json").out)

    assert [each["resource"] for each in data["impacts"]] == ["Pod/shop/web"]


def test_what_nothing_needs_is_said(run: Run) -> None:
    assert run("impact", "Pod/shop/web", "base").out == "nothing needs Pod/shop/web\n"


def test_an_object_that_is_not_there_is_exit_2_with_the_nearest(run: Run) -> None:
    done = run("impact", "ConfigMap/shop/setting", "base")

    assert done.code == 2
    assert "did you mean 'ConfigMap/shop/settings'?" in done.err


def test_graph_is_mermaid_unless_said_otherwise(run: Run) -> None:
    assert run("graph", "base").out.startswith("flowchart LR\n")


def test_an_unknown_application_is_exit_2(run: Run) -> None:
    done = run("graph", "base", "--app", "shop")

    assert done.code == 2
    assert "there is no Application 'shop'" in done.err


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_a_picture_is_svg(run: Run) -> None:
    root = ElementTree.fromstring(run("graph", "base", "--format", "svg").out)

    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"ConfigMap", "settings", "Pod", "web"} <= set(texts)


def test_without_graphviz_the_error_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    done = run("graph", "base", "--format", "svg")

    assert done.code == 2
    assert "install Graphviz" in done.err
