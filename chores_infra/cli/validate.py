"""``chores-infra validate``: what is wrong in a GitOps repository, before a cluster finds it."""

from __future__ import annotations

from pathlib import Path

import click

from chores_infra.cli.findings_options import exit_code, findings_options
from chores_infra.cli.options import debug_option, kube_version_option
from chores_infra.cli.paths import as_paths, from_here, paths_argument

__all__ = ["validate"]


@click.command()
@paths_argument
@findings_options
@click.option("--update-baseline", is_flag=True, help="Record what is there today in the baseline again.")
@kube_version_option
@click.option(
    "--crds",
    multiple=True,
    metavar="DIR",
    callback=as_paths,
    help="Know the kinds of the CustomResourceDefinitions in DIR too, as those in PATH itself.",
)
@click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="DIR",
    help="Hold documents to the policies in DIR as well, as conftest does: *.rego with deny, violation and "
    "warn. `starter` are those that come with this program. Needs the extra policy.",
)
@debug_option
def validate(
    paths: tuple[Path, ...],
    *,
    output_format: str,
    fail_on: str,
    kube_version: str | None,
    baseline: Path | None,
    update_baseline: bool,
    crds: tuple[Path, ...],
    policies: tuple[str, ...],
) -> int:
    """Check manifests: our apps, or any folder or GitOps repository.

    PATH is a folder or a file; without one it is the infrastructure repository of the configuration. Nothing
    of what is checked is executed. Exit 0: no finding at or above --fail-on; 1: there is one.
    """
    from chores_infra.checks.reports import render
    from chores_infra.checks.run import check_paths
    from chores_infra.configuration import find_configuration

    if update_baseline and baseline is None:
        raise click.UsageError("--update-baseline says to record again, and --baseline FILE says where")
    configuration = find_configuration(Path.cwd())
    settings = configuration.check_settings()
    report = check_paths(
        paths or (from_here(configuration.repository),),
        settings=settings._replace(policies=(*settings.policies, *policies)),
        releases=configuration.releases(kube_version),
        schemas=configuration.schemas,
        crds=crds,
        baseline=baseline,
        record=update_baseline,
    )
    click.echo(render(report, output_format), nl=False)
    return exit_code(report, fail_on)
