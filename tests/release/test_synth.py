"""What synth plans and does: what is recorded, what is written, what no one may touch."""

from __future__ import annotations

import os
import shutil
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml

from chores_infra.app import App, Target
from chores_infra.construct import Scope
from chores_infra.constructs.config import ConfigMap
from chores_infra.environments import Environment
from chores_infra.errors import (
    ChoresInfraError,
    ConfigurationError,
    ConstructError,
    FileError,
    IntentError,
    NotOurFileError,
    QuarantinedError,
    VersionError,
)
from chores_infra.release.batch import plan_all
from chores_infra.release.intent_file import read_intent_file
from chores_infra.release.plan import Status
from chores_infra.release.synth import Synthesizer
from chores_infra.rendering.owned import fingerprint
from chores_infra.rendering.places import Places
from chores_infra.versions import FloatingTag, TagFormat, Version

MANIFEST = PurePosixPath("base-apps/shop/configmaps.yaml")
INTENT = PurePosixPath("releases/shop.yaml")


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def run(app: type[App[Any]], repository: Path, release: str | None = None, **options: Any) -> None:
    environment = options.pop("environment", Environment.PRODUCTION)
    with Synthesizer(repository, **options) as synthesizer:
        synthesizer.plan(app, environment, release).apply()


def value(repository: Path, key: str, place: str = "shop") -> str:
    manifest = yaml.safe_load((repository / "base-apps" / place / "configmaps.yaml").read_text())
    return str(manifest["data"][key])


def test_a_version_is_rendered_and_recorded(shop: type[App[Any]], repository: Path) -> None:
    run(shop, repository, "v1.2.0")
    recorded = yaml.safe_load((repository / INTENT).read_text())
    files = {MANIFEST: (repository / MANIFEST).read_bytes()}
    assert value(repository, "TAG") == "1.2.0"
    assert recorded == {
        "app": "shop",
        "environments": {"production": {"version": "v1.2.0", "tag": "1.2.0", "rendered": fingerprint(files)}},
    }


def test_a_plan_writes_nothing(shop: type[App[Any]], repository: Path, synthesizer: Synthesizer) -> None:
    plan = synthesizer.plan(shop, release="v1.0.0")
    assert [(file.path, file.status) for file in plan.files] == [
        (MANIFEST, Status.WRITTEN),
        (INTENT, Status.WRITTEN),
    ]
    assert plan.changes
    assert not repository.exists()


def test_without_a_version_the_recorded_one_is_rendered(shop: type[App[Any]], repository: Path) -> None:
    run(shop, repository, "1.2.0")
    before = snapshot(repository)
    with Synthesizer(repository) as synthesizer:
        plan = synthesizer.plan(shop)
        assert {file.status for file in plan.files} == {Status.UNCHANGED}
        assert not plan.changes
        plan.apply()
    assert snapshot(repository) == before


def test_without_any_version_the_message_says_what_to_run(
    shop: type[App[Any]], repository: Path, synthesizer: Synthesizer
) -> None:
    with pytest.raises(VersionError, match=r"give one, such as: chores-infra synth shop --version v1\.0\.0"):
        synthesizer.plan(shop)
    run(shop, repository, "v1.4.0")
    with pytest.raises(VersionError, match=r"\(production runs v1.4.0\)") as error:
        synthesizer.plan(shop, Environment.STAGING)
    assert str(error.value).endswith("chores-infra synth shop --env staging --version v1.4.0")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["latest", "v3", "3.1", "sha-abc1234", "../../etc", "", "v03.1.0"])
def test_what_is_no_version_is_refused(text: str, shop: type[App[Any]], synthesizer: Synthesizer) -> None:
    with pytest.raises(VersionError, match=r"version") as error:
        synthesizer.plan(shop, release=text)
    assert "\n" not in str(error.value)


