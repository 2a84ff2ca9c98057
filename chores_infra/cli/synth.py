"""``chores-infra synth``, and the command line of a ``synth.py``: files in line with their Python."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chores_infra.cli.options import synth_options
from chores_infra.cli.paths import from_here
from chores_infra.environments import Environment

if TYPE_CHECKING:
    from chores_infra.app import App
    from chores_infra.configuration import Configuration
    from chores_infra.release.engines import Build
    from chores_infra.synthesis import Engine

__all__ = ["synth", "synth_app"]


def _app_names(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    from chores_infra.cli.completion import app_names

    return app_names(incomplete)


@click.command()
@click.argument("apps", nargs=-1, metavar="[APP]...", shell_complete=_app_names)
@click.option("--all", "all_apps", is_flag=True, help="Every app of the configuration.")
@synth_options(default_engine="direct")
def synth(apps: tuple[str, ...], all_apps: bool, **options: Any) -> int:  # noqa: FBT001
    """Render apps into the infrastructure repository.

    APP is a name from the configuration, or module:Class. Without one, it is the only app there is.
    Files that are not generated, and edits by hand, are never overwritten unless you say so.

    One environment is written: production, or that of --env. A --check covers every environment that an app
    has a version recorded for, unless --env or --version says what to check. Without --version, --all leaves
    out apps that have a version recorded for other environments only.
    """
    from chores_infra.cli.synth_report import errors_reported
    from chores_infra.configuration import find_configuration

    _start_node(options["engine"])
    with errors_reported(options["output_format"]):
        configuration = find_configuration(Path.cwd())
        chosen = configuration.load_all(configuration.choose(apps, all_apps=all_apps))
        return _run(configuration, chosen, None, leave_out=all_apps, **options)


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

        _start_node(options["engine"])
        with errors_reported(options["output_format"]):
            configuration = find_configuration(Path.cwd())
            return _run(configuration, configuration.load_all([reference]), build, leave_out=False, **options)

    command.help = f"Render {reference.rpartition(':')[2]} into the infrastructure repository."
    sys.exit(run(command, arguments, Path(sys.argv[0]).name or "synth.py"))


def _start_node(engine: str) -> None:
    """Let Node.js start while the app is imported: either takes a few tenths of a second."""
    if engine == "cdk8s":
        from chores_infra.hosts.jsii_runtime import start_early

        start_early()


def _run(
    configuration: Configuration,
    apps: Sequence[type[App[Any]]],
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
) -> int:
    from chores_infra.cli.synth_report import report
    from chores_infra.release.batch import apply_all, plan_all
    from chores_infra.release.synth import Synthesizer
    from chores_infra.rendering.places import Places
    from chores_infra.synthesis import direct

    every = check and environment is None and release is None
    where = None if every else Environment(environment or Environment.PRODUCTION)
    repository = out or from_here(configuration.repository)
    export = None if out else _cdk8s_output(repository)
    with Synthesizer(
        repository,
        places=[Places(app.app_name, each) for app in apps for each in ([where] if where else Environment)],
        engine=direct if engine == "direct" else _on_cdk8s(build),
        operators=configuration.releases(kube_version),
        adopt=adopt,
        discard_edits=discard_edits or check,
        export=export,
        command=_command(build, out),
    ) as synthesizer:
        batch = plan_all(synthesizer, apps, where, release, leave_out=leave_out)
        if not check:
            batch = apply_all(batch)
        report(batch, export or repository, check=check, output_format=output_format)
    if batch.errors:
        return max(error.exit_code for error in batch.errors)
    return int(check and any(plan.changes for plan in batch.plans))


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
