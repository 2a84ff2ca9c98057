"""``python synth.py``: the cdk8s app of chores-tracker, by itself and under the cdk8s CLI."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chores_infra.cli import main

ROOT = Path(__file__).parent.parent
FILES = [
    "base-apps/chores-tracker.yaml",
    "base-apps/chores-tracker/configmaps.yaml",
    "base-apps/chores-tracker/crossplane_resources.yaml",
    "base-apps/chores-tracker/deployments.yaml",
    "base-apps/chores-tracker/external_secrets.yaml",
    "base-apps/chores-tracker/ingress.yaml",
    "base-apps/chores-tracker/services.yaml",
]

FOUND = "warning: 2 warnings of the checks: chores-infra validate lists them\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files of this project that a user of cdk8s has, as the working directory."""
    for name in ("synth.py", "chores-infra.toml", "cdk8s.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    configuration = tmp_path / "chores-infra.toml"
    text = configuration.read_text(encoding="utf-8")
    # A Traefik that knows no successor of the app's API version, so that nothing is warned of.
    configuration.write_text(text.replace('traefik = "2.11.0"', 'traefik = "2.9.0"'), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def synth(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {name: value for name, value in os.environ.items() if name != "CDK8S_OUTDIR"}
    return subprocess.run(
        [sys.executable, "synth.py", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        env={**known, **environment},
        check=False,
    )


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_it_writes_the_same_bytes_as_the_direct_engine(project: Path) -> None:
    done = synth(project, "--version", "v3.0.0")
    assert (done.returncode, done.stderr) == (0, FOUND)
    assert done.stdout.startswith("chores-tracker v3.0.0 (production) in dist\n")
    assert done.stdout.endswith("\n8 written\n")
    assert main(["synth", "--version", "v3.0.0", "--out", "direct"]) == 0
    assert files(project / "dist") == files(project / "direct")
    assert sorted(files(project / "dist")) == [*FILES, "releases/chores-tracker.yaml"]


def test_check_is_quick_to_say_that_nothing_changed_and_what_did(project: Path) -> None:
    assert main(["synth", "--version", "v3.0.0"]) == 0
    assert synth(project, "--check").returncode == 0
    done = synth(project, "--check", "--version", "v3.1.0", "--engine", "direct")
    assert done.returncode == 1
    assert "chores-tracker:3.1.0\n" in done.stdout


def test_check_covers_every_recorded_environment(project: Path) -> None:
    for environment in ("production", "staging"):
        assert main(["synth", "--env", environment, "--version", "v3.0.0"]) == 0
    manifest = project / "dist/base-apps/chores-tracker-staging/deployments.yaml"
    manifest.write_text(manifest.read_text().replace("chores-tracker:3.0.0", "chores-tracker:9.9.9"))
    done = synth(project, "--check")
    assert done.returncode == 1
    assert [line for line in done.stdout.splitlines() if line.startswith("chores-tracker ")] == [
        "chores-tracker v3.0.0 (production) in dist: as it would be written",
        "chores-tracker v3.0.0 (staging) in dist: 1 file would change (python synth.py --env staging)",
    ]


@pytest.mark.parametrize("version", ["latest", "v3", "3.1", "sha-abc1234", "../../etc", "", "v03.1.0"])
def test_what_is_no_version_is_refused(version: str, project: Path) -> None:
    before = files(project)
    done = synth(project, "--version", version)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert files(project) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            [],
            "in dist/releases/chores-tracker.yaml; give one, such as: python synth.py --version v1.0.0",
        ),
        (["--env", "prod"], "is not one of 'production', 'staging', 'development'"),
        (
            ["chores-tracker"],
            "unexpected extra argument (chores-tracker) (synth.py --help lists what there is)",
        ),
    ],
)
def test_bad_input_is_answered_with_one_line(arguments: list[str], said: str, project: Path) -> None:
    done = synth(project, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_node_one_line_says_what_to_do(project: Path) -> None:
    done = synth(project, "--version", "v3.0.0", PATH="/nowhere", JSII_NODE="/nowhere/node")
    assert (done.returncode, done.stdout) == (2, "")
    assert "JSII_NODE is '/nowhere/node', which is no program that can be run" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (project / "dist").exists()
    assert synth(project, "--version", "v3.0.0", "--engine", "direct", PATH="/nowhere").returncode == 0


def test_help_starts_no_node(project: Path) -> None:
    done = synth(project, "--help", PATH="/nowhere", JSII_NODE="/nowhere/node")
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: synth.py [OPTIONS]\n\n  Render ChoresTracker into")


# The cdk8s CLI empties the folder, and passes it as CDK8S_OUTDIR:
# https://github.com/cdk8s-team/cdk8s-cli/blob/2.x/src/util.ts (synthApp)


def test_the_cdk8s_cli_gets_manifests_in_its_folder(project: Path) -> None:
    main(["synth", "--version", "v3.0.0"])
    before = files(project / "dist")
    for _ in range(2):
        done = synth(project, CDK8S_OUTDIR="cdk8s.out")
        assert (done.returncode, done.stderr) == (0, FOUND)
        assert sorted(files(project / "cdk8s.out")) == FILES
    assert files(project / "dist") == before
    synth(project, "--version", "v3.1.0", CDK8S_OUTDIR="cdk8s.out")
    assert b"chores-tracker:3.1.0\n" in files(project / "cdk8s.out")[FILES[3]]
    assert files(project / "dist") == before


def test_out_is_stronger_than_the_cdk8s_cli(project: Path) -> None:
    synth(project, "--version", "v3.0.0", "--out", "here", CDK8S_OUTDIR="cdk8s.out")
    assert sorted(path.name for path in project.iterdir() if path.is_dir()) == ["here"]


@pytest.mark.parametrize("folder", ["dist", ".", "dist/base-apps", "other"])
def test_the_cdk8s_cli_never_gets_an_infrastructure_repository(folder: str, project: Path) -> None:
    main(["synth", "--version", "v3.0.0"])
    main(["synth", "--version", "v3.0.0", "--out", "other"])
    before = files(project)
    done = synth(project, CDK8S_OUTDIR=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "the cdk8s CLI empties its output folder; set another one in cdk8s.yaml" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert files(project) == before


def test_the_project_itself_does_not_point_the_cdk8s_cli_at_its_repository() -> None:
    settings = dict(
        line.split(": ") for line in (ROOT / "cdk8s.yaml").read_text().splitlines() if line[0] != "#"
    )
    assert settings == {"language": "python", "app": "python synth.py", "output": "cdk8s.out"}
