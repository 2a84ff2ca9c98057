"""Rules about what runs: whether it can be found again, and whether environments are in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from chores_infra.checks.finding import Finding
from chores_infra.environments import Environment
from chores_infra.release.audit.facts import Facts, Infrastructure
from chores_infra.release.audit.rule_texts import found
from chores_infra.release.intent import Running
from chores_infra.versions import Version

__all__ = [
    "built_from",
    "deployed_without_commit",
    "deployed_without_image",
    "deployed_without_tag",
    "digest_changed",
    "production_ahead",
    "stale_quarantine",
]

_LONGEST_QUARANTINE: Final = timedelta(days=90)
_SHA: Final = re.compile(r"sha-(?P<commit>[0-9a-f]{7,40})")


def deployed_without_tag(facts: Facts) -> Iterator[Finding]:
    """Versions that run and that nobody tagged."""
    if facts.source is None:
        return
    for environment, running in _running(facts):
        release = running.release
        if isinstance(release, Version) and facts.source.of(release) is None:
            yield _about(
                "deployed-without-tag",
                facts,
                environment,
                f"runs {release}, and {facts.source.name} has no tag of that version",
            )


def deployed_without_image(facts: Facts) -> Iterator[Finding]:
    """What runs and is gone from the registry, by its tag and the tag's twin."""
    if facts.registry is None:
        return
    versions = {version for version, _, _ in facts.registry.versions}
    for environment, running in _running(facts):
        if running.tag not in facts.registry.by_tag and running.release not in versions:
            yield _about(
                "deployed-without-image",
                facts,
                environment,
                f"runs {running.release}, and {facts.registry.name} has no image {running.tag}",
            )


def deployed_without_commit(facts: Facts) -> Iterator[Finding]:
    """What runs and was built from a commit that the application's repository does not have."""
    if facts.source is None or facts.infrastructure is None:
        return
    for environment, commit in built_from(facts.infrastructure).items():
        if commit in facts.source.missing:
            release = facts.infrastructure.intent.environments[environment].release
            yield _about(
                "deployed-without-commit",
                facts,
                environment,
                f"runs {release}, built from commit {commit[:12]}, which is not in {facts.source.name}",
            )


def built_from(infrastructure: Infrastructure) -> dict[Environment, str]:
    """The commits that what runs was built from, as deployments recorded them or a tag ``sha-...`` says."""
    commits: dict[Environment, str] = {}
    for environment, running in infrastructure.intent.environments.items():
        sha = _SHA.fullmatch(str(running.release))
        recorded = [
            each.app_commit
            for each in infrastructure.deployments
            if each.environment is environment and each.release == running.release and each.app_commit
        ]
        if sha is not None:
            commits[environment] = sha["commit"]
        elif recorded:
            commits[environment] = recorded[-1]
    return commits


def digest_changed(facts: Facts) -> Iterator[Finding]:
    """What runs under a tag that is another image than the one that was deployed."""
    if facts.registry is None:
        return
    for environment, running in _running(facts):
        now = facts.registry.by_tag.get(running.tag)
        if now is not None and running.digest is not None and now.digest != running.digest:
            yield _about(
                "digest-changed",
                facts,
                environment,
                f"runs {running.release}, deployed as {running.digest[:19]}; tag {running.tag} is "
                f"{now.digest[:19]} now",
            )


def production_ahead(facts: Facts) -> Iterator[Finding]:
    """Production with a greater version than staging."""
    running = dict(_running(facts))
    production, staging = running.get(Environment.PRODUCTION), running.get(Environment.STAGING)
    if production is None or staging is None:
        return
    ahead, behind = production.release, staging.release
    if isinstance(ahead, Version) and isinstance(behind, Version) and ahead > behind:
        yield _about(
            "production-ahead", facts, Environment.PRODUCTION, f"runs {ahead}, and staging only {behind}"
        )


def stale_quarantine(facts: Facts) -> Iterator[Finding]:
    """Quarantines that nobody has lifted for a long time."""
    if facts.infrastructure is None:
        return
    infrastructure = facts.infrastructure
    for entry in infrastructure.intent.quarantine:
        since = datetime.fromisoformat(entry.since).astimezone(UTC)
        if facts.now - since > _LONGEST_QUARANTINE:
            yield found(
                "stale-quarantine",
                infrastructure.file,
                f"version {entry.version}",
                f"{entry.version} is in quarantine since {since:%Y-%m-%d}, {(facts.now - since).days} days",
                line=_line(infrastructure.text, rf"- version: \W?v?{re.escape(entry.version.number)}\b"),
            )


def _running(facts: Facts) -> list[tuple[Environment, Running]]:
    environments = facts.infrastructure.intent.environments if facts.infrastructure else {}
    return [(each, environments[each]) for each in Environment if each in environments]


def _about(rule: str, facts: Facts, environment: Environment, message: str) -> Finding:
    file, text = facts.infrastructure[:2] if facts.infrastructure else ("", "")
    line = _line(text, rf"^\s+{environment}:")
    return found(rule, file, f"environment {environment}", f"{environment} {message}", line=line)


def _line(text: str, pattern: str) -> int | None:
    """The line of what a finding is about."""
    return next((n for n, line in enumerate(text.splitlines(), 1) if re.search(pattern, line)), None)
