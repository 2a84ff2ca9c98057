"""Bring the files of apps in line with their Python: what ``chores-infra synth`` does.

::

    release intent + app -> request -> render -> plan (reads only; refusals) -> apply (files and intent)

Rendering is a pure function of the request (`release/rendering.py`), so it may be done anywhere; all reading
and writing of the repository is done here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from chores_infra.app import App, Target
from chores_infra.environments import Environment
from chores_infra.errors import FindingsError, IntentError, QuarantinedError, VersionError
from chores_infra.release.hand_edits import refuse_edits, refuse_unknown, touched
from chores_infra.release.intent import Intent, Running
from chores_infra.release.intent_file import IntentFile, intent_file_in
from chores_infra.release.plan import Synthesis
from chores_infra.release.rendering import AppFiles, render_app, target_of
from chores_infra.rendering.file_system import DEFAULT
from chores_infra.rendering.open_repo import OpenRepo
from chores_infra.rendering.owned import fingerprint
from chores_infra.rendering.places import Places
from chores_infra.rendering.plan import Plan
from chores_infra.rendering.writer import Writer
from chores_infra.synthesis import Engine, direct
from chores_infra.versions import Version, parse_release

if TYPE_CHECKING:
    from chores_infra.checks.verdict import Checks

__all__ = ["Request", "Synthesizer"]

#: What Argo CD applies from a folder, whoever wrote it.
_APPLIED: Final = (".yaml", ".yml", ".json")


class Request(NamedTuple):
    """One app in one environment that is to be rendered: what is recorded of it, and what was asked for."""

    app: type[App[Any]]
    places: Places
    file: IntentFile
    recorded: Running | None
    running: Running
    release: str | None

    @property
    def target(self) -> Target:
        """What to render."""
        return target_of(Environment(self.places.environment), self.running)


class Synthesizer:
    """Plans apps of one infrastructure repository; a context manager, in which plans can be applied.

    Args:
        repository: the infrastructure repository; it is created when the first plan is applied.
        places: of all apps that will be planned, so that names are checked before anything is.
        engine: what builds the apps.
        operators: releases of the cluster's operators, where they are not the defaults.
        adopt: take over files that are not ours.
        discard_edits: drop what was edited by hand.
        export: write manifests there instead, and record nothing.
        checks: how apps are checked that are planned without having been rendered.
        command: how the user runs this, for messages that tell what to run; ``{app}`` stands for the app.

    Raises:
        FileError: two apps have the same places.
    """

    def __init__(
        self,
        repository: Path,
        *,
        places: Iterable[Places] = (),
        engine: Engine = direct,
        operators: Mapping[str, str] | None = None,
        adopt: bool = False,
        discard_edits: bool = False,
        export: Path | None = None,
        checks: Checks | None = None,
        command: str = "chores-infra synth {app}",
    ) -> None:
        self.repository = repository
        self._engine = engine
        self._operators = operators or {}
        self._checks = checks
        self._discard_edits = discard_edits
        self._records = export is None
        self._command = command
        self._writer = Writer(repository if export is None else export, places, adopt=adopt)
        self._intents = OpenRepo(repository, DEFAULT)
        self._read: dict[str, IntentFile] = {}

    def __enter__(self) -> Synthesizer:
        return self

    def __exit__(self, *error: object) -> None:
        self._writer.__exit__(*error)
        self._intents.close()

    def plan(
        self,
        app: type[App[Any]],
        environment: Environment = Environment.PRODUCTION,
        release: str | None = None,
    ) -> Synthesis:
        """Plan one app in one environment; no other environment is touched.

        ``release`` is the version to record and render. Without it, what is recorded is rendered.

        Raises:
            VersionError: the release may not run there, or none is given and none recorded.
            IntentError: the release intent cannot be used.
            QuarantinedError: the release is quarantined, and not what runs already.
            FindingsError: the checks find errors.
            HandEditsError: files were edited by hand.
            ChoresInfraError: whatever rendering and planning raise.
        """
        request = self.request(app, environment, release)
        return self.plan_rendered(request, self._rendered(request, request.running, self._checks))

    def request(
        self,
        app: type[App[Any]],
        environment: Environment = Environment.PRODUCTION,
        release: str | None = None,
    ) -> Request:
        """What is to be rendered to plan an app; arguments as in `plan`.

        Raises:
            VersionError, IntentError, QuarantinedError, FileError: as `plan`.
        """
        places = Places(app.app_name, environment.value)
        file = self._intent_file(places)
        recorded = file.intent.environments.get(environment)
        if recorded is not None:
            self._refuse_contradiction(app, places, recorded)
        running = self._running(app, places, file.intent, recorded, release)
        return Request(app, places, file, recorded, running, release)

    @property
    def writer(self) -> Writer:
        """What reads and writes the files."""
        return self._writer

    def is_settled(self, request: Request) -> bool:
        """Whether the release intent stays as it is if the files do, with nothing to warn of in it."""
        file, running = request.file, request.running
        return (
            self._records
            and running == request.recorded
            and file.intent.quarantined(running.release) is None
            and file.changed_to(file.intent) == file.text
        )

    def command_line(self, request: Request) -> str:
        """What a user runs to have a request carried out."""
        return self._command_line(request.places, request.release)

    def plan_rendered(
        self,
        request: Request,
        rendered: AppFiles,
        change_intent: Callable[[Intent], Intent] | None = None,
    ) -> Synthesis:
        """Plan what was rendered for a request; ``change_intent`` is what else the intent is to say.

        Raises:
            FindingsError: the checks found errors.
            HandEditsError: files were edited by hand.
            FileError: files are in the way, or cannot be read.
        """
        verdict = rendered.verdict
        if verdict is not None and verdict.errors:
            what = f"{request.places.app} {request.running.release} ({request.places.environment})"
            raise FindingsError(what, [finding.as_data() for finding in verdict.errors])
        places, intent = request.places, request.file.intent
        if change_intent is not None:
            intent = change_intent(intent)
        environment, running = request.target.environment, request.running
        files: dict[PurePosixPath, str] = dict(rendered.files)
        if self._records:
            running = running._replace(rendered=fingerprint(files))
            files[places.intent_file] = request.file.changed_to(intent.running(environment, running))
        plan = self._writer.plan(places, files)
        if self._records and not self._discard_edits:
            self._refuse_edits(request, plan, rendered)
        return Synthesis(
            places.app,
            environment,
            running,
            plan,
            (*rendered.warnings, *_warnings(plan, intent, running)),
            self._writer,
            self.command_line(request),
            verdict,
        )

    def recorded(self, app: type[App[Any]]) -> list[Environment]:
        """The environments that an app has a version recorded for, in their fixed order.

        Raises:
            FileError: the release intent cannot be read.
            IntentError: it cannot be used.
        """
        places = Places(app.app_name)
        file = self._intent_file(places)
        self._read = {places.app: file}
        environments = file.intent.environments
        return [environment for environment in Environment if environment in environments]

    def _intent_file(self, places: Places) -> IntentFile:
        """The intent as it is now; one that was read a moment ago to know its environments, once more."""
        known = self._read.pop(places.app, None)
        return intent_file_in(self._intents, places) if known is None else known

    def _running(
        self,
        app: type[App[Any]],
        places: Places,
        intent: Intent,
        recorded: Running | None,
        release: str | None,
    ) -> Running:
        """What is to run: the recorded, or what was asked for."""
        environment = Environment(places.environment)
        if release is None:
            if recorded is None:
                raise VersionError(self._nothing_recorded(places, intent))
            return recorded
        asked = parse_release(release, environment)
        if recorded is not None and recorded.release == asked:
            return recorded
        entry = intent.quarantined(asked)
        if entry is not None:
            raise QuarantinedError(
                f"{app.app_name} {asked} is {entry}. Choose another version, or lift the quarantine in "
                f"{self.repository / places.intent_file}"
            )
        return Running(asked, app.tag_format.tag(asked))

    def _rendered(self, request: Request, running: Running, checks: Checks | None = None) -> AppFiles:
        target = target_of(request.target.environment, running)
        return render_app(request.app, target, self._engine, self._operators, checks=checks)

    def _nothing_recorded(self, places: Places, intent: Intent) -> str:
        runs = {env.value: running.release for env, running in intent.environments.items()}
        release = next(iter(runs.values()), "v1.0.0")
        others = ", ".join(f"{name} runs {release}" for name, release in runs.items())
        return (
            f"no version of {places.app} is recorded for {places.environment} in "
            f"{self.repository / places.intent_file}{f' ({others})' if others else ''}; give one, such as: "
            f"{self._command_line(places, str(release))}"
        )

    def _command_line(self, places: Places, release: str | None) -> str:
        """What a user runs for this app in this environment."""
        words = [self._command.replace("{app}", places.app)]
        if places.environment != Environment.PRODUCTION:
            words += ["--env", places.environment]
        if release is not None:
            words += ["--version", release]
        return " ".join(words)

    def _refuse_contradiction(self, app: type[App[Any]], places: Places, recorded: Running) -> None:
        """Refuse an intent that says one version and the tag of another: half an edit by hand, mostly."""
        for tag_format in (app.tag_format, app.tag_format.twin):
            version = tag_format.version_of(recorded.tag)
            if version is not None and isinstance(recorded.release, Version) and version != recorded.release:
                raise IntentError(
                    f"{self.repository / places.intent_file}: environments.{places.environment}: version is "
                    f"{recorded.release}, and tag {recorded.tag!r} is {version}; make them agree"
                )

    def _refuse_edits(self, request: Request, plan: Plan, rendered: AppFiles) -> None:
        """Refuse when the plan would lose something that was not generated."""
        if not touched(plan):
            return
        present, recorded = self._writer.read_owned(plan.places), request.recorded
        if recorded is None or recorded.rendered is None:
            refuse_unknown(plan, present, rendered.files)
        elif recorded.rendered != fingerprint(present):
            refuse_edits(plan, present, self._rendered(request, recorded).files, recorded.rendered)


def _warnings(plan: Plan, intent: Intent, running: Running) -> list[str]:
    places = plan.places
    warnings = [
        f"{path} is not generated, and Argo CD applies it with the app; move it away if that is not wanted"
        for path in plan.foreign
        if path.suffix in _APPLIED
    ]
    entry = intent.quarantined(running.release)
    if entry is not None:
        warnings.append(f"{places.app} runs {running.release} in {places.environment}, which is {entry}")
    return warnings
