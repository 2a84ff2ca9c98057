"""``chores-infra synth`` and the checks: what breaks for certain is not written, warnings are counted."""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

ROOT = Path(__file__).parent.parent.parent

APP = """\
from chores_infra.app import App, AppConfiguration
from chores_infra.kubernetes_object import KubernetesObject


class Web(KubernetesObject):
    api_version = "v1"
    kind = "Pod"

    def fields(self):
        return {
            "spec": {
                "containers": [
                    {
                        "name": "web",
                        "image": "registry.example.com/shop:1.4.2",
                        "ports": [{"name": "http", "containerPort": 8000}],
                        "readinessProbe": {"httpGet": {"path": "/health", "port": PORT}},
                    }
                ]
            }
        }


class Shop(App[AppConfiguration]):
    app_name = "shop"

    @classmethod
    def configure(cls, target):
        return AppConfiguration(target=target)

    def __init__(self, scope, id, configuration):
        super().__init__(scope, id, configuration)
        Web(self, "web", name="shop")
"""
MISTAKE = APP.replace("PORT", '"web"')


@pytest.fixture
def shop(project: Path) -> Callable[[str], Path]:
    """Write the app's module, and answer the project's folder."""

    def write(text: str) -> Path:
        module = f"checked_shop_{zlib.crc32(text.encode())}"  # a module is imported once in a process
        (project / f"{module}.py").write_text(text)
        with (project / "chores-infra.toml").open("a") as file:
            file.write(f'shop = "{module}:Shop"\n')
        return project

    return write


def test_an_app_that_cannot_work_is_refused_and_nothing_is_written(
    shop: Callable[[str], Path], run: Run
) -> None:
    project = shop(MISTAKE)
    done = run("synth", "shop", "--version", "v1.0.0")

    assert done.code == 1
    assert "base-apps/shop/pods.yaml:" in done.err
    assert "[probe-port-missing] Pod/shop/shop" in done.err
    assert "no port of this container is called 'web'; it has http" in done.err
    assert not (project / "dist").exists()


def test_the_line_of_an_error_is_that_of_the_text_that_would_be_written(
    shop: Callable[[str], Path], run: Run
) -> None:
    project = shop(MISTAKE)
    refused = json.loads(run("synth", "shop", "--version", "v1.0.0", "--format", "json").out)
    (error,) = refused["errors"]
    (found,) = error["findings"]
    assert (error["app"], found["rule"], found["severity"]) == ("shop", "probe-port-missing", "error")
    assert refused["apps"] == []

    configuration = project / "chores-infra.toml"
    configuration.write_text(
        configuration.read_text() + '\n[rules]\nprobe-port-missing = "warning"\n', encoding="utf-8"
    )
    written = json.loads(run("synth", "shop", "--version", "v1.0.0", "--format", "json").out)
    (warned,) = [each for each in written["apps"][0]["findings"] if each["rule"] == found["rule"]]
    assert warned == {**found, "severity": "warning"}
    lines = (project / "dist" / found["file"]).read_text().splitlines()
    assert lines[found["line"] - 1][found["column"] - 1 :] == "port: web"


def test_what_the_configuration_accepts_refuses_nothing(shop: Callable[[str], Path], run: Run) -> None:
    project = shop(MISTAKE)
    with (project / "chores-infra.toml").open("a") as file:
        file.write(
            '[[ignore]]\nrule = "probe-port-missing"\npaths = ["base-apps/shop"]\nreason = "a sidecar"\n'
        )

    assert run("synth", "shop", "--version", "v1.0.0").code == 0


def test_an_app_without_mistakes_is_written_without_a_word_of_them(
    shop: Callable[[str], Path], run: Run
) -> None:
    shop(APP.replace("PORT", '"http"'))
    done = run("synth", "shop", "--version", "v1.0.0")

    assert (done.code, done.err) == (0, "")


def test_one_app_that_is_refused_stops_no_other_and_a_check_refuses_it_too(
    shop: Callable[[str], Path], run: Run
) -> None:
    project = shop(MISTAKE)
    done = run("synth", "--all", "--version", "v3.0.0", "--no-cache")

    assert done.code == 1
    assert (project / "dist/base-apps/chores-tracker.yaml").exists()
    assert not (project / "dist/base-apps/shop").exists()
    assert run("synth", "shop", "--check", "--version", "v1.0.0").code == 1


def test_warnings_are_counted_for_an_app_that_is_not_rendered_again(
    project: Path, shop: Callable[[str], Path], run: Run
) -> None:
    shop(APP.replace("PORT", "9999"))  # a port that is not declared: a warning
    arguments = ("synth", "--all", "--version", "v3.0.0", "--cache", str(project / "cache"))
    first, second = run(*arguments), run(*arguments)
    said = "warning: 3 warnings of the checks: chores-infra validate lists them\n"

    assert (first.err, second.err) == (said, said)
    listed = json.loads(run(*arguments, "--format", "json").out)["apps"]
    assert sorted(found["rule"] for app in listed for found in app["findings"]) == [
        "finalizer-missing",
        "probe-port-missing",
        "pruned-data",
    ]


def test_other_processes_check_as_well(shop: Callable[[str], Path], run: Run) -> None:
    project = shop(MISTAKE)
    done = run("synth", "--all", "--version", "v3.0.0", "--jobs", "2", "--no-cache")

    assert done.code == 1
    assert "[probe-port-missing]" in done.err
    assert not (project / "dist/base-apps/shop").exists()


@pytest.mark.parametrize("environment", ["production", "staging", "development"])
def test_the_reference_app_has_no_errors_in_any_environment(
    project: Path, environment: str, run: Run
) -> None:
    shutil.copy(ROOT / "chores-infra.toml", project)  # which says what the cluster has besides
    assert run("synth", "--version", "v3.0.0", "--env", environment).code == 0
    assert run("validate").code == 0
