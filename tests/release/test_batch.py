"""Several apps in one go: every error, and nothing that stops or hides anything else."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from chores_infra.app import App, Target
from chores_infra.construct import Scope
from chores_infra.constructs.config import ConfigMap
from chores_infra.environments import Environment
from chores_infra.errors import ChoresInfraError
from chores_infra.fleets import load_entry
from chores_infra.release.batch import Batch
from chores_infra.release.outcome import Outcome
from chores_infra.release.rendering import Setup
from chores_infra.release.rendering_places import Elsewhere, Here, RenderingPlace
from chores_infra.release.synth import Synthesizer
from chores_infra.selection import Selected
from chores_infra.synthesis import direct

INTENT = "releases/shop.yaml"


def run(app: type[App[Any]], repository: Path, release: str, **options: Any) -> None:
    with Synthesizer(repository) as synthesizer:
        synthesizer.plan(app, release=release, **options).apply()


def outcomes_of(
    synthesizer: Synthesizer, apps: Sequence[type[App[Any]]], *arguments: Any, **options: Any
) -> tuple[list[Outcome], list[ChoresInfraError], list[str]]:
    batch = Batch(synthesizer, Here(direct, {}), check=True)
    selected = [Selected(app, app.reference()) for app in apps]
    outcomes = [each for found in batch.run(selected, *arguments, **options) for each in found]
    return outcomes, batch.errors, batch.left_out


def other_than(app: type[App[Any]]) -> type[App[Any]]:
    """The same app under another name."""
    return type("Other", (app,), {"app_name": "other", "__module__": app.__module__})


def test_all_errors_of_several_apps_are_given_the_same_one_once(
    shop: type[App[Any]], synthesizer: Synthesizer
) -> None:
    both = [shop, other_than(shop)]
    outcomes, errors, _ = outcomes_of(synthesizer, both, Environment.PRODUCTION)
    assert outcomes == []
    assert [str(error)[:25] for error in errors] == ["no version of shop is rec", "no version of other is re"]
    _, errors, _ = outcomes_of(synthesizer, both, Environment.PRODUCTION, "latest")
    assert len(errors) == 1
    outcomes, errors, _ = outcomes_of(synthesizer, both, Environment.PRODUCTION, "v1.0.0")
    assert [each.app for each in outcomes] == ["shop", "other"]
    assert errors == []


def test_every_recorded_environment_can_be_planned(shop: type[App[Any]], repository: Path) -> None:
    run(shop, repository, "v1.1.0", environment=Environment.DEVELOPMENT)
    run(shop, repository, "v1.0.0")
    with Synthesizer(repository) as synthesizer:
        outcomes, errors, _ = outcomes_of(synthesizer, [shop])
    assert errors == []
    assert [(each.environment, each.version) for each in outcomes] == [
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
        outcomes, errors, _ = outcomes_of(synthesizer, [Broken])
    assert outcomes == []
    assert [str(error).partition(" cannot")[0] for error in errors] == [
        "shop (production)",
        "shop (staging)",
    ]
    assert [(error.app, error.environment) for error in errors] == [
        ("shop", "production"),
        ("shop", "staging"),
    ]


def test_an_error_in_all_environments_is_given_once_and_says_whose_it_is(
    shop: type[App[Any]], repository: Path
) -> None:
    class Broken(shop):  # type: ignore[misc, valid-type]  # a class made here
        def __init__(self, scope: Scope, id: str, configuration: Any) -> None:
            super().__init__(scope, id, configuration)
            ConfigMap(self, "bad", name="A B", data={})

    for environment in (Environment.PRODUCTION, Environment.STAGING):
        run(shop, repository, "v1.0.0", environment=environment)
    with Synthesizer(repository) as synthesizer:
        _, errors, _ = outcomes_of(synthesizer, [Broken])
    assert [(error.app, error.environment) for error in errors] == [("shop", None)]


def test_an_unreadable_intent_is_the_error_of_its_app(shop: type[App[Any]], repository: Path) -> None:
    run(other_than(shop), repository, "v1.0.0")
    (repository / INTENT).write_text("app: till\nenvironments: {}\n")
    with Synthesizer(repository) as synthesizer:
        outcomes, errors, _ = outcomes_of(synthesizer, [shop, other_than(shop)])
    assert [each.app for each in outcomes] == ["other"]
    assert [error.app for error in errors] == ["shop"]


def test_apps_that_run_elsewhere_can_be_left_out(shop: type[App[Any]], repository: Path) -> None:
    run(shop, repository, "v1.0.0", environment=Environment.STAGING)
    run(other_than(shop), repository, "v1.0.0")
    both = [shop, other_than(shop)]
    with Synthesizer(repository) as synthesizer:
        outcomes, errors, absent = outcomes_of(synthesizer, both, Environment.STAGING, leave_out=True)
        assert [each.app for each in outcomes] == ["shop"]
        assert (errors, absent) == ([], ["other: not in staging"])
        outcomes, errors, absent = outcomes_of(synthesizer, both, Environment.STAGING)
        assert (len(outcomes), len(errors), absent) == (1, 1, [])


FLEET = """\
from chores_infra.app import App, AppConfiguration
from chores_infra.constructs.config import ConfigMap


