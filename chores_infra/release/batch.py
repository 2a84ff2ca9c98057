"""Several apps in one go, each on its own: what is wrong with one neither hides nor stops another.

::

    requests -> rendered, some at a time, here or elsewhere -> planned and applied here, in order

However many apps there are, only those are held that are being rendered.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from chores_infra.app import App
from chores_infra.environments import Environment
from chores_infra.errors import ChoresInfraError, ExecutorError, VersionError
from chores_infra.release.outcome import Outcome
from chores_infra.release.rendering import AppFiles
from chores_infra.release.rendering_places import Pending, RenderingPlace
from chores_infra.release.synth import Request, Synthesizer
from chores_infra.selection import Selected

if TYPE_CHECKING:
    from chores_infra.release.known import Known

__all__ = ["Batch"]

_MOST_SHOWN: Final = 20


class _Step(NamedTuple):
    """An app in one environment; ``where`` is that if the app has several.

    With an outcome there is nothing to do for it.
    """

    request: Request
    where: Environment | None
    outcome: Outcome | None


class _App(NamedTuple):
    """One app on its way, with what is to be rendered for it."""

    app: Selected
    steps: list[_Step]


class Batch:
    """A run over many apps. Once it is over, ``errors`` and ``left_out`` say what was not done, and why.

    An error is given once, and says which ``app`` and ``environment`` it is about unless it is about several.

    Args:
        synthesizer: what plans one.
        place: where apps are rendered.
        check: change nothing; outcomes have the differences.
        known: what need not be rendered.
        errors: what is known already to be wrong with others.
    """

    def __init__(
        self,
        synthesizer: Synthesizer,
        place: RenderingPlace,
        *,
        check: bool = False,
        known: Known | None = None,
        errors: Iterable[ChoresInfraError] = (),
    ) -> None:
        self._synthesizer = synthesizer
        self._place = place
        self._check = check
        self._known = known
        self._errors = {str(error): error for error in errors}
        self._lost: dict[str, list[str]] = {}
        self.left_out: list[str] = []

    @property
    def errors(self) -> list[ChoresInfraError]:
        """Everything that went wrong, in the order in which it was found."""
        return list(self._errors.values())

    def run(
        self,
        apps: Sequence[Selected],
        environment: Environment | None = None,
        release: str | None = None,
        *,
        leave_out: bool = False,
    ) -> Iterator[list[Outcome]]:
        """Bring apps in line with their Python; yields the outcomes of each, none where it failed.

        Args:
            apps: which.
            environment: where; None is every environment that an app has a version recorded for.
            release: the version to record and render. Without it, what is recorded is rendered.
            leave_out: leave out apps that have a version recorded for other environments only.
        """
        done = False
        for outcomes in self._rendered(self._parts(apps, environment, release, leave_out=leave_out)):
            done |= bool(outcomes)
            yield outcomes
        self._report_lost()
        if self.left_out and not done and not self._errors:
            self._note(
                VersionError(
                    f"no app has a version recorded for {environment} in {self._synthesizer.repository}"
                )
            )

    def _rendered(self, parts: Iterable[list[_App]]) -> Iterator[list[Outcome]]:
        """Begin parts as far ahead as the place can work, and finish them in order."""
        under_way: deque[tuple[list[_App], Pending]] = deque()
        for part in parts:
            requests = [(app.app, step.request) for app in part for step in app.steps if not step.outcome]
            under_way.append((part, self._place.begin(requests)))
            while len(under_way) > self._place.ahead:
                yield from self._finish(*under_way.popleft())
        while under_way:
            yield from self._finish(*under_way.popleft())

    def _parts(
        self,
        apps: Sequence[Selected],
        environment: Environment | None,
        release: str | None,
        *,
        leave_out: bool,
    ) -> Iterator[list[_App]]:
        """What is rendered in one go: as many apps as the place wants."""
        size = self._place.part_of(len(apps))
        part: list[_App] = []
        for app in apps:
            part.append(_App(app, list(self._steps(app, environment, release, leave_out=leave_out))))
            if len(part) == size:
                yield part
                part = []
        if part:
            yield part

    def _steps(
        self, app: Selected, environment: Environment | None, release: str | None, *, leave_out: bool
    ) -> Iterator[_Step]:
        known = self._known
        try:
            chosen = self._environments(app.app, environment, release, leave_out=leave_out)
        except ChoresInfraError as error:
            self._note(error, app)
            return
        if not chosen:
            self.left_out.append(f"{app.name}: not in {environment}")
        for each in chosen:
            where = each if len(chosen) > 1 else None
            try:
                request = self._synthesizer.request(app.app, each, release)
                yield _Step(request, where, None if known is None else known.outcome(request))
            except ChoresInfraError as error:
                self._note(error, app, where)

    def _environments(
        self, app: type[App[Any]], environment: Environment | None, release: str | None, *, leave_out: bool
    ) -> list[Environment]:
        """Where an app is to be planned; nowhere if it is to be left out."""
        if environment is not None and (release is not None or not leave_out):
            return [environment]
        recorded = self._synthesizer.recorded(app)
        if not recorded:
            # It was forgotten, so it is not left out: planning it says what to do.
            return [environment or Environment.PRODUCTION]
        if environment is None:
            return recorded
        return [environment] if environment in recorded else []

    def _finish(self, part: list[_App], pending: Pending) -> Iterator[list[Outcome]]:
        try:
            answers: Iterator[AppFiles | ChoresInfraError] | None = iter(pending())
        except ExecutorError as error:
            self._lost.setdefault(str(error), []).extend(
                app.app.name for app in part if not all(step.outcome for step in app.steps)
            )
            answers = None
        for app in part:
            outcomes: list[Outcome] = []
            for request, where, outcome in app.steps:
                if outcome is not None:
                    outcomes.append(outcome)
                elif answers is not None:
                    try:
                        outcomes.append(self._carried_out(request, next(answers)))
                    except ChoresInfraError as error:
                        self._note(error, app.app, where)
            yield outcomes

    def _carried_out(self, request: Request, answer: AppFiles | ChoresInfraError) -> Outcome:
        if isinstance(answer, ChoresInfraError):
            raise answer
        plan = self._synthesizer.plan_rendered(request, answer)
        if not self._check:
            plan.apply()
        if self._known is not None and not (self._check and plan.changes):
            self._known.learn(request, answer, plan)
        return Outcome.of(plan, check=self._check)

    def _note(
        self, error: ChoresInfraError, app: Selected | None = None, environment: Environment | None = None
    ) -> None:
        name = None if app is None else app.name
        first = self._errors.setdefault(str(error), error)
        if first is error:
            error.app, error.environment = name, environment
        if first.app != name:
            first.app = None
        if first.environment != environment:
            first.environment = None

    def _report_lost(self) -> None:
        for reason, names in self._lost.items():
            more = f" and {len(names) - _MOST_SHOWN} more" if len(names) > _MOST_SHOWN else ""
            listed = ", ".join(names[:_MOST_SHOWN])
            self._note(ExecutorError(f"{reason}; not rendered: {listed}{more}; run it again"))
