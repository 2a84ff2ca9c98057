"""``update`` and ``promote``: which version they move to, and which they leave."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.git.served import Remote, run_git
from tests.release.pipeline.conftest import Run, runs, subjects, trailers

NOW = datetime.now(UTC)


def digest(number: int) -> str:
    return f"sha256:{number:064x}"


def registry(folder: Path, **ages: int) -> str:
    """A saved list of images: versions, and how many hours ago they were pushed."""
    details = [
        {
            "repositoryName": "shop",
            "imageDigest": digest(number),
            "imageTags": [tag.replace("_", ".").replace("rc", "-rc")],
            "imagePushedAt": (NOW - timedelta(hours=hours)).isoformat(),
        }
        for number, (tag, hours) in enumerate(ages.items())
    ]
    (folder / "images.json").write_text(json.dumps({"imageDetails": details}))
    return f"file:{folder / 'images.json'}"


@pytest.fixture
def images(project: Path) -> str:
    return registry(project, v1_0_0=99, v1_1_0=50, v1_2_0=30, v1_3_0=2, v2_0_0=90, v1_4_0rc1=80)


def test_the_newest_version_that_is_allowed_is_deployed(infra: Path, images: str, run: Run) -> None:
    assert run("update", "shop", "--constraint", "^1", "--registry", images).code == 0
    assert runs(infra) == "v1.3.0"
    again = run("update", "shop", "--constraint", "^1", "--registry", images)
    assert (again.code, "nothing newer" in again.out) == (0, True)
    assert subjects(infra)[0] == "chore: update shop to v1.3.0"


def test_what_is_too_young_or_quarantined_is_passed_over(infra: Path, images: str, run: Run) -> None:
    assert run("quarantine", "add", "shop", "v1.2.0", "--reason", "slow").code == 0
    done = run("update", "shop", "--constraint", "1.x", "--min-age", "1d", "--registry", images)
    assert done.code == 0
    assert runs(infra) == "v1.1.0"
    assert "v1.3.0 is younger than 1 day" in done.err
    assert "v1.2.0 is quarantined" in done.err


def test_nothing_is_updated_without_a_registry_or_with_no_constraint(
    infra: Path, images: str, run: Run
) -> None:
    assert run("update", "shop", "--constraint", "^1").code == 2
    wrong = run("update", "shop", "--constraint", "latest", "--registry", images, "--format", "json")
    assert (wrong.code, "is no constraint" in wrong.data["errors"][0]["message"]) == (2, True)
    assert run("update", "shop", "--constraint", "^1", "--min-age", "soon", "--registry", images).code == 2
    assert runs(infra) == "v1.0.0"


def test_what_runs_in_staging_is_promoted(infra: Path, remote: Remote, images: str, run: Run) -> None:
    assert run("deploy", "shop", "v1.2.0", "--env", "staging", "--registry", images, "--push").code == 0
    done = run("promote", "shop", "--from", "staging", "--to", "production", "--registry", images, "--push")
    assert done.code == 0, done.err
    assert runs(remote.folder) == "v1.2.0"
    assert subjects(infra)[0] == "chore: promote shop to v1.2.0"
    assert trailers(infra)["Promoted-From"] == "staging"


def test_what_has_not_run_for_long_enough_is_not_promoted(
    infra: Path, remote: Remote, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = str(int((NOW - timedelta(hours=10)).timestamp()))
    monkeypatch.setenv("GIT_COMMITTER_DATE", f"{old} +0000")
    assert run("deploy", "shop", "v1.2.0", "--env", "staging", "--push").code == 0
    monkeypatch.delenv("GIT_COMMITTER_DATE")
    assert (
        run(
            "quarantine", "add", "shop", "v9.0.0", "--reason", "a later commit of the same file", "--push"
        ).code
        == 0
    )
    refused = run("promote", "shop", "--min-age", "1d", "--repo", remote.url)
    assert (refused.code, "are asked for" in refused.err) == (1, True)
    assert run("promote", "shop", "--min-age", "9h", "--repo", remote.url).code == 0
    assert runs(remote.folder) == "v1.2.0"
    assert runs(infra) == "v1.0.0"


def test_a_clone_that_is_too_shallow_to_tell_since_when_says_so(
    infra: Path, remote: Remote, run: Run, tmp_path: Path
) -> None:
    assert run("deploy", "shop", "v1.2.0", "--env", "staging", "--push").code == 0
    shallow = remote.clone(tmp_path / "ci", "--depth=1")
    done = run("promote", "shop", "--min-age", "1s", "--repo", str(shallow))
    assert (done.code, "git fetch --unshallow" in done.err) == (2, True)
    assert run("promote", "shop", "--repo", str(shallow)).code == 0
    assert runs(infra) == "v1.0.0"


def test_an_image_that_is_another_one_by_now_is_not_promoted(
    project: Path, infra: Path, images: str, run: Run
) -> None:
    assert run("deploy", "shop", "v1.2.0", "--env", "staging", "--registry", images).code == 0
    moved = registry(project, v1_0_0=99, v1_2_0=1)
    refused = run("promote", "shop", "--registry", moved)
    assert (refused.code, "it was moved" in refused.err) == (1, True)
    assert runs(infra) == "v1.0.0"


def test_what_cannot_be_promoted(infra: Path, run: Run) -> None:
    assert run("promote", "shop").code == 1  # nothing runs in staging
    assert run("promote", "shop", "--from", "production").code == 2
    assert runs(infra) == "v1.0.0"
    assert run_git(infra, "status", "--porcelain") == ""
