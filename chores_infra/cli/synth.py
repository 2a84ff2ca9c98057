"""``chores-infra synth``, and the command line of a ``synth.py``: files in line with their Python."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chores_infra.cli.options import fleet_options, synth_options
from chores_infra.cli.paths import from_here
from chores_infra.environments import Environment

if TYPE_CHECKING:
    from chores_infra.configuration import Configuration
    from chores_infra.release.engines import Build
    from chores_infra.release.known import Known
    from chores_infra.release.rendering import Setup
    from chores_infra.release.rendering_places import RenderingPlace
    from chores_infra.release.synth import Synthesizer
    from chores_infra.selection import Selection
    from chores_infra.synthesis import Engine

__all__ = ["synth", "synth_app"]


def _app_names(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    from chores_infra.cli.completion import app_names

    return app_names(incomplete)


@click.command()
@click.argument("apps", nargs=-1, metavar="[APP]...", shell_complete=_app_names)
@click.option("--all", "all_apps", is_flag=True, help="Every app of the configuration.")
@fleet_options
@synth_options(default_engine="direct")
def synth(
    apps: tuple[str, ...],
    all_apps: bool,  # noqa: FBT001
    shard: str | None,
    cache: Path | None,
    no_cache: bool,  # noqa: FBT001
    **options: Any,
) -> int:
    """Render apps into the infrastructure repository.

    APP is a name from the configuration or of an app in one of its fleets, or module:Class, or
    module:function for all apps that it yields. Without one, it is the only app there is. Files that are not
    generated, and edits by hand, are never overwritten unless you say so. An app that fails keeps its files
    and stops no other.

    With --all, or several names, an app is not rendered that was rendered from the same before and whose
    files are untouched.

    One environment is written: production, or that of --env. A --check covers every environment that an app
    has a version recorded for, unless --env or --version says what to check. Without --version, --all leaves
    out apps that have a version recorded for other environments only.
    """
    from chores_infra.cli.synth_report import errors_reported
    from chores_infra.configuration import find_configuration
    from chores_infra.selection import Shard, select

    _start_node(options["engine"])
    with errors_reported(options["output_format"]):
        configuration = find_configuration(Path.cwd())
        part = None if shard is None else Shard.parse(shard)
        watch = not no_cache and (all_apps or len(apps) > 1)
        selection = select(configuration, apps, all_apps=all_apps, shard=part, watch=watch)
        return _run(configuration, selection, None, leave_out=all_apps, cache=cache, **options)


def synth_app(reference: str, build: Build, arguments: Sequence[str] | None = None) -> None:
    """Be the command line of a ``synth.py``, which builds a cdk8s App with one application. Ends the program.

    Args:
        reference: the application, as ``module:Class``.
        build: makes the cdk8s App for an environment and a release.
        arguments: those of the process, if not given.
    """
    from chores_infra.cli.running import run

    @click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
    @synth_options(default_engine="cdk8s")
    def command(**options: Any) -> int:
        from chores_infra.cli.synth_report import errors_reported
        from chores_infra.configuration import find_configuration
        from chores_infra.selection import select

        _start_node(options["engine"])
        with errors_reported(options["output_format"]):
            configuration = find_configuration(Path.cwd())
            return _run(configuration, select(configuration, [reference]), build, leave_out=False, **options)

    command.help = f"Render {reference.rpartition(':')[2]} into the infrastructure repository."
    sys.exit(run(command, arguments, Path(sys.argv[0]).name or "synth.py"))


def _start_node(engine: str) -> None:
    """Let Node.js start while the app is imported: either takes a few tenths of a second."""
    if engine == "cdk8s":
        from chores_infra.hosts.jsii_runtime import start_early

        start_early()


def _run(
    configuration: Configuration,
    selection: Selection,
    build: Build | None,
    *,
    leave_out: bool,
    release: str | None,
    environment: str | None,
    out: Path | None,
    engine: str,
    check: bool,
    kube_version: str | None,
    adopt: bool,
    discard_edits: bool,
    output_format: str,
    jobs: int = 1,
    executor: str | None = None,
    cache: Path | None = None,
) -> int:
    from chores_infra.checks.verdict import Checks
    from chores_infra.cli.progress import progress
    from chores_infra.cli.running import report_warning
    from chores_infra.cli.synth_report import Report
    from chores_infra.kinds import extended
    from chores_infra.release.batch import Batch
    from chores_infra.release.rendering import Setup
    from chores_infra.release.synth import Synthesizer
    from chores_infra.rendering.places import Places
    from chores_infra.synthesis import direct

    if executor is not None and jobs != 1:
        raise click.UsageError("--jobs is for processes of this machine, and --executor for others; take one")
    apps = selection.apps
    every = check and environment is None and release is None
    where = None if every else Environment(environment or Environment.PRODUCTION)
    repository = out or from_here(configuration.repository)
    export = None if out else _cdk8s_output(repository)
    operators = configuration.releases(kube_version)
    watch = selection.opened is not None and engine == "direct" and export is None
    checks = Checks(repository.absolute(), configuration.check_settings(), detailed=output_format == "json")
    setup = Setup(configuration.folder, engine, dict(operators), watch, configuration.schemas, checks)
    build_app = direct if engine == "direct" else _on_cdk8s(build)
    with (
        extended(*setup.schemas),
        Synthesizer(
            repository,
            places=[Places(app.name, each) for app in apps for each in ([where] if where else Environment)],
            engine=build_app,
            operators=operators,
            adopt=adopt,
            discard_edits=discard_edits or check,
            export=export,
            command=_command(build, out),
        ) as synthesizer,
        _place(setup, build_app, min(jobs, len(apps)), executor) as place,
    ):
        known = _known(cache, synthesizer, selection, setup) if watch else None
        batch = Batch(synthesizer, place, check=check, known=known, errors=selection.errors)
        report = Report(export or repository, check=check, output_format=output_format)
        for outcomes in progress(batch.run(apps, where, release, leave_out=leave_out), len(apps)):
            report.add(outcomes)
        if known is not None and (problem := known.save()) and cache is not None:
            report_warning(problem)
        report.finish(batch.errors, batch.left_out)
    if batch.errors:
        return max(error.exit_code for error in batch.errors)
    return int(check and report.changes)


@contextmanager
def _place(setup: Setup, build_app: Engine, jobs: int, executor: str | None) -> Iterator[RenderingPlace]:
    """Where apps are rendered: in this process, unless others were asked for."""
    from chores_infra.release.rendering_places import Elsewhere, Here

    if executor is None and jobs <= 1:
        yield Here(build_app, setup.operators, watch=setup.watch, checks=setup.checks)
        return
    from chores_infra.cli.workers import begin
    from chores_infra.release.executors import dask_cluster, processes

    if executor is not None:
        with dask_cluster(executor) as (cluster, workers):
            yield Elsewhere(cluster, workers, setup)
        return
    with processes(jobs, begin) as pool:
        yield Elsewhere(pool, jobs, setup)


def _known(folder: Path | None, synthesizer: Synthesizer, selection: Selection, setup: Setup) -> Known:
    from chores_infra.release.cache_file import cache_folder, check_cache_folder
    from chores_infra.release.known import Known
    from chores_infra.release.sources import Sources

    folder = folder or cache_folder(os.environ, sys.platform, Path.home())
    check_cache_folder(folder, synthesizer.repository)
    sources = Sources(selection.opened or ())
    return Known(folder, synthesizer, sources, setup.operators, setup.schemas, checks=setup.checks)


def _command(build: Build | None, out: Path | None) -> str:
    """How a user runs this, for messages; ``{app}`` stands for the app."""
    command = "chores-infra synth {app}" if build is None else f"python {Path(sys.argv[0]).name}"
    if out is not None:
        import shlex

        command += f" --out {shlex.quote(str(out))}"
    return command


def _cdk8s_output(repository: Path) -> Path | None:
    """The folder that the cdk8s CLI wants to have, when it is what runs us."""
    from chores_infra.release.export import check_export_folder

    wanted = os.environ.get("CDK8S_OUTDIR")
    if not wanted:
        return None
    check_export_folder(Path(wanted), repository)
    return Path(wanted)


def _on_cdk8s(build: Build | None) -> Engine:
    from chores_infra.release.engines import on_cdk8s

    return on_cdk8s(build)
