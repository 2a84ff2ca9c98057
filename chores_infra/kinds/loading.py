"""Reads generated schema files, and makes a validator of one kind from the few lines that it needs.

A file holds one type a line. Only the lines that a kind reaches are parsed and built, so that a kind of a
big group costs what its own types cost.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic_core import SchemaValidator, ValidationError, from_json

from chores_infra.kinds.checked import Checked
from chores_infra.kinds.checks import Check, Checks
from chores_infra.kinds.problem import Problem, type_name

if TYPE_CHECKING:
    from chores_infra.kinds.defaults import Defaults
    from chores_infra.kinds.kind import Mode

__all__ = ["Schemas", "Validator"]

Schema = dict[str, Any]
Facts = dict[str, Any]

_REFERENCE = re.compile(r'"schema_ref":"([^"]+)"')


Source = Path | Mapping[str, str]
"""Generated schema files: the folder that holds them, or their texts by name."""

_SHIPPED = Path(__file__).parent / "schemas"


class Schemas:
    """The generated schema files of one source; what they build on is what the package ships."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._files: dict[str, dict[str, str]] = {}

    def index(self) -> dict[str, dict[str, list[str]]]:
        """Return module, plural and scope of every kind, by API version and kind."""
        index: dict[str, dict[str, list[str]]] = from_json(self._index)["kinds"]
        return index

    def kinds(self, api_version: str) -> dict[str, list[str]]:
        """Return module, plural and scope of the kinds of one API version; only its line is parsed."""
        start = -1 if '"' in api_version else self._index.find(f'\n"{api_version}": {{"')
        if start < 0:
            return {}
        line = self._index[start + 1 : self._index.index("\n", start + 1)].rstrip(",")
        found: dict[str, dict[str, list[str]]] = from_json("{" + line + "}")
        return found[api_version]

    def source(self, api_version: str, kind: str) -> str:
        """Return the release that a kind was read from."""
        found: str = self._sources[api_version][kind]
        return found

    @cached_property
    def _sources(self) -> dict[str, dict[str, str]]:
        sources: dict[str, dict[str, str]] = from_json(self._text("sources.json"))["sources"]
        return sources

    @cached_property
    def _index(self) -> str:
        return self._text("index.json")

    def _text(self, name: str) -> str:
        """Return the text of a file: of named formats and the metadata of objects, the package's own."""
        if not isinstance(self._source, Path):
            return self._source[name] if name in self._source else (_SHIPPED / name).read_text("utf-8")
        try:
            return (self._source / name).read_text("utf-8")
        except FileNotFoundError:
            if name in {"index.json", "sources.json"}:
                raise
            return (_SHIPPED / name).read_text("utf-8")

    def validator(self, type_name: str) -> Validator:
        """Build the validator of one type."""
        # Thousands of small objects are made and all are kept: collecting garbage meanwhile finds none and
        # doubles the time.
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            return Validator(self, type_name, self.definitions(type_name))
        finally:
            if was_enabled:
                gc.enable()

    def definitions(self, type_name: str) -> dict[str, Schema]:
        """Parse a type and everything that it reaches."""
        wanted = {type_name: self._line(type_name)}
        stack = [wanted[type_name]]
        while stack:
            for name in _REFERENCE.findall(stack.pop()):
                if name not in wanted:
                    wanted[name] = self._line(name)
                    stack.append(wanted[name])
        parsed: dict[str, Schema] = from_json("{" + ",".join(wanted.values()) + "}")
        return parsed

    def facts(self, type_name: str) -> dict[str, Facts]:
        """Return what is known of a type's fields and no validator needs, by the field's name."""
        line = self._lines(f"{_module(type_name)}.facts").get(type_name)
        return from_json(f"{{{line}}}")[type_name] if line else {}

    def _line(self, type_name: str) -> str:
        return self._lines(_module(type_name))[type_name]

    def _lines(self, file: str) -> dict[str, str]:
        lines = self._files.get(file)
        if lines is None:
            text = self._text(f"{file}.json")
            lines = {
                line[1 : line.index('"', 1)]: line.rstrip(",") for line in text.split("\n") if line[:1] == '"'
            }
            self._files[file] = lines
        return lines