def test_development_may_run_a_tag_that_moves(shop: type[App[Any]], repository: Path) -> None:
    run(shop, repository, "latest", environment=Environment.DEVELOPMENT)
    assert value(repository, "TAG", "shop-development") == "latest"
    running = read_intent_file(repository, "shop").environments[Environment.DEVELOPMENT]
    assert running.release == FloatingTag("latest")


def test_the_tag_is_that_of_the_apps_format(shop: type[App[Any]], repository: Path) -> None:
    class Prefixed(shop):  # type: ignore[misc, valid-type]  # a class made here
        tag_format = TagFormat("v{version}")

    Prefixed.__qualname__ = "Prefixed"
    run(Prefixed, repository, "1.2.0")
    assert value(repository, "TAG") == "v1.2.0"


def test_what_deploy_recorded_of_a_version_stays(shop: type[App[Any]], repository: Path) -> None:
    run(shop, repository, "v1.2.0")
    digest = f"sha256:{'ab' * 32}"
    intent = repository / INTENT
    intent.write_text(intent.read_text().replace("tag: 1.2.0", "tag: v1.2.0") + f"    digest: {digest}\n")
    run(shop, repository, "1.2.0")
    running = read_intent_file(repository, "shop").environments[Environment.PRODUCTION]
    assert (running.tag, running.digest) == ("v1.2.0", digest)
    assert value(repository, "TAG") == "v1.2.0"
    run(shop, repository, "1.3.0")
    running = read_intent_file(repository, "shop").environments[Environment.PRODUCTION]
    assert (running.release, running.tag, running.digest) == (Version(1, 3, 0), "1.3.0", None)


def test_an_intent_that_contradicts_itself_is_refused(shop: type[App[Any]], repository: Path) -> None:
    run(shop, repository, "v1.2.0")
    intent = repository / INTENT
    intent.write_text(intent.read_text().replace("version: v1.2.0", "version: v1.3.0"))
    with pytest.raises(IntentError, match=r"version is v1.3.0, and tag '1.2.0' is v1.2.0; make them agree"):
        run(shop, repository)


def test_no_other_environment_is_touched(shop: type[App[Any]], repository: Path) -> None:
    run(shop, repository, "v1.0.0")
    run(shop, repository, "v1.1.0", environment=Environment.STAGING)
    before = snapshot(repository)
    run(shop, repository, "v2.0.0", environment=Environment.STAGING)
    after = snapshot(repository)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert changed == {"base-apps/shop-staging/configmaps.yaml", "releases/shop.yaml"}
    environments = read_intent_file(repository, "shop").environments
    assert environments[Environment.PRODUCTION].release == Version(1, 0, 0)
    assert environments[Environment.STAGING].release == Version(2, 0, 0)


QUARANTINE = "quarantine:\n- version: v1.1.0\n  reason: it is slow\n  since: '2025-07-01T10:00:00Z'\n"


def hold(repository: Path) -> None:
    intent = repository / INTENT
    intent.write_text(intent.read_text() + QUARANTINE)


def test_nothing_moves_to_a_quarantined_version(shop: type[App[Any]], repository: Path) -> None:
    run(shop, repository, "v1.0.0")
    hold(repository)
    before = snapshot(repository)
    with pytest.raises(
        QuarantinedError, match=r"v1\.1\.0 is quarantined since 2025-07-01T10:00:00Z: it is slow"
    ):
        run(shop, repository, "1.1.0")
    with pytest.raises(QuarantinedError):
        run(shop, repository, "1.1.0", environment=Environment.STAGING, discard_edits=True, adopt=True)
    assert snapshot(repository) == before
    run(shop, repository, "v1.2.0")
    assert read_intent_file(repository, "shop").quarantined(Version(1, 1, 0)) is not None


def test_a_quarantined_version_that_runs_is_rendered_with_a_warning(
    shop: type[App[Any]], repository: Path, synthesizer: Synthesizer
) -> None:
    run(shop, repository, "v1.1.0")
    hold(repository)
    for release in (None, "v1.1.0"):
        warnings = synthesizer.plan(shop, release=release).warnings
        assert [w for w in warnings if "quarantined since 2025-07-01T10:00:00Z: it is slow" in w]


