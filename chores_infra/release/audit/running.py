"""One audit: every rule over the facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from chores_infra.checks.finding import Finding
from chores_infra.checks.report import Report
from chores_infra.release.audit import deployed, tags, versions
from chores_infra.release.audit.facts import Facts
from chores_infra.release.audit.rule_texts import RULES

__all__ = ["audit", "known_in"]

_RULES: Final[tuple[Callable[[Facts], Iterator[Finding]], ...]] = (
    versions.two_versions_one_commit,
    versions.two_versions_one_digest,
    versions.older_than_predecessor,
    tags.malformed_tag,
    tags.not_on_main,
    tags.floating_tag_elsewhere,
    tags.tag_moved,
    deployed.deployed_without_tag,
    deployed.deployed_without_image,
    deployed.deployed_without_commit,
    deployed.digest_changed,
    deployed.production_ahead,
    deployed.stale_quarantine,
)


def audit(facts: Facts, not_checked: Mapping[str, int] | None = None) -> Report:
    """Hold every rule against what is known.

    Args:
        facts: what is known.
        not_checked: what could not be found out, and how many rules that concerns.
    """
    findings = [finding for rule in _RULES for finding in rule(facts)]
    findings.sort(key=lambda finding: finding.order)
    return Report(findings, 0, 0, 0, not_checked=not_checked or {}, rules=RULES, looked_at=_looked_at(facts))


def _looked_at(facts: Facts) -> dict[str, int]:
    counts: dict[str, int] = {}
    if facts.source is not None:
        counts["tags"] = len(facts.source.tags)
        counts["versions"] = len(facts.source.versions)
    if facts.registry is not None:
        counts["images"] = len(facts.registry.images)
    if facts.infrastructure is not None:
        counts["deployments"] = len(facts.infrastructure.deployments)
    return counts


def known_in(report: Report, file: Path) -> Report:
    """The report without what a baseline knows; where there is no such file, it is written first.

    Raises:
        FileError: it cannot be read or written.
    """
    from chores_infra.checks.baseline import read_baseline, write_baseline

    if not file.exists():
        write_baseline(file, report.findings)
    baseline = read_baseline(file)
    new = baseline.new(report.findings)
    known = len(report.findings) - len(new)
    return report._replace(findings=new, known=known, gone=baseline.gone(report.findings))
