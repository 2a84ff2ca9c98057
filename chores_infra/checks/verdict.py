"""What the checks say of one app that was rendered: quick where nothing is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from chores_infra.checks.context import Context
from chores_infra.checks.finding import Finding, Severity
from chores_infra.checks.placing import placed
from chores_infra.checks.registry import rules_of_one_app
from chores_infra.checks.rendered_files import rendered_file
from chores_infra.checks.settings import Settings

if TYPE_CHECKING:
    from chores_infra.checks.rule import Rule

__all__ = ["Checks", "Verdict", "judge"]

_MARK: Final = "chores-infra:"


class Checks(NamedTuple):
    """How apps are checked when they are rendered.

    ``repository`` is where the files will be, which is not looked at; the paths of Applications count from
    the root around it. ``detailed`` asks for warnings one by one; to count them is much less work.
    """

    repository: Path
    settings: Settings = Settings()
    detailed: bool = False


class Verdict(NamedTuple):
    """The errors, and how many warnings there are; with ``detailed`` or with an error the warnings too."""

    findings: tuple[Finding, ...] = ()
    warnings: int = 0

    @property
    def errors(self) -> list[Finding]:
        """What keeps the app from being written."""
        return [finding for finding in self.findings if finding.severity is Severity.ERROR]


def judge(
    files: Mapping[PurePosixPath, str],
    manifests: Mapping[PurePosixPath, Sequence[Mapping[str, Any]]],
    checks: Checks,
    releases: Mapping[str, str] | None = None,
) -> Verdict:
    """Check what one app renders, by itself: what it does not make may be made by another one.

    Args:
        files: the texts by their paths in the infrastructure repository.
        manifests: what each of them was written from.
        checks: how.
        releases: of the cluster's operators, where they are not the defaults.
    """
    settings = checks.settings
    context = Context(
        placed(
            [rendered_file(path, str(path), text, manifests[path]) for path, text in files.items()],
            checks.repository,
            is_whole=False,
        ),
        externals=settings.externals,
        releases=releases,
    )
    rules = rules_of_one_app()
    found = _severities(context, rules, settings)
    if not found:
        return Verdict()
    accepts = bool(settings.accepted) or any(_MARK in text for text in files.values())
    if not checks.detailed and not accepts and Severity.ERROR not in found:
        return Verdict(warnings=found.count(Severity.WARNING))
    return _located(context, rules, settings)


def _severities(context: Context, rules: Sequence[Rule], settings: Settings) -> list[Severity]:
    """How bad what the rules find is. Where it stands is not looked up."""
    found: list[Severity] = []
    for rule in rules:
        configured = settings.severities.get(rule.id, Severity.INFO)
        if configured is None:
            continue
        for hit in rule.check(context):
            severity = configured if rule.id in settings.severities else hit.severity or rule.severity
            if severity is not Severity.INFO:
                found.append(severity)
    return found


def _located(context: Context, rules: Sequence[Rule], settings: Settings) -> Verdict:
    """Every finding with its line, without those that a comment or the configuration accepts."""
    from chores_infra.checks.suppression import UNUSED
    from chores_infra.checks.validation import validate

    report = validate(context, rules, settings=settings)
    # Not every rule is run, so a comment without use here may have one in the repository.
    findings = tuple(
        finding
        for finding in report.findings
        if finding.severity is not Severity.INFO and finding.rule != UNUSED
    )
    return Verdict(findings, sum(finding.severity is Severity.WARNING for finding in findings))
