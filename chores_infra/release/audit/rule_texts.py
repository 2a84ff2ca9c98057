"""The rules of the audit: ids, severities, ways out. docs/audit.md defines each exactly."""

from __future__ import annotations

from typing import Final

from chores_infra.checks.finding import Finding, Severity
from chores_infra.checks.report import RuleText

__all__ = ["RULES", "found"]

_E, _W = Severity.ERROR, Severity.WARNING

RULES: Final[dict[str, RuleText]] = {
    rule: RuleText(rule, title, title, severity, way_out)
    for rule, severity, title, way_out in (
        (
            "two-versions-one-commit",
            _W,
            "two versions name the same commit",
            "find out which of them was meant; release the other again from its own commit, or quarantine it",
        ),
        (
            "two-versions-one-digest",
            _W,
            "two versions are the same image",
            "find out which of them was meant; build and push the other again under a new version",
        ),
        (
            "tag-moved",
            _W,
            "a tag names something else than it did",
            "never move the tag of a version: release what it names now as a new version",
        ),
        (
            "older-than-predecessor",
            _W,
            "a version is older than the one before it",
            "look whether the two were mixed up; number the next version above both",
        ),
        (
            "malformed-tag",
            _W,
            "a tag is nearly a version",
            "tag its commit with three numbers, such as v3.1.0 or v3.1.0-rc.1; this one cannot be deployed",
        ),
        (
            "not-on-main",
            _W,
            "a version is not on the main line",
            "merge it into the main line, so that the next version has what it has",
        ),
        (
            "floating-tag-elsewhere",
            _W,
            "a tag that moves is not where it should be",
            "move it to the newest version of its line",
        ),
        (
            "deployed-without-tag",
            _W,
            "what runs has no tag in the application's repository",
            "tag the commit that it was built from, or deploy a version that has a tag",
        ),
        (
            "deployed-without-image",
            _E,
            "what runs has no image in the registry",
            "a pod that starts anew cannot get its image: push it again, or deploy another version",
        ),
        (
            "deployed-without-commit",
            _W,
            "what runs was built from a commit that is not there",
            "push the commit to the application's repository, or deploy a version that has one",
        ),
        (
            "digest-changed",
            _E,
            "the tag of what runs is another image now",
            "a pod that starts anew runs something else: deploy a new version, and pin its digest",
        ),
        (
            "production-ahead",
            _W,
            "production runs a newer version than staging",
            "deploy the version to staging as well",
        ),
        (
            "stale-quarantine",
            _W,
            "a version has been in quarantine for more than 90 days",
            "lift the quarantine, or remove the version's image",
        ),
    )
}


def found(
    rule: str,
    file: str,
    resource: str,
    message: str,
    *,
    line: int | None = None,
    severity: Severity | None = None,
    help: str | None = None,
) -> Finding:
    """A finding of one of the rules."""
    text = RULES[rule]
    return Finding(
        rule, severity or text.severity, file, line, None, resource, "", message, help or text.help
    )
