"""Policies as rules of the checks, so that settings, suppressions and baselines hold for them too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from chores_infra.checks.context import Context
from chores_infra.checks.credentials import MASK
from chores_infra.checks.policies.evaluating import Message, evaluate
from chores_infra.checks.policies.files import Declared, PolicyFile, declared_in, read_policies
from chores_infra.checks.resources import Resource
from chores_infra.checks.rule import Hit, Rule
from chores_infra.errors import FileError, YamlError
from chores_infra.rendering.field_path import FieldPath, parse_path

__all__ = ["policy_rules"]

_VALUES: Final = ("data", "stringData")


def policy_rules(given: Sequence[str], data: Mapping[str, Any] | None = None) -> list[Rule]:
    """The rules of policies.

    Args:
        given: folders and files, or ``starter``.
        data: what the policies see as ``data``.

    Raises:
        FileError: a policy cannot be read, or none of them has a rule.
    """
    files = read_policies(given)
    declared = declared_in(files)
    if not declared:
        raise FileError(files[0].name, "declares no deny, violation or warn")
    policies = _Policies(files, declared, data or {})
    return [_rule(each, policies) for each in declared]


class _Policies:
    """Evaluates everything at once, when the first rule is asked."""

    def __init__(
        self, files: Sequence[PolicyFile], declared: Sequence[Declared], data: Mapping[str, Any]
    ) -> None:
        self._files = files
        self._declared = declared
        self._data = data
        self._context: Context | None = None
        self._found: Mapping[str, list[tuple[Resource, Message]]] = {}

    def found(self, context: Context, rule: Declared) -> list[tuple[Resource, Message]]:
        """What a rule says, and about which object."""
        if context is not self._context:
            self._found = self._evaluate(context)
            self._context = context
        return self._found[rule.id]

    def _evaluate(self, context: Context) -> Mapping[str, list[tuple[Resource, Message]]]:
        found: dict[str, list[tuple[Resource, Message]]] = {rule.id: [] for rule in self._declared}
        # An object that two Applications apply is one document.
        resources = list({id(each.manifest): each for each in context.repository.resources}.values())
        documents = [_shown(resource) for resource in resources]
        single = [rule for rule in self._declared if not rule.is_combined]
        combined = [rule for rule in self._declared if rule.is_combined]
        inputs: list[tuple[Any, Sequence[Declared]]] = [(document, single) for document in documents]
        together = [
            {"path": resource.file, "contents": document}
            for resource, document in zip(resources, documents, strict=True)
        ]
        answers = evaluate(self._files, self._declared, [*inputs, (together, combined)], self._data)
        for resource, answer in zip(resources, answers, strict=False):
            for rule, messages in answer.items():
                found[rule] += ((resource, message) for message in messages)
        for rule, messages in answers[-1].items() if resources else ():
            found[rule] += ((_meant(message, resources), message) for message in messages)
        return found


def _meant(message: Message, resources: Sequence[Resource]) -> Resource:
    """The object of all that a message is about: that with its number, else the first."""
    number = message.details.get("input")
    if isinstance(number, int) and 0 <= number < len(resources):
        return resources[number]
    return resources[0]


class _PolicyRule(Rule):
    declared: Declared
    policies: _Policies

    def check(self, context: Context) -> Iterator[Hit]:
        """What the policy says, at the field that it names."""
        for resource, message in self.policies.found(context, self.declared):
            yield Hit(resource, message.text, _field(message.details.get("path")))


def _rule(declared: Declared, policies: _Policies) -> Rule:
    kind = type(
        "PolicyRule",
        (_PolicyRule,),
        {
            "__doc__": f"{declared.name} of package {declared.package}, in {declared.file}.",
            "id": declared.id,
            "title": declared.title or f"{declared.package}.{declared.name}",
            "severity": declared.severity,
            "help": f"see {declared.file}:{declared.line}",
            "bad": "",
            "good": "",
            "declared": declared,
            "policies": policies,
        },
    )
    rule: Rule = kind()
    return rule


def _field(path: Any) -> FieldPath:
    """The field that a message names, as a text or a list; none where it is no path."""
    if isinstance(path, str):
        try:
            return parse_path(path)
        except YamlError:
            return ()
    if isinstance(path, list) and all(type(step) in (str, int) for step in path):
        return tuple(path)
    return ()


def _shown(resource: Resource) -> Mapping[str, Any]:
    """A manifest as policies see it: of Secrets the keys, and not the values, which messages would show."""
    if not resource.is_a("", "Secret"):
        return resource.manifest
    hidden = {
        field: dict.fromkeys(values, MASK)
        for field in _VALUES
        if isinstance(values := resource.at(field), dict)
    }
    return {**resource.manifest, **hidden}
