"""Validation: rules over a repository, the findings at their lines, without those that somebody accepted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chores_infra.checks.baseline import Baseline
from chores_infra.checks.context import Context
from chores_infra.checks.finding import Finding, Severity
from chores_infra.checks.masking import Masking
from chores_infra.checks.registry import text_of
from chores_infra.checks.report import Report
from chores_infra.checks.rule import Hit, Place, Rule
from chores_infra.checks.settings import Settings
from chores_infra.checks.suppression import apply_suppressions, suppressions_in
from chores_infra.rendering.field_path import format_path

__all__ = ["findings_of", "validate"]


def validate(
    context: Context,
    rules: Iterable[Rule],
    *,
    settings: Settings | None = None,
    baseline: Baseline | None = None,
) -> Report:
    """Run rules.

    Nothing is written, printed or raised for what is found.
    """
    settings = settings or Settings()
    repository = context.repository
    chosen = [rule for rule in rules if settings.severities.get(rule.id, Severity.INFO) is not None]
    found = _with_settings(findings_of(context, chosen), settings)
    suppressions = [each for file in repository.files for each in suppressions_in(file)]
    unsuppressed = apply_suppressions(found, suppressions)
    before = set(found)
    masking = Masking(repository)
    secret = {(finding.file, finding.line) for finding in found if finding.secret}
    names = {file.shown: file.name.as_posix() for file in repository.files}
    left = [
        finding
        for finding in unsuppressed
        if not any(each.covers(finding, names.get(finding.file, finding.file)) for each in settings.accepted)
    ]
    new = left if baseline is None else baseline.new(left)
    return Report(
        findings=sorted(new, key=lambda finding: finding.order),
        files=len(repository.files),
        documents=sum(len(file.documents) for file in repository.files),
        resources=len(repository.resources),
        suppressed=len(found) - sum(finding in before for finding in left),
        known=len(left) - len(new),
        gone=0 if baseline is None else baseline.gone(left),
        rules={rule.id: text_of(rule) for rule in chosen},
        source_line=lambda file, line: masking.line(file, line, secret),
    )


def findings_of(context: Context, rules: Iterable[Rule]) -> list[Finding]:
    """Everything that rules find, each thing once: an object that two Applications apply stands once."""
    found: dict[Finding, None] = {}
    masking = Masking(context.repository)
    for rule in rules:
        for hit in rule.check(context):
            found[_finding(rule, hit, masking)] = None
    return list(found)


def _finding(rule: Rule, hit: Hit, masking: Masking) -> Finding:
    where, value = hit.where, None
    if isinstance(where, Place):
        file, line, column, resource = where.file, where.line, where.column, ""
    else:
        position = where.position(hit.path if hit.at is None else hit.at)
        file, line, column, resource = where.file, position.line, position.column, str(where)
        value = where.at(*hit.path)
    return Finding(
        rule.id,
        hit.severity or rule.severity,
        file,
        line,
        column,
        resource,
        format_path(hit.path),
        masking.message(hit.message, file, line, value),
        hit.help or rule.help,
        hit.secret,
    )


def _with_settings(findings: Iterable[Finding], settings: Settings) -> list[Finding]:
    return list(_severities(findings, settings)) if settings.severities else list(findings)


def _severities(findings: Iterable[Finding], settings: Settings) -> Iterator[Finding]:
    for finding in findings:
        severity = settings.severities.get(finding.rule)
        yield finding if severity is None else finding._replace(severity=severity)
