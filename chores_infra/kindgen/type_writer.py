"""Writes TypedDicts for type checkers: one module per group and version, and one of named formats.

A built-in type keeps the name that the API reference gives it and is public. A nested type of a CRD has no
name of its own, so what it gets is private: it may change with the next release of the CRD.
"""

from __future__ import annotations

from collections import defaultdict

from chores_infra.kindgen.model import (
    Anything,
    Api,
    Choice,
    Listing,
    Mapping_,
    OpenObject,
    Ref,
    Scalar,
    Struct,
    Type,
)
from chores_infra.kindgen.naming import camel, is_attribute
from chores_infra.kindgen.overlay import Format
from chores_infra.kindgen.schema_writer import GENERATED

__all__ = ["type_files"]

_HEADER = f'''# {GENERATED}
# ruff: noqa
# fmt: off
"""{{}}"""

from __future__ import annotations
'''

_SHADOWING = frozenset({"bool", "dict", "float", "int", "list", "str"})
_BUILT_IN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
_CONSTRAINTS = ("pattern", "min_length", "max_length", "ge", "le", "gt", "lt", "multiple_of")


def type_files(api: Api, formats: dict[str, Format], package: str = ".") -> dict[str, str]:
    """Return every module by its file name. ``package`` is where they import other modules from."""
    writer = _Writer(formats, package)
    modules: dict[str, dict[Ref, Struct]] = defaultdict(dict)
    for ref, struct in api.structs.items():
        modules[ref.module][ref] = struct
    titles = {kind.ref.module: kind.api_version for kind in api.kinds}
    files = {
        f"{module}.py": writer.module(module, titles.get(module, module), structs, api.public)
        for module, structs in modules.items()
    }
    files["formats.py"] = writer.formats()
    files["__init__.py"] = _HEADER.format(
        "Types of Kubernetes manifests for type checkers; nothing imports them at run time."
    )
    return files


class _Writer:
    def __init__(self, formats: dict[str, Format], package: str) -> None:
        self._package = package
        self._formats = formats
        # Of several formats with the same bounds the first, which is the most general, lends its name.
        self._ranges = {
            (item.minimum, item.maximum): camel(item.name)
            for item in reversed(formats.values())
            if item.type == "integer"
        }

    def module(self, module: str, title: str, structs: dict[Ref, Struct], public: set[Ref]) -> str:
        """Return the text of one module."""
        blocks = [
            self._struct(ref, struct)
            for ref, struct in sorted(structs.items(), key=lambda item: item[0].name)
        ]
        body = "\n\n".join(blocks)
        others = sorted({name for struct in structs.values() for name in self._modules(struct)} - {module})
        lines = [_HEADER.format(f"Types of {title}."), "from typing import Annotated, Any, Literal", ""]
        lines += ["from pydantic import Field", "from typing_extensions import Required, TypedDict", ""]
        lines += [f"from {self._package} import {', '.join([*others, 'formats'])}", ""]
        exported = "".join(f"    {ref.name!r},\n" for ref in sorted(structs) if ref in public)
        lines += [f"__all__ = [\n{exported}]", "", ""]
        return "\n".join(lines) + body

    def formats(self) -> str:
        """Return the module of named formats."""
        lines = [
            _HEADER.format("Named formats of values, with their rules for validators that know pydantic.")
        ]
        lines += ["from typing import Annotated", "", "from pydantic import Field", ""]
        ordered = sorted(self._formats.values(), key=lambda item: (item.type == "choice", item.name))
        for item in ordered:
            lines.append(f"{camel(item.name)} = {self._format(item)}")
        return "\n".join(lines) + "\n"

    def _format(self, item: Format) -> str:
        if item.type == "choice":
            return " | ".join(camel(name) for name in item.choices)
        if item.type == "number":
            return "Annotated[float, Field(allow_inf_nan=False)]"
        if item.type == "integer":
            return f"Annotated[int, Field(ge={item.minimum}, le={item.maximum})]"
        scalar = Scalar(
            "string", pattern=item.pattern, min_length=item.min_length, max_length=item.max_length
        )
        return self._scalar(scalar)

    def _modules(self, struct: Struct) -> set[str]:
        names: set[str] = set()
        stack = [item.type for item in struct.fields]
        while stack:
            type_ = stack.pop()
            if isinstance(type_, Ref):
                names.add(type_.module)
            elif isinstance(type_, Listing):
                stack.append(type_.items)
            elif isinstance(type_, Mapping_):
                stack.append(type_.values)
            elif isinstance(type_, Choice):
                stack.extend(type_.options)
        return names

    def _struct(self, ref: Ref, struct: Struct) -> str:
        fields = {
            item.name: self._field(self._type(item.type, ref.module), required=item.required)
            for item in struct.fields
        }
        extra, ignore = "closed=True", ""
        if struct.open:
            # mypy does not know `extra_items` yet.
            extra, ignore = "extra_items=Any", "  # type: ignore[call-arg, unused-ignore]"
        if all(is_attribute(name) and name not in _SHADOWING for name in fields):
            body = "\n".join(f"    {name}: {text}" for name, text in fields.items()) or "    pass"
            return f"class {ref.name}(TypedDict, total=False, {extra}):{ignore}\n{body}\n"
        body = "\n".join(f"    {name!r}: {text!r}," for name, text in fields.items())
        return f"{ref.name} = TypedDict({ref.name!r}, {{{ignore}\n{body}\n}}, total=False, {extra})\n"

    def _field(self, text: str, *, required: bool) -> str:
        return f"Required[{text}]" if required else text

    def _type(self, type_: Type, module: str) -> str:  # noqa: PLR0911
        if isinstance(type_, Ref):
            return type_.name if type_.module == module else f"{type_.module}.{type_.name}"
        if isinstance(type_, Listing):
            return _sized(f"list[{self._type(type_.items, module)}]", type_.min_items, type_.max_items)
        if isinstance(type_, Mapping_):
            text = f"dict[{self._type(type_.keys, module)}, {self._type(type_.values, module)}]"
            return _sized(text, type_.min_properties, type_.max_properties)
        if isinstance(type_, Choice):
            return " | ".join(self._type(option, module) for option in type_.options)
        if isinstance(type_, OpenObject):
            return "dict[str, Any]"
        if isinstance(type_, Anything):
            return "Any"
        return self._scalar(type_)

    def _scalar(self, scalar: Scalar) -> str:
        if scalar.format:
            return f"formats.{camel(scalar.format)}"
        if scalar.enum:
            return f"Literal[{', '.join(map(repr, scalar.enum))}]"
        if scalar.json_type == "integer" and (scalar.ge, scalar.le) in self._ranges:
            return f"formats.{self._ranges[scalar.ge, scalar.le]}"  # type: ignore[index]
        rules = {name: value for name in _CONSTRAINTS if (value := getattr(scalar, name)) not in (None, "")}
        text = ", ".join(f"{name}={value!r}" for name, value in rules.items())
        if scalar.json_type == "number":
            text = ", ".join(filter(None, (text, "allow_inf_nan=False")))
        built_in = _BUILT_IN[scalar.json_type]
        return f"Annotated[{built_in}, Field({text})]" if text else built_in


def _sized(text: str, least: int | None, most: int | None) -> str:
    rules = ", ".join(
        f"{name}={value}"
        for name, value in (("min_length", least), ("max_length", most))
        if value is not None
    )
    return f"Annotated[{text}, Field({rules})]" if rules else text