def _module(type_name: str) -> str:
    return type_name.partition(".")[0]


class Validator:
    """The schema of one kind, and the checks that schemas cannot hold."""

    def __init__(self, schemas: Schemas, type_name: str, definitions: dict[str, Schema]) -> None:
        self._schemas = schemas
        self._type = type_name
        reference = {"type": "definition-ref", "schema_ref": type_name}
        schema: Any = {"type": "definitions", "schema": reference, "definitions": [*definitions.values()]}
        self._accept = SchemaValidator(schema).validate_python
        rules = {name: item["metadata"] for name, item in definitions.items() if "metadata" in item}
        self._check = Checks(rules).of(type_name)
        self._cel_rules = {name: rule["cel"] for name, rule in rules.items() if "cel" in rule}
        self._cel: tuple[Check, Defaults] | None = None
        self.unchecked: tuple[str, ...] = tuple(rules.get(type_name, {}).get("unchecked", ()))

    def problems(self, manifest: Mapping[str, object], mode: Mode) -> list[Problem]:
        """Return every problem of a manifest."""
        return [*self.check(manifest, mode).problems]

    def check(self, manifest: Mapping[str, object], mode: Mode) -> Checked:
        """Return every problem of a manifest, and the rules that could not be evaluated."""
        if not isinstance(manifest, dict):
            return Checked((Problem((), f"expected an object, found {type_name(manifest)}"),))
        refusal = self._refusal(manifest)
        if refusal is not None and mode == "read":
            from chores_infra.kinds.nulls import without_nulls

            manifest = without_nulls(manifest)
            refusal = self._refusal(manifest)
        if refusal is None:
            found = self._checked(manifest)
            if self._cel_rules:
                return self._with_cel(manifest, found)
            if len(found) < 2:
                return Checked(tuple(found))
        from chores_infra.kinds.explaining import Explainer, in_order

        if refusal is None:
            return Checked(tuple(in_order(found, manifest)))
        explainer = Explainer(self._schemas.definitions(self._type), self._type)
        found = explainer.problems(refusal, manifest)
        # What contains itself has no end for the checks either.
        if not any(error["type"].startswith("recursion_") for error in refusal.errors(include_url=False)):
            found += self._checked(manifest)
        return Checked(tuple(in_order(found, manifest)))

    def _with_cel(self, manifest: dict[str, object], found: list[Problem]) -> Checked:
        from chores_infra.kinds.cel import NotChecked, cel_rule
        from chores_infra.kinds.defaults import Defaults
        from chores_infra.kinds.explaining import in_order

        if self._cel is None:
            check = Checks(self._cel_rules, cel_rule).of(self._type)
            self._cel = (check, Defaults(self._schemas, self._type))
        # The server fills in defaults before it evaluates a rule.
        check, defaults = self._cel
        results = check(defaults.filled(manifest)) or []
        failed = [Problem(path, text) for path, text in results if not isinstance(text, NotChecked)]
        skipped = [Problem(path, text) for path, text in results if isinstance(text, NotChecked)]
        return Checked(tuple(in_order([*found, *failed], manifest)), tuple(skipped))

    def _refusal(self, manifest: dict[str, object]) -> ValidationError | None:
        try:
            self._accept(manifest, strict=True)
        except ValidationError as error:
            return error
        return None

    def _checked(self, manifest: dict[str, object]) -> list[Problem]:
        try:
            found = self._check(manifest)
        except RecursionError:
            # 255 levels, which the schema lets pass, can be too many for a caller that is deep in itself.
            return [Problem((), "is nested too deep")]
        return [Problem(path, message) for path, message in found] if found else []
