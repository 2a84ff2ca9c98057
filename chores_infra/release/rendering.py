"""Render apps as data: here, or in other processes, which know an app by its reference and its name.

What goes to another process and what comes back is plain data: texts, targets, errors. No class, and no file
of the infrastructure repository, is sent anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from chores_infra.app import App, Target
from chores_infra.app_loading import their_mistakes
from chores_infra.environments import Environment
from chores_infra.errors import ChoresInfraError
from chores_infra.kinds import extended
from chores_infra.release.intent import Running
from chores_infra.synthesis import Engine, direct, render

if TYPE_CHECKING:
    from chores_infra.checks.verdict import Checks, Verdict

__all__ = ["AppFiles", "Job", "Setup", "render_app", "render_jobs", "target_of"]


class AppFiles(NamedTuple):
    """The text of every file of one app in one environment, and what to warn of.

    ``repeatable`` says that it was watched, and looked at nothing but what it was given. ``verdict`` is what
    the checks say, None where nobody asked them.
    """

    files: Mapping[PurePosixPath, str]
    warnings: tuple[str, ...]
    repeatable: bool = False
    verdict: Verdict | None = None


class Job(NamedTuple):
    """One app to be rendered in another process."""

    reference: str
    name: str
    target: Target


class Setup(NamedTuple):
    """What all jobs have in common: where modules and further kinds are found, the engine, and settings."""

    folder: Path
    engine: str
    operators: Mapping[str, str]
    watch: bool = False
    schemas: tuple[Path, ...] = ()
    checks: Checks | None = None


def target_of(environment: Environment, running: Running) -> Target:
    """What to render for what an environment runs."""
    return Target(environment, running.release, running.tag, running.digest if running.pinned else None)


def render_app(
    app: type[App[Any]],
    target: Target,
    engine: Engine,
    operators: Mapping[str, str],
    *,
    watch: bool = False,
    checks: Checks | None = None,
) -> AppFiles:
    """Render one app here; ``watch`` whether it is repeatable, and check it if ``checks`` say how.

    Raises:
        ChoresInfraError: whatever rendering raises; mistakes of the user's code have their file and line.
    """
    what = f"{app.app_name} ({target.environment.value}) cannot be rendered"
    with their_mistakes(what, root=app.app_name):
        if not watch:
            rendered, repeatable = render(app, target, engine=engine, operators=operators), False
        else:
            from chores_infra.watching import watched

            with watched() as seen:
                rendered = render(app, target, engine=engine, operators=operators)
            repeatable = not seen
    verdict = None
    if checks is not None:
        from chores_infra.checks.verdict import judge

        verdict = judge(rendered.files, rendered.manifests, checks, operators)
    return AppFiles(rendered.files, rendered.warnings, repeatable, verdict)


def render_jobs(setup: Setup, jobs: Sequence[Job]) -> list[AppFiles | ChoresInfraError]:
    """Render apps in this process for another: an answer for each job, and the error is one, too."""
    from chores_infra.fleets import find_app

    engine = _engine(setup.engine)
    answers: list[AppFiles | ChoresInfraError] = []
    with extended(*setup.schemas):
        for job in jobs:
            try:
                app = find_app(job.reference, job.name, setup.folder)
                answers.append(
                    render_app(
                        app, job.target, engine, setup.operators, watch=setup.watch, checks=setup.checks
                    )
                )
            except ChoresInfraError as error:
                answers.append(error)
    return answers


def _engine(name: str) -> Engine:
    if name == "direct":
        return direct
    from chores_infra.release.engines import on_cdk8s

    return on_cdk8s()