def test_files_that_are_no_longer_rendered_are_pruned(shop: type[App[Any]], repository: Path) -> None:
    run(shop, repository, "v1.0.0")

    class Grown(shop):  # type: ignore[misc, valid-type]  # a class made here
        def __init__(self, scope: Scope, id: str, configuration: Any) -> None:
            super().__init__(scope, id, configuration)
            ConfigMap(self, "more", name="more", data={}).file = "more.yaml"

    Grown.__qualname__ = "Grown"
    run(Grown, repository, "v1.0.0")
    assert (repository / "base-apps/shop/more.yaml").exists()
    with Synthesizer(repository) as synthesizer:
        plan = synthesizer.plan(shop)
        assert Status.PRUNED in {file.status for file in plan.files}
        plan.apply()
    assert not (repository / "base-apps/shop/more.yaml").exists()


def test_a_file_of_someone_else_is_in_the_way_until_it_is_adopted(
    shop: type[App[Any]], repository: Path
) -> None:
    theirs = repository / MANIFEST
    theirs.parent.mkdir(parents=True)
    theirs.write_text("kind: theirs\n")
    before = snapshot(repository)
    with pytest.raises(NotOurFileError, match=r"configmaps.yaml.*--adopt"):
        run(shop, repository, "v1.0.0")
    assert snapshot(repository) == before
    with Synthesizer(repository, adopt=True) as synthesizer:
        plan = synthesizer.plan(shop, release="v1.0.0")
        assert {file.path: file.status for file in plan.files}[MANIFEST] is Status.ADOPTED
        plan.apply()
    assert value(repository, "TAG") == "1.0.0"


def test_a_manifest_beside_ours_is_a_warning(shop: type[App[Any]], repository: Path) -> None:
    run(shop, repository, "v1.0.0")
    folder = repository / "base-apps/shop"
    (folder / "debug.yaml").write_text("kind: Pod\n")
    (folder / "README.md").write_text("hello\n")
    with Synthesizer(repository) as synthesizer:
        warnings = synthesizer.plan(shop).warnings
    assert [warning.split(" ")[0] for warning in warnings] == ["base-apps/shop/debug.yaml"]
    assert (folder / "debug.yaml").exists()


def test_differences_are_from_what_is_there_to_what_would_be(
    shop: type[App[Any]], repository: Path, synthesizer: Synthesizer
) -> None:
    run(shop, repository, "v1.0.0")
    differences = synthesizer.plan(shop, release="v1.1.0").differences()
    assert [each.path for each in differences] == [MANIFEST, INTENT]
    assert "-  TAG: 1.0.0\n+  TAG: 1.1.0\n" in differences[0].diff
    assert synthesizer.plan(shop).differences() == []


def test_the_difference_of_a_new_file_starts_from_nothing(
    shop: type[App[Any]], synthesizer: Synthesizer
) -> None:
    difference = synthesizer.plan(shop, release="v1.0.0").differences()[0].diff
    assert difference.startswith("--- /dev/null\n+++ b/base-apps/shop/configmaps.yaml\n")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"app: other\nenvironments: {}\n", "app: expected 'shop', found 'other'"),
        (b"\xff\xfe", "is not UTF-8 at byte 0"),
        (b"app: [\n", "did not find expected node content"),
    ],
)
def test_an_intent_that_cannot_be_used_stops_everything(
    content: bytes, error: str, shop: type[App[Any]], repository: Path
) -> None:
    intent = repository / INTENT
    intent.parent.mkdir(parents=True)
    intent.write_bytes(content)
    with pytest.raises(IntentError, match=error):
        run(shop, repository, "v1.0.0", adopt=True, discard_edits=True)
    assert snapshot(repository) == {str(INTENT): content}


