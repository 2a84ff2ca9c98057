"""Which rules there are: every Rule in the modules of ``checks/rules``, and those that packages add."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from inspect import cleandoc
from typing import Final

from chores_infra.checks.finding import Severity
from chores_infra.checks.report import RuleText
from chores_infra.checks.rule import Rule
from chores_infra.checks.settings import Settings
from chores_infra.errors import ConfigurationError

__all__ = ["ENTRY_POINTS", "added_rules", "built_in_rules", "rules_for", "rules_of_one_app", "text_of"]

ENTRY_POINTS: Final = "chores_infra.rules"


_OF_ONE_APP: Final = (
    "access",
    "delivery",
    "images",
    "link_variables",
    "mounts",
    "pod_security",
    "probes",
    "pruning",
    "references",
    "secrets",
    "selectors",
    "waves",
)
"""Modules with rules that can judge what one application renders, by itself.

Others compare applications or read text, or look at what an application must pass to be rendered at all: its
schemas, API versions, identities.
"""


@cache
def built_in_rules() -> tuple[Rule, ...]:
    """The rules of this package, by their ids."""
    import pkgutil

    from chores_infra.checks import rules

    return _rules_in(module.name for module in pkgutil.iter_modules(rules.__path__))


@cache
def rules_of_one_app() -> tuple[Rule, ...]:
    """The rules of this package that judge what one application renders; see ``checks/rendered.py``."""
    return tuple(rule for rule in _rules_in(_OF_ONE_APP) if rule.severity is not Severity.INFO)


def _rules_in(modules: Iterable[str]) -> tuple[Rule, ...]:
    found: dict[str, Rule] = {}
    for name in modules:
        for value in vars(import_module(f"chores_infra.checks.rules.{name}")).values():
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


def rules_for(settings: Settings) -> list[Rule]:
    """Every rule: of this package, of installed ones, and of the policies that settings name.

    Raises:
        ConfigurationError: a rule of another package cannot be used.
        FileError: a policy cannot be read.
    """
    rules = [*built_in_rules(), *added_rules()]
    if settings.policies:
        from chores_infra.checks.policies.rules import policy_rules

        rules += policy_rules(settings.policies, settings.policy_data)
    return rules


def text_of(rule: Rule) -> RuleText:
    """What reports and pages say about a rule."""
    return RuleText(rule.id, rule.title, cleandoc(type(rule).__doc__ or ""), rule.severity, rule.help)
