"""``chores-infra synth``: what it writes, what it says, how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

Run = Callable[..., Any]
Snapshot = Callable[[Path], dict[str, bytes]]

ROOT = Path(__file__).parent.parent.parent
NAMES = ["configmaps", "crossplane_resources", "deployments", "external_secrets", "ingress", "services"]
FILES = [
    *(f"base-apps/chores-tracker/{name}.yaml" for name in NAMES),
    "base-apps/chores-tracker.yaml",
    "releases/chores-tracker.yaml",
]

SHOP = """\
from chores_infra.app import App, AppConfiguration
from chores_infra.constructs.config import ConfigMap


class {name}(App[AppConfiguration]):
    app_name = "{app}"

    @classmethod
    def configure(cls, target):
        return AppConfiguration(target=target)

    def __init__(self, scope, id, configuration):
        super().__init__(scope, id, configuration)
        ConfigMap(self, "settings", name="settings", data={{"TAG": configuration.target.tag}})
"""


@pytest.fixture
def shops(project: Path) -> Path:
    """Two more apps in the project."""
    module = project / "two_shops.py"
    module.write_text(SHOP.format(name="Shop", app="shop") + SHOP.format(name="Till", app="till"))
    with (project / "chores-infra.toml").open("a") as file:
        file.write('shop = "two_shops:Shop"\ntill = "two_shops:Till"\n')
    return project


def table(status: str) -> str:
    return "".join(f"  {status:9}  {file}\n" for file in FILES)


FOUND = "warning: 2 warnings of the checks: chores-infra validate lists them\n"


def test_what_is_written_is_listed(project: Path, run: Run, snapshot: Snapshot) -> None:
    done = run("synth", "--version", "v3.0.0")
    assert (done.code, done.err) == (0, FOUND)
    assert done.out == f"chores-tracker v3.0.0 (production) in dist\n{table('written')}8 written\n"
    assert sorted(snapshot(project / "dist")) == sorted(FILES)


def test_the_recorded_version_is_rendered_again(project: Path, run: Run, snapshot: Snapshot) -> None:
    run("synth", "--version", "3.0.0")
    before = snapshot(project)
    done = run("synth", "chores-tracker")
    assert done.code == 0
    assert done.out == f"chores-tracker v3.0.0 (production) in dist\n{table('unchanged')}8 unchanged\n"
    assert snapshot(project) == before


def test_the_working_directory_may_be_below_the_configuration(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "below").mkdir()
    monkeypatch.chdir(project / "below")
    assert run("synth", "--version", "v3.0.0").code == 0
    assert (project / "dist" / "releases").is_dir()


def test_an_app_needs_no_configuration(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("synth", "chores_infra.apps.chores_tracker:ChoresTracker", "--version", "v3.0.0", "--out", "x")
    assert done.code == 0
    assert (tmp_path / "x" / "base-apps" / "chores-tracker.yaml").is_file()


@pytest.mark.parametrize("environment", ["staging", "development"])
def test_an_environment_is_rendered_into_places_of_its_own(
    environment: str, project: Path, run: Run, snapshot: Snapshot
) -> None:
    run("synth", "--version", "v3.0.0")
    before = snapshot(project / "dist")
    assert run("synth", "--env", environment, "--version", "v3.1.0").code == 0
    after = snapshot(project / "dist")
    intent = "releases/chores-tracker.yaml"
    assert {path: after[path] for path in before if path != intent} == {
        path: data for path, data in before.items() if path != intent
    }
    new = set(after) - set(before)
    assert all(path.startswith(f"base-apps/chores-tracker-{environment}") for path in new)
    recorded = yaml.safe_load(after[intent])["environments"]
    assert {name: entry["version"] for name, entry in recorded.items()} == {
        "production": "v3.0.0",
        environment: "v3.1.0",
    }


def test_a_check_shows_the_difference_and_writes_nothing(project: Path, run: Run, snapshot: Snapshot) -> None:
    run("synth", "--version", "v3.0.0")
    before = snapshot(project)
    done = run("synth", "--version", "v3.1.0", "--check")
    assert done.code == 1
    image = "        image: 852893458518.dkr.ecr.us-east-2.amazonaws.com/chores-tracker"
    assert f"\n-{image}:3.0.0\n+{image}:3.1.0\n" in done.out
    assert done.out.endswith(
        "\nchores-tracker v3.1.0 (production) in dist: 2 files would change "
        "(chores-infra synth chores-tracker --version v3.1.0)\n"
    )
    assert snapshot(project) == before


def test_a_check_without_differences_is_fine(project: Path, run: Run) -> None:
    run("synth", "--version", "v3.0.0")
    done = run("synth", "--check")
    assert (done.code, done.err) == (0, FOUND)
    assert done.out == "chores-tracker v3.0.0 (production) in dist: as it would be written\n"


@pytest.fixture
def stale_staging(shops: Path, run: Run) -> Path:
    """Three apps in production, one of them in staging too, with a manifest that is stale."""
    run("synth", "--all", "--version", "v1.0.0")
    run("synth", "shop", "--env", "staging", "--version", "v1.1.0")
    settings = shops / "dist/base-apps/shop-staging/configmaps.yaml"
    settings.write_text(settings.read_text().replace("1.1.0", "9.9.9"))
    return shops


def test_a_check_looks_at_every_recorded_environment_and_says_which(stale_staging: Path, run: Run) -> None:
    done = run("synth", "shop", "--check")
    assert done.code == 1
    assert "-  TAG: 9.9.9\n+  TAG: 1.1.0\n" in done.out
    assert [line for line in done.out.splitlines() if line.startswith("shop ")] == [
        "shop v1.0.0 (production) in dist: as it would be written",
        "shop v1.1.0 (staging) in dist: 1 file would change (chores-infra synth shop --env staging)",
    ]
    done = run("synth", "--all", "--check", "--format", "json")
    assert done.code == 1
    assert [(each["app"], each["environment"]) for each in json.loads(done.out)["apps"]] == [
        ("chores-tracker", "production"),
        ("shop", "production"),
        ("shop", "staging"),
        ("till", "production"),
    ]


def test_a_check_of_one_environment_looks_at_no_other(stale_staging: Path, run: Run) -> None:
    assert run("synth", "shop", "--env", "staging", "--check").code == 1
    done = run("synth", "shop", "--env", "production", "--check")
    assert (done.code, done.out) == (0, "shop v1.0.0 (production) in dist: as it would be written\n")


def test_an_error_in_one_of_several_environments_says_which(stale_staging: Path, run: Run) -> None:
    module = stale_staging / "broken_in_staging.py"
    module.write_text(
        SHOP.format(name="Shop", app="shop").replace(
            'name="settings"', 'name="A" if configuration.target.environment == "staging" else "settings"'
        )
    )
    arguments = ["synth", "broken_in_staging:Shop", "till", "--check"]
    done = run(*arguments)
    assert done.code == 2
    assert done.err.startswith("error: in staging: shop/settings: name: expected a DNS name")
    assert done.out.endswith("till v1.0.0 (production) in dist: as it would be written\n")
    (error,) = json.loads(run(*arguments, "--format", "json").out)["errors"]
    assert (error["app"], error["environment"]) == ("shop", "staging")


def test_a_check_of_a_new_version_is_of_what_would_be_written(stale_staging: Path, run: Run) -> None:
    done = run("synth", "till", "--version", "v2.0.0", "--check")
    assert done.out.endswith(
        "till v2.0.0 (production) in dist: 2 files would change (chores-infra synth till --version v2.0.0)\n"
    )


def test_a_check_of_an_app_of_which_nothing_is_recorded_fails(shops: Path, run: Run) -> None:
    run("synth", "shop", "--version", "v1.0.0")
    done = run("synth", "till", "shop", "--check")
    assert (done.code, done.out) == (2, "shop v1.0.0 (production) in dist: as it would be written\n")
    assert done.err.startswith(
        "error: no version of till is recorded for production in dist/releases/till.yaml; give one"
    )


def test_all_apps_of_an_environment_are_those_that_run_there(stale_staging: Path, run: Run) -> None:
    done = run("synth", "--all", "--env", "staging", "--discard-edits")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "chores-tracker: not in staging\n"
        "till: not in staging\n"
        "shop v1.1.0 (staging) in dist\n"
        "  written    base-apps/shop-staging/configmaps.yaml\n"
        "  unchanged  releases/shop.yaml\n"
        "1 written, 1 unchanged\n"
    )
    done = run("synth", "--all", "--env", "staging", "--check")
    assert done.code == 0
    assert done.out.splitlines()[2:] == ["shop v1.1.0 (staging) in dist: as it would be written"]


def test_all_apps_of_an_environment_that_none_runs_in_is_a_mistake(stale_staging: Path, run: Run) -> None:
    for more in ([], ["--check"]):
        done = run("synth", "--all", "--env", "development", *more)
        assert (done.code, done.out) == (2, "")
        assert done.err == "error: no app has a version recorded for development in dist\n"


def test_production_is_what_is_written_without_an_environment(
    stale_staging: Path, run: Run, snapshot: Snapshot
) -> None:
    before = snapshot(stale_staging)
    done = run("synth", "--all")
    assert done.out == "3 apps in dist: 12 unchanged\n"
    assert snapshot(stale_staging) == before


def test_a_check_shows_edits_by_hand_as_differences(project: Path, run: Run) -> None:
    run("synth", "--version", "v3.0.0")
    file = project / "dist/base-apps/chores-tracker/deployments.yaml"
    file.write_text(file.read_text().replace("replicas: 1", "replicas: 5"))
    done = run("synth", "--check")
    assert done.code == 1
    assert "-  replicas: 5\n+  replicas: 1\n" in done.out


def test_edits_by_hand_are_kept_until_they_are_discarded(project: Path, run: Run, snapshot: Snapshot) -> None:
    run("synth", "--version", "v3.0.0")
    rendered = snapshot(project)
    file = project / "dist/base-apps/chores-tracker/deployments.yaml"
    file.write_text(file.read_text().replace("replicas: 1", "replicas: 5"))
    edited = snapshot(project)
    done = run("synth", "--version", "v3.1.0")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(
        "error: 1 file of chores-tracker (production) edited by hand since the last run"
    )
    assert "-  replicas: 1\n+  replicas: 5\n" in done.err
    assert snapshot(project) == edited
    assert run("synth", "--discard-edits").code == 0
    assert snapshot(project) == rendered


def test_files_of_others_are_kept_until_they_are_adopted(project: Path, run: Run) -> None:
    theirs = project / "dist/base-apps/chores-tracker.yaml"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("kind: Application\n")
    done = run("synth", "--version", "v3.0.0")
    assert (done.code, done.out) == (2, "")
    assert "dist/base-apps/chores-tracker.yaml: was not generated by chores_infra" in done.err
    assert theirs.read_text() == "kind: Application\n"
    done = run("synth", "--version", "v3.0.0", "--adopt")
    assert done.code == 0
    assert "  adopted    base-apps/chores-tracker.yaml\n" in done.out
    assert done.out.endswith("7 written, 1 adopted\n")


def test_a_quarantined_version_is_refused(project: Path, run: Run, snapshot: Snapshot) -> None:
    run("synth", "--version", "v3.0.0")
    with (project / "dist/releases/chores-tracker.yaml").open("a") as intent:
        intent.write("quarantine:\n- {version: v3.1.0, reason: slow, since: '2025-07-01T10:00:00Z'}\n")
    before = snapshot(project)
    done = run("synth", "--version", "v3.1.0")
    assert (done.code, done.out) == (1, "")
    assert "v3.1.0 is quarantined since 2025-07-01T10:00:00Z: slow" in done.err
    assert snapshot(project) == before


def test_json_is_one_document_with_everything(project: Path, run: Run) -> None:
    done = run("synth", "--version", "v3.0.0", "--format", "json")
    assert (done.code, done.err) == (0, "")
    document = json.loads(done.out)
    assert [
        (found["rule"], found["severity"], found["file"], found["line"])
        for found in document["apps"][0].pop("findings")
    ] == [
        ("finalizer-missing", "warning", "base-apps/chores-tracker.yaml", 4),
        ("pruned-data", "warning", "base-apps/chores-tracker/crossplane_resources.yaml", 5),
    ]
    assert document == {
        "apps": [
            {
                "app": "chores-tracker",
                "environment": "production",
                "version": "v3.0.0",
                "tag": "3.0.0",
                "repository": "dist",
                "files": [{"path": path, "status": "written"} for path in FILES],
                "warnings": [],
            }
        ],
        "errors": [],
    }


def test_json_of_a_refusal_says_what_standard_error_says(project: Path, run: Run) -> None:
    run("synth", "--version", "v3.0.0")
    name = "base-apps/chores-tracker/deployments.yaml"
    file = project / "dist" / name
    file.write_text(file.read_text().replace("replicas: 1", "replicas: 5"))
    done = run("synth", "--version", "v3.1.0", "--format", "json")
    assert done.code == 1
    document = json.loads(done.out)
    assert document["apps"] == []
    (error,) = document["errors"]
    assert (error["app"], error["files"]) == ("chores-tracker", [name])
    assert error["message"].startswith("1 file of chores-tracker (production) edited by hand")
    assert done.err == f"error: {error['message']}\n"


@pytest.mark.parametrize(
    ("arguments", "app", "said"),
    [
        (["chores-tracker"], "chores-tracker", "no version of chores-tracker is recorded"),
        (["chores-tracker", "--version", "latest"], "chores-tracker", ""),
        (["shop", "till", "--version", "latest"], None, ""),  # the same one of both
        (["nobody", "--version", "v1.0.0"], None, "there is no app 'nobody'"),
    ],
)
def test_json_of_what_cannot_be_done_is_one_document(
    arguments: list[str], app: str | None, said: str, shops: Path, run: Run
) -> None:
    done = run("synth", *arguments, "--format", "json")
    assert done.code == 2
    document = json.loads(done.out)
    (error,) = document["errors"]
    message = error["message"]
    failure = {"app": app, "environment": None, "message": message, "files": [], "findings": []}
    assert document == {"apps": [], "errors": [failure]}
    assert error["message"].startswith(said)
    assert done.err == f"error: {error['message']}\n"


def test_json_of_a_file_in_the_way_names_it(project: Path, run: Run) -> None:
    theirs = project / "dist/base-apps/chores-tracker.yaml"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("kind: Application\n")
    (error,) = json.loads(run("synth", "--version", "v3.0.0", "--format", "json").out)["errors"]
    assert (error["app"], error["files"]) == ("chores-tracker", ["dist/base-apps/chores-tracker.yaml"])


def test_json_of_a_check_has_the_differences(project: Path, run: Run) -> None:
    run("synth", "--version", "v3.0.0")
    done = run("synth", "--version", "v3.1.0", "--format", "json", "--check")
    assert done.code == 1
    differences = json.loads(done.out)["apps"][0]["differences"]
    assert [each["path"] for each in differences] == [
        "base-apps/chores-tracker/deployments.yaml",
        "releases/chores-tracker.yaml",
    ]
    assert differences[0]["diff"].startswith("--- a/base-apps/chores-tracker/deployments.yaml\n+++ b/")
    assert json.loads(run("synth", "--check", "--format", "json").out)["apps"][0]["differences"] == []


def test_warnings_go_to_standard_error_and_into_json(project: Path, run: Run) -> None:
    run("synth", "--version", "v3.0.0")
    (project / "dist/base-apps/chores-tracker/extra.yaml").write_text("kind: Pod\n")
    said = "base-apps/chores-tracker/extra.yaml is not generated, and Argo CD applies it with the app"
    done = run("synth", "--format", "json")
    assert done.code == 0
    assert done.err.startswith(f"warning: {said}")
    assert json.loads(done.out)["apps"][0]["warnings"][0].startswith(said)


def test_the_release_of_kubernetes_is_given(project: Path, run: Run) -> None:
    # What the app uses is served since 1.9.
    assert run("synth", "--version", "v3.0.0", "--kube-version", "1.33").code == 0
    outcome = run("synth", "--version", "v3.0.0", "--kube-version", "newest")
    assert outcome.code == 2
    assert outcome.err == "error: 'newest' is no release of kubernetes; write it like 0.16.2\n"


def test_the_name_of_a_file_cannot_command_the_terminal(project: Path, run: Run) -> None:
    run("synth", "--version", "v3.0.0")
    (project / "dist/base-apps/chores-tracker/\x1b[2J.yaml").write_text("kind: Pod\n")
    assert run("synth").err.startswith(r"warning: base-apps/chores-tracker/\x1b[2J.yaml is not generated")


def test_several_apps_are_listed_by_what_changed(shops: Path, run: Run) -> None:
    run("synth", "shop", "--version", "v1.0.0")
    done = run("synth", "shop", "till", "--version", "v1.0.0")
    assert done.code == 0
    assert done.out == ("till v1.0.0 (production): 2 written\n2 apps in dist: 2 written, 2 unchanged\n")


def test_all_apps_are_rendered(shops: Path, run: Run) -> None:
    assert run("synth", "--all", "--version", "v1.0.0").code == 0
    assert sorted(path.name for path in (shops / "dist/releases").iterdir()) == [
        "chores-tracker.yaml",
        "shop.yaml",
        "till.yaml",
    ]


def test_a_hint_names_the_folder_that_was_given(shops: Path, run: Run) -> None:
    done = run("synth", "shop", "--out", "other folder")
    assert done.err.endswith("such as: chores-infra synth shop --out 'other folder' --version v1.0.0\n")


def test_an_app_that_is_named_twice_is_one(shops: Path, run: Run) -> None:
    done = run("synth", "shop", "two_shops:Shop", "shop", "--version", "v1.0.0")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("shop v1.0.0 (production) in dist\n")


def test_where_there_is_a_choice_it_has_to_be_made(shops: Path, run: Run, snapshot: Snapshot) -> None:
    done = run("synth", "--version", "v1.0.0")
    assert done.code == 2
    assert "which app?" in done.err
    assert not (shops / "dist").exists()


def test_an_app_that_is_refused_keeps_its_files_and_stops_no_other(
    shops: Path, run: Run, snapshot: Snapshot
) -> None:
    run("synth", "--all", "--version", "v1.0.0")
    settings = shops / "dist/base-apps/shop/configmaps.yaml"
    settings.write_text(settings.read_text().replace("1.0.0", "9.9.9"))
    before = snapshot(shops / "dist")
    done = run("synth", "--all", "--version", "v2.0.0")
    after = snapshot(shops / "dist")
    assert done.code == 1  # a refusal is all there was
    assert [line[:43] for line in done.err.splitlines() if line.startswith("error:")] == [
        "error: 1 file of shop (production) edited b"
    ]
    assert {name for name in after if after[name] == before[name] and "shop" in name} == {
        "base-apps/shop/configmaps.yaml",
        "releases/shop.yaml",
    }
    assert b"v2.0.0" in after["releases/till.yaml"]
    assert b"v2.0.0" in after["releases/chores-tracker.yaml"]


def test_what_is_wrong_with_several_apps_is_said_at_the_end(shops: Path, run: Run) -> None:
    run("synth", "shop", "--version", "v1.0.0")
    settings = shops / "dist/base-apps/shop/configmaps.yaml"
    settings.write_text(settings.read_text().replace("1.0.0", "9.9.9"))
    (shops / "broken.py").write_text("import no_such_module")
    with (shops / "chores-infra.toml").open("a") as file:
        file.write('broken = "broken:Shop"\n')
    done = run("synth", "--all")
    assert done.code == 2
    assert [line[:60] for line in done.err.splitlines() if line.startswith("error:")] == [
        "error: broken:Shop cannot be loaded: ModuleNotFoundError: No",
        "error: no version of chores-tracker is recorded for producti",
        "error: 1 file of shop (production) edited by hand since the ",
        "error: no version of till is recorded for production in dist",
    ]


@pytest.fixture
def one_too_big(shops: Path) -> Path:
    """The project with an app whose ConfigMap is more than the 200 KiB that a process may be allowed."""
    big = SHOP.format(name="Big", app="big").replace('data={"TAG"', 'data={"BLOB": "x" * 300_000, "TAG"')
    (shops / "big_shop.py").write_text(big)
    with (shops / "chores-infra.toml").open("a") as file:
        file.write('big = "big_shop:Big"\n')
    return shops


def limited(process: Run, folder: Path, *arguments: str) -> Any:
    program = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (200 << 10, 200 << 10));"
        " from chores_infra.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    environment = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    return process(["-c", program, "synth", *arguments, "--version", "v1.0.0"], folder, **environment)


def test_a_write_that_fails_stops_no_other_app(one_too_big: Path, process: Run) -> None:
    done = limited(process, one_too_big, "shop", "big", "till")
    assert done.code == 2
    assert done.out == (
        "shop v1.0.0 (production): 2 written\n"
        "till v1.0.0 (production): 2 written\n"
        "2 apps in dist: 4 written\n"
    )
    assert done.err == (
        "error: dist/base-apps/big/configmaps.yaml: cannot be written: File too large; "
        "nothing of big was changed\n"
    )
    written = sorted(path.name for path in (one_too_big / "dist/releases").iterdir())
    assert written == ["shop.yaml", "till.yaml"]


def test_json_of_a_failed_write_has_what_was_written_and_what_was_not(
    one_too_big: Path, process: Run
) -> None:
    document = json.loads(limited(process, one_too_big, "shop", "big", "till", "--format", "json").out)
    assert [each["app"] for each in document["apps"]] == ["shop", "till"]
    assert [(each["app"], each["files"]) for each in document["errors"]] == [
        ("big", ["dist/base-apps/big/configmaps.yaml"])
    ]


def test_a_first_write_that_fails_reports_no_app(one_too_big: Path, process: Run) -> None:
    done = limited(process, one_too_big, "big")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: dist/base-apps/big/configmaps.yaml: cannot be written")


def test_both_engines_write_the_same_bytes(project: Path, run: Run, snapshot: Snapshot) -> None:
    run("synth", "--version", "v3.0.0", "--out", "direct")
    assert run("synth", "--version", "v3.0.0", "--out", "cdk8s", "--engine", "cdk8s").code == 0
    assert snapshot(project / "cdk8s") == snapshot(project / "direct")


def test_a_mistake_in_the_app_is_one_line_with_its_place(project: Path, run: Run) -> None:
    (project / "broken_shop.py").write_text("import os\nnme\n")
    done = run("synth", "broken_shop:Shop", "--version", "v1.0.0")
    assert (done.code, done.out) == (2, "")
    place = f"{project / 'broken_shop.py'}, line 2"
    assert (
        done.err
        == f"error: broken_shop:Shop cannot be loaded: NameError: name 'nme' is not defined ({place})\n"
    )


def test_debug_shows_the_traceback_of_a_mistake(project: Path, run: Run) -> None:
    (project / "broken_till.py").write_text("import os\nnme\n")
    done = run("synth", "broken_till:Till", "--version", "v1.0.0", "--debug")
    assert done.code == 2
    assert "Traceback (most recent call last):" in done.err
    assert "NameError: name 'nme' is not defined" in done.err


def test_a_link_in_the_way_is_not_followed(project: Path, run: Run, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (project / "dist").mkdir()
    (project / "dist/base-apps").symlink_to(outside)
    done = run("synth", "--version", "v3.0.0")
    assert done.code == 2
    assert "is a symbolic link where a folder belongs" in done.err
    assert list(outside.iterdir()) == []


def test_an_api_version_with_a_successor_is_a_warning_and_one_that_is_gone_an_error(
    project: Path, run: Run
) -> None:
    configuration = project / "chores-infra.toml"
    text = configuration.read_text(encoding="utf-8")
    configuration.write_text(text.replace("2.9.0", "2.11.0"), encoding="utf-8")
    warned = run("synth", "--version", "v3.0.0")
    assert (warned.code, warned.err.count("\n")) == (0, 2)
    assert "use traefik.io/v1alpha1" in warned.err
    configuration.write_text(text.replace("2.9.0", "3.0.0"), encoding="utf-8")
    refused = run("synth", "--version", "v3.1.0")
    assert refused.code == 2
    assert "no longer served since Traefik 3.0.0" in refused.err
    assert "3.0.0" in (project / "dist/releases/chores-tracker.yaml").read_text(encoding="utf-8")
