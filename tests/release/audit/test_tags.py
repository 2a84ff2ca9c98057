"""Rules about the tags of an application's repository, each with what it finds and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from chores_infra.release.audit.gathering import Gathered
from chores_infra.release.audit.names import TagNames
from tests.release.audit.history import NOW, History, rules


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "source")


class TestTwoVersionsOneCommit:
    def test_two_versions_of_one_commit_are_found(self, history: History) -> None:
        # As the seed's repository has it: v2.0.0 and v3.0.0 name the same commit.
        commit = history.commit("v2.0.0", "v3.0.0")
        [finding] = history.findings()
        assert finding.rule == "two-versions-one-commit"
        assert finding.message == f"v2.0.0 and v3.0.0 are the same commit, {commit[:12]}"

    def test_an_annotated_and_a_lightweight_tag_are_compared_by_their_commits(self, history: History) -> None:
        history.commit("v1.0.0")
        history.annotated("v1.1.0", day=2)
        assert [rule for rule, _ in rules(history.findings())] == ["two-versions-one-commit"]

    def test_two_candidates_of_one_stage_are_found(self, history: History) -> None:
        history.commit("v1.0.0-rc.1", "v1.0.0-rc.2")
        assert [rule for rule, _ in rules(history.findings())] == ["two-versions-one-commit"]

    @pytest.mark.parametrize(
        "tags",
        [
            ["v1.0.0-rc.2", "v1.0.0"],  # a candidate that became the release
            ["v1.0.0-alpha.3", "v1.0.0-beta.1", "v1.0.0-rc.1", "v1.0.0"],
            ["v1.0.0", "1.0.0"],  # one version, written twice
            ["v1.0.0", "v1", "v1.0", "latest", "stable", "build-20250627-123456"],
            ["v1.0.0", "frontend-v2.0.0", "charts/3.0.0"],  # other streams
            ["v1.0.0+k3s1", "v1.0.0+k3s2"],  # builds of one version
            ["v1.0.0", "v1.1.0-alpha.0"],  # where work on the next one begins
            ["v1.0.0", "v2.0.0-cli"],  # another program
        ],
    )
    def test_what_belongs_together_is_left_alone(self, history: History, tags: list[str]) -> None:
        history.commit(*tags)
        assert rules(history.findings()) == []

    def test_a_repository_with_two_numberings_is_told_of_once(self, history: History) -> None:
        # As Prometheus has it: v0.301.0 for Go modules is v3.1.0.
        for minor in range(6):
            history.commit(f"v0.30{minor}.0", f"v3.{minor}.0", day=minor + 1)
        together = [each for each in history.findings() if each.rule == "two-versions-one-commit"]
        assert [each.severity for each in together] == ["info"]


class TestOlderThanPredecessor:
    def test_a_version_that_its_predecessor_is_built_on(self, history: History) -> None:
        history.commit("v1.0.0", day=1)
        history.commit("v1.2.0", day=2)
        history.commit("v1.1.0", day=3)
        assert rules(history.findings()) == [("older-than-predecessor", "version v1.2.0")]

    def test_a_patch_made_on_top_of_a_newer_line(self, history: History) -> None:
        history.commit("v1.1.0", day=1)
        history.commit("v1.2.0", day=2)
        history.commit("v1.1.1", day=3)
        assert rules(history.findings()) == [("older-than-predecessor", "version v1.2.0")]

    def test_by_their_times_where_neither_is_built_on_the_other(self, history: History) -> None:
        start = history.commit(day=1)
        history.commit("v1.1.0", day=9)
        history.on("release-1.2", start)
        history.commit("v1.2.0", day=2)
        [finding] = history.findings()
        assert (finding.rule, finding.resource) == ("older-than-predecessor", "version v1.2.0")
        assert "v1.2.0 is of 2025-01-02 12:00, before 2025-01-09 12:00 of v1.1.0" in finding.message

    def test_patches_of_older_lines_are_left_alone(self, history: History) -> None:
        old = history.commit("v1.0.0", day=1)
        history.commit("v1.1.0", day=2)
        history.commit("v2.0.0", day=3)
        history.on("release-1.0", old)
        history.commit("v1.0.1", day=9)
        history.commit("v1.0.2", day=10)
        history.on("release-1.x", "v1.1.0")
        history.commit("v1.2.0", day=11)  # a minor release of the older major
        assert rules(history.findings()) == []

    def test_a_clock_that_was_wrong_is_left_alone(self, history: History) -> None:
        history.commit("v1.0.0", day=9)
        history.commit("v1.0.1", day=2)
        assert rules(history.findings()) == []

    def test_candidates_come_before_the_release(self, history: History) -> None:
        history.commit("v1.0.0", day=1)
        history.commit("v1.0.0-rc.1", day=2)
        assert rules(history.findings()) == [("older-than-predecessor", "version v1.0.0")]


class TestMalformedTag:
    @pytest.mark.parametrize(
        "tag",
        [
            "V1.2.3",
            "v.1.2.3",
            "v1.2.3.4",
            "1.2.3rc1",
            "v01.2.3",
            "v1.2.3-",
            "v1.2.3_rc1",
            "v2.0-rc1",
            "vv1.2.3",
        ],
    )
    def test_what_is_nearly_a_version_is_found(self, history: History, tag: str) -> None:
        history.commit("v1.0.0")
        history.commit(tag, day=2)
        assert rules(history.findings()) == [("malformed-tag", f"tag {tag}")]

    def test_a_release_with_two_numbers_is_found(self, history: History) -> None:
        history.commit("v1.0.0")
        history.commit("v1.1", day=2)
        assert rules(history.findings()) == [("malformed-tag", "tag v1.1")]

    @pytest.mark.parametrize(
        "tag",
        ["v1", "v1.0", "latest", "nightly", "20250627", "2025-06-27", "deadbeef", "1a2b3c4", "release-2.0.0"],
    )
    def test_what_is_no_version_at_all_is_left_alone(self, history: History, tag: str) -> None:
        history.commit("v1.0.0", tag)
        assert rules(history.findings()) == []

    def test_a_habit_is_told_of_once(self, history: History) -> None:
        history.commit("1.0.0", *(f"1.0.0rc{number}" for number in range(1, 7)))
        [finding] = history.findings()
        assert finding.severity == "info"
        assert finding.message.startswith(
            "6 tags have a pre-release without '-' before it, such as '1.0.0rc1'"
        )


class TestNotOnMain:
    def test_a_version_of_a_side_branch_is_found(self, history: History) -> None:
        history.commit("v1.0.0")
        history.on("feature/login", "main")
        history.commit("v1.1.0", day=2)
        assert rules(history.findings()) == [("not-on-main", "version v1.1.0")]

    def test_a_version_whose_branch_is_gone_is_found(self, history: History) -> None:
        history.commit("v1.0.0")
        history.on("gone", "main")
        history.commit("v1.1.0", day=2)
        history.git("checkout", "--quiet", "main")
        history.git("branch", "-D", "gone")
        assert rules(history.findings()) == [("not-on-main", "version v1.1.0")]

    @pytest.mark.parametrize(
        "branch", ["release-1.1", "release/1.1.x", "1.x", "v1", "stable", "hotfix/1.1.1", "5-stable"]
    )
    def test_a_release_branch_is_a_line_of_its_own(self, history: History, branch: str) -> None:
        history.commit("v1.0.0")
        history.on(branch, "main")
        history.commit("v1.1.0", day=2)
        assert rules(history.findings()) == []

    def test_a_patch_of_an_older_line_needs_no_branch(self, history: History) -> None:
        history.commit("v1.0.0")
        history.commit("v2.0.0", day=2)
        history.git("checkout", "--quiet", "v1.0.0")
        history.commit("v1.0.1", day=3)
        assert rules(history.findings()) == []

    def test_a_patch_of_the_newest_line_has_to_come_back(self, history: History) -> None:
        history.commit("v1.0.0")
        history.git("checkout", "--quiet", "v1.0.0")
        history.commit("v1.0.1", day=3)
        assert rules(history.findings()) == [("not-on-main", "version v1.0.1")]

    def test_candidates_are_made_to_try_what_is_not_on_main_yet(self, history: History) -> None:
        history.commit("v1.0.0")
        history.on("feature/x", "main")
        history.commit("v1.1.0-rc.1", day=2)
        assert [finding.severity for finding in history.findings()] == ["info"]

    def test_versions_that_are_always_made_beside_it_are_a_habit(self, history: History) -> None:
        for minor in range(6):
            history.git("checkout", "--quiet", "main" if minor else "--orphan=main")
            history.commit(day=2 * minor + 1)
            history.git("checkout", "--quiet", "--detach")
            history.commit(f"v1.{minor}.0", day=2 * minor + 2)
        assert [(each.rule, each.severity) for each in history.findings()] == [("not-on-main", "info")]

    def test_the_default_branch_of_the_remote_is_the_main_line(
        self, history: History, tmp_path: Path
    ) -> None:
        history.commit("v1.0.0")
        history.git("branch", "-m", "main", "production-line")
        copy = History(tmp_path / "clone", clone_of=history)
        copy.git("checkout", "--quiet", "--detach")
        copy.git("branch", "-D", "production-line")
        assert rules(copy.findings()) == []
        assert copy.facts().source.branches.name == "production-line"  # type: ignore[union-attr]

    def test_a_shallow_clone_says_that_it_cannot_tell(self, history: History, tmp_path: Path) -> None:
        history.commit("v1.0.0")
        history.commit("v1.1.0", day=2)
        history.git("clone", "--quiet", "--depth=1", history.folder.as_uri(), str(tmp_path / "shallow"))
        gathered = Gathered(NOW)
        gathered.add_source(str(tmp_path / "shallow"), TagNames("{version}"))
        assert any("is shallow" in reason for reason in gathered.not_checked)


class TestFloatingTag:
    def test_tags_that_stayed_behind_are_found(self, history: History) -> None:
        history.commit("v1.0.0", "v1", "latest")
        history.commit("v1.1.0", day=2)
        assert rules(history.findings()) == [
            ("floating-tag-elsewhere", "tag latest"),
            ("floating-tag-elsewhere", "tag v1"),
        ]

    def test_tags_that_moved_along_are_left_alone(self, history: History) -> None:
        history.commit("v1.0.0", "v1.0")
        history.commit("v1.1.0", "v1.1", "v1", day=2)
        history.commit("v2.0.0-rc.1", day=3)
        history.commit("latest", day=4)  # a build of main after the last release
        assert rules(history.findings()) == []


class TestStreams:
    def test_streams_of_one_repository_are_kept_apart(self, history: History) -> None:
        history.commit("v5.0.0", "frontend-v1.0.0", day=1)
        history.commit("frontend-v1.1.0", "v5.1.0", day=2)
        history.commit("frontend-v1.0.5", "frontend-v1", day=3)
        assert rules(history.findings()) == []
        assert rules(history.findings("frontend-v{version}")) == [
            ("floating-tag-elsewhere", "tag frontend-v1"),
            ("older-than-predecessor", "version v1.1.0"),
        ]

    def test_a_repository_without_such_tags_says_which_there_are(self, history: History) -> None:
        history.commit("api/v1.0.0", "api/v1.1.0", "web-v1.0.0")
        gathered = Gathered(NOW)
        gathered.add_source(str(history.folder), TagNames("{version}"))
        assert any("there are api/{version}, web-{version}" in reason for reason in gathered.not_checked)


def test_an_annotated_tag_that_was_made_for_another_version_has_moved(history: History) -> None:
    history.commit(day=1)
    history.annotated("v1.0.0", day=1)
    history.git("update-ref", "refs/tags/v1.1.0", history.git("rev-parse", "v1.0.0"))
    history.git("tag", "-d", "v1.0.0")
    assert rules(history.findings()) == [("tag-moved", "version v1.1.0")]
