"""Turns the simple CEL rules of CRDs into rules that ``chores_infra.kinds.satisfying`` evaluates.

Most rules say which fields go together: ``has(self.a) != has(self.b)``. They become ``oneOf``, ``anyOf``,
``not`` and ``required``. A rule with anything else is left to the server, and listed as not checked.
"""

from __future__ import annotations

import re
from typing import Any

from chores_infra.kinds.cel_names import unescaped

__all__ = ["Unsupported", "rule_schema"]

Json = dict[str, Any]

_TOKEN = re.compile(
    r"\s*(?:(?P<op>\|\||&&|[=!<>]=|[!<>()\[\],.])|(?P<text>'[^'\\]*'|\"[^\"\\]*\")|(?P<int>\d+)|(?P<name>[A-Za-z_]\w*))"
)
_TRUE: Json = {}


class Unsupported(Exception):  # noqa: N818  (the outcome, not a defect)
    """The rule is beyond this subset."""


def rule_schema(rule: str, fields: Json) -> Json:
    """Return the schema that holds where a rule of an object holds. Raises Unsupported.

    ``fields`` is the object's ``properties``: the server fills defaults in before it evaluates a rule, so a
    rule about a field that has one cannot be judged by what is written.

    >>> rule_schema("has(self.a) && !has(self.b)", {"a": {}, "b": {}})
    {'allOf': [{'required': ['a']}, {'not': {'required': ['b']}}]}
    """
    parser = _Parser(rule, fields)
    schema = parser.either()
    parser.end()
    return schema


class _Parser:
    def __init__(self, rule: str, fields: Json) -> None:
        self._fields = fields
        self._tokens: list[tuple[str, str]] = []
        position = 0
        rule = rule.rstrip()
        while position < len(rule):
            match = _TOKEN.match(rule, position)
            if match is None:
                raise Unsupported(rule)
            self._tokens.append((str(match.lastgroup), match[str(match.lastgroup)]))
            position = match.end()
        self._at = 0

    def either(self) -> Json:
        """``a || b``."""
        options = [self._both()]
        while self._skip("||"):
            options.append(self._both())
        return options[0] if len(options) == 1 else {"anyOf": options}

    def end(self) -> None:
        """Raise Unsupported if anything is left."""
        if self._at < len(self._tokens):
            raise Unsupported(self._tokens[self._at][1])

    def _both(self) -> Json:
        options = [self._comparison()]
        while self._skip("&&"):
            options.append(self._comparison())
        return options[0] if len(options) == 1 else {"allOf": options}

    def _comparison(self) -> Json:  # noqa: PLR0911
        if self._peek("["):
            return self._count()
        if self._kind() == "text":
            return self._contains()
        if self._name() == "size":
            return self._size()
        if self._name() == "self":
            return self._field()
        left = self._condition()
        if self._skip("!="):
            return {"oneOf": [left, self._condition()]}
        if self._skip("=="):
            return {"not": {"oneOf": [left, self._condition()]}}
        return left

    def _condition(self) -> Json:
        if self._skip("!"):
            return {"not": self._condition()}
        if self._skip("("):
            inner = self.either()
            self._expect(")")
            return inner
        if self._name() == "has":
            self._next()
            self._expect("(")
            path = self._path()
            self._expect(")")
            return _at(path, _TRUE)
        raise Unsupported(self._text())

    def _field(self) -> Json:
        """``self.a == 'x'``, ``self.flag == true``, ``self.flag``."""
        path = self._path()
        for operator in ("==", "!="):
            if self._skip(operator):
                expected = {"enum": [self._constant()]}
                return _at(path, expected if operator == "==" else {"not": expected})
        return _at(path, {"enum": [True]})

    def _contains(self) -> Json:
        """``'a' in self``."""
        name = self._next()[1][1:-1]
        if self._next()[1] != "in" or self._next()[1] != "self":
            raise Unsupported(name)
        return _at([self._known(name)], _TRUE)

    def _size(self) -> Json:
        """``size(self.a) == 0``."""
        self._next()
        self._expect("(")
        path = self._path()
        self._expect(")")
        operator, number = self._next()[1], self._constant()
        limits = {"==": {"minItems": number, "maxItems": number}, ">": {"minItems": number + 1}}
        if operator not in limits or self._fields[path[0]].get("type") != "array":
            raise Unsupported(operator)
        return _at(path, limits[operator])

    def _count(self) -> Json:
        """``[has(self.a), has(self.b)].filter(x, x == true).size() == 1``."""
        self._expect("[")
        options = [self.either()]
        while self._skip(","):
            options.append(self.either())
        self._expect("]")
        rest = "".join(text for _, text in self._tokens[self._at :])
        match = re.fullmatch(
            r"\.(?:filter\((\w+),\1(?:==true)?\)\.size\(\)(==|<=|>=)1|exists_one\((\w+),\3\))", rest
        )
        if match is None:
            raise Unsupported(rest)
        self._at = len(self._tokens)
        if match[2] == ">=":
            return {"anyOf": options}
        exactly: Json = {"oneOf": options}
        return exactly if match[2] != "<=" else {"anyOf": [exactly, {"not": {"anyOf": options}}]}

    def _path(self) -> list[str]:
        if self._next()[1] != "self":
            raise Unsupported(self._text())
        path = []
        while self._skip("."):
            path.append(unescaped(self._next()[1]))
        if not path or self._peek("("):
            raise Unsupported("a call")
        fields = self._fields
        for name in path:
            if name not in fields or "default" in fields[name]:
                raise Unsupported(name)
            fields = fields[name].get("properties", {})
        return path

    def _known(self, name: str) -> str:
        if name not in self._fields or "default" in self._fields[name]:
            raise Unsupported(name)
        return name

    def _constant(self) -> Any:
        kind, text = self._next()
        if kind == "text":
            return text[1:-1]
        if kind == "int":
            return int(text)
        if text in {"true", "false"}:
            return text == "true"
        raise Unsupported(text)

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise Unsupported("the end")
        self._at += 1
        return self._tokens[self._at - 1]

    def _text(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _kind(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _name(self) -> str:
        return self._text() if self._kind() == "name" else ""

    def _peek(self, operator: str) -> bool:
        return self._kind() == "op" and self._text() == operator

    def _skip(self, operator: str) -> bool:
        found = self._peek(operator)
        self._at += found
        return found

    def _expect(self, operator: str) -> None:
        if not self._skip(operator):
            raise Unsupported(self._text())


def _at(path: list[str], schema: Json) -> Json:
    for name in reversed(path):
        schema = {"required": [name], **({"properties": {name: schema}} if schema else {})}
    return schema
