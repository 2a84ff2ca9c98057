"""One run of the checks over folders and files, with a baseline that is read or recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from chores_infra.checks.baseline import read_baseline, write_baseline
from chores_infra.checks.context import Context
from chores_infra.checks.loading import from_trees
from chores_infra.checks.registry import rules_for
from chores_infra.checks.report import Report
from chores_infra.checks.settings import Settings
from chores_infra.checks.validation import validate
from chores_infra.custom_kinds.definitions import DEFINITION, definitions_in, read_definitions
from chores_infra.custom_kinds.making import schemas_of, usable_schemas_of
from chores_infra.gitops.tree import GitOpsTree, read_tree
from chores_infra.kinds import extended

__all__ = ["check_paths", "context_of", "context_of_trees"]


def check_paths(
    paths: Sequence[Path],
    *,
    settings: Settings | None = None,
    releases: Mapping[str, str] | None = None,
    schemas: Sequence[Path] = (),
    crds: Sequence[Path] = (),
    baseline: Path | None = None,
    record: bool = False,
) -> Report:
    """Check folders and files, as parts of one repository.

    Args:
        paths: what to check.
        settings: what the configuration says about checks.
        releases: of the cluster's operators, where they are not the defaults.
        schemas: folders of schemas of further kinds.
        crds: folders and files of CustomResourceDefinitions, whose kinds are known as well.
        baseline: a file with findings that are known; it is written where there is none yet.
        record: write the baseline again.

    Raises:
        FileError: something cannot be read, or the baseline cannot be read or written.
        DefinitionError: no kinds can be made of ``crds``.
        ConfigurationError: a rule of another package cannot be used.
        PolicyError: a policy cannot be evaluated.
    """
    settings = settings or Settings()
    rules = rules_for(settings)
    context = context_of(paths, settings=settings, releases=releases, schemas=schemas, crds=crds)
    if baseline is not None and (record or not baseline.exists()):
        today = validate(context, rules, settings=settings)
        write_baseline(baseline, today.findings)
        return today.all_known()
    known = None if baseline is None else read_baseline(baseline)
    return validate(context, rules, settings=settings, baseline=known)


def context_of(
    paths: Sequence[Path],
    *,
    settings: Settings,
    releases: Mapping[str, str] | None = None,
    schemas: Sequence[Path] = (),
    crds: Sequence[Path] = (),
) -> Context:
    """What rules and drawings look at.

    Kinds are known from ``crds``, from the definitions in the repository itself, from ``schemas``, and from
    what the package ships; the first that knows a kind counts.

    Raises:
        FileError: something cannot be read.
        DefinitionError: no kinds can be made of ``crds``.
    """
    trees = [read_tree(path) for path in paths]
    return context_of_trees(trees, paths, settings=settings, releases=releases, schemas=schemas, crds=crds)


def context_of_trees(
    trees: Sequence[GitOpsTree],
    paths: Sequence[Path],
    *,
    settings: Settings,
    releases: Mapping[str, str] | None = None,
    schemas: Sequence[Path] = (),
    crds: Sequence[Path] = (),
    is_whole: bool = True,
) -> Context:
    """What rules look at, of trees that were read from these paths; see :func:`context_of`."""
    given = [schemas_of(read_definitions(crds))] if crds else []
    with extended(*given, *_defined_in(trees), *schemas) as catalog:
        repository = from_trees(trees, paths, is_whole=is_whole)
        return Context(repository, externals=settings.externals, releases=releases, catalog=catalog)


def _defined_in(trees: Sequence[GitOpsTree]) -> list[Mapping[str, str]]:
    """The schemas of the definitions in a repository, as far as it has objects of their kinds."""
    documents = [document.value for tree in trees for _, (document, _) in tree.documents()]
    used = {value.get("kind") for value in documents if isinstance(value, dict)}
    if DEFINITION not in used:
        return []
    definitions = [
        found for tree in trees for file in tree.files for found in definitions_in(file, file.path)
    ]
    found = usable_schemas_of([each for each in definitions if each.kind in used])
    return [found] if found else []
