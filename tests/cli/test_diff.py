"""``chores-infra diff``, run as a person or a CI job does."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "registry.example.com/shop:3.0.0"}]}
"""
SECRET = (
    "apiVersion: v1\nkind: Secret\nmetadata: {name: login, namespace: shop}\nstringData: {password: %s}\n"
)


@pytest.fixture
def trees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two folders ``a`` and ``b`` with the same Deployment, in the working directory."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "web.yaml").write_text(DEPLOYMENT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def change(trees: Path, old: str, new: str) -> None:
    (trees / "b" / "web.yaml").write_text(DEPLOYMENT.replace(old, new))


def test_the_same_is_exit_0(trees: Path, run: Run) -> None:
    done = run("diff", "a", "b")
    assert (done.code, done.out, done.err) == (0, "no difference\n", "")


def test_a_difference_is_exit_1_and_begins_with_the_worst_class(trees: Path, run: Run) -> None:
    change(trees, "3.0.0", "3.1.0")
    done = run("diff", "a", "b")
    assert done.code == 1
    assert done.out == (
        "1 object differs: restart 1\n\n"
        "restart Deployment/shop/web changed  web.yaml:1\n"
        "  spec.template.spec.containers[web].image changed\n"
        "    shop 3.0.0 -> 3.1.0\n"
        "    restart: the pod template changes, so new pods replace all that run\n"
    )


def test_another_text_of_the_same_meaning_is_exit_0_and_named(trees: Path, run: Run) -> None:
    (trees / "b" / "web.yaml").write_text("# a comment\n" + DEPLOYMENT)
    done = run("diff", "a", "b")
    assert done.code == 0
    assert "as text alone (comments, layout, spelt-out defaults) differ: web.yaml" in done.out


@pytest.mark.parametrize(
    ("fail_on", "code"), [("none", 1), ("restart", 1), ("traffic", 0), ("data", 0), ("never", 0)]
)
def test_fail_on_says_what_is_bad_enough(trees: Path, run: Run, fail_on: str, code: int) -> None:
    change(trees, "3.0.0", "3.1.0")
    assert run("diff", "a", "b", "--fail-on", fail_on).code == code


def test_two_files_are_compared_whatever_they_are_called(trees: Path, run: Run) -> None:
    (trees / "other.yml").write_text(DEPLOYMENT)
    assert run("diff", "a/web.yaml", "other.yml").code == 0
    (trees / "other.yml").write_text(DEPLOYMENT.replace("3.0.0", "3.1.0"))
    done = run("diff", "a/web.yaml", "other.yml")
    assert (done.code, "was in" in done.out) == (1, False)


def test_json_has_pointers_and_no_key_for_what_is_absent(trees: Path, run: Run) -> None:
    change(trees, "selector: {", "replicas: 3\n  selector: {")
    report = json.loads(run("diff", "a", "b", "--format", "json").out)
    (field,) = report["changes"][0]["fields"]
    assert report["summary"] == {"objects": 1, "classes": ["none"], "worst": {"none": 1}}
    assert field["after_pointer"] == "/spec/replicas"
    assert (field["before_pointer"], field["after"], field["default"]) == (None, 3, 1)
    assert "before" not in field


def test_a_patch_is_one_for_each_object(trees: Path, run: Run) -> None:
    change(trees, "3.0.0", "3.1.0")
    (patch,) = json.loads(run("diff", "a", "b", "--format", "patch").out)
    assert patch["after"] == {"group": "apps", "kind": "Deployment", "namespace": "shop", "name": "web"}
    assert patch["patch"] == [
        {
            "op": "replace",
            "path": "/spec/template/spec/containers/0/image",
            "value": "registry.example.com/shop:3.1.0",
        }
    ]


