"""The rules of CRD schemas that are about values and not about types: junctors, limits, CEL."""

from __future__ import annotations

import json
import re
from typing import Any

from chores_infra.kindgen.cel import Unsupported, rule_schema
from chores_infra.kindgen.model import Check
from chores_infra.kinds.satisfying import KEYWORDS

__all__ = ["cel_checks", "described", "junctor_checks", "object_rules"]

Json = dict[str, Any]

_JUNCTORS = ("oneOf", "anyOf", "allOf", "not")


def object_rules(schema: Json) -> tuple[tuple[Check, ...], tuple[str, ...]]:
    """Return the checks of an object, and what of its rules is not checked."""
    checks, unchecked = junctor_checks(schema)
    fields = schema.get("properties", {})
    if fields:
        for name in ("minProperties", "maxProperties"):
            if name in schema:
                checks = (*checks, (name, schema[name]))
    for rule in schema.get("x-kubernetes-validations", ()):
        try:
            found = rule_schema(rule["rule"], fields)
        except Unsupported:
            checks = (*checks, _cel(rule))
        else:
            says = _one_line(rule.get("message") or rule["rule"])
            checks = (*checks, ("rule", json.dumps(found, sort_keys=True), says))
    return checks, unchecked


def junctor_checks(schema: Json) -> tuple[tuple[Check, ...], tuple[str, ...]]:
    """Return ``oneOf``, ``anyOf``, ``allOf`` and ``not`` as checks, and what is not checked."""
    checks: list[Check] = []
    unchecked = []
    for name in _JUNCTORS:
        if name in schema:
            rule = json.dumps({name: _bare(schema[name])}, sort_keys=True)
            if _keywords({name: schema[name]}) <= KEYWORDS:
                checks.append(("rule", rule, ""))
            else:
                unchecked.append(rule)
    return tuple(checks), tuple(unchecked)


def _bare(schema: Any) -> Any:
    """Drop descriptions, which are no rules."""
    if isinstance(schema, dict):
        return {
            name: _bare(inner)
            for name, inner in schema.items()
            if name != "description" or isinstance(inner, dict)
        }
    return [_bare(inner) for inner in schema] if isinstance(schema, list) else schema


def _keywords(schema: Json) -> set[str]:
    found = set(schema) - {"description"}
    for name, inner in schema.items():
        if name in {"allOf", "anyOf", "oneOf"}:
            found |= {keyword for option in inner for keyword in _keywords(option)}
        elif name in {"not", "items"}:
            found |= _keywords(inner)
        elif name == "properties":
            found |= {keyword for option in inner.values() for keyword in _keywords(option)}
    return found


def cel_checks(schema: Json) -> tuple[Check, ...]:
    """Return the CEL rules of a schema, for ``chores_infra.kinds.cel``."""
    return tuple(_cel(rule) for rule in schema.get("x-kubernetes-validations", ()))


def _cel(rule: Json) -> Check:
    text = rule["rule"].strip()
    if re.search(r"\boldSelf\b", text):
        return ("transition", _one_line(text))
    return ("cel", text, _one_line(rule.get("message") or text))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def described(check: Check) -> str:
    """Write a check down for the list of what is not checked."""
    return " ".join(str(part) for part in check)
