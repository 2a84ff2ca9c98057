"""Several apps in one go: all of them are planned before the first is written.

What is wrong with one hides nothing that is wrong with another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from chores_infra.app import App
from chores_infra.environments import Environment
from chores_infra.errors import ChoresInfraError, VersionError
from chores_infra.release.plan import Synthesis
from chores_infra.release.synth import Synthesizer

__all__ = ["Batch", "apply_all", "plan_all"]


class Batch(NamedTuple):
    """What is done for several apps: plans, every error of those without, and who was left out, and why."""

    plans: list[Synthesis]
    errors: list[ChoresInfraError]
    left_out: list[str]


def plan_all(
    synthesizer: Synthesizer,
    apps: Iterable[type[App[Any]]],
    environment: Environment | None = None,
    release: str | None = None,
    *,
    leave_out: bool = False,
) -> Batch:
    """Plan several apps.

    An error is given once, and says which ``app`` and ``environment`` it is about unless it is about several.

    Args:
        synthesizer: what plans one.
        apps: which.
        environment: where; None is every environment that an app has a version recorded for.
        release: the version to record and render. Without it, what is recorded is rendered.
        leave_out: leave out apps that have a version recorded for other environments only.
    """
    plans: list[Synthesis] = []
    left_out: list[str] = []
    errors = _Errors()
    for app in apps:
        with errors.of(app):
            chosen = _environments(synthesizer, app, environment, release, leave_out=leave_out)
            if not chosen:
                left_out.append(f"{app.app_name}: not in {environment}")
            for each in chosen:
                with errors.of(app, each if len(chosen) > 1 else None):
                    plans.append(synthesizer.plan(app, each, release))
    found = list(errors.by_message.values())
    if left_out and not plans and not found:
        found = [VersionError(f"no app has a version recorded for {environment} in {synthesizer.repository}")]
    return Batch(plans, found, left_out)


def apply_all(batch: Batch) -> Batch:
    """Carry out the plans until one fails, or none if any app has none.

    Answers those carried out, and what to say about the others.
    """
    if batch.errors:
        return Batch([], batch.errors, batch.left_out)
    for done, plan in enumerate(batch.plans):
        try:
            plan.apply()
        except ChoresInfraError as error:
            error.app = plan.app
            errors = [error]
            if rest := [later.app for later in batch.plans[done + 1 :]]:
                errors.append(ChoresInfraError(f"not begun after that: {', '.join(rest)}; run it again"))
            return Batch(batch.plans[:done], errors, batch.left_out)
    return batch


def _environments(
    synthesizer: Synthesizer,
    app: type[App[Any]],
    environment: Environment | None,
    release: str | None,
    *,
    leave_out: bool,
) -> list[Environment]:
    """Where an app is to be planned; nowhere if it is to be left out."""
    if environment is not None and (release is not None or not leave_out):
        return [environment]
    recorded = synthesizer.recorded(app)
    if not recorded:
        # It was forgotten, so it is not left out: planning it says what to do.
        return [environment or Environment.PRODUCTION]
    if environment is None:
        return recorded
    return [environment] if environment in recorded else []


class _Errors:
    """The errors of apps by their message, so that the same one is given once."""

    def __init__(self) -> None:
        self.by_message: dict[str, ChoresInfraError] = {}

    @contextmanager
    def of(self, app: type[App[Any]], environment: Environment | None = None) -> Iterator[None]:
        try:
            yield
        except ChoresInfraError as error:
            first = self.by_message.setdefault(str(error), error)
            if first is error:
                error.app, error.environment = app.app_name, environment
            if first.app != app.app_name:
                first.app = None
            if first.environment != environment:
                first.environment = None
