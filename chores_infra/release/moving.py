"""Move an app to a version: everything that is asked before it is written, and what is written then.

Whoever moves versions (`deploy`, `promote`, `update`, rolling back) says what is wanted, and gets a draft of
the commit, made from the infrastructure repository as it is in some folder; see `publishing`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

from chores_infra.app import App
from chores_infra.configuration import Configuration
from chores_infra.environments import Environment
from chores_infra.errors import ConfigurationError, FindingsError, OvertakenError, Refused
from chores_infra.kinds import extended
from chores_infra.release.intent import Intent, Running
from chores_infra.release.messages import Trailers
from chores_infra.release.move import Image, Move
from chores_infra.release.plan import Synthesis
from chores_infra.release.rendering import AppFiles, render_app, target_of
from chores_infra.release.synth import Synthesizer
from chores_infra.release.unchanged import refuse_changed
from chores_infra.rendering.places import Places
from chores_infra.synthesis import direct
from chores_infra.versions import Release, Version

__all__ = ["Accepted", "Mover"]


class Accepted(NamedTuple):
    """What may happen although it is mostly not meant; see `deploy`."""

    downgrade: bool = False
    config: bool = False
    edits: bool = False
    adoption: bool = False


_NOTHING: Final = Accepted()
_UNKNOWN: Final = Image()


class Mover:
    """Makes drafts of moves of one app in one environment.

    Args:
        app: which.
        environment: where.
        configuration: of the project; how to render and to check.
        accepted: what else may happen.
    """

    def __init__(
        self,
        app: type[App[Any]],
        environment: Environment,
        configuration: Configuration,
        accepted: Accepted = _NOTHING,
    ) -> None:
        self.app = app
        self.environment = environment
        self.configuration = configuration
        self.accepted = accepted
        self.places = Places(app.app_name, environment.value)

    @cached_property
    def _operators(self) -> Mapping[str, str]:
        return self.configuration.releases()

    def move(
        self,
        folder: Path,
        release: Release,
        image: Image = _UNKNOWN,
        *,
        expected: Running | None,
        pin: bool | None = None,
        verb: str = "update",
        trailers: Trailers = (),
        change_intent: Callable[[Intent], Intent] | None = None,
    ) -> Move:
        """Draft the move to a version.

        Args:
            folder: the infrastructure repository.
            release: the version.
            image: what is known of its image.
            expected: what runs there as far as the user knows.
            pin: whether manifests name the digest; None for as it is.
            verb: what the commit says was done.
            trailers: further ones of the commit.
            change_intent: what else is changed in the intent.

        Raises:
            OvertakenError: something else runs there.
            QuarantinedError: the version is quarantined.
            HandEditsError, ConfigurationChangedError: other things than the version would change.
            FindingsError: what is rendered has errors.
            Refused: it is a downgrade.
            ChoresInfraError: it cannot be rendered or planned.
        """
        with self._synthesizer(folder) as synthesizer:
            request = synthesizer.request(self.app, self.environment, str(release))
            recorded = request.recorded
            self._refuse_overtaken(recorded, expected, release)
            self._refuse_downgrade(recorded, release)
            request = request._replace(running=_with_image(request.running, recorded, image, pin=pin))
            if recorded is not None:
                refuse_changed(
                    synthesizer.writer,
                    self.places,
                    self._rendered(recorded).files,
                    recorded.rendered,
                    include_config=self.accepted.config,
                    discard_edits=self.accepted.edits,
                )
            rendered = self._rendered(request.running)
            _refuse_unpinned(self.app, request.running, rendered)
            synthesis = synthesizer.plan_rendered(request, rendered, change_intent)
            moved = _moved(request.running, recorded)
            synthesis = synthesis._replace(warnings=(*synthesis.warnings, *moved))
            self._refuse_findings(folder, rendered, synthesis)
            plan = synthesis.plan
            before = {path: synthesizer.writer.read(path) for path in (*plan.written, *plan.pruned)}
        known = (("Image-Digest", image.digest), ("App-Commit", image.commit))
        found = tuple((name, value) for name, value in known if value is not None)
        return Move(
            self.app.app_name, self.environment, recorded, synthesis, image, verb, (*found, *trailers), before
        )

    @contextmanager
    def _synthesizer(self, folder: Path) -> Iterator[Synthesizer]:
        with (
            extended(*self.configuration.schemas),
            Synthesizer(
                folder,
                places=[self.places],
                operators=self._operators,
                adopt=self.accepted.adoption,
                discard_edits=self.accepted.edits,
            ) as synthesizer,
        ):
            yield synthesizer

    def _rendered(self, running: Running) -> AppFiles:
        return render_app(self.app, target_of(self.environment, running), direct, self._operators)

    def _refuse_overtaken(self, recorded: Running | None, expected: Running | None, release: Release) -> None:
        found = None if recorded is None else recorded.release
        known = None if expected is None else expected.release
        if found not in (known, release):
            raise OvertakenError(
                f"{self.app.app_name} was moved to {found or 'no version'} in {self.environment} by somebody "
                f"else; this was about {known or 'no version'}: look at it, git pull, and try again"
            )

    def _refuse_downgrade(self, recorded: Running | None, release: Release) -> None:
        if recorded is None or self.accepted.downgrade:
            return
        if (
            isinstance(recorded.release, Version)
            and isinstance(release, Version)
            and release < recorded.release
        ):
            raise Refused(
                f"{self.app.app_name} runs {recorded.release} in {self.environment}, and {release} is older; "
                "--allow-downgrade deploys it all the same"
            )

    def _refuse_findings(self, folder: Path, rendered: AppFiles, synthesis: Synthesis) -> None:
        from chores_infra.checks.finding import Severity
        from chores_infra.checks.rendered import check_within

        if not synthesis.changes:
            return
        report = check_within(
            rendered.files,
            folder,
            pruned=synthesis.plan.pruned,
            settings=self.configuration.check_settings(),
            releases=self._operators,
            schemas=self.configuration.schemas,
        )
        errors = [found for found in report.findings if found.severity is Severity.ERROR]
        if errors:
            raise FindingsError(
                f"{self.app.app_name} {synthesis.running.release} ({self.environment})",
                [found.as_data() for found in errors],
            )


def _with_image(running: Running, recorded: Running | None, image: Image, *, pin: bool | None) -> Running:
    """What is to run, with what is known of its image."""
    same = recorded is not None and recorded.release == running.release
    pinned = (recorded is not None and recorded.pinned) if pin is None else pin
    digest = image.digest or (running.digest if same else None)
    if pinned and digest is None:
        raise ConfigurationError(
            f"the digest of {running.release} is not known, so it cannot be pinned; name the registry with "
            "--registry, or do without: --no-pin-digest"
        )
    tag = image.tag or running.tag
    return running._replace(tag=tag, digest=digest, pinned=pinned)


def _moved(running: Running, recorded: Running | None) -> Iterator[str]:
    """A warning, if a version that runs already is another image by now."""
    if recorded is None or recorded.release != running.release or not isinstance(running.release, Version):
        return
    if recorded.digest is not None and running.digest not in {None, recorded.digest}:
        yield (
            f"the tag {running.tag} was moved: it pointed at {recorded.digest} when {running.release} was "
            f"deployed, and does at {running.digest} now"
        )


def _refuse_unpinned(app: type[App[Any]], running: Running, rendered: AppFiles) -> None:
    """Refuse to say that an image is pinned when no manifest names its digest."""
    if running.pinned and not any(f"@{running.digest}" in text for text in rendered.files.values()):
        raise ConfigurationError(
            f"no manifest of {app.app_name} names the digest of its image; give it to the image: "
            "Image(..., digest=target.digest)"
        )
