"""Check files that were rendered, before they are written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path, PurePosixPath

from chores_infra.checks.context import Context
from chores_infra.checks.finding import Finding, Severity
from chores_infra.checks.registry import rules_for
from chores_infra.checks.report import Report
from chores_infra.checks.run import context_of_trees
from chores_infra.checks.settings import Settings
from chores_infra.checks.validation import validate
from chores_infra.gitops.tree import read_tree, tree_of

__all__ = ["check_rendered", "check_within"]


def check_rendered(
    files: Mapping[PurePosixPath, str],
    repository: Path,
    *,
    settings: Settings | None = None,
    releases: Mapping[str, str] | None = None,
    schemas: Sequence[Path] = (),
) -> Report:
    """Check the files of one app by themselves, whatever else there is.

    No file is read: what the app does not make may be made by another one, and is no error.

    Args:
        files: the texts by their paths in the infrastructure repository.
        repository: the infrastructure repository that they will be written to; findings show paths in it.
        settings: what the configuration says about checks.
        releases: of the cluster's operators, where they are not the defaults.
        schemas: folders of schemas of further kinds.

    Raises:
        ConfigurationError: a rule of another package cannot be used.
    """
    settings = settings or Settings()
    tree = tree_of({str(path): text.encode() for path, text in files.items()})
    context = context_of_trees(
        [tree], [repository], settings=settings, releases=releases, schemas=schemas, is_whole=False
    )
    return _validated(context, settings)


def check_within(
    files: Mapping[PurePosixPath, str],
    repository: Path,
    *,
    pruned: Collection[PurePosixPath] = (),
    settings: Settings | None = None,
    releases: Mapping[str, str] | None = None,
    schemas: Sequence[Path] = (),
) -> Report:
    """Check files as they would be among everything else in the infrastructure repository.

    Findings are those in these files, whoever is to blame, and the errors elsewhere that are not there now:
    what breaks without that which these files no longer make.

    Args:
        files: the texts by their paths in the infrastructure repository; those of one or of many apps.
        repository: the infrastructure repository; it need not be there yet.
        pruned: files of it that will be removed.
        settings: what the configuration says about checks.
        releases: of the cluster's operators, where they are not the defaults.
        schemas: folders of schemas of further kinds.

    Raises:
        FileError: the repository cannot be read.
        ConfigurationError: a rule of another package cannot be used.
    """
    settings = settings or Settings()

    def report(instead: Mapping[str, bytes | None]) -> Report:
        given = {path: data for path, data in instead.items() if data is not None}
        tree = read_tree(repository, instead) if repository.exists() else tree_of(given)
        context = context_of_trees(
            [tree], [repository], settings=settings, releases=releases, schemas=schemas
        )
        return _validated(context, settings)

    texts: dict[str, bytes | None] = dict.fromkeys(map(str, pruned))
    texts |= {str(path): text.encode() for path, text in files.items()}
    after = report(texts)
    own = {(repository / path).as_posix() for path in files}
    elsewhere = [
        found for found in after.findings if found.file not in own and found.severity is Severity.ERROR
    ]
    before = set(map(_description, report({}).findings)) if elsewhere else set()
    findings = [
        found
        for found in after.findings
        if found.file in own or (found in elsewhere and _description(found) not in before)
    ]
    return after._replace(findings=findings)


def _validated(context: Context, settings: Settings) -> Report:
    return validate(context, rules_for(settings), settings=settings)


def _description(finding: Finding) -> tuple[str, str, str, str]:
    """What a finding is known by although lines move; see `baseline.py`."""
    return finding.rule, finding.file, finding.resource, finding.path
