"""Versions, the tags that stand for them, and what may run where."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra.environments import Environment
from chores_infra.errors import VersionError
from chores_infra.versions import FloatingTag, TagFormat, Version, is_floating, parse_release

NUMBERS = st.integers(0, 10**6)
IDENTIFIERS = st.from_regex(r"(?:0|[1-9][0-9]{0,5}|[0-9]*[a-zA-Z-][0-9a-zA-Z-]{0,5})", fullmatch=True)
VERSIONS = st.builds(Version, NUMBERS, NUMBERS, NUMBERS, st.lists(IDENTIFIERS, max_size=3).map(tuple))


class TestReading:
    @given(VERSIONS)
    def test_what_is_printed_is_read_back(self, version: Version) -> None:
        assert Version.parse(str(version)) == version
        assert Version.parse(version.number) == version
        assert str(version) == f"v{version.number}"

    def test_with_and_without_v_is_one_value(self) -> None:
        assert Version.parse("3.1.0") == Version.parse("v3.1.0") == Version(3, 1, 0)
        assert len({Version.parse("3.1.0"), Version.parse("v3.1.0")}) == 1

    @pytest.mark.parametrize(
        ("text", "hint"),
        [
            ("", "the version is empty; give one such as v3.1.0"),
            ("v3", "give all three numbers, such as v3.0.0"),
            ("3.1", "give all three numbers, such as v3.1.0"),
            ("v03.1.0", "did you mean v3.1.0?"),
            ("3.01.0", "did you mean v3.1.0?"),
            ("latest", "a tag that does not say which version it is"),
            ("main", "a tag that does not say which version it is"),
            ("sha-abc1234", "a tag that does not say which version it is"),
            ("build-20250627-123456", "a tag that does not say which version it is"),
            ("../../etc", "is no version; expected three numbers such as v3.1.0"),
            ("3.1.0+build", "is no version"),
            ("3.1.0-", "is no version"),
            ("3.1.0-01", "is no version"),
            ("V3.1.0", "is no version"),
            (" 3.1.0", "is no version"),
            ("3.1.0\n", "is no version"),
            ("٣.1.0", "is no version"),
            ("1" * 19 + ".0.0", "more than 18 digits"),
            ("x" * 5000, "(5000 characters)"),
        ],
    )
    def test_anything_else_is_answered_with_what_would_do(self, text: str, hint: str) -> None:
        with pytest.raises(VersionError) as caught:
            Version.parse(text)
        assert hint in str(caught.value)
        assert len(str(caught.value)) < 300

    @pytest.mark.parametrize("value", [None, 3, 3.1, b"3.1.0"])
    def test_only_text_is_a_version(self, value: object) -> None:
        with pytest.raises(VersionError, match="as text, found"):
            Version.parse(value)  # type: ignore[arg-type]


class TestOrder:
    # The example of https://semver.org/#spec-item-11
    ORDERED = (
        "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
        "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0-0", "2.0.0",
    )  # fmt: skip

    def test_it_is_that_of_semantic_versions(self) -> None:
        versions = [Version.parse(text) for text in self.ORDERED]
        for lower, higher in itertools.combinations(versions, 2):
            assert lower < higher
            assert not higher < lower
            assert lower != higher

    @given(VERSIONS, VERSIONS, VERSIONS)
    def test_it_is_total(self, one: Version, other: Version, third: Version) -> None:
        assert (one < other) + (other < one) + (one == other) == 1
        if one < other < third:
            assert one < third


class TestTagFormat:
    @given(VERSIONS, st.sampled_from(["{version}", "v{version}", "app-{version}", "{version}-alpine"]))
    def test_a_tag_is_read_back(self, version: Version, text: str) -> None:
        tags = TagFormat(text)
        # "1.0.0-alpine" is a pre-release where the format ends with the version itself.
        assert tags.version_of(tags.tag(version)) == version

    @given(VERSIONS)
    def test_the_twin_differs_by_the_v_and_has_the_format_for_its_twin(self, version: Version) -> None:
        for text, twin in (("{version}", "v{version}"), ("app-{version}", "app-v{version}")):
            assert TagFormat(text).twin == TagFormat(twin)
            assert TagFormat(text).twin.twin == TagFormat(text)
            assert TagFormat(text).version_of(TagFormat(twin).tag(version)) is None

    @pytest.mark.parametrize(
        "text",
        ["", "v", "{version}{version}", "{version} ", "-{version}", ".{version}", "a/{version}", "{tag}"],
    )
    def test_it_has_one_version_and_gives_legal_tags(self, text: str) -> None:
        with pytest.raises(VersionError, match="expected text of letters"):
            TagFormat(text)

    @pytest.mark.parametrize("tag", ["latest", "sha-abc1234", "v3", "3.1", "", "v", "app-"])
    def test_other_tags_stand_for_no_version(self, tag: str) -> None:
        assert TagFormat().version_of(tag) is None
        assert TagFormat("app-{version}").version_of(tag) is None

    def test_a_floating_tag_is_its_own_name(self) -> None:
        assert TagFormat("v{version}").tag(FloatingTag("main")) == "main"


class TestFloating:
    @pytest.mark.parametrize(
        "tag", ["3.0.0", "v3.0.0", "1.25.3-alpine", "postgres-16.2.1", "2025.06.27", "1.2.3.4"]
    )
    def test_a_full_version_is_final(self, tag: str) -> None:
        assert not is_floating(tag)

    # Tags of the seed's registry, besides versions.
    @pytest.mark.parametrize(
        "tag",
        ["latest", "v3", "v3.0", "main", "sha-abc1234", "build-20250627-123456", "16-alpine", "3.20", ""],
    )
    def test_everything_else_may_move(self, tag: str) -> None:
        assert is_floating(tag)

    @given(VERSIONS)
    def test_a_version_is_never_floating(self, version: Version) -> None:
        assert not is_floating(str(version))
        assert not is_floating(version.number)


class TestRelease:
    @pytest.mark.parametrize("environment", Environment)
    def test_a_version_runs_everywhere(self, environment: Environment) -> None:
        assert parse_release("3.1.0", environment) == Version(3, 1, 0)

    @pytest.mark.parametrize("tag", ["latest", "main", "sha-abc1234", "v3"])
    def test_a_tag_that_moves_runs_in_development_only(self, tag: str) -> None:
        assert parse_release(tag, Environment.DEVELOPMENT) == FloatingTag(tag)
        for environment in (Environment.STAGING, Environment.PRODUCTION):
            with pytest.raises(VersionError):
                parse_release(tag, environment)

    @pytest.mark.parametrize("text", ["", "a b", "../../etc", "v03.1.0", "-x", "x" * 129])
    def test_what_is_no_tag_runs_nowhere(self, text: str) -> None:
        for environment in Environment:
            with pytest.raises(VersionError):
                parse_release(text, environment)


def test_only_production_uses_the_plain_names() -> None:
    assert [environment.qualify("chores-db") for environment in Environment] == [
        "chores-db", "chores-db-staging", "chores-db-development",
    ]  # fmt: skip