class Shop(App[AppConfiguration]):
    @classmethod
    def configure(cls, target):
        return AppConfiguration(target=target)

    def __init__(self, scope, id, configuration):
        super().__init__(scope, id, configuration)
        name = "A B" if self.app_name == "shop-7" else "settings"
        ConfigMap(self, "settings", name=name, data={"TAG": configuration.target.tag})


def shops():
    for number in range(100):
        yield Shop.named(f"shop-{number}")
"""


def fleet(folder: Path, name: str) -> list[Selected]:
    (folder / f"{name}.py").write_text(FLEET)
    entry = load_entry(f"{name}:shops", folder)
    return [Selected(app, entry.reference) for app in entry.apps]


def test_one_app_that_fails_stops_no_other_wherever_they_are_rendered(tmp_path: Path) -> None:
    apps = fleet(tmp_path, "failing_fleet")
    written = {}
    setup = Setup(tmp_path, "direct", {})
    with ThreadPoolExecutor(3) as threads:
        places: dict[str, RenderingPlace] = {"here": Here(direct, {}), "there": Elsewhere(threads, 3, setup)}
        for where, place in places.items():
            with Synthesizer(tmp_path / where) as synthesizer:
                batch = Batch(synthesizer, place)
                outcomes = list(batch.run(apps, Environment.PRODUCTION, "v1.0.0"))
            assert [len(each) for each in outcomes] == [1] * 7 + [0] + [1] * 92
            assert [(error.app, str(error)[:22]) for error in batch.errors] == [
                ("shop-7", "shop-7/settings: name:")
            ]
            files = [path for path in (tmp_path / where).rglob("*") if path.is_file()]
            written[where] = {path.relative_to(tmp_path / where): path.read_bytes() for path in files}
    assert written["here"] == written["there"]
    assert len(written["here"]) == 2 * 99


class Counting(Executor):
    """Renders when it is asked, and counts what nobody has fetched yet."""

    def __init__(self) -> None:
        self.waiting = self.most = 0

    def submit(self, fn: Any, /, *arguments: Any, **options: Any) -> Future[Any]:
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        future: Future[Any] = Future()
        future.set_result(fn(*arguments, **options))
        take = future.result

        def taken(timeout: float | None = None) -> Any:
            self.waiting -= 1
            return take(timeout)

        setattr(future, "result", taken)  # noqa: B010  (mypy refuses to see a method replaced)
        return future


def test_only_so_many_apps_are_held_at_a_time(tmp_path: Path) -> None:
    executor = Counting()
    with Synthesizer(tmp_path / "dist") as synthesizer:
        place = Elsewhere(executor, 2, Setup(tmp_path, "direct", {}))
        batch = Batch(synthesizer, place)
        outcomes = list(batch.run(fleet(tmp_path, "streamed_fleet"), Environment.PRODUCTION, "v1.0.0"))
    assert len(outcomes) == 100
    assert executor.most <= 2 * 2 + 1
    assert executor.waiting == 0