@pytest.mark.parametrize("format_", ["text", "json", "markdown", "html", "patch"])
def test_no_format_shows_a_secret(trees: Path, run: Run, format_: str) -> None:
    (trees / "a" / "login.yaml").write_text(SECRET % "hunter2")
    (trees / "b" / "login.yaml").write_text(SECRET % "hunter3")
    done = run("diff", "a", "b", "--format", format_)
    assert done.code == 1
    assert "hunter" not in done.out + done.err
    if format_ == "patch":
        assert json.loads(done.out)[0]["left_out"] == ["/stringData/password"]


def test_a_text_obeys_the_width_of_its_page(trees: Path, run: Run) -> None:
    change(trees, "name: web, n", f"name: web, annotations: {{a: {'x' * 500}}}, n")
    assert max(map(len, run("diff", "a", "b").out.splitlines())) == 120


def test_what_a_terminal_would_obey_is_shown_as_what_it_is(trees: Path, run: Run) -> None:
    change(trees, "name: web, n", 'name: web, annotations: {a: "\\e[31mred"}, n')
    out = run("diff", "a", "b").out
    assert "\x1b" not in out
    assert "\\u001b[31mred" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gone", "b"], "gone"),
        (["git:--upload-pack=x", "b"], "is no revision"),
        (["git:HEAD:../x", "b"], "expected a path from the root"),
        (["app:shop", "b"], "is no version of an app"),
        (["app:shop@v1/moon", "b"], "is no version of an app"),
        ([" ", "b"], "expected a folder"),
    ],
)
def test_what_cannot_be_read_is_exit_2(trees: Path, run: Run, arguments: list[str], message: str) -> None:
    subprocess.run(["git", "init", "-q"], cwd=trees, check=True)
    done = run("diff", *arguments)
    assert (done.code, done.out) == (2, "")
    assert message in done.err


@pytest.fixture
def repository(project: Path, run: Run) -> Path:
    """A project whose app runs v3.0.0, all of it committed."""
    assert run("synth", "chores-tracker", "--version", "v3.0.0").code == 0
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "one"]):
        identity = ["-c", "user.name=test", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *identity, *arguments], cwd=project, check=True)
    return project


def test_without_names_the_files_are_compared_with_what_would_be_rendered(repository: Path, run: Run) -> None:
    assert run("diff").code == 0
    file = repository / "dist" / "base-apps" / "chores-tracker" / "deployments.yaml"
    file.write_text(file.read_text().replace("chores-tracker:3.0.0", "chores-tracker:2.9.0"))
    done = run("diff")
    assert done.code == 1
    assert "chores-tracker 2.9.0 -> 3.0.0" in done.out


def test_a_revision_is_compared_with_the_files_on_disk(repository: Path, run: Run) -> None:
    file = repository / "dist" / "base-apps" / "chores-tracker" / "deployments.yaml"
    file.write_text(file.read_text().replace("chores-tracker:3.0.0", "chores-tracker:3.1.0"))
    for arguments in (["git:HEAD"], ["git:HEAD:dist", "dist"], ["git:HEAD:./dist", "dist"]):
        done = run("diff", *arguments)
        assert (done.code, "chores-tracker 3.0.0 -> 3.1.0" in done.out) == (1, True)
    assert run("diff", "git:HEAD", "git:HEAD").code == 0


def test_a_version_of_an_app_is_compared_with_its_places_alone(repository: Path, run: Run) -> None:
    (repository / "dist" / "base-apps" / "other.yaml").write_text(DEPLOYMENT)
    done = run("diff", "app:chores-tracker@v3.1.0")
    assert done.code == 1
    assert done.out.startswith("1 object differs: restart 1\n")
    assert "chores-tracker 3.0.0 -> 3.1.0" in done.out
    between = run("diff", "app:chores-tracker@v3.1.0", "app:chores-tracker@3.2.0")
    assert "chores-tracker 3.1.0 -> 3.2.0" in between.out
    assert run("diff", "git:HEAD", "app:chores-tracker@v3.0.0").code == 0


def test_a_project_without_recorded_versions_says_what_to_do(project: Path, run: Run) -> None:
    (project / "dist").mkdir()
    done = run("diff")
    assert done.code == 2
    assert "no app has a version recorded in dist" in done.err