def test_an_intent_that_is_no_file_is_neither_followed_nor_waited_for(
    shop: type[App[Any]], repository: Path, tmp_path: Path
) -> None:
    intent = repository / INTENT
    intent.mkdir(parents=True)
    with pytest.raises(FileError, match=r"releases/shop\.yaml: cannot be read: Is a directory"):
        run(shop, repository, "v1.0.0")
    intent.rmdir()
    os.mkfifo(intent)
    with pytest.raises(FileError, match=r"releases/shop\.yaml: cannot be read: Not a regular file"):
        run(shop, repository, "v1.0.0")
    intent.unlink()
    elsewhere = tmp_path / "elsewhere.yaml"
    elsewhere.write_text("app: shop\nenvironments: {}\n")
    intent.symlink_to(elsewhere)
    with pytest.raises(FileError, match=r"releases/shop\.yaml: cannot be read: Not a regular file"):
        run(shop, repository, "v1.0.0")
    intent.unlink()
    intent.parent.rmdir()
    intent.parent.symlink_to(tmp_path)
    with pytest.raises(FileError, match="releases: is a symbolic link where a folder belongs"):
        run(shop, repository, "v1.0.0")


def test_a_pipe_in_place_of_a_file_that_was_planned_is_not_waited_for(
    shop: type[App[Any]], repository: Path, synthesizer: Synthesizer
) -> None:
    run(shop, repository, "v1.0.0")
    plan = synthesizer.plan(shop, release="v2.0.0")
    (repository / MANIFEST).unlink()
    os.mkfifo(repository / MANIFEST)
    with pytest.raises(FileError, match=r"configmaps\.yaml: cannot be read: Not a regular file"):
        plan.differences()


def test_mistakes_in_an_apps_code_are_one_message_with_their_line(
    shop: type[App[Any]], synthesizer: Synthesizer
) -> None:
    class Broken(shop):  # type: ignore[misc, valid-type]  # a class made here
        @classmethod
        def configure(cls, target: Target) -> Any:
            return target.enviroment  # type: ignore[attr-defined] # the mistake

    with pytest.raises(
        ConfigurationError, match=r"shop \(production\) cannot be rendered: AttributeError"
    ) as error:
        synthesizer.plan(Broken, release="v1.0.0")
    lines = Path(__file__).read_text().splitlines()
    line = next(number for number, text in enumerate(lines, 1) if text.endswith("# the mistake"))
    assert f"({__file__}, line {line})" in str(error.value)


def test_mistakes_in_a_configuration_name_its_fields(shop: type[App[Any]], synthesizer: Synthesizer) -> None:
    class Broken(shop):  # type: ignore[misc, valid-type]  # a class made here
        @classmethod
        def configure(cls, target: Target) -> Any:
            return type(super().configure(target))(target=target, greeting=7, colour="blue")

    with pytest.raises(ConfigurationError) as error:
        synthesizer.plan(Broken, release="v1.0.0")
    assert "Configuration: greeting: expected text, found 7; colour: there is no such argument" in str(
        error.value
    )


def test_our_own_errors_pass_as_they_are(shop: type[App[Any]], synthesizer: Synthesizer) -> None:
    class Broken(shop):  # type: ignore[misc, valid-type]  # a class made here
        def __init__(self, scope: Scope, id: str, configuration: Any) -> None:
            super().__init__(scope, id, configuration)
            ConfigMap(self, "bad", name="A B", data={})

    with pytest.raises(ConstructError, match="shop/bad: name"):
        synthesizer.plan(Broken, release="v1.0.0")


def other_than(app: type[App[Any]]) -> type[App[Any]]:
    """The same app under another name."""
    return type("Other", (app,), {"app_name": "other", "__module__": app.__module__})


def test_all_errors_of_several_apps_are_given_the_same_one_once(
    shop: type[App[Any]], synthesizer: Synthesizer
) -> None:
    both = [shop, other_than(shop)]
    plans, errors, _ = plan_all(synthesizer, both, Environment.PRODUCTION)
    assert plans == []
    assert [str(error)[:25] for error in errors] == ["no version of shop is rec", "no version of other is re"]
    _, errors, _ = plan_all(synthesizer, both, Environment.PRODUCTION, "latest")
    assert len(errors) == 1
    plans, errors, _ = plan_all(synthesizer, both, Environment.PRODUCTION, "v1.0.0")
    assert [plan.app for plan in plans] == ["shop", "other"]
    assert errors == []


