"""Writes what is known of fields and no validator needs: defaults, merging, what cannot change later.

It stands in files of its own, ``<module>.facts.json``, so that validating never reads it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from chores_infra.kindgen.model import Api, Default, Field, Listing
from chores_infra.kindgen.schema_writer import one_type_a_line

__all__ = ["fact_files"]

Json = dict[str, Any]


def fact_files(api: Api) -> dict[str, str]:
    """Return every file by its name; every group and version has one, if only an empty one."""
    modules: dict[str, dict[str, Json]] = defaultdict(dict)
    for ref, struct in api.structs.items():
        facts = {field.name: found for field in struct.fields if (found := _facts(field))}
        modules[ref.module] |= {str(ref): facts} if facts else {}
    return {f"{module}.facts.json": one_type_a_line(types) for module, types in modules.items()}


def _facts(field: Field) -> Json:
    facts: Json = {}
    if field.defaults:
        facts["defaults"] = [_default(default) for default in field.defaults]
    if field.patch:
        facts["patch"] = [field.patch.strategy, field.patch.key]
    if field.immutable:
        facts["immutable"] = True
    if isinstance(field.type, Listing) and field.type.kind != "atomic":
        facts["list"] = [field.type.kind, *field.type.keys]
    return facts


def _default(default: Default) -> Json:
    found: Json = {"copy": default.copy_of} if default.copy_of else {"value": json.loads(default.json)}
    return found | ({"when": default.when} if default.when else {})
