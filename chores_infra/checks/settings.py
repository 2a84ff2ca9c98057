"""What a configuration says about checks: other parties' objects, how bad rules are, what is accepted.

.. code-block:: toml

    externals = ["Secret/*/registry-credentials"]   # Kind/namespace/name; made by other parties

    [rules]
    final-newline = "off"                           # off, info, warning or error

    [[ignore]]
    rule = "floating-tag"
    paths = ["base-apps/tools/*"]                   # folders and files of the repository
    reason = "the vendor publishes no other tags"

    [policy]
    use = ["starter", "policies"]                   # folders of Rego, relative to the configuration
    data = {registries = ["registry.example.com"]}  # what policies see as data
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from chores_infra.checks.finding import Finding, Severity
from chores_infra.checks.globs import matches

__all__ = ["KEYS", "Accepted", "Settings", "settings_of"]

KEYS: Final = ("externals", "ignore", "policy", "rules")
"""The keys of the configuration that this module understands."""

_OFF: Final = "off"


class Accepted(NamedTuple):
    """Findings of a rule that are accepted below some paths, and why."""

    rule: str
    paths: tuple[str, ...]
    reason: str

    def covers(self, finding: Finding, name: str) -> bool:
        """Whether it accepts a finding in the file of this name."""
        return finding.rule == self.rule and any(
            matches(pattern, name) or matches(f"{pattern.rstrip('/')}/*", name) for pattern in self.paths
        )


class Settings(NamedTuple):
    """What a configuration says about checks.

    ``severities`` replaces what rules promise; None switches a rule off. ``policies`` are folders and files
    of Rego, or ``starter``; ``policy_data`` is what they see as ``data``.
    """

    externals: tuple[str, ...] = ()
    severities: Mapping[str, Severity | None] = MappingProxyType({})
    accepted: Sequence[Accepted] = ()
    policies: tuple[str, ...] = ()
    policy_data: Mapping[str, Any] = MappingProxyType({})


def settings_of(table: Mapping[str, Any]) -> tuple[Settings, list[str]]:
    """The settings of a configuration, and everything that is wrong with them.

    >>> settings_of({"rules": {"final-newline": "of"}})[1]
    ["rules.final-newline: expected off, info, warning or error, found 'of'"]
    """
    problems: list[str] = []
    externals = table.get("externals", [])
    if not _are_texts(externals) or not all(each.count("/") in {1, 2} for each in externals):
        problems.append(
            f"externals: expected a list of Kind/namespace/name (or Kind/name), found {externals!r:.60}"
        )
        externals = []
    rules = table.get("rules", {})
    if not isinstance(rules, dict):
        problems.append(f'rules: expected a table of rule = "severity", found {rules!r:.60}')
        rules = {}
    severities: dict[str, Severity | None] = {}
    for rule, value in rules.items():
        if value == _OFF or value in set(Severity):
            severities[rule] = None if value == _OFF else Severity(value)
        else:
            problems.append(f"rules.{rule}: expected off, info, warning or error, found {value!r:.60}")
    entries = list(_accepted(table.get("ignore", [])))
    problems += (entry for entry in entries if isinstance(entry, str))
    accepted = tuple(entry for entry in entries if isinstance(entry, Accepted))
    policy = table.get("policy", {})
    problems += _policy_problems(policy)
    if problems:
        policy = {}
    use, data = tuple(policy.get("use", ())), policy.get("data", {})
    return Settings(tuple(externals), severities, accepted, use, data), problems


def _policy_problems(policy: Any) -> Iterator[str]:
    if not isinstance(policy, dict) or not set(policy) <= {"use", "data"}:
        yield f"policy: expected a table with use and data, found {policy!r:.60}"
        return
    if not _are_texts(policy.get("use", [])):
        yield f'policy.use: expected a list of folders, or "starter", found {policy["use"]!r:.60}'
    if not isinstance(policy.get("data", {}), dict):
        yield f"policy.data: expected a table, found {policy['data']!r:.60}"


def _accepted(entries: Any) -> Iterator[Accepted | str]:
    if not isinstance(entries, list):
        yield f"ignore: expected tables [[ignore]], found {entries!r:.60}"
        return
    for number, entry in enumerate(entries):
        where = f"ignore[{number}]"
        table = entry if isinstance(entry, dict) else {}
        rule, paths, reason = table.get("rule"), table.get("paths"), table.get("reason")
        if not isinstance(rule, str) or not _are_texts(paths) or not paths:
            yield f"{where}: expected rule, paths (a list) and reason, found {entry!r:.60}"
        elif not isinstance(reason, str) or not reason.strip():
            yield f"{where}: give a reason: why is {rule} all right there?"
        else:
            yield Accepted(rule, tuple(paths), reason)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each for each in value)