def test_every_recorded_environment_can_be_planned(shop: type[App[Any]], repository: Path) -> None:
    run(shop, repository, "v1.1.0", environment=Environment.DEVELOPMENT)
    run(shop, repository, "v1.0.0")
    with Synthesizer(repository) as synthesizer:
        plans, errors, _ = plan_all(synthesizer, [shop])
    assert errors == []
    assert [(plan.environment, str(plan.running.release)) for plan in plans] == [
        (Environment.PRODUCTION, "v1.0.0"),
        (Environment.DEVELOPMENT, "v1.1.0"),
    ]


def test_an_error_in_one_environment_hides_no_other(shop: type[App[Any]], repository: Path) -> None:
    class Broken(shop):  # type: ignore[misc, valid-type]  # a class made here
        @classmethod
        def configure(cls, target: Target) -> Any:
            raise KeyError(target.environment.value)

    for environment in (Environment.PRODUCTION, Environment.STAGING):
        run(shop, repository, "v1.0.0", environment=environment)
    with Synthesizer(repository) as synthesizer:
        plans, errors, _ = plan_all(synthesizer, [Broken])
    assert plans == []
    assert [str(error).partition(" cannot")[0] for error in errors] == [
        "shop (production)",
        "shop (staging)",
    ]


def test_an_unreadable_intent_is_the_error_of_its_app(shop: type[App[Any]], repository: Path) -> None:
    run(other_than(shop), repository, "v1.0.0")
    (repository / INTENT).write_text("app: till\nenvironments: {}\n")
    with Synthesizer(repository) as synthesizer:
        plans, errors, _ = plan_all(synthesizer, [shop, other_than(shop)])
    assert [plan.app for plan in plans] == ["other"]
    assert [error.app for error in errors] == ["shop"]


def test_apps_that_run_elsewhere_can_be_left_out(shop: type[App[Any]], repository: Path) -> None:
    run(shop, repository, "v1.0.0", environment=Environment.STAGING)
    run(other_than(shop), repository, "v1.0.0")
    both = [shop, other_than(shop)]
    with Synthesizer(repository) as synthesizer:
        plans, errors, absent = plan_all(synthesizer, both, Environment.STAGING, leave_out=True)
        assert [plan.app for plan in plans] == ["shop"]
        assert (errors, absent) == ([], ["other: not in staging"])
        plans, errors, absent = plan_all(synthesizer, both, Environment.STAGING)
        assert (len(plans), len(errors), absent) == (1, 1, [])


def test_two_apps_in_one_place_are_refused(repository: Path) -> None:
    with pytest.raises(FileError, match="rename one of them"):
        Synthesizer(repository, places=[Places("shop", "staging"), Places("shop-staging")])


def test_an_export_holds_manifests_and_records_nothing(
    shop: type[App[Any]], repository: Path, tmp_path: Path
) -> None:
    run(shop, repository, "v1.0.0")
    before = snapshot(repository)
    export = tmp_path / "cdk8s.out"
    run(shop, repository, export=export)
    assert snapshot(export) == {str(MANIFEST): before[str(MANIFEST)]}
    run(shop, repository, "v2.0.0", export=export)
    assert value(export, "TAG") == "2.0.0"
    assert snapshot(repository) == before


def test_a_repository_that_cannot_be_made_is_an_error_of_ours(shop: type[App[Any]], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ChoresInfraError, match="file"):
        run(shop, tmp_path / "file" / "dist", "v1.0.0")


def test_nothing_is_left_behind_by_a_lost_repository(shop: type[App[Any]], repository: Path) -> None:
    run(shop, repository, "v1.0.0")
    shutil.rmtree(repository)
    run(shop, repository, "v1.0.0")
    assert set(snapshot(repository)) == {str(MANIFEST), str(INTENT)}
