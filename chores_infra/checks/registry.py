"""Which rules there are: every Rule in the modules of ``checks/rules``, and those that packages add."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from inspect import cleandoc
from typing import Final

from chores_infra.checks.report import RuleText
from chores_infra.checks.rule import Rule
from chores_infra.errors import ConfigurationError

__all__ = ["ENTRY_POINTS", "added_rules", "built_in_rules", "text_of"]

ENTRY_POINTS: Final = "chores_infra.rules"


@cache
def built_in_rules() -> tuple[Rule, ...]:
    """The rules of this package, by their ids."""
    from chores_infra.checks import rules

    found: dict[str, Rule] = {}
    for module in pkgutil.iter_modules(rules.__path__, f"{rules.__name__}."):
        for value in vars(import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, Rule) and "id" in value.__dict__:
                found[value.id] = value()
    return tuple(found[name] for name in sorted(found))


def added_rules() -> Iterator[Rule]:
    """The rules of installed packages. Nothing of the tree that is checked is ever imported.

    Raises:
        ConfigurationError: an entry point that cannot be loaded, is no rule, or takes another rule's id.
    """
    from importlib.metadata import entry_points

    taken = {rule.id for rule in built_in_rules()}
    for entry in entry_points(group=ENTRY_POINTS):
        where = f"rule {entry.name} ({entry.value})"
        try:
            rule = entry.load()
        except Exception as error:
            raise ConfigurationError(f"{where} cannot be loaded: {type(error).__name__}: {error}") from error
        if not (isinstance(rule, type) and issubclass(rule, Rule)):
            raise ConfigurationError(f"{where} is no rule: expected a subclass of chores_infra.checks.Rule")
        if rule.id in taken:
            raise ConfigurationError(f"{where}: there is a rule {rule.id!r} already; choose another id")
        taken.add(rule.id)
        yield rule()


def text_of(rule: Rule) -> RuleText:
    """What reports and pages say about a rule."""
    return RuleText(rule.id, rule.title, cleandoc(type(rule).__doc__ or ""), rule.severity, rule.help)
