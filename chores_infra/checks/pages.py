"""The pages about the rules, made from them; ``python -m chores_infra.checks docs/rules`` writes them."""

from __future__ import annotations

from collections.abc import Iterable

from chores_infra.checks.registry import text_of
from chores_infra.checks.rule import Rule, example_files

__all__ = ["pages"]


def pages(rules: Iterable[Rule]) -> dict[str, str]:
    """The pages by their file names: one for each rule, and the index."""
    ordered = sorted(rules, key=lambda rule: rule.id)
    return {"README.md": _index(ordered), **{f"{rule.id}.md": _page(rule) for rule in ordered}}


def _index(rules: list[Rule]) -> str:
    rows = "\n".join(f"| [{rule.id}]({rule.id}.md) | {rule.severity} | {rule.title} |" for rule in rules)
    return f"""\
# Rules

What `chores-infra validate` finds. An *error* fails to apply, breaks or is unsafe for certain; a *warning*
is something that a reviewer should look at; an *info* is what was assumed or could not be checked. The
severity below is the worst that a rule gives; where less is certain, a finding is milder.

A finding is accepted by a comment on its line, on the line above, or above its document, with a reason:
`# chores-infra: ignore[rule] why`.

| rule | severity | finds |
|---|---|---|
{rows}
"""


def _page(rule: Rule) -> str:
    text = text_of(rule)
    return f"""\
# {text.id}

{text.title}. Severity: {text.severity}.

{text.description}

**What to do:** {text.help}.

## Found

{_example(rule.bad)}

## Right

{_example(rule.good)}
"""


def _example(example: str) -> str:
    files = example_files(example.replace("\r", "␍"))
    blocks = []
    for name, content in files.items():
        title = f"`{name}`\n\n" if len(files) > 1 else ""
        blocks.append(f"{title}```yaml\n{content.rstrip()}\n```")
    return "\n\n".join(blocks)
