"""Where apps are rendered: in this process, or by whatever is a ``concurrent.futures.Executor``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from chores_infra.errors import ChoresInfraError, ExecutorError
from chores_infra.release.rendering import AppFiles, Job, Setup, render_app, render_jobs
from chores_infra.release.synth import Request
from chores_infra.selection import Selected
from chores_infra.synthesis import Engine

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from chores_infra.checks.verdict import Checks

__all__ = ["Elsewhere", "Here", "Pending", "RenderingPlace"]

_LARGEST_PART: Final = 32

Answers: TypeAlias = "list[AppFiles | ChoresInfraError]"
Pending: TypeAlias = Callable[[], Answers]
"""Waits for what was begun: an answer for each request, or an ExecutorError."""


class RenderingPlace(Protocol):
    """Renders a part of the apps at a time, and may have begun ``ahead`` parts that nobody waits for yet."""

    ahead: int

    def part_of(self, apps: int) -> int:
        """How many of so many apps are a part."""

    def begin(self, requests: Sequence[tuple[Selected, Request]]) -> Pending:
        """Begin to render."""


class Here:
    """In the process that asks, one app after the other."""

    ahead = 0

    def __init__(
        self,
        engine: Engine,
        operators: Mapping[str, str],
        *,
        watch: bool = False,
        checks: Checks | None = None,
    ) -> None:
        self._engine = engine
        self._operators = operators
        self._watch = watch
        self._checks = checks

    def part_of(self, apps: int) -> int:  # noqa: ARG002  (a part of any number)
        """One at a time."""
        return 1

    def begin(self, requests: Sequence[tuple[Selected, Request]]) -> Pending:
        """Render when it is waited for."""
        return lambda: [self._answer(request) for _, request in requests]

    def _answer(self, request: Request) -> AppFiles | ChoresInfraError:
        try:
            return render_app(
                request.app,
                request.target,
                self._engine,
                self._operators,
                watch=self._watch,
                checks=self._checks,
            )
        except ChoresInfraError as error:
            return error


class Elsewhere:
    """Other processes or machines, which have the same code.

    Args:
        executor: any ``concurrent.futures.Executor``; who made it shuts it down.
        workers: how many work at a time. Each gets a few apps, and more while they are rendered.
        setup: what all jobs have in common.
    """

    def __init__(self, executor: Executor, workers: int, setup: Setup) -> None:
        self._executor = executor
        self._workers = workers
        self._setup = setup
        self.ahead = 2 * workers

    def part_of(self, apps: int) -> int:
        """Enough that sending is cheap, few enough that all have work until the end."""
        return max(1, min(_LARGEST_PART, apps // (4 * self._workers)))

    def begin(self, requests: Sequence[tuple[Selected, Request]]) -> Pending:
        """Send them."""
        jobs = [Job(app.reference, app.name, request.target) for app, request in requests]
        if not jobs:
            return list
        # What goes wrong with an app is an answer; what is raised is about those who were to render it.
        try:
            future = self._executor.submit(render_jobs, self._setup, jobs)
        except Exception as error:
            lost = _lost(error)
            return lambda: _fail(lost)

        def wait() -> Answers:
            try:
                return future.result()
            except Exception as error:
                raise _lost(error) from error

        return wait


def _fail(error: ExecutorError) -> Answers:
    raise error


def _lost(error: Exception) -> ExecutorError:
    from concurrent.futures import BrokenExecutor

    if isinstance(error, BrokenExecutor):
        return ExecutorError("a process that renders has ended before it was done, killed or out of memory")
    return ExecutorError(f"who was to render failed: {' '.join(f'{type(error).__name__}: {error}'.split())}")
