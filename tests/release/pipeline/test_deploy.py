"""``chores-infra deploy``: what it commits, what it refuses, and that it leaves the rest alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.git.served import Remote, run_git, write_files
from tests.release.pipeline.conftest import Run, left_behind, runs, subjects, trailers
from tests.release.pipeline.shops import IMAGE

DIGEST = "sha256:" + "ab" * 32


def test_a_version_change_is_one_commit_that_touches_the_image_and_the_intent(infra: Path, run: Run) -> None:
    done = run("deploy", "shop", "v1.1.0")

    assert done.code == 0, done.err
    assert subjects(infra) == ["chore: update shop to v1.1.0", "shop v1.0.0", "first"]
    assert trailers(infra) == {"Previous-Version": "v1.0.0", "Environment": "production"}
    changed = run_git(infra, "show", "--format=", "--unified=0", "main")
    lines = [line for line in changed.splitlines() if line[:1] in "+-" and line[:3] not in {"+++", "---"}]
    assert [line for line in lines if "rendered" not in line] == [
        f"-        image: {IMAGE}:1.0.0",
        f"+        image: {IMAGE}:1.1.0",
        "-    version: v1.0.0",
        "-    tag: 1.0.0",
        "+    version: v1.1.0",
        "+    tag: 1.1.0",
    ]
    assert left_behind(infra) == []
    assert run("synth", "shop", "--check").code == 0


def test_the_report_says_what_it_does_to_the_cluster(infra: Path, run: Run) -> None:
    done = run("deploy", "shop", "v1.1.0", "--format", "json")

    assert done.data["previous"] == "v1.0.0"
    assert done.data["commit"] == run_git(infra, "rev-parse", "main")
    assert done.data["difference"]["summary"]["classes"] == ["restart"]
    (change,) = done.data["difference"]["changes"]
    assert [field["after"] for field in change["fields"]] == [f"{IMAGE}:1.1.0"]
    assert [file["path"] for file in done.data["files"]] == [
        "base-apps/shop/deployments.yaml",
        "releases/shop.yaml",
    ]


def test_push_moves_the_remote_and_the_clone(infra: Path, remote: Remote, run: Run) -> None:
    assert run("deploy", "shop", "v1.1.0", "--push").code == 0
    assert runs(remote.folder) == "v1.1.0"
    assert (
        run_git(infra, "rev-parse", "main", "origin/main").split()
        == [run_git(remote.folder, "rev-parse", "main")] * 2
    )
    assert left_behind(infra) == []


def test_a_dry_run_changes_nothing(infra: Path, remote: Remote, run: Run) -> None:
    before = run_git(infra, "for-each-ref")
    done = run("deploy", "shop", "v1.1.0", "--push", "--dry-run")
    assert (done.code, "would be committed" in done.out) == (0, True)
    assert (run_git(infra, "for-each-ref"), left_behind(infra)) == (before, [])
    assert runs(remote.folder) == "v1.0.0"


def test_what_runs_already_is_no_commit(infra: Path, run: Run) -> None:
    done = run("deploy", "shop", "1.0.0")
    assert (done.code, "runs already" in done.out) == (0, True)
    assert subjects(infra)[0] == "shop v1.0.0"


def test_an_app_that_runs_nowhere_yet_is_deployed(infra: Path, run: Run) -> None:
    assert run("deploy", "shop-3", "v1.0.0").code == 0
    assert run("deploy", "shop", "v1.0.0", "--env", "staging").code == 0
    assert subjects(infra)[:2] == [
        "chore: update shop to v1.0.0 in staging",
        "chore: update shop-3 to v1.0.0",
    ]
    assert trailers(infra) == {"Previous-Version": "none", "Environment": "staging"}


def test_a_url_implies_push_and_needs_no_clone(infra: Path, remote: Remote, run: Run) -> None:
    assert run("deploy", "shop", "v1.1.0", "--repo", remote.url).code == 0
    assert run("deploy", "shop", "v1.2.0", "--repo", str(remote.folder)).code == 0
    assert runs(remote.folder) == "v1.2.0"
    assert runs(infra) == "v1.0.0"


def test_files_that_are_not_the_apps_stay_as_they_are(infra: Path, run: Run) -> None:
    write_files(infra, {"README.md": "edited\n", "staged.txt": "s\n", "untracked.txt": "u\n"})
    write_files(infra, {"base-apps/other.yaml": "a: 1\n"})
    run_git(infra, "add", "staged.txt")
    before = run_git(infra, "status", "--porcelain")
    assert run("deploy", "shop", "v1.1.0", "--push").code == 0
    assert run_git(infra, "status", "--porcelain") == before
    assert (infra / "base-apps" / "shop" / "deployments.yaml").read_text().count(":1.1.0") == 1


@pytest.mark.parametrize(
    "path", ["base-apps/shop/deployments.yaml", "base-apps/shop/new.yaml", "releases/shop.yaml"]
)
def test_what_is_not_committed_in_the_places_of_the_app_is_refused(infra: Path, run: Run, path: str) -> None:
    write_files(infra, {path: "edited: true\n"})
    done = run("deploy", "shop", "v1.1.0")
    assert done.code == 1
    assert f"{path}: changed and not committed" in done.err


def test_a_downgrade_is_refused_unless_it_is_meant(infra: Path, run: Run) -> None:
    refused = run("deploy", "shop", "v0.9.0")
    assert (refused.code, "v0.9.0 is older" in refused.err) == (1, True)
    assert run("deploy", "shop", "v0.9.0", "--allow-downgrade").code == 0
    assert runs(infra) == "v0.9.0"


def test_a_quarantined_version_is_refused(infra: Path, run: Run) -> None:
    entry = 'quarantine:\n- version: v1.1.0\n  reason: loses orders\n  since: "2025-07-01T10:00:00Z"\n'
    with (infra / "releases" / "shop.yaml").open("a") as intent:
        intent.write(entry)
    run_git(infra, "commit", "-q", "-a", "-m", "quarantine")
    refused = run("deploy", "shop", "v1.1.0")
    assert (refused.code, "loses orders" in refused.err) == (1, True)
    assert f"{infra.name}/releases/shop.yaml" in refused.err
    assert ".git" not in refused.err  # the path is the user's, not that of the worktree
    assert run("deploy", "shop", "v1.2.0").code == 0
    assert "loses orders" in run_git(infra, "show", "main:releases/shop.yaml")


def test_an_edit_by_hand_is_shown_and_refused_unless_it_is_to_go(infra: Path, run: Run) -> None:
    file = infra / "base-apps" / "shop" / "configmaps.yaml"
    file.write_text(file.read_text().replace("hello", "by hand"))
    run_git(infra, "commit", "-q", "-a", "-m", "by hand")
    refused = run("deploy", "shop", "v1.1.0")
    assert (refused.code, "+  GREETING: by hand" in refused.err) == (1, True)
    assert run("deploy", "shop", "v1.1.0", "--discard-edits").code == 0
    assert "hello" in file.read_text()


def test_python_that_has_changed_is_shown_and_refused_unless_it_is_to_come_along(
    infra: Path, run: Run, shop: Callable[..., None]
) -> None:
    shop(greeting="welcome")
    refused = run("deploy", "shop", "v1.1.0", "--format", "json")
    assert (refused.code, "--include-config" in refused.err) == (1, True)
    assert "-  GREETING: hello\n+  GREETING: welcome" in refused.data["errors"][0]["message"]
    assert run("deploy", "shop", "v1.1.0", "--include-config").code == 0
    assert "welcome" in (infra / "base-apps" / "shop" / "configmaps.yaml").read_text()
    shop(greeting="good day")
    assert run("deploy", "shop", "v1.1.0", "--include-config").code == 0
    assert subjects(infra)[0] == "chore: update the configuration of shop at v1.1.0"


def test_python_that_has_changed_does_not_come_along_with_dropped_edits(
    infra: Path, run: Run, shop: Callable[..., None]
) -> None:
    file = infra / "base-apps" / "shop" / "configmaps.yaml"
    file.write_text(file.read_text().replace("hello", "by hand"))
    run_git(infra, "commit", "-q", "-a", "-m", "by hand")
    shop(greeting="welcome")
    assert run("deploy", "shop", "v1.1.0", "--discard-edits").code == 1
    assert run("deploy", "shop", "v1.1.0", "--discard-edits", "--include-config").code == 0


def test_errors_in_what_would_be_deployed_are_refused(
    infra: Path, run: Run, shop: Callable[..., None]
) -> None:
    shop(broken=True)
    refused = run("deploy", "shop", "v1.1.0", "--include-config")
    assert (refused.code, "would have 1 error" in refused.err) == (1, True)
    assert "infra/base-apps/shop/deployments.yaml:" in refused.err
    assert (runs(infra), left_behind(infra)) == ("v1.0.0", [])


@pytest.mark.parametrize(
    "version", ["--upload-pack=x", "$(id)", "../../x", "v1.1.0\n", "v1.1", "latest", "", "v1.1.0\nX: y"]
)
def test_what_is_no_version_is_refused_before_anything_is_done(infra: Path, run: Run, version: str) -> None:
    done = run("deploy", "shop", "--push", "--", version)
    assert done.code == 2
    assert subjects(infra)[0] == "shop v1.0.0"


@pytest.mark.parametrize(
    "repo", ["--upload-pack=x", "ext::sh -c id", "nowhere", "$(id)", "git@-oProxyCommand=x:y"]
)
def test_what_is_no_repository_is_an_error(infra: Path, run: Run, repo: str) -> None:
    assert run("deploy", "shop", "v1.1.0", f"--repo={repo}").code == 2
    assert left_behind(infra) == []


def saved(folder: Path, *images: tuple[str, list[str]]) -> str:
    """A saved list of images, as ``aws ecr describe-images`` prints it."""
    details = [
        {
            "repositoryName": "shop",
            "imageDigest": digest,
            "imageTags": tags,
            "imagePushedAt": "2025-07-01T10:00:00+00:00",
        }
        for digest, tags in images
    ]
    (folder / "images.json").write_text(json.dumps({"imageDetails": details}))
    return f"file:{folder / 'images.json'}"


def test_what_the_registry_knows_is_recorded(project: Path, infra: Path, run: Run) -> None:
    registry = saved(project, (DIGEST, ["v1.1.0", "latest", "sha-abc1234"]))
    assert run("deploy", "shop", "1.1.0", "--registry", registry).code == 0
    assert trailers(infra) == {
        "Previous-Version": "v1.0.0",
        "Environment": "production",
        "Image-Digest": DIGEST,
        "App-Commit": "abc1234",
    }
    assert "    tag: v1.1.0\n" in run_git(infra, "show", "main:releases/shop.yaml")
    assert f"image: {IMAGE}:v1.1.0\n" in run_git(infra, "show", "main:base-apps/shop/deployments.yaml")


def test_a_version_that_the_registry_does_not_have_is_refused(project: Path, infra: Path, run: Run) -> None:
    refused = run("deploy", "shop", "v1.1.0", "--registry", saved(project, (DIGEST, ["1.0.0"])))
    assert (refused.code, "no image 1.1.0" in refused.err) == (1, True)
    assert runs(infra) == "v1.0.0"


def test_a_pinned_digest_is_in_the_image_until_it_is_not_wanted(project: Path, infra: Path, run: Run) -> None:
    other = DIGEST.replace("ab", "cd")
    registry = saved(
        project, (DIGEST, ["1.1.0"]), (other, ["1.2.0"]), (DIGEST.replace("ab", "ef"), ["1.3.0"])
    )
    image = infra / "base-apps" / "shop" / "deployments.yaml"
    assert run("deploy", "shop", "v1.1.0", "--registry", registry, "--pin-digest").code == 0
    assert f"{IMAGE}:1.1.0@{DIGEST}" in image.read_text()
    assert run("synth", "shop", "--check").code == 0
    assert run("deploy", "shop", "v1.2.0", "--registry", registry).code == 0
    assert f"{IMAGE}:1.2.0@{other}" in image.read_text()
    assert run("deploy", "shop", "v1.3.0", "--registry", registry, "--no-pin-digest").code == 0
    assert f"{IMAGE}:1.3.0\n" in image.read_text()
    unknown = run("deploy", "shop", "v1.4.0", "--pin-digest")
    assert (unknown.code, "is not known" in unknown.err) == (2, True)


def test_the_commit_of_the_version_is_that_of_its_tag(project: Path, infra: Path, run: Run) -> None:
    app = project / "app"
    app.mkdir()
    run_git(app, "init", "-q")
    run_git(app, "commit", "-q", "--allow-empty", "-m", "one")
    run_git(app, "tag", "-a", "-m", "x", "v1.1.0")
    assert run("deploy", "shop", "v1.1.0", "--app-repo", str(app)).code == 0
    assert trailers(infra)["App-Commit"] == run_git(app, "rev-parse", "HEAD")


def test_a_pull_request_is_a_branch_and_what_to_say_of_it(infra: Path, remote: Remote, run: Run) -> None:
    done = run("deploy", "shop", "v1.1.0", "--pull-request", "--format", "json")
    assert done.code == 0, done.err
    said = done.data["pullRequest"]
    assert said["branch"] == "deploy/shop-v1.1.0"
    assert said["title"] == "chore: update shop to v1.1.0"
    assert "v1.0.0 → **v1.1.0**" in said["body"]
    assert "(restart)" in said["body"]
    assert runs(remote.folder, revision="deploy/shop-v1.1.0") == "v1.1.0"
    assert (runs(remote.folder), runs(infra), left_behind(infra)) == ("v1.0.0", "v1.0.0", [])
    again = run("deploy", "shop", "v1.1.0", "--pull-request", "--format", "json")
    assert again.data["commit"] == done.data["commit"]


def test_files_that_were_not_generated_are_taken_over_only_if_that_is_meant(infra: Path, run: Run) -> None:
    write_files(infra, {"base-apps/shop-1/deployments.yaml": "# written by hand\n"})
    run_git(infra, "add", "-A")
    run_git(infra, "commit", "-q", "-m", "by hand")
    refused = run("deploy", "shop-1", "v1.0.0")
    assert (refused.code, "--adopt" in refused.err) == (2, True)
    assert run("deploy", "shop-1", "v1.0.0", "--adopt").code == 0
    assert runs(infra, "shop-1") == "v1.0.0"


def test_a_digest_that_no_manifest_would_name_is_not_said_to_be_pinned(
    project: Path, infra: Path, run: Run, shop: Callable[..., None]
) -> None:
    shop(pins=False)
    registry = saved(project, (DIGEST, ["1.1.0"]))
    done = run("deploy", "shop", "v1.1.0", "--registry", registry, "--pin-digest")
    assert (done.code, "digest=target.digest" in done.err) == (2, True)
    assert runs(infra) == "v1.0.0"


def test_a_floating_tag_runs_in_development_only(infra: Path, run: Run, shop: Callable[..., None]) -> None:
    shop(floating=True)
    assert run("deploy", "shop", "main").code == 2
    assert run("deploy", "shop", "main", "--env", "development").code == 0
    assert f"{IMAGE}:main" in run_git(infra, "show", "main:base-apps/shop-development/deployments.yaml")


def test_a_tag_that_points_elsewhere_when_it_is_deployed_again_is_said_so(
    project: Path, infra: Path, run: Run
) -> None:
    assert run("deploy", "shop", "v1.1.0", "--registry", saved(project, (DIGEST, ["1.1.0"]))).code == 0
    other = DIGEST.replace("ab", "cd")
    done = run("deploy", "shop", "v1.1.0", "--registry", saved(project, (other, ["1.1.0"])))
    assert (done.code, "the tag 1.1.0 was moved" in done.err) == (0, True)
    assert other in run_git(infra, "show", "main:releases/shop.yaml")
