"""Rules about images and about what runs."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath

import pytest

from chores_infra.checks.finding import Finding
from chores_infra.environments import Environment
from chores_infra.git import Repository
from chores_infra.release.app_repository import Tag
from chores_infra.release.audit.deployments import (
    Deployment,
    read_deployments,
    read_image_deployments,
)
from chores_infra.release.audit.facts import AppRepository, Facts, Images, Infrastructure
from chores_infra.release.audit.names import TagNames
from chores_infra.release.audit.rule_texts import RULES
from chores_infra.release.audit.running import audit
from chores_infra.release.intent import Intent
from chores_infra.release.registries.image import Image
from chores_infra.versions import Version
from tests.release.audit.history import NOW, History, rules

NAMES = TagNames("{version}")
NOTHING = "{app: shop, environments: {}}"
INTENT = """\
app: shop
environments:
  production:
    version: v1.1.0
    tag: 1.1.0
    digest: sha256:{digest}
  staging:
    version: v1.2.0
    tag: 1.2.0
"""


def image(letter: str, *tags: str, day: int | None = None) -> Image:
    pushed = None if day is None else datetime(2025, 6, day, tzinfo=UTC)
    return Image(f"sha256:{letter * 64}", tags, pushed)


def registry(*images: Image) -> Facts:
    return Facts(NOW, registry=Images("registry.example.com/shop", NAMES, images))


def infrastructure(text: str, *deployments: Deployment) -> Infrastructure:
    return Infrastructure("releases/shop.yaml", text, Intent.read(text, "releases/shop.yaml"), deployments)


def source(*tags: str, missing: frozenset[str] = frozenset()) -> AppRepository:
    made = [Tag(name, f"{index:040x}", NOW) for index, name in enumerate(tags)]
    return AppRepository("source", NAMES, made, missing=missing)


def deployment(
    version: str, letter: str | None = None, *, commit: str | None = None, day: int = 1
) -> Deployment:
    release = Version.parse(version)
    digest = letter and f"sha256:{letter * 64}"
    at = datetime(2025, 6, day, tzinfo=UTC)
    return Deployment(Environment.PRODUCTION, release, release.number, digest, commit, at, "c" * 40)


def found(facts: Facts) -> list[Finding]:
    return list(audit(facts).findings)


class TestImages:
    def test_two_versions_that_are_one_image(self) -> None:
        [finding] = found(registry(image("a", "1.0.0", "1.1.0")))
        assert finding.rule == "two-versions-one-digest"
        assert finding.message == "v1.0.0 and v1.1.0 are the same image, sha256:aaaaaaaaaaaa"

    @pytest.mark.parametrize(
        "tags",
        [("1.0.0", "v1.0.0"), ("1.0.0", "1.0.0-alpine"), ("1.0.0", "1.0.0-rc.1", "sha-abc1234", "1", "1.0")],
    )
    def test_tags_of_one_version_are_left_alone(self, tags: tuple[str, ...]) -> None:
        assert rules(found(registry(image("a", *tags)))) == []

    def test_an_image_that_was_pushed_before_its_predecessor(self) -> None:
        facts = registry(image("a", "1.0.0", day=5), image("b", "1.0.1", day=4), image("c", "2.0.0", day=6))
        assert rules(found(facts)) == [("older-than-predecessor", "version v1.0.1")]

    def test_a_patch_of_an_older_line_is_left_alone(self) -> None:
        facts = registry(image("a", "1.0.0", day=1), image("b", "2.0.0", day=2), image("c", "1.0.1", day=3))
        assert rules(found(facts)) == []

    def test_floating_tags_that_stayed_behind_or_went_elsewhere(self) -> None:
        facts = registry(
            image("a", "1.0.0", "1.0", day=1),
            image("b", "1.0.1", "latest", day=2),
            image("c", "1.1.0", day=3),
            image("d", "main", "1", day=4),
        )
        assert rules(found(facts)) == [
            ("floating-tag-elsewhere", "tag 1"),
            ("floating-tag-elsewhere", "tag 1.0"),
            ("floating-tag-elsewhere", "tag latest"),
        ]

    def test_latest_may_be_a_newer_build_of_main(self) -> None:
        newer = registry(image("a", "1.0.0", "1", day=1), image("b", "latest", "main", day=2))
        older = registry(image("a", "1.0.0", "1", day=2), image("b", "latest", "main", day=1))
        assert rules(found(newer)) == []
        assert rules(found(older)) == [("floating-tag-elsewhere", "tag latest")]

    def test_a_tag_that_is_nearly_a_version(self) -> None:
        facts = registry(
            image("a", "1.0.0"), image("b", "1.0.0.1", "main", "sha-1234567", "build-20250627-1")
        )
        assert rules(found(facts)) == [("malformed-tag", "tag 1.0.0.1")]


class TestDeployed:
    text = INTENT.format(digest="a" * 64)

    def test_everything_in_order_finds_nothing(self) -> None:
        facts = Facts(
            NOW,
            source("v1.1.0", "v1.2.0"),
            Images("shop", NAMES, [image("a", "1.1.0"), image("b", "v1.2.0")]),
            infrastructure(self.text, deployment("1.1.0", "a", commit="0" * 40)),
        )
        assert rules(found(facts)) == []

    def test_what_runs_without_tag_image_or_commit(self) -> None:
        facts = Facts(
            NOW,
            source("v1.2.0", missing=frozenset({"f" * 40})),
            Images("shop", NAMES, [image("a", "1.1.0")]),
            infrastructure(self.text, deployment("1.1.0", "a", commit="f" * 40)),
        )
        assert rules(found(facts)) == [
            ("deployed-without-commit", "environment production"),
            ("deployed-without-tag", "environment production"),
            ("deployed-without-image", "environment staging"),
        ]
        assert [finding.line for finding in found(facts)] == [3, 3, 7]

    def test_a_digest_that_changed_under_what_runs(self) -> None:
        facts = Facts(
            NOW,
            None,
            Images("shop", NAMES, [image("b", "1.1.0"), image("c", "1.2.0")]),
            infrastructure(self.text, deployment("1.1.0", "a")),
        )
        [finding] = found(facts)
        assert (finding.rule, finding.severity) == ("digest-changed", "error")
        assert "deployed as sha256:aaaaaaaaaaaa; tag 1.1.0 is sha256:bbbbbbbbbbbb now" in finding.message

    def test_production_ahead_of_staging(self) -> None:
        text = self.text.replace("1.2.0", "1.0.9")
        assert rules(found(Facts(NOW, None, None, infrastructure(text)))) == [
            ("production-ahead", "environment production")
        ]

    @pytest.mark.parametrize(("days", "expected"), [(90, 0), (91, 1)])
    def test_a_quarantine_that_nobody_lifted_in_90_days(self, days: int, expected: int) -> None:
        since = (NOW - timedelta(days=days)).isoformat()
        entry = f'- version: v1.0.0\n  reason: slow\n  since: "{since}"\n'
        text = f"app: shop\nenvironments: {{}}\nquarantine:\n{entry}"
        findings = found(Facts(NOW, None, None, infrastructure(text)))
        assert [(each.rule, each.line) for each in findings] == [("stale-quarantine", 4)] * expected


class TestTagMoved:
    def test_a_version_that_was_deployed_as_two_images(self) -> None:
        past = (
            deployment("1.0.0", "a", day=1),
            deployment("1.0.1", "c", day=2),
            deployment("1.0.0", "b", day=3),
        )
        [finding] = found(Facts(NOW, None, None, infrastructure(NOTHING, *past)))
        assert (finding.rule, finding.severity) == ("tag-moved", "error")
        assert "sha256:aaaaaaaaaaaa on 2025-06-01, sha256:bbbbbbbbbbbb on 2025-06-03" in finding.message

    def test_an_earlier_version_whose_tag_is_another_image_now(self) -> None:
        now = Images("shop", NAMES, [image("b", "1.0.0")])
        facts = Facts(NOW, None, now, infrastructure(NOTHING, deployment("1.0.0", "a")))
        assert rules(found(facts)) == [("tag-moved", "version v1.0.0")]

    def test_a_tag_that_names_another_commit_than_was_deployed(self) -> None:
        past = infrastructure(NOTHING, deployment("1.0.0", commit="f" * 40))
        assert rules(found(Facts(NOW, source("v1.0.0"), None, past))) == [("tag-moved", "version v1.0.0")]

    @pytest.mark.parametrize(("day", "expected"), [(1, 0), (3, 1)])
    def test_an_annotated_tag_that_was_made_after_the_deployment(self, day: int, expected: int) -> None:
        tag = Tag("v1.0.0", "0" * 40, NOW, datetime(2025, 6, day, tzinfo=UTC), "v1.0.0")
        past = infrastructure(NOTHING, deployment("1.0.0", day=2))
        findings = found(Facts(NOW, AppRepository("source", NAMES, [tag]), None, past))
        assert rules(findings) == [("tag-moved", "version v1.0.0")] * expected


class TestHistory:
    def test_deployments_are_read_from_the_release_intent(self, tmp_path: Path) -> None:
        history = History(tmp_path / "infra")
        file = history.folder / "releases" / "shop.yaml"
        file.parent.mkdir()
        texts = [
            ("production", "1.0.0", "\n\nApp-Commit: " + "a" * 40),
            ("production", "1.1.0", ""),
            ("staging", "2.0.0", ""),
        ]
        for day, (environment, version, trailer) in enumerate(texts, 1):
            file.write_text(
                f"app: shop\nenvironments: {{{environment}: {{version: v{version}, tag: {version}}}}}\n"
            )
            history.git("add", "-A")
            history.git("commit", "--quiet", "-m", f"deploy{trailer}", day=day)
        file.write_text("broken: [")
        history.git("commit", "--quiet", "-a", "-m", "a mistake", day=9)
        found = read_deployments(Repository(history.folder), PurePosixPath("releases/shop.yaml"))
        assert [(each.environment, str(each.release), each.at.day, each.app_commit) for each in found] == [
            ("production", "v1.0.0", 1, "a" * 40),
            ("production", "v1.1.0", 2, None),
            ("staging", "v2.0.0", 3, None),
        ]

    def test_without_an_intent_they_are_read_from_the_manifests(self, tmp_path: Path) -> None:
        history = History(tmp_path / "infra")
        for day, (folder, tag) in enumerate(
            [
                ("shop", "1.0.0"),
                ("shop-staging", "v1.1.0"),
                ("other", "9.9.9"),
                ("shop", "1.1.0@sha256:" + "a" * 64),
            ],
            1,
        ):
            file = history.folder / "base-apps" / folder / "deployments.yaml"
            file.parent.mkdir(parents=True, exist_ok=True)
            name = "registry.example.com/other" if folder == "other" else "registry.example.com/shop"
            file.write_text(f'spec:\n  containers:\n  - name: web\n    image: "{name}:{tag}"\n')
            history.git("add", "-A")
            history.git("commit", "--quiet", "-m", "edit", day=day)
        found, now = read_image_deployments(
            Repository(history.folder), PurePosixPath(), "shop", "registry.example.com/shop"
        )
        assert [(each.environment, each.tag, each.at.day) for each in found] == [
            ("production", "1.0.0", 1),
            ("staging", "v1.1.0", 2),
            ("production", "1.1.0", 4),
        ]
        assert {where: str(running.release) for where, running in now.items()} == {
            "production": "v1.1.0",
            "staging": "v1.1.0",
        }
        assert now[Environment.PRODUCTION].digest == "sha256:" + "a" * 64


def test_the_page_defines_every_rule_as_it_is() -> None:
    page = (Path(__file__).parents[3] / "docs" / "audit.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z0-9-]+)` \| (\w+)", page, re.MULTILINE))
    assert rows == {rule: text.severity.value for rule, text in RULES.items()}
