"""Definitions to kinds: their schemas and types as texts, proved before anybody uses them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from pydantic_core import SchemaError

from chores_infra.custom_kinds.checking import check_definitions, problems_of, raise_if_any
from chores_infra.custom_kinds.definitions import Definition
from chores_infra.errors import DefinitionError
from chores_infra.kindgen.generate import files_of_crds
from chores_infra.kinds import Catalog

__all__ = ["files_of", "schemas_of", "usable_schemas_of"]


def files_of(definitions: Sequence[Definition]) -> dict[str, str]:
    """Return schemas and types by their path, ``schemas/index.json``.

    Raises:
        DefinitionError: with everything that is wrong with any definition, each with file and line.
    """
    check_definitions(definitions)
    unique = {definition.name: definition for definition in definitions}
    ordered = [unique[name] for name in sorted(unique)]
    files = files_of_crds([(each.value, f"crds/{each.name}.yaml") for each in ordered])
    raise_if_any(_refused(ordered, _schemas(files)))
    return files


def schemas_of(definitions: Sequence[Definition]) -> Mapping[str, str]:
    """Return the schemas alone by their name, for a ``Catalog``. Raises DefinitionError as ``files_of``."""
    return _schemas(files_of(definitions))


def usable_schemas_of(definitions: Sequence[Definition]) -> Mapping[str, str]:
    """Return the schemas of those definitions that are right; of two with one name the first.

    It is for what is checked itself: there a definition that is wrong is a finding, and no error.
    """
    first: dict[str, Definition] = {}
    for each in definitions:
        if not problems_of(each.value):
            first.setdefault(each.name, each)
    with suppress(DefinitionError):
        return schemas_of([*first.values()]) if first else {}
    # One of them is refused only when it is made, which is rare: so they are tried one after the other.
    usable: list[Definition] = []
    for each in first.values():
        with suppress(DefinitionError):
            files_of([*usable, each])
            usable.append(each)
    return schemas_of(usable) if usable else {}


def _schemas(files: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removeprefix("schemas/"): text for name, text in files.items() if name.startswith("schemas/")
    }


def _refused(definitions: Sequence[Definition], schemas: Mapping[str, str]) -> list[str]:
    """Build every validator once: a pattern that is none is found only then."""
    places = {
        (each.value["spec"]["group"], each.value["spec"]["names"]["kind"]): each for each in definitions
    }
    problems = []
    for kind in Catalog(schemas).kinds():
        try:
            kind.validate({})
        except SchemaError as error:
            reason = " ".join(str(error).split())
            problems.append(f"{places[kind.group, kind.kind].place()}: {kind.api_version}: {reason:.300}")
    return problems
