"""``chores-infra audit``: what is strange about the versions of an app."""

from __future__ import annotations

from pathlib import Path

import click

from chores_infra.cli.findings_options import exit_code, findings_options
from chores_infra.cli.options import debug_option
from chores_infra.cli.paths import from_here
from chores_infra.cli.release_options import (
    app_argument,
    app_repo_option,
    image_option,
    registry_of,
    registry_option,
    repo_option,
)
from chores_infra.environments import Environment

__all__ = ["audit"]


@click.command()
@app_argument
@app_repo_option
@click.option(
    "--tags",
    "tag_form",
    metavar="FORM",
    help="The form of the tags that are the app's, such as 'frontend-v{version}'.  [default: its tag format]",
)
@registry_option
@image_option
@repo_option
@findings_options
@debug_option
def audit(
    app: str | None,
    *,
    app_repo: str | None,
    tag_form: str | None,
    registry: str | None,
    image: str | None,
    repo: str | None,
    output_format: str,
    fail_on: str,
    baseline: Path | None,
) -> int:
    """Look for anomalies of versions: tags that moved, versions that are one, what runs and cannot be found.

    APP is a name from the configuration; without one, it is the only app there is. What is not given is not
    looked at: the application's repository (--app-repo), the registry (--registry, or that of the
    configuration). The infrastructure repository is that of the configuration, if it is there.
    """
    from datetime import UTC, datetime
    from functools import cache

    from chores_infra.checks.reports import render
    from chores_infra.configuration import find_configuration
    from chores_infra.kinds import extended
    from chores_infra.release.app_images import only_image_repository
    from chores_infra.release.audit.gathering import Gathered
    from chores_infra.release.audit.names import TagNames
    from chores_infra.release.audit.running import audit as run_audit
    from chores_infra.release.audit.running import known_in
    from chores_infra.release.registries import open_registry
    from chores_infra.selection import select_one

    configuration = find_configuration(Path.cwd())
    selected = select_one(configuration, app)

    @cache
    def image_of() -> str:
        with extended(*configuration.schemas):
            return image or only_image_repository(selected.app, Environment.PRODUCTION)

    gathered = Gathered(datetime.now(UTC))
    if repo is not None or configuration.repository.is_dir():
        gathered.add_infrastructure(repo or from_here(configuration.repository), selected.name, image_of)
    if app_repo is not None:
        gathered.add_source(app_repo, TagNames(tag_form or selected.app.tag_format.text))
    where = registry_of(registry, configuration)
    if where is not None and where != "none":
        opened = open_registry(where, image_of())
        if opened is not None:
            gathered.add_registry(image_of(), TagNames(selected.app.tag_format.text), opened)
    report = run_audit(gathered.facts, gathered.not_checked)
    if baseline is not None:
        report = known_in(report, baseline)
    click.echo(render(report, output_format), nl=False)
    return exit_code(report, fail_on)
